import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from "@tanstack/react-router";
import { alarmsSearch } from "./alarms/search.ts";
import { analysisSearch } from "./analysis/search.ts";
import { billingSearch } from "./billing/search.ts";
import { equipmentSearch } from "./equipment/search.ts";
import { groupSearch, groupsSearch } from "./groups/search.ts";
import { logSearch } from "./log/search.ts";
import { metersSearch, meterTypesSearch } from "./meters/search.ts";
import { NotFoundPage, ProblemPage, WaitingPage } from "./parts/whole-pages.tsx";
import { NoPages } from "./people/no-right.tsx";
import { pointSearch } from "./point/search.ts";
import { pointsSearch } from "./points/search.ts";
import { requestsSearch } from "./ratios/search.ts";
import { firstRunQuery, needs, queryClient, sessionQuery } from "./session.ts";
import { openPages } from "./shell/pages.ts";
import { Shell } from "./shell/shell.tsx";
import { SignInPage } from "./sign-in/sign-in-page.tsx";
import { subscribersSearch } from "./subscribers/search.ts";
import { validationSearch } from "./validation/search.ts";

const rootRoute = createRootRoute({ component: Outlet, notFoundComponent: NotFoundPage });

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

/** Everything that needs somebody to be signed in. */
const insideRoute = createRoute({
  getParentRoute: () => rootRoute,
  id: "inside",
  beforeLoad: async ({ location }) => {
    const session = await queryClient.ensureQueryData(sessionQuery);
    if (session) return { session };
    const { accountNeeded } = await queryClient.ensureQueryData(firstRunQuery);
    if (accountNeeded) throw redirect({ to: "/first-run", hash: true });
    throw redirect({ to: "/sign-in", search: location.href === "/" ? {} : { next: location.href } });
  },
  component: function Inside() {
    const { session } = insideRoute.useRouteContext();
    return <Shell session={session} />;
  },
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

const operationsRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/op",
  beforeLoad: needs("operations.see"),
  component: lazyRouteComponent(() => import("./operations/operations-page.tsx"), "OperationsPage"),
});

const alarmsRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/op/alarms",
  beforeLoad: needs("alarms.see"),
  validateSearch: alarmsSearch,
  component: lazyRouteComponent(() => import("./alarms/alarms-page.tsx"), "AlarmsPage"),
});

const billingRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/op/billing",
  beforeLoad: needs("billing.see"),
  validateSearch: billingSearch,
  component: lazyRouteComponent(() => import("./billing/billing-page.tsx"), "BillingPage"),
});

const validationRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/op/validation",
  beforeLoad: needs("validation.see"),
  validateSearch: validationSearch,
  component: lazyRouteComponent(() => import("./validation/validation-page.tsx"), "ValidationPage"),
});

const validationEditsRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/op/validation/edits",
  beforeLoad: needs("validation.see"),
  component: lazyRouteComponent(() => import("./validation/edits-page.tsx"), "EditsPage"),
});

const qualityRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/op/quality",
  beforeLoad: needs("validation.see"),
  validateSearch: (raw: Record<string, unknown>): { month?: string } =>
    typeof raw.month === "string" && /^\d{4}-(0[1-9]|1[0-2])$/.test(raw.month) ? { month: raw.month } : {},
  component: lazyRouteComponent(() => import("./validation/quality-page.tsx"), "QualityPage"),
});

const validationRulesRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/cfg/validation-rules",
  beforeLoad: needs("validation-rules.see"),
  validateSearch: (raw: Record<string, unknown>): { rule?: string } =>
    typeof raw.rule === "string" && /^V\d\d$/.test(raw.rule) ? { rule: raw.rule } : {},
  component: lazyRouteComponent(() => import("./validation/rules-page.tsx"), "RulesPage"),
});

const approvalsRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/cfg/approvals",
  beforeLoad: needs("points.see"),
  validateSearch: requestsSearch,
  component: lazyRouteComponent(() => import("./ratios/requests-page.tsx"), "RequestsPage"),
});

const equipmentRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/cfg/equipment",
  beforeLoad: needs("equipment.see"),
  validateSearch: equipmentSearch,
  component: lazyRouteComponent(() => import("./equipment/equipment-page.tsx"), "EquipmentPage"),
});

const concentratorRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/cfg/equipment/$gatewayId",
  beforeLoad: needs("equipment.see"),
  params: {
    parse: ({ gatewayId }) => ({ gatewayId: Number(gatewayId) }),
    stringify: ({ gatewayId }) => ({ gatewayId: String(gatewayId) }),
  },
  component: lazyRouteComponent(() => import("./equipment/concentrator-page.tsx"), "ConcentratorPage"),
});

const fieldImportsRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/cfg/field-imports",
  beforeLoad: needs("field-imports.see"),
  component: lazyRouteComponent(() => import("./field-imports/field-imports-page.tsx"), "FieldImportsPage"),
});

const pointsRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/points",
  beforeLoad: needs("points.see"),
  validateSearch: pointsSearch,
  component: lazyRouteComponent(() => import("./points/points-page.tsx"), "PointsPage"),
});

const exchangeRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/points/$pointId/exchange",
  beforeLoad: needs("points.change"),
  params: {
    parse: ({ pointId }) => ({ pointId: Number(pointId) }),
    stringify: ({ pointId }) => ({ pointId: String(pointId) }),
  },
  component: lazyRouteComponent(() => import("./exchange/exchange-page.tsx"), "ExchangePage"),
});

const pointRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/points/$pointId",
  beforeLoad: needs("points.see"),
  params: {
    parse: ({ pointId }) => ({ pointId: Number(pointId) }),
    stringify: ({ pointId }) => ({ pointId: String(pointId) }),
  },
  validateSearch: pointSearch,
  component: lazyRouteComponent(() => import("./point/point-page.tsx"), "PointPage"),
});

const subscribersRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/cfg/subscribers",
  beforeLoad: needs("subscribers.see"),
  validateSearch: subscribersSearch,
  component: lazyRouteComponent(() => import("./subscribers/subscribers-page.tsx"), "SubscribersPage"),
});

const subscriberRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/cfg/subscribers/$subscriberId",
  beforeLoad: needs("subscribers.see"),
  params: {
    parse: ({ subscriberId }) => ({ subscriberId: Number(subscriberId) }),
    stringify: ({ subscriberId }) => ({ subscriberId: String(subscriberId) }),
  },
  component: lazyRouteComponent(() => import("./subscribers/subscriber-page.tsx"), "SubscriberPage"),
});

const analysisRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/an",
  beforeLoad: () => {
    throw redirect({ to: "/an/load-curve" });
  },
});

const loadCurveRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/an/load-curve",
  beforeLoad: needs("analysis.see"),
  validateSearch: analysisSearch,
  component: lazyRouteComponent(() => import("./analysis/load-curve-page.tsx"), "LoadCurvePage"),
});

const consumptionRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/an/consumption",
  beforeLoad: needs("analysis.see"),
  validateSearch: analysisSearch,
  component: lazyRouteComponent(() => import("./analysis/consumption-page.tsx"), "ConsumptionPage"),
});

const statisticsRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/an/statistics",
  beforeLoad: needs("analysis.see"),
  validateSearch: analysisSearch,
  component: lazyRouteComponent(() => import("./analysis/statistics-page.tsx"), "StatisticsPage"),
});

const peaksRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/an/peaks",
  beforeLoad: needs("analysis.see"),
  validateSearch: analysisSearch,
  component: lazyRouteComponent(() => import("./analysis/peaks-page.tsx"), "PeaksPage"),
});

const metersRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/cfg/meters",
  beforeLoad: needs("meters.see"),
  validateSearch: metersSearch,
  component: lazyRouteComponent(() => import("./meters/meters-page.tsx"), "MetersPage"),
});

const meterRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/cfg/meters/$meterId",
  beforeLoad: needs("meters.see"),
  params: {
    parse: ({ meterId }) => ({ meterId: Number(meterId) }),
    stringify: ({ meterId }) => ({ meterId: String(meterId) }),
  },
  component: lazyRouteComponent(() => import("./meters/meter-page.tsx"), "MeterPage"),
});

const meterTypesRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/cfg/meter-types",
  beforeLoad: needs("meters.see"),
  validateSearch: meterTypesSearch,
  component: lazyRouteComponent(() => import("./meters/types-page.tsx"), "MeterTypesPage"),
});

const meterTypeRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/cfg/meter-types/$meterTypeId",
  beforeLoad: needs("meters.see"),
  params: {
    parse: ({ meterTypeId }) => ({ meterTypeId: Number(meterTypeId) }),
    stringify: ({ meterTypeId }) => ({ meterTypeId: String(meterTypeId) }),
  },
  component: lazyRouteComponent(() => import("./meters/type-page.tsx"), "MeterTypePage"),
});

const groupsRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/cfg/groups",
  beforeLoad: needs("groups.see"),
  validateSearch: groupsSearch,
  component: lazyRouteComponent(() => import("./groups/groups-page.tsx"), "GroupsPage"),
});

const groupRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/cfg/groups/$groupId",
  beforeLoad: needs("groups.see"),
  params: {
    parse: ({ groupId }) => ({ groupId: Number(groupId) }),
    stringify: ({ groupId }) => ({ groupId: String(groupId) }),
  },
  validateSearch: groupSearch,
  component: lazyRouteComponent(() => import("./groups/group-page.tsx"), "GroupPage"),
});

const importsRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/cfg/import",
  beforeLoad: needs("import.see"),
  component: lazyRouteComponent(() => import("./points-imports/imports-page.tsx"), "ImportsPage"),
});

const importRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/cfg/import/$pointsImportId",
  beforeLoad: needs("import.see"),
  params: {
    parse: ({ pointsImportId }) => ({ pointsImportId: Number(pointsImportId) }),
    stringify: ({ pointsImportId }) => ({ pointsImportId: String(pointsImportId) }),
  },
  component: lazyRouteComponent(() => import("./points-imports/import-page.tsx"), "ImportPage"),
});

const addDeviceRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/devices/new",
  beforeLoad: needs("devices.change"),
  component: lazyRouteComponent(() => import("./first-run/add-device-page.tsx"), "AddDevicePage"),
});

const peopleRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/adm/users",
  beforeLoad: needs("users.see"),
  component: lazyRouteComponent(() => import("./people/people-page.tsx"), "PeoplePage"),
});

const newPersonRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/adm/users/new",
  beforeLoad: needs("users.change"),
  component: lazyRouteComponent(() => import("./people/new-person-page.tsx"), "NewPersonPage"),
});

const personRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/adm/users/$accountId",
  beforeLoad: needs("users.see"),
  params: {
    parse: ({ accountId }) => ({ accountId: Number(accountId) }),
    stringify: ({ accountId }) => ({ accountId: String(accountId) }),
  },
  component: lazyRouteComponent(() => import("./people/person-page.tsx"), "PersonPage"),
});

const healthRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/adm/health",
  beforeLoad: needs("health.see"),
  component: lazyRouteComponent(() => import("./health/health-page.tsx"), "HealthPage"),
});

const rolesRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/adm/roles",
  beforeLoad: needs("users.see"),
  component: lazyRouteComponent(() => import("./people/roles-page.tsx"), "RolesPage"),
});

const databaseRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/adm/database",
  beforeLoad: needs("database.see"),
  component: lazyRouteComponent(() => import("./database/database-page.tsx"), "DatabasePage"),
});

const keysRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/adm/keys",
  beforeLoad: needs("keys.see"),
  component: lazyRouteComponent(() => import("./keys/keys-page.tsx"), "KeysPage"),
});

const vpnRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/adm/vpn",
  beforeLoad: needs("vpn.see"),
  component: lazyRouteComponent(() => import("./vpn/vpn-page.tsx"), "VpnPage"),
});

const certificatesRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/adm/certificates",
  beforeLoad: needs("vpn.see"),
  component: lazyRouteComponent(() => import("./certificates/certificates-page.tsx"), "CertificatesPage"),
});

const accessRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/adm/access",
  beforeLoad: needs("users.see"),
  component: lazyRouteComponent(() => import("./people/access-page.tsx"), "AccessPage"),
});

const logRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/adm/log",
  validateSearch: logSearch,
  beforeLoad: needs("log.see"),
  component: lazyRouteComponent(() => import("./log/log-page.tsx"), "LogPage"),
});

const invitationRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/invitation",
  component: lazyRouteComponent(() => import("./people/invitation-page.tsx"), "InvitationPage"),
});

const signInSettingsRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/adm/sign-in",
  component: lazyRouteComponent(() => import("./sign-in-settings/settings-page.tsx"), "SignInSettingsPage"),
});

const accountRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/account",
  component: lazyRouteComponent(() => import("./account/account-page.tsx"), "AccountPage"),
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
      accountRoute,
      signInSettingsRoute,
      homeRoute,
      operationsRoute,
      alarmsRoute,
      billingRoute,
      validationRoute,
      validationEditsRoute,
      qualityRoute,
      validationRulesRoute,
      approvalsRoute,
      equipmentRoute,
      concentratorRoute,
      fieldImportsRoute,
      pointsRoute,
      pointRoute,
      exchangeRoute,
      analysisRoute,
      loadCurveRoute,
      consumptionRoute,
      statisticsRoute,
      peaksRoute,
      groupsRoute,
      groupRoute,
      metersRoute,
      meterRoute,
      meterTypesRoute,
      meterTypeRoute,
      subscribersRoute,
      subscriberRoute,
      importsRoute,
      importRoute,
      addDeviceRoute,
      peopleRoute,
      newPersonRoute,
      personRoute,
      healthRoute,
      databaseRoute,
      rolesRoute,
      accessRoute,
      keysRoute,
      vpnRoute,
      certificatesRoute,
      logRoute,
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
