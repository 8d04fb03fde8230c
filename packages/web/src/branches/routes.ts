import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { needs } from "../session.ts";
import { insideRoute } from "../shell/base-routes.tsx";

const branchesRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/cfg/branches",
  beforeLoad: needs("branches.see"),
  component: lazyRouteComponent(() => import("./branches-page.tsx"), "BranchesPage"),
});

export const branchesRoutes = [branchesRoute] as const;
