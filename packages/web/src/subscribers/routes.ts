import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { onSearch } from "../point/search.ts";
import { needs } from "../session.ts";
import { insideRoute, numberParam } from "../shell/base-routes.tsx";
import { subscribersSearch } from "./search.ts";

const subscribersRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/cfg/subscribers",
  beforeLoad: needs("subscribers.see"),
  validateSearch: subscribersSearch,
  component: lazyRouteComponent(() => import("./subscribers-page.tsx"), "SubscribersPage"),
});

const subscriberRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/cfg/subscribers/$subscriberId",
  beforeLoad: needs("subscribers.see"),
  params: numberParam("subscriberId"),
  validateSearch: onSearch,
  component: lazyRouteComponent(() => import("./subscriber-page.tsx"), "SubscriberPage"),
});

const recordsRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/an/subscribers",
  beforeLoad: needs("subscribers.see"),
  validateSearch: subscribersSearch,
  component: lazyRouteComponent(() => import("./subscribers-page.tsx"), "SubscriberRecordsPage"),
});

const recordRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/an/subscribers/$subscriberId",
  beforeLoad: needs("subscribers.see"),
  params: numberParam("subscriberId"),
  component: lazyRouteComponent(() => import("./record-page.tsx"), "SubscriberRecordPage"),
});

export const subscribersRoutes = [subscribersRoute, subscriberRoute, recordsRoute, recordRoute] as const;
