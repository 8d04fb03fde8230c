import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { onSearch } from "../point/search.ts";
import { needs } from "../session.ts";
import { insideRoute, numberParam } from "../shell/base-routes.tsx";
import { locationsSearch } from "./search.ts";

const locationsRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/cfg/locations",
  beforeLoad: needs("locations.see"),
  validateSearch: locationsSearch,
  component: lazyRouteComponent(() => import("./locations-page.tsx"), "LocationsPage"),
});

const locationRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/cfg/locations/$locationId",
  beforeLoad: needs("locations.see"),
  params: numberParam("locationId"),
  validateSearch: onSearch,
  component: lazyRouteComponent(() => import("./location-page.tsx"), "LocationPage"),
});

export const placesRoutes = [locationsRoute, locationRoute] as const;
