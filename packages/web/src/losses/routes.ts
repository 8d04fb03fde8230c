import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { analysisSearch } from "../analysis/search.ts";
import { needs } from "../session.ts";
import { insideRoute, numberParam } from "../shell/base-routes.tsx";
import { casesSearch } from "./search.ts";

const balanceRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/an/balance",
  beforeLoad: needs("analysis.see"),
  validateSearch: analysisSearch,
  component: lazyRouteComponent(() => import("./balance-page.tsx"), "BalancePage"),
});

const groupLossesRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/an/balance/$groupId",
  beforeLoad: needs("analysis.see"),
  params: numberParam("groupId"),
  validateSearch: analysisSearch,
  component: lazyRouteComponent(() => import("./group-losses-page.tsx"), "GroupLossesPage"),
});

const casesRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/an/cases",
  beforeLoad: needs("cases.see"),
  validateSearch: casesSearch,
  component: lazyRouteComponent(() => import("./cases-page.tsx"), "CasesPage"),
});

const caseRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/an/cases/$caseId",
  beforeLoad: needs("cases.see"),
  params: numberParam("caseId"),
  component: lazyRouteComponent(() => import("./case-page.tsx"), "CasePage"),
});

export const lossesRoutes = [balanceRoute, groupLossesRoute, casesRoute, caseRoute] as const;
