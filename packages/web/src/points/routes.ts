import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { needs } from "../session.ts";
import { insideRoute } from "../shell/base-routes.tsx";
import { pointsSearch } from "./search.ts";

const pointsRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/points",
  beforeLoad: needs("points.see"),
  validateSearch: pointsSearch,
  component: lazyRouteComponent(() => import("./points-page.tsx"), "PointsPage"),
});

export const pointsRoutes = [pointsRoute] as const;
