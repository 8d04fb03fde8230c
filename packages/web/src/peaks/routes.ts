import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { needs } from "../session.ts";
import { insideRoute } from "../shell/base-routes.tsx";

const peakRulesRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/an/peak-rules",
  beforeLoad: needs("peak-rules.see"),
  component: lazyRouteComponent(() => import("./rules-page.tsx"), "PeakRulesPage"),
});

export const peakRoutes = [peakRulesRoute] as const;
