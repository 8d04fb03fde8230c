import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { onSearch } from "../point/search.ts";
import { needs } from "../session.ts";
import { insideRoute, numberParam } from "../shell/base-routes.tsx";
import { equipmentSearch } from "./search.ts";

const equipmentRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/cfg/equipment",
  beforeLoad: needs("equipment.see"),
  validateSearch: equipmentSearch,
  component: lazyRouteComponent(() => import("./equipment-page.tsx"), "EquipmentPage"),
});

const concentratorRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/cfg/equipment/$gatewayId",
  beforeLoad: needs("equipment.see"),
  params: numberParam("gatewayId"),
  validateSearch: onSearch,
  component: lazyRouteComponent(() => import("./concentrator-page.tsx"), "ConcentratorPage"),
});

export const equipmentRoutes = [equipmentRoute, concentratorRoute] as const;
