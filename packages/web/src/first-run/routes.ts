import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { needs } from "../session.ts";
import { insideRoute } from "../shell/base-routes.tsx";

const addDeviceRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/devices/new",
  beforeLoad: needs("devices.change"),
  component: lazyRouteComponent(() => import("./add-device-page.tsx"), "AddDevicePage"),
});

export const firstRunRoutes = [addDeviceRoute] as const;
