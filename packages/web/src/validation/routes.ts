import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { needs } from "../session.ts";
import { insideRoute } from "../shell/base-routes.tsx";
import { validationSearch } from "./search.ts";

const validationRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/op/validation",
  beforeLoad: needs("validation.see"),
  validateSearch: validationSearch,
  component: lazyRouteComponent(() => import("./validation-page.tsx"), "ValidationPage"),
});

const validationEditsRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/op/validation/edits",
  beforeLoad: needs("validation.see"),
  component: lazyRouteComponent(() => import("./edits-page.tsx"), "EditsPage"),
});

const qualityRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/op/quality",
  beforeLoad: needs("validation.see"),
  validateSearch: (raw: Record<string, unknown>): { month?: string } =>
    typeof raw.month === "string" && /^\d{4}-(0[1-9]|1[0-2])$/.test(raw.month) ? { month: raw.month } : {},
  component: lazyRouteComponent(() => import("./quality-page.tsx"), "QualityPage"),
});

const validationRulesRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/cfg/validation-rules",
  beforeLoad: needs("validation-rules.see"),
  validateSearch: (raw: Record<string, unknown>): { rule?: string } =>
    typeof raw.rule === "string" && /^V\d\d$/.test(raw.rule) ? { rule: raw.rule } : {},
  component: lazyRouteComponent(() => import("./rules-page.tsx"), "RulesPage"),
});

export const validationRoutes = [
  validationRoute,
  validationEditsRoute,
  qualityRoute,
  validationRulesRoute,
] as const;
