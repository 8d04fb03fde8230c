import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { needs } from "../session.ts";
import { insideRoute, numberParam } from "../shell/base-routes.tsx";
import { pointSearch } from "./search.ts";

const pointRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/points/$pointId",
  beforeLoad: needs("points.see"),
  params: numberParam("pointId"),
  validateSearch: pointSearch,
  component: lazyRouteComponent(() => import("./point-page.tsx"), "PointPage"),
});

export const pointRoutes = [pointRoute] as const;
