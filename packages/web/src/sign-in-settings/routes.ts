import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { insideRoute } from "../shell/base-routes.tsx";

const signInSettingsRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/adm/sign-in",
  component: lazyRouteComponent(() => import("./settings-page.tsx"), "SignInSettingsPage"),
});

export const signInSettingsRoutes = [signInSettingsRoute] as const;
