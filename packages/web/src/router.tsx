import { createRoute, createRouter, lazyRouteComponent, redirect } from "@tanstack/react-router";
import { accountRoutes } from "./account/routes.ts";
import { alarmsRoutes } from "./alarms/routes.ts";
import { analysisRoutes } from "./analysis/routes.ts";
import { billingRoutes } from "./billing/routes.ts";
import { branchesRoutes } from "./branches/routes.ts";
import { certificatesRoutes } from "./certificates/routes.ts";
import { databaseRoutes } from "./database/routes.ts";
import { equipmentRoutes } from "./equipment/routes.ts";
import { exchangeRoutes } from "./exchange/routes.ts";
import { exportsRoutes } from "./exports/routes.ts";
import { fieldImportsRoutes } from "./field-imports/routes.ts";
import { fieldWorkRoutes } from "./field-work/routes.ts";
import { firstRunRoutes } from "./first-run/routes.ts";
import { groupsRoutes } from "./groups/routes.ts";
import { healthRoutes } from "./health/routes.ts";
import { keysRoutes } from "./keys/routes.ts";
import { logRoutes } from "./log/routes.ts";
import { lossesRoutes } from "./losses/routes.ts";
import { metersRoutes } from "./meters/routes.ts";
import { modemsRoutes } from "./modems/routes.ts";
import { operationsRoutes } from "./operations/routes.ts";
import { ProblemPage, WaitingPage } from "./parts/whole-pages.tsx";
import { peakRoutes } from "./peaks/routes.ts";
import { NoPages } from "./people/no-right.tsx";
import { peopleRoutes } from "./people/routes.ts";
import { placesRoutes } from "./places/routes.ts";
import { pointRoutes } from "./point/routes.ts";
import { pointsRoutes } from "./points/routes.ts";
import { pointsImportsRoutes } from "./points-imports/routes.ts";
import { ratiosRoutes } from "./ratios/routes.ts";
import { reportsRoutes } from "./reports/routes.ts";
import { firstRunQuery, queryClient, sessionQuery } from "./session.ts";
import { insideRoute, rootRoute } from "./shell/base-routes.tsx";
import { openPages } from "./shell/pages.ts";
import { SignInPage } from "./sign-in/sign-in-page.tsx";
import { signInSettingsRoutes } from "./sign-in-settings/routes.ts";
import { subscribersRoutes } from "./subscribers/routes.ts";
import { tariffRoutes } from "./tariffs/routes.ts";
import { validationRoutes } from "./validation/routes.ts";
import { vpnRoutes } from "./vpn/routes.ts";
import { watchRoutes } from "./watch/routes.ts";

const signInRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/sign-in",
  validateSearch: (raw: Record<string, unknown>): { next?: string } =>
    typeof raw.next === "string" ? { next: raw.next } : {},
  beforeLoad: async () => {
    if (await queryClient.ensureQueryData(sessionQuery)) throw redirect({ to: "/" });
    const { accountNeeded } = await queryClient.ensureQueryData(firstRunQuery);
    if (accountNeeded) throw redirect({ to: "/first-run" });
  },
  component: SignInPage,
});

/** Where an OpenID provider sends people back to. */
const callbackRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/sign-in/callback",
  component: lazyRouteComponent(() => import("./sign-in/callback-page.tsx"), "CallbackPage"),
});

const firstRunRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/first-run",
  validateSearch: (raw: Record<string, unknown>): { step?: "sample" } =>
    raw.step === "sample" ? { step: "sample" } : {},
  beforeLoad: async () => {
    const session = await queryClient.ensureQueryData(sessionQuery);
    const { accountNeeded } = await queryClient.ensureQueryData(firstRunQuery);
    if (!session && !accountNeeded) throw redirect({ to: "/sign-in", search: { next: "/first-run" } });
  },
  component: lazyRouteComponent(() => import("./first-run/first-run-page.tsx"), "FirstRunPage"),
});

/** The first page that one may see; who may see none is told so. */
const homeRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/",
  beforeLoad: async () => {
    const session = await queryClient.ensureQueryData(sessionQuery);
    const [first] = openPages(session?.actions ?? []);
    if (first) throw redirect({ to: first.to });
  },
  component: NoPages,
});

const invitationRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/invitation",
  component: lazyRouteComponent(() => import("./people/invitation-page.tsx"), "InvitationPage"),
});

/** All states of the wrappers, for people who look and for the tests; in no menu. */
const partsRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/_parts",
  component: lazyRouteComponent(() => import("./parts/parts-page.tsx"), "PartsPage"),
});

export const router = createRouter({
  routeTree: rootRoute.addChildren([
    signInRoute,
    callbackRoute,
    firstRunRoute,
    invitationRoute,
    partsRoute,
    insideRoute.addChildren([
      homeRoute,
      ...operationsRoutes,
      ...alarmsRoutes,
      ...billingRoutes,
      ...validationRoutes,
      ...reportsRoutes,
      ...ratiosRoutes,
      ...equipmentRoutes,
      ...fieldImportsRoutes,
      ...fieldWorkRoutes,
      ...pointsRoutes,
      ...exchangeRoutes,
      ...pointRoutes,
      ...subscribersRoutes,
      ...analysisRoutes,
      ...exportsRoutes,
      ...peakRoutes,
      ...watchRoutes,
      ...tariffRoutes,
      ...lossesRoutes,
      ...metersRoutes,
      ...placesRoutes,
      ...branchesRoutes,
      ...modemsRoutes,
      ...groupsRoutes,
      ...pointsImportsRoutes,
      ...firstRunRoutes,
      ...peopleRoutes,
      ...healthRoutes,
      ...databaseRoutes,
      ...keysRoutes,
      ...vpnRoutes,
      ...certificatesRoutes,
      ...logRoutes,
      ...signInSettingsRoutes,
      ...accountRoutes,
    ]),
  ]),
  defaultPreload: "intent",
  defaultPreloadStaleTime: 0,
  defaultPendingMs: 300,
  defaultPendingComponent: WaitingPage,
  defaultErrorComponent: ProblemPage,
  scrollRestoration: true,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
