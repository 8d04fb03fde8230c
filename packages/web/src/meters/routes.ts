import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { onSearch } from "../point/search.ts";
import { needs } from "../session.ts";
import { insideRoute, numberParam } from "../shell/base-routes.tsx";
import { metersSearch, meterTypesSearch } from "./search.ts";

const metersRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/cfg/meters",
  beforeLoad: needs("meters.see"),
  validateSearch: metersSearch,
  component: lazyRouteComponent(() => import("./meters-page.tsx"), "MetersPage"),
});

const meterRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/cfg/meters/$meterId",
  beforeLoad: needs("meters.see"),
  params: numberParam("meterId"),
  validateSearch: onSearch,
  component: lazyRouteComponent(() => import("./meter-page.tsx"), "MeterPage"),
});

const meterTypesRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/cfg/meter-types",
  beforeLoad: needs("meters.see"),
  validateSearch: meterTypesSearch,
  component: lazyRouteComponent(() => import("./types-page.tsx"), "MeterTypesPage"),
});

const meterTypeRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/cfg/meter-types/$meterTypeId",
  beforeLoad: needs("meters.see"),
  params: numberParam("meterTypeId"),
  component: lazyRouteComponent(() => import("./type-page.tsx"), "MeterTypePage"),
});

export const metersRoutes = [metersRoute, meterRoute, meterTypesRoute, meterTypeRoute] as const;
