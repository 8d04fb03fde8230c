import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { analysisSearch } from "../analysis/search.ts";
import { needs } from "../session.ts";
import { insideRoute } from "../shell/base-routes.tsx";

const exportsRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/an/exports",
  beforeLoad: needs("analysis.see"),
  validateSearch: analysisSearch,
  component: lazyRouteComponent(() => import("./exports-page.tsx"), "ExportsPage"),
});

export const exportsRoutes = [exportsRoute] as const;
