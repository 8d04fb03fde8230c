import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { needs } from "../session.ts";
import { insideRoute } from "../shell/base-routes.tsx";

const fieldImportsRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/cfg/field-imports",
  beforeLoad: needs("field-imports.see"),
  component: lazyRouteComponent(() => import("./field-imports-page.tsx"), "FieldImportsPage"),
});

export const fieldImportsRoutes = [fieldImportsRoute] as const;
