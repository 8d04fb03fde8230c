import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { needs } from "../session.ts";
import { insideRoute } from "../shell/base-routes.tsx";
import { alarmsSearch } from "./search.ts";

const alarmsRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/op/alarms",
  beforeLoad: needs("alarms.see"),
  validateSearch: alarmsSearch,
  component: lazyRouteComponent(() => import("./alarms-page.tsx"), "AlarmsPage"),
});

export const alarmsRoutes = [alarmsRoute] as const;
