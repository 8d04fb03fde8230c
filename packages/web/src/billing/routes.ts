import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { needs } from "../session.ts";
import { insideRoute } from "../shell/base-routes.tsx";
import { billingSearch } from "./search.ts";

const billingRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/op/billing",
  beforeLoad: needs("billing.see"),
  validateSearch: billingSearch,
  component: lazyRouteComponent(() => import("./billing-page.tsx"), "BillingPage"),
});

export const billingRoutes = [billingRoute] as const;
