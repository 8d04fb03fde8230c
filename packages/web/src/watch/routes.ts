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

const eventsRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/an/events",
  beforeLoad: needs("analysis.see"),
  validateSearch: watchSearch,
  component: lazyRouteComponent(() => import("./events-page.tsx"), "EventsPage"),
});

const communicationRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/an/communication",
  beforeLoad: needs("analysis.see"),
  validateSearch: watchSearch,
  component: lazyRouteComponent(() => import("./communication-page.tsx"), "CommunicationPage"),
});

const acquisitionRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/an/acquisition",
  beforeLoad: needs("analysis.see"),
  validateSearch: watchSearch,
  component: lazyRouteComponent(() => import("./acquisition-page.tsx"), "AcquisitionPage"),
});

export const watchRoutes = [
  powerQualityRoute,
  continuityRoute,
  eventsRoute,
  communicationRoute,
  acquisitionRoute,
] as const;
