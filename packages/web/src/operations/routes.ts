import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { needs } from "../session.ts";
import { insideRoute } from "../shell/base-routes.tsx";

const operationsRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/op",
  beforeLoad: needs("operations.see"),
  component: lazyRouteComponent(() => import("./operations-page.tsx"), "OperationsPage"),
});

export const operationsRoutes = [operationsRoute] as const;
