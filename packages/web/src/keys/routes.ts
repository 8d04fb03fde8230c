import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { needs } from "../session.ts";
import { insideRoute } from "../shell/base-routes.tsx";

const keysRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/adm/keys",
  beforeLoad: needs("keys.see"),
  component: lazyRouteComponent(() => import("./keys-page.tsx"), "KeysPage"),
});

export const keysRoutes = [keysRoute] as const;
