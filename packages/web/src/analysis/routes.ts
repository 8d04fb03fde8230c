import { createRoute, lazyRouteComponent, redirect } from "@tanstack/react-router";
import { needs } from "../session.ts";
import { insideRoute } from "../shell/base-routes.tsx";
import { analysisSearch } from "./search.ts";

const analysisRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/an",
  beforeLoad: () => {
    throw redirect({ to: "/an/load-curve" });
  },
});

const loadCurveRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/an/load-curve",
  beforeLoad: needs("analysis.see"),
  validateSearch: analysisSearch,
  component: lazyRouteComponent(() => import("./load-curve-page.tsx"), "LoadCurvePage"),
});

const consumptionRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/an/consumption",
  beforeLoad: needs("analysis.see"),
  validateSearch: analysisSearch,
  component: lazyRouteComponent(() => import("./consumption-page.tsx"), "ConsumptionPage"),
});

const statisticsRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/an/statistics",
  beforeLoad: needs("analysis.see"),
  validateSearch: analysisSearch,
  component: lazyRouteComponent(() => import("./statistics-page.tsx"), "StatisticsPage"),
});

const peaksRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/an/peaks",
  beforeLoad: needs("analysis.see"),
  validateSearch: analysisSearch,
  component: lazyRouteComponent(() => import("./peaks-page.tsx"), "PeaksPage"),
});

const multiRateRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/an/multi-rate",
  beforeLoad: needs("analysis.see"),
  validateSearch: analysisSearch,
  component: lazyRouteComponent(() => import("../multi-rate/page.tsx"), "MultiRatePage"),
});

export const analysisRoutes = [
  analysisRoute,
  loadCurveRoute,
  consumptionRoute,
  statisticsRoute,
  peaksRoute,
  multiRateRoute,
] as const;
