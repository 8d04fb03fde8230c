import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { needs } from "../session.ts";
import { insideRoute } from "../shell/base-routes.tsx";

const certificatesRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/adm/certificates",
  beforeLoad: needs("vpn.see"),
  component: lazyRouteComponent(() => import("./certificates-page.tsx"), "CertificatesPage"),
});

export const certificatesRoutes = [certificatesRoute] as const;
