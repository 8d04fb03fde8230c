import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { needs } from "../session.ts";
import { insideRoute } from "../shell/base-routes.tsx";

const reportsRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/an/reports",
  beforeLoad: needs("analysis.see"),
  component: lazyRouteComponent(() => import("./list-page.tsx"), "ReportsPage"),
});

/** A report that is not saved yet: empty, or made of a template for a subject. */
const newReportRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/an/reports/new",
  beforeLoad: needs("analysis.see"),
  validateSearch: (raw: Record<string, unknown>): { template?: string; of?: string } => ({
    ...(typeof raw.template === "string" && /^[a-z-]{1,40}$/.test(raw.template)
      ? { template: raw.template }
      : {}),
    ...(typeof raw.of === "string" && /^(?:[pgmb][1-9]\d{0,8}|s)$/.test(raw.of) ? { of: raw.of } : {}),
  }),
  component: lazyRouteComponent(() => import("./report-page.tsx"), "NewReportPage"),
});

const reportRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/an/reports/$reportId",
  beforeLoad: needs("analysis.see"),
  component: lazyRouteComponent(() => import("./report-page.tsx"), "ReportPage"),
});

const deliveryRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/adm/delivery",
  beforeLoad: needs("delivery.see"),
  component: lazyRouteComponent(() => import("./delivery-page.tsx"), "DeliveryPage"),
});

export const reportsRoutes = [reportsRoute, newReportRoute, reportRoute, deliveryRoute] as const;
