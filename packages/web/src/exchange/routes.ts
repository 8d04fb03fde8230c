import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { needs } from "../session.ts";
import { insideRoute, numberParam } from "../shell/base-routes.tsx";

const exchangeRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/points/$pointId/exchange",
  beforeLoad: needs("points.change"),
  params: numberParam("pointId"),
  component: lazyRouteComponent(() => import("./exchange-page.tsx"), "ExchangePage"),
});

export const exchangeRoutes = [exchangeRoute] as const;
