import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { insideRoute } from "../shell/base-routes.tsx";

const accountRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/account",
  component: lazyRouteComponent(() => import("./account-page.tsx"), "AccountPage"),
});

export const accountRoutes = [accountRoute] as const;
