import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { needs } from "../session.ts";
import { insideRoute } from "../shell/base-routes.tsx";
import { logSearch } from "./search.ts";

const logRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/adm/log",
  validateSearch: logSearch,
  beforeLoad: needs("log.see"),
  component: lazyRouteComponent(() => import("./log-page.tsx"), "LogPage"),
});

export const logRoutes = [logRoute] as const;
