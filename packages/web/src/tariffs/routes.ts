import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { needs } from "../session.ts";
import { insideRoute, numberParam } from "../shell/base-routes.tsx";

const tariffListRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/cfg/tariffs",
  beforeLoad: needs("tariffs.see"),
  component: lazyRouteComponent(() => import("./tariffs-page.tsx"), "TariffsPage"),
});

const tariffRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/cfg/tariffs/$tariffId",
  beforeLoad: needs("tariffs.see"),
  params: numberParam("tariffId"),
  component: lazyRouteComponent(() => import("./tariff-page.tsx"), "TariffPage"),
});

export const tariffRoutes = [tariffListRoute, tariffRoute] as const;
