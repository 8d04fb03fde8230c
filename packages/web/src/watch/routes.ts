import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { needs } from "../session.ts";
import { insideRoute } from "../shell/base-routes.tsx";
import { watchSearch } from "./search.ts";

const powerQualityRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/an/power-quality",
  beforeLoad: needs("analysis.see"),
  validateSearch: watchSearch,
  component: lazyRouteComponent(() => import("./power-quality-page.tsx"), "PowerQualityPage"),
});

const continuityRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/an/continuity",
  beforeLoad: needs("analysis.see"),
  validateSearch: watchSearch,
  component: lazyRouteComponent(() => import("./continuity-page.tsx"), "ContinuityPage"),
});

export const watchRoutes = [powerQualityRoute, continuityRoute] as const;
