import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { needs } from "../session.ts";
import { insideRoute } from "../shell/base-routes.tsx";

const healthRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/adm/health",
  beforeLoad: needs("health.see"),
  component: lazyRouteComponent(() => import("./health-page.tsx"), "HealthPage"),
});

export const healthRoutes = [healthRoute] as const;
