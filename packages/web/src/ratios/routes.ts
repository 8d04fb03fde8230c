import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { needs } from "../session.ts";
import { insideRoute } from "../shell/base-routes.tsx";
import { requestsSearch } from "./search.ts";

const approvalsRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/cfg/approvals",
  beforeLoad: needs("points.see"),
  validateSearch: requestsSearch,
  component: lazyRouteComponent(() => import("./requests-page.tsx"), "RequestsPage"),
});

export const ratiosRoutes = [approvalsRoute] as const;
