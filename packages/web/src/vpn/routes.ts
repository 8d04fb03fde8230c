import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { needs } from "../session.ts";
import { insideRoute } from "../shell/base-routes.tsx";

const vpnRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/adm/vpn",
  beforeLoad: needs("vpn.see"),
  component: lazyRouteComponent(() => import("./vpn-page.tsx"), "VpnPage"),
});

export const vpnRoutes = [vpnRoute] as const;
