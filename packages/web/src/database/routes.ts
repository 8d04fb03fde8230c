import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { needs } from "../session.ts";
import { insideRoute } from "../shell/base-routes.tsx";

const databaseRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/adm/database",
  beforeLoad: needs("database.see"),
  component: lazyRouteComponent(() => import("./database-page.tsx"), "DatabasePage"),
});

export const databaseRoutes = [databaseRoute] as const;
