import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { needs } from "../session.ts";
import { insideRoute, numberParam } from "../shell/base-routes.tsx";

const importsRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/cfg/import",
  beforeLoad: needs("import.see"),
  component: lazyRouteComponent(() => import("./imports-page.tsx"), "ImportsPage"),
});

const importRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/cfg/import/$pointsImportId",
  beforeLoad: needs("import.see"),
  params: numberParam("pointsImportId"),
  component: lazyRouteComponent(() => import("./import-page.tsx"), "ImportPage"),
});

export const pointsImportsRoutes = [importsRoute, importRoute] as const;
