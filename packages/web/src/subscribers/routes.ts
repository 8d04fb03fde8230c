import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
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
  component: lazyRouteComponent(() => import("./subscriber-page.tsx"), "SubscriberPage"),
});

export const subscribersRoutes = [subscribersRoute, subscriberRoute] as const;
