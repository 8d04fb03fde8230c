import createClient, { type Middleware } from "openapi-fetch";
import type { components, paths } from "./generated/paths.ts";
import { problemOf } from "./problem.ts";

type Schemas = components["schemas"];
export type Session = Schemas["Session"];
export type Attempt = Schemas["Attempt"];
export type LiveItem = Schemas["LiveItem"];
export type PointRow = Schemas["PointRow"];
export type Point = Schemas["Point"];
export type Channel = Schemas["Channel"];
export type LoadCurve = Schemas["LoadCurve"];
export type RetentionState = Answer<"/retention">;
export type BillingClosing = Answer<"/billing/closings">["rows"][number];
export type BillingCorrection = Answer<"/billing/corrections">["rows"][number];
export type IntervalStory = Schemas["IntervalStory"];
export type ChannelStory = Schemas["ChannelStory"];
export type StoryDelivery = Schemas["StoryDelivery"];
export type RegisterStory = Schemas["RegisterStory"];
export type Operations = Schemas["Operations"];
export type SystemHealth = Schemas["SystemHealth"];
export type TrialResult = Schemas["TrialResult"];
type Answer<Path extends keyof paths> = paths[Path] extends {
  get: { responses: { 200: { content: { "application/json": infer Body } } } };
}
  ? Body
  : never;
export type FirstRun = Answer<"/first-run">;
export type Found = Answer<"/search">;
export type FoundPoint = Found["points"][number];
export type Location = Schemas["Location"];
export type BranchRow = Answer<"/branches">["rows"][number];
type BranchGiven = Body<"/branches">;
export type LocationRow = Answer<"/locations">["rows"][number];
type LocationQuery = NonNullable<paths["/locations"]["get"]["parameters"]["query"]>;
export type Fitting = Location["fittings"][number];
export type Modem = Schemas["Modem"];
export type ModemRow = Answer<"/modems">["rows"][number];
export type Sim = Schemas["Sim"];
export type SimRow = Answer<"/sims">["rows"][number];
type ModemQuery = NonNullable<paths["/modems"]["get"]["parameters"]["query"]>;
type SimQuery = NonNullable<paths["/sims"]["get"]["parameters"]["query"]>;
export type RegisterRow = Answer<"/points/{pointId}/registers">["rows"][number];
export type EventRow = Answer<"/points/{pointId}/events">["rows"][number];
export type PointQuery = NonNullable<paths["/points"]["get"]["parameters"]["query"]>;
export type Trial = NonNullable<
  paths["/devices/trials"]["post"]["requestBody"]
>["content"]["application/json"];
export type Alarm = Schemas["Alarm"];
export type AlarmList = paths["/alarms"]["get"]["responses"][200]["content"]["application/json"];
export type PeakRule = Answer<"/peak-rules">["rows"][number];
export type PeakRuleGiven = Body<"/peak-rules">;
export type PeakRuleChange = PeakRuleGiven & { readonly seen: string };
export type PeakTrial = paths["/peak-rules/trial"]["post"]["responses"][200]["content"]["application/json"];
export type AlarmQuery = NonNullable<paths["/alarms"]["get"]["parameters"]["query"]>;
export type ConcentratorRow = Schemas["ConcentratorRow"];
export type Concentrator = Schemas["Concentrator"];
export type EquipmentQuery = NonNullable<paths["/equipment"]["get"]["parameters"]["query"]>;
export type LongJob = Schemas["Job"];
export type PointsImport = Schemas["PointsImport"];
export type ImportColumn = PointsImport["faults"][number]["column"];
export type Meter = Schemas["Meter"];
export type MeterRow = Answer<"/meters">["rows"][number];
export type MeterType = Schemas["MeterType"];
export type MeterTypeRow = Answer<"/meter-types">["rows"][number];
export type MeterTypeFacts = Omit<MeterType["versions"][number], "from" | "to" | "reason" | "by">;
type MeterQuery = NonNullable<paths["/meters"]["get"]["parameters"]["query"]>;
export type Subscriber = Schemas["Subscriber"];
export type Contract = Schemas["Contract"];
export type Erasure = Schemas["Erasure"];
export type SubscriberRow = Answer<"/subscribers">["rows"][number];
export type SubscriberQuery = NonNullable<paths["/subscribers"]["get"]["parameters"]["query"]>;
type SubscriberChanged =
  paths["/subscribers/{subscriberId}"]["put"]["requestBody"]["content"]["application/json"];
export type SubscriberGiven = Omit<SubscriberChanged, "seen">;
export type ImportColumns =
  paths["/field-imports/columns"]["post"]["responses"][200]["content"]["application/json"];
export type HistoryMapping = ImportColumns["guesses"][number];
export type ImportCheck = Schemas["ImportCheck"];
export type FieldImport = Answer<"/field-imports">["rows"][number];
export type MetersAdopted =
  paths["/equipment/{gatewayId}/meters/adoptions"]["post"]["responses"][200]["content"]["application/json"];
export type GroupRow = Schemas["GroupRow"];
export type Group = Schemas["Group"];
export type GroupEffect = Schemas["GroupEffect"];
export type GroupCurve = Schemas["GroupCurve"];
export type EnergySeries = Schemas["EnergySeries"];
export type Consumption = Schemas["Consumption"];
export type StatisticsRow = Answer<"/analysis/statistics">["rows"][number];
export type LossReport = Schemas["LossReport"];
export type LossFigures = Schemas["LossFigures"];
export type GroupLosses = Schemas["GroupLosses"];
export type LossSuspects = Schemas["LossSuspects"];
export type LossCase = Schemas["LossCase"];
export type FieldTask = Schemas["FieldTask"];
export type FieldTaskRow = Schemas["FieldTaskRow"];
export type FieldTaskQuery = NonNullable<paths["/field-tasks"]["get"]["parameters"]["query"]>;
export type NewFieldTask = Body<"/field-tasks">;
export type FieldTaskEdit =
  paths["/field-tasks/{taskId}"]["patch"]["requestBody"]["content"]["application/json"];
type LossesQuery = NonNullable<paths["/analysis/balance"]["get"]["parameters"]["query"]>;
type CasesQuery = NonNullable<paths["/loss-cases"]["get"]["parameters"]["query"]>;
type NewCase = paths["/loss-cases"]["post"]["requestBody"]["content"]["application/json"];
type CaseEdit = paths["/loss-cases/{caseId}"]["patch"]["requestBody"]["content"]["application/json"];
type RatingGiven = paths["/groups/{groupId}/ratings"]["post"]["requestBody"]["content"]["application/json"];
export type Peaks = Answer<"/analysis/peaks">;
export type DataExport = Answer<"/exports">["rows"][number];
type ValuesQuery = NonNullable<paths["/analysis/values"]["get"]["parameters"]["query"]>;
export type WatchReport = Schemas["WatchReport"];
export type WatchPart = WatchReport["parts"][number];
export type WatchQuery = NonNullable<paths["/watch/reports/{report}"]["get"]["parameters"]["query"]>;
export type WatchReportName = paths["/watch/reports/{report}"]["get"]["parameters"]["path"]["report"];
export type VoltageLimits = Answer<"/watch/voltage-limits">["rows"][number];
export type PlannedWork = Answer<"/watch/works">["rows"][number];
type SeriesQuery = NonNullable<paths["/analysis/series"]["get"]["parameters"]["query"]>;
type ConsumptionQuery = NonNullable<paths["/analysis/consumption"]["get"]["parameters"]["query"]>;
export type MultiRate = Answer<"/analysis/multi-rate">;
export type TariffAccount = Answer<"/analysis/account">["account"];
export type Tariff = Answer<"/tariffs/{tariffId}">;
export type TariffTerms = Tariff["versions"][number]["terms"];
export type TariffCheck = paths["/tariffs/check"]["post"]["responses"][200]["content"]["application/json"];
export type TariffFault = TariffCheck["faults"][number];
type MultiRateQuery = NonNullable<paths["/analysis/multi-rate"]["get"]["parameters"]["query"]>;
type AccountQuery = NonNullable<paths["/analysis/account"]["get"]["parameters"]["query"]>;
type PeaksQuery = NonNullable<paths["/analysis/peaks"]["get"]["parameters"]["query"]>;
export type ReportList = Answer<"/reports">;
export type ReportRow = Schemas["ReportRow"];
export type Report = Schemas["Report"];
export type ReportDefinition = Schemas["ReportDefinition"];
export type ReportResult = Schemas["ReportResult"];
export type ReportRun = Answer<"/reports/{reportId}/runs">["rows"][number];
export type ScheduleGiven =
  paths["/reports/{reportId}/schedules"]["post"]["requestBody"]["content"]["application/json"];
export type ColumnCheck =
  paths["/report-checks"]["post"]["responses"][200]["content"]["application/json"]["columns"][number];
export type SavedView = Schemas["SavedView"];
export type DeliverySettings = Answer<"/delivery-settings">;
type SettingsGiven = paths["/delivery-settings"]["put"]["requestBody"]["content"]["application/json"];
export type GroupList = Answer<"/groups">;
export type GroupsImport = Answer<"/group-imports">["rows"][number];
export type GroupsImportOutcome =
  paths["/group-imports/checks"]["post"]["responses"][200]["content"]["application/json"];
export type GroupFinding = Answer<"/group-checks">["findings"][number];
export type GroupOptions = Answer<"/group-options">;
export type GroupQuery = NonNullable<paths["/groups"]["get"]["parameters"]["query"]>;
export type GroupChangeAsked =
  paths["/groups/{groupId}/change-previews"]["post"]["requestBody"]["content"]["application/json"];
type GroupChangeGiven =
  paths["/groups/{groupId}/changes"]["post"]["requestBody"]["content"]["application/json"];
type NewGroup = paths["/groups"]["post"]["requestBody"]["content"]["application/json"];
type GroupEdit = paths["/groups/{groupId}"]["patch"]["requestBody"]["content"]["application/json"];
export type GroupRule = NonNullable<NewGroup["rule"]>;
export type LogEntry = Schemas["LogEntry"];
export type LogQuery = NonNullable<paths["/log"]["get"]["parameters"]["query"]>;
export type CommunicationQuery = NonNullable<paths["/log/communication"]["get"]["parameters"]["query"]>;
export type PointChangeRow = Answer<"/points/{pointId}/changes">["rows"][number];
export type PointChangeBody =
  paths["/points/{pointId}/changes"]["post"]["requestBody"]["content"]["application/json"];
export type ExchangeRow = Answer<"/points/{pointId}/exchanges">["rows"][number];
export type ExchangeAsked =
  paths["/points/{pointId}/exchanges/checks"]["post"]["requestBody"]["content"]["application/json"];
export type ExchangeCheck =
  paths["/points/{pointId}/exchanges/checks"]["post"]["responses"][200]["content"]["application/json"];
export type ExchangeMadeBody =
  paths["/points/{pointId}/exchanges"]["post"]["requestBody"]["content"]["application/json"];
export type RatioRequest = Answer<"/ratio-requests">["rows"][number];
export type RatioRequestBody =
  paths["/points/{pointId}/ratio-requests"]["post"]["requestBody"]["content"]["application/json"];
export type Person = Schemas["Person"];
export type Grant = Schemas["Grant"];
export type PersonDetail = Answer<"/accounts/{accountId}">;
export type Roles = Answer<"/roles">;
export type Networks = Answer<"/networks">;
export type CertificateList = Answer<"/device-certificates">;
export type TunnelList = Answer<"/vpn/tunnels">;
export type KeyOverview = Answer<"/keys">;
export type DatabaseOverview = Answer<"/database">;
export type DatabaseTrial = paths["/database/trial"]["post"]["responses"][200]["content"]["application/json"];
type Body<Path extends keyof paths> = paths[Path] extends {
  post: { requestBody?: { content: { "application/json": infer Given } } };
}
  ? Given
  : never;
export type DatabaseAddress = Answer<"/database/address">;
export type AddressTrial = NonNullable<
  paths["/database/address/trial"]["post"]["requestBody"]
>["content"]["application/json"];
type PoolChange = NonNullable<paths["/database/pools"]["put"]["requestBody"]>["content"]["application/json"];
export type FindingRow = Schemas["FindingRow"];
export type Finding = Schemas["Finding"];
export type ValueEdit = Schemas["ValueEdit"];
export type EditReason = ValueEdit["reason"];
export type FindingQuery = NonNullable<paths["/validation/findings"]["get"]["parameters"]["query"]>;
export type LikeFindings = Body<"/validation/acceptances/preview">;
export type Quality = Answer<"/validation/quality">;
export type ValidationRule = Answer<"/validation/rules">["rows"][number];
export type RuleSetting = Body<"/validation/rules">;
export type DryRun = Body<"/validation/dry-runs">;
export type ValidationPolicy = Answer<"/validation/policy">;
export type NewPerson = Body<"/accounts">;
export type GrantChange = Body<"/accounts/{accountId}/grants">;
export type NewGrant = NonNullable<GrantChange["add"]>[number];
export type NewDevice = NonNullable<paths["/devices"]["post"]["requestBody"]>["content"]["application/json"];

export type IdentitySource = Schemas["IdentitySource"];
export type SourceGiven = NonNullable<
  paths["/identity-sources"]["post"]["requestBody"]
>["content"]["application/json"];
export type SourceTrial = NonNullable<
  paths["/identity-sources/trial"]["post"]["requestBody"]
>["content"]["application/json"];
export type SignInPolicy = NonNullable<
  paths["/sign-in-policy"]["put"]["requestBody"]
>["content"]["application/json"];

/** Kept outside React: the token belongs to the session cookie, not to a view. */
let csrfToken = "";
export function keepCsrfToken(token: string): void {
  csrfToken = token;
}

const guard: Middleware = {
  onRequest({ request }) {
    if (request.method !== "GET") request.headers.set("x-csrf-token", csrfToken);
    return request;
  },
};

let askWho: (() => Promise<boolean>) | undefined;
let asking: Promise<boolean> | undefined;
/** `ask` shows the dialog in which somebody shows anew who they are; it says whether they did. */
export function onStepUpNeeded(ask: () => Promise<boolean>): () => void {
  askWho = ask;
  return () => {
    if (askWho === ask) askWho = undefined;
  };
}

/** Calls; when the server asks anew who one is, somebody is asked, once for all calls that wait, and the call is made again. */
async function callAsPerson(request: Request): Promise<Response> {
  const again = request.clone();
  const response = await fetch(request);
  if (response.status !== 403 || !askWho) return response;
  const body: unknown = await response
    .clone()
    .json()
    .catch(() => undefined);
  if (problemOf(response.status, body).code !== "session.step-up-needed") return response;
  asking ??= askWho().finally(() => {
    asking = undefined;
  });
  if (!(await asking)) return response;
  // The session goes on under a new token.
  again.headers.set("x-csrf-token", csrfToken);
  return fetch(again);
}

const client = createClient<paths>({ baseUrl: "/api", fetch: callAsPerson });
client.use(guard);

interface Outcome<T> {
  readonly data?: T;
  readonly error?: unknown;
  readonly response: Response;
}

/** The result of a call, or its problem thrown. */
async function take<T>(call: Promise<Outcome<T>>): Promise<T> {
  const { data, error, response } = await call;
  if (!response.ok) {
    const problem = problemOf(response.status, error);
    if (problem.code === "session.missing") for (const listener of signedOut) listener();
    if (problem.code === "right.missing") for (const listener of rightsChanged) listener();
    throw problem;
  }
  return data as T;
}

const signedOut = new Set<() => void>();
/** Calls `listener` whenever an answer says that the session has ended. */
export function onSignedOut(listener: () => void): () => void {
  signedOut.add(listener);
  return () => signedOut.delete(listener);
}

const rightsChanged = new Set<() => void>();
/** Calls `listener` when an answer says that a right is missing: what the session may do is then to be asked for anew. */
export function onRightMissing(listener: () => void): () => void {
  rightsChanged.add(listener);
  return () => rightsChanged.delete(listener);
}

/** As something was; now without it. */
const asOn = (on: string | undefined) => (on === undefined ? {} : { query: { on } });

/** Every call of the API that the screens use. All throw `Problem`. */
export const api = {
  firstRun: (signal?: AbortSignal) => take(client.GET("/first-run", signal ? { signal } : {})),
  firstAccount: (body: {
    token: string;
    name: string;
    displayName: string;
    password: string;
    language: "ro" | "en";
  }) => take(client.POST("/first-account", { body })),
  session: (signal?: AbortSignal) => take(client.GET("/session", signal ? { signal } : {})),
  signIn: (body: { name: string; password: string }) => take(client.POST("/session", { body })),
  signInWays: (signal: AbortSignal) => take(client.GET("/sign-in-ways", { signal })),
  beginProvider: (sourceId: number) =>
    take(client.POST("/session/provider/{sourceId}", { params: { path: { sourceId } } })),
  finishProvider: (body: Record<string, string>) => take(client.POST("/session/provider", { body })),
  proof: (signal: AbortSignal) => take(client.GET("/session/proof", { signal })),
  beginProviderProof: () => take(client.POST("/session/proof/provider")),
  keyChallenge: () => take(client.POST("/session/proof/challenge")),
  prove: (body: { password?: string; code?: string; credential?: Record<string, unknown> }) =>
    take(client.POST("/session/proof", { body })),
  changePassword: (body: { current: string; password: string }) =>
    take(client.POST("/account/password", { body })),
  factors: (signal: AbortSignal) => take(client.GET("/account/factors", { signal })),
  beginTotp: (label: string) => take(client.POST("/account/factors/totp", { body: { label } })),
  confirmTotp: (code: string) => take(client.POST("/account/factors/totp/confirmation", { body: { code } })),
  beginKey: () => take(client.POST("/account/factors/key/challenge")),
  confirmKey: (label: string, credential: Record<string, unknown>) =>
    take(client.POST("/account/factors/key", { body: { label, credential } })),
  removeFactor: (factorId: number) =>
    take(client.DELETE("/account/factors/{factorId}", { params: { path: { factorId } } })),
  recoveryCodes: () => take(client.POST("/account/recovery-codes")),
  sessions: (signal: AbortSignal) => take(client.GET("/account/sessions", { signal })),
  endSession: (sessionId: number) =>
    take(client.DELETE("/account/sessions/{sessionId}", { params: { path: { sessionId } } })),
  endOtherSessions: () => take(client.DELETE("/account/sessions")),
  tokens: (signal: AbortSignal) => take(client.GET("/account/tokens", { signal })),
  makeToken: (body: { label: string; actions: string[]; addresses: string[]; days: number }) =>
    take(client.POST("/account/tokens", { body })),
  revokeToken: (tokenId: number) =>
    take(client.DELETE("/account/tokens/{tokenId}", { params: { path: { tokenId } } })),
  sources: (signal: AbortSignal) => take(client.GET("/identity-sources", { signal })),
  addSource: (body: SourceGiven) => take(client.POST("/identity-sources", { body })),
  changeSource: (sourceId: number, body: SourceGiven) =>
    take(client.PUT("/identity-sources/{sourceId}", { params: { path: { sourceId } }, body })),
  trySource: (body: SourceTrial) => take(client.POST("/identity-sources/trial", { body })),
  signInPolicy: (signal: AbortSignal) => take(client.GET("/sign-in-policy", { signal })),
  changeSignInPolicy: (body: SignInPolicy) => take(client.PUT("/sign-in-policy", { body })),
  breakGlass: (signal: AbortSignal) => take(client.GET("/break-glass", { signal })),
  makeBreakGlass: (number: number) =>
    take(client.POST("/break-glass/{number}", { params: { path: { number } } })),
  signOut: () => take(client.DELETE("/session")),
  changeLanguage: (language: "ro" | "en") => take(client.PATCH("/account", { body: { language } })),
  systemHealth: (signal: AbortSignal) => take(client.GET("/system/health", { signal })),
  database: (signal: AbortSignal) => take(client.GET("/database", { signal })),
  tryDatabase: (body: { analystPassword?: string }) => take(client.POST("/database/trial", { body })),
  changePool: (body: PoolChange) => take(client.PUT("/database/pools", { body })),
  undoPool: (body: Body<"/database/pools/undo">) => take(client.POST("/database/pools/undo", { body })),
  databaseAddress: (signal: AbortSignal) => take(client.GET("/database/address", { signal })),
  tryDatabaseAddress: (body: AddressTrial) => take(client.POST("/database/address/trial", { body })),
  chooseDatabaseAddress: (body: Body<"/database/address">) =>
    take(client.POST("/database/address", { body })),
  giveAnalystPassword: (body: { days: number }) => take(client.POST("/database/analyst-password", { body })),
  endAnalystPassword: () => take(client.DELETE("/database/analyst-password")),
  operations: (signal: AbortSignal) => take(client.GET("/operations", { signal })),
  search: (q: string, signal: AbortSignal) =>
    take(client.GET("/search", { params: { query: { q } }, signal })),
  alarms: (query: AlarmQuery, signal: AbortSignal) =>
    take(client.GET("/alarms", { params: { query }, signal })),
  peakRules: (signal: AbortSignal) => take(client.GET("/peak-rules", { signal })),
  addPeakRule: (body: PeakRuleGiven) => take(client.POST("/peak-rules", { body })),
  changePeakRule: (ruleId: number, body: PeakRuleChange) =>
    take(client.PUT("/peak-rules/{ruleId}", { params: { path: { ruleId } }, body })),
  removePeakRule: (ruleId: number) =>
    take(client.DELETE("/peak-rules/{ruleId}", { params: { path: { ruleId } } })),
  tryPeakRule: (body: Body<"/peak-rules/trial">) => take(client.POST("/peak-rules/trial", { body })),
  acknowledgeAlarms: (body: Body<"/alarms/acknowledgements">) =>
    take(client.POST("/alarms/acknowledgements", { body })),
  findings: (query: FindingQuery, signal: AbortSignal) =>
    take(client.GET("/validation/findings", { params: { query }, signal })),
  finding: (findingId: number, signal: AbortSignal) =>
    take(client.GET("/validation/findings/{findingId}", { params: { path: { findingId } }, signal })),
  acceptFinding: (findingId: number, stands: "measured" | "estimate") =>
    take(
      client.POST("/validation/findings/{findingId}/acceptance", {
        params: { path: { findingId } },
        body: { stands },
      }),
    ),
  reopenFinding: (findingId: number) =>
    take(client.DELETE("/validation/findings/{findingId}/acceptance", { params: { path: { findingId } } })),
  assignFinding: (findingId: number, name: string | null) =>
    take(
      client.PUT("/validation/findings/{findingId}/assignee", {
        params: { path: { findingId } },
        body: { name },
      }),
    ),
  chooseEstimate: (findingId: number, body: Body<"/validation/findings/{findingId}/estimate">) =>
    take(client.POST("/validation/findings/{findingId}/estimate", { params: { path: { findingId } }, body })),
  previewAcceptance: (body: LikeFindings, signal: AbortSignal) =>
    take(client.POST("/validation/acceptances/preview", { body, signal })),
  acceptFindings: (body: Body<"/validation/acceptances">) =>
    take(client.POST("/validation/acceptances", { body })),
  valueEdits: (
    query: NonNullable<paths["/validation/edits"]["get"]["parameters"]["query"]>,
    signal: AbortSignal,
  ) => take(client.GET("/validation/edits", { params: { query }, signal })),
  editValues: (body: Body<"/validation/edits">) => take(client.POST("/validation/edits", { body })),
  decideEdit: (editId: number, body: Body<"/validation/edits/{editId}/decision">) =>
    take(client.POST("/validation/edits/{editId}/decision", { params: { path: { editId } }, body })),
  undoEdit: (editId: number, comment: string) =>
    take(client.POST("/validation/edits/{editId}/undo", { params: { path: { editId } }, body: { comment } })),
  quality: (query: { month?: string }, signal: AbortSignal) =>
    take(client.GET("/validation/quality", { params: { query }, signal })),
  validationRules: (signal: AbortSignal) => take(client.GET("/validation/rules", { signal })),
  setValidationRule: (body: RuleSetting) => take(client.POST("/validation/rules", { body })),
  dryRunRules: (body: DryRun) => take(client.POST("/validation/dry-runs", { body })),
  validationPolicy: (signal: AbortSignal) => take(client.GET("/validation/policy", { signal })),
  setValidationPolicy: (body: ValidationPolicy) => take(client.PUT("/validation/policy", { body })),
  concentrators: (query: EquipmentQuery, signal: AbortSignal) =>
    take(client.GET("/equipment", { params: { query }, signal })),
  concentrator: (gatewayId: number, signal: AbortSignal, on?: string) =>
    take(client.GET("/equipment/{gatewayId}", { params: { path: { gatewayId }, ...asOn(on) }, signal })),
  equipmentBranches: (signal: AbortSignal) => take(client.GET("/equipment/branches", { signal })),
  adoptConcentrator: (gatewayId: number, body: Body<"/equipment/{gatewayId}/adoption">) =>
    take(client.POST("/equipment/{gatewayId}/adoption", { params: { path: { gatewayId } }, body })),
  changeConcentrator: (gatewayId: number, body: { name?: string; branchId?: number }) =>
    take(client.PATCH("/equipment/{gatewayId}", { params: { path: { gatewayId } }, body })),
  retireConcentrator: (gatewayId: number, reason: string) =>
    take(
      client.POST("/equipment/{gatewayId}/retirement", { params: { path: { gatewayId } }, body: { reason } }),
    ),
  handOverEffect: (gatewayId: number, to: number, signal: AbortSignal) =>
    take(
      client.GET("/equipment/{gatewayId}/handover", {
        params: { path: { gatewayId }, query: { to } },
        signal,
      }),
    ),
  handOverConcentrator: (gatewayId: number, body: { to: number; reason: string }) =>
    take(client.POST("/equipment/{gatewayId}/handover", { params: { path: { gatewayId } }, body })),
  askConcentrator: (gatewayId: number, body: Body<"/equipment/{gatewayId}/requests">) =>
    take(client.POST("/equipment/{gatewayId}/requests", { params: { path: { gatewayId } }, body })),
  proposeSettings: (gatewayId: number, body: Body<"/equipment/{gatewayId}/settings">) =>
    take(client.POST("/equipment/{gatewayId}/settings", { params: { path: { gatewayId } }, body })),
  adoptMeters: (gatewayId: number, body: Body<"/equipment/{gatewayId}/meters/adoptions">) =>
    take(client.POST("/equipment/{gatewayId}/meters/adoptions", { params: { path: { gatewayId } }, body })),
  acceptExchange: (gatewayId: number, body: Body<"/equipment/{gatewayId}/meters/exchanges">) =>
    take(client.POST("/equipment/{gatewayId}/meters/exchanges", { params: { path: { gatewayId } }, body })),
  fieldImports: (signal: AbortSignal) => take(client.GET("/field-imports", { signal })),
  importColumns: (body: Body<"/field-imports/columns">, signal: AbortSignal) =>
    take(client.POST("/field-imports/columns", { body, signal })),
  checkFieldImport: (body: Body<"/field-imports">) => take(client.POST("/field-imports/checks", { body })),
  createFieldImport: (body: Body<"/field-imports">) => take(client.POST("/field-imports", { body })),
  undoFieldImport: (importId: number, reason: string) =>
    take(client.POST("/field-imports/{importId}/undo", { params: { path: { importId } }, body: { reason } })),
  acknowledgeDifferences: (body: Body<"/equipment/differences/acknowledgements">) =>
    take(client.POST("/equipment/differences/acknowledgements", { body })),
  points: (query: PointQuery, signal?: AbortSignal) =>
    take(client.GET("/points", { params: { query }, ...(signal ? { signal } : {}) })),
  point: (pointId: number, signal: AbortSignal, on?: string) =>
    take(
      client.GET("/points/{pointId}", {
        params: { path: { pointId }, query: on === undefined ? {} : { on } },
        signal,
      }),
    ),
  loadCurve: (
    pointId: number,
    query: { channel: number; from: string; to: string; knownAt?: string },
    signal: AbortSignal,
  ) => take(client.GET("/points/{pointId}/load-curve", { params: { path: { pointId }, query }, signal })),
  registers: (
    pointId: number,
    query: { obis?: string; limit?: number; knownAt?: string },
    signal: AbortSignal,
  ) => take(client.GET("/points/{pointId}/registers", { params: { path: { pointId }, query }, signal })),
  retention: (signal: AbortSignal) => take(client.GET("/retention", { signal })),
  setRetention: (
    retentionClass: RetentionState["rules"][number]["class"],
    body: { months: number; purpose: string },
  ) => take(client.PUT("/retention/{retentionClass}", { params: { path: { retentionClass } }, body })),
  runRetention: () => take(client.POST("/retention/runs")),
  billingOutlook: (query: { month: string; branch?: number }, signal: AbortSignal) =>
    take(client.GET("/billing/outlook", { params: { query }, signal })),
  billingClosings: (query: { month: string }, signal: AbortSignal) =>
    take(client.GET("/billing/closings", { params: { query }, signal })),
  askBillingClose: (body: Body<"/billing/closings">) => take(client.POST("/billing/closings", { body })),
  decideBillingClose: (closeId: number, body: { approve: boolean; note?: string }) =>
    take(client.POST("/billing/closings/{closeId}/decision", { params: { path: { closeId } }, body })),
  billedValues: (closeId: number, query: { limit?: number }, signal: AbortSignal) =>
    take(client.GET("/billing/closings/{closeId}/values", { params: { path: { closeId }, query }, signal })),
  billingCorrections: (query: { month: string; branch?: number }, signal: AbortSignal) =>
    take(client.GET("/billing/corrections", { params: { query }, signal })),
  runBillingCorrections: (body: Body<"/billing/correction-runs">) =>
    take(client.POST("/billing/correction-runs", { body })),
  decideHeldValues: (correctionId: number, body: { take: boolean; note: string }) =>
    take(
      client.POST("/billing/corrections/{correctionId}/decision", {
        params: { path: { correctionId } },
        body,
      }),
    ),
  intervalStory: (pointId: number, query: { channel: number; at: string }, signal: AbortSignal) =>
    take(client.GET("/points/{pointId}/interval-story", { params: { path: { pointId }, query }, signal })),
  pulses: (pointId: number, gapSeconds: string, signal: AbortSignal) =>
    take(
      client.GET("/points/{pointId}/pulses", {
        params: { path: { pointId }, query: { gapSeconds } },
        signal,
      }),
    ),
  registerStory: (
    pointId: number,
    query: { serial: string; obis: string; measuredAt: string },
    signal: AbortSignal,
  ) => take(client.GET("/points/{pointId}/register-story", { params: { path: { pointId }, query }, signal })),
  attempts: (pointId: number, query: { limit?: number; before?: number }, signal: AbortSignal) =>
    take(client.GET("/points/{pointId}/attempts", { params: { path: { pointId }, query }, signal })),
  events: (pointId: number, query: { limit?: number }, signal: AbortSignal) =>
    take(client.GET("/points/{pointId}/events", { params: { path: { pointId }, query }, signal })),
  readNow: (pointId: number) =>
    take(client.POST("/points/{pointId}/reads", { params: { path: { pointId } } })),
  attempt: (attemptId: number, signal: AbortSignal) =>
    take(client.GET("/attempts/{attemptId}", { params: { path: { attemptId } }, signal })),
  cancelAttempt: (attemptId: number) =>
    take(client.DELETE("/attempts/{attemptId}", { params: { path: { attemptId } } })),
  tryDevice: (body: Trial) => take(client.POST("/devices/trials", { body })),
  addDevice: (body: NewDevice) => take(client.POST("/devices", { body })),
  startSampleNetwork: () => take(client.POST("/sample-network")),
  pointChanges: (pointId: number, signal: AbortSignal) =>
    take(client.GET("/points/{pointId}/changes", { params: { path: { pointId } }, signal })),
  changePoint: (pointId: number, body: PointChangeBody) =>
    take(client.POST("/points/{pointId}/changes", { params: { path: { pointId } }, body })),
  branches: (signal: AbortSignal) => take(client.GET("/branches", { signal })),
  addBranch: (body: BranchGiven) => take(client.POST("/branches", { body })),
  changeBranch: (branchId: number, body: BranchGiven) =>
    take(client.PUT("/branches/{branchId}", { params: { path: { branchId } }, body })),
  removeBranch: (branchId: number, reason: string) =>
    take(client.POST("/branches/{branchId}/removal", { params: { path: { branchId } }, body: { reason } })),
  readingPlans: (signal: AbortSignal) => take(client.GET("/reading-plans", { signal })),
  addReadingPlan: (body: Body<"/reading-plans">) => take(client.POST("/reading-plans", { body })),
  setPointPlan: (pointId: number, body: { planId: number | null; reason: string }) =>
    take(client.PUT("/points/{pointId}/plan", { params: { path: { pointId } }, body })),
  setGroupPlan: (groupId: number, body: { planId: number | null; dryRun: boolean; reason: string }) =>
    take(client.PUT("/groups/{groupId}/plan", { params: { path: { groupId } }, body })),
  endPointPlan: (pointId: number, body: { reason: string }) =>
    take(client.POST("/points/{pointId}/plan/removal", { params: { path: { pointId } }, body })),
  endGroupPlan: (groupId: number, body: { dryRun: boolean; reason: string }) =>
    take(client.POST("/groups/{groupId}/plan/removal", { params: { path: { groupId } }, body })),
  addPoint: (locationId: number, body: Body<"/locations/{locationId}/points">) =>
    take(client.POST("/locations/{locationId}/points", { params: { path: { locationId } }, body })),
  removePoint: (pointId: number, reason: string) =>
    take(client.POST("/points/{pointId}/removal", { params: { path: { pointId } }, body: { reason } })),
  undoPointChange: (pointChangeId: number, reason: string) =>
    take(
      client.POST("/point-changes/{pointChangeId}/undo", {
        params: { path: { pointChangeId } },
        body: { reason },
      }),
    ),
  exchanges: (pointId: number, signal: AbortSignal) =>
    take(client.GET("/points/{pointId}/exchanges", { params: { path: { pointId } }, signal })),
  checkExchange: (pointId: number, body: ExchangeAsked) =>
    take(client.POST("/points/{pointId}/exchanges/checks", { params: { path: { pointId } }, body })),
  makeExchange: (pointId: number, body: ExchangeMadeBody) =>
    take(client.POST("/points/{pointId}/exchanges", { params: { path: { pointId } }, body })),
  undoExchange: (exchangeId: number, reason: string) =>
    take(client.POST("/exchanges/{exchangeId}/undo", { params: { path: { exchangeId } }, body: { reason } })),
  addExchangePhoto: (exchangeId: number, body: { fileName: string; content: string }) =>
    take(client.POST("/exchanges/{exchangeId}/photos", { params: { path: { exchangeId } }, body })),
  ratioRequests: (query: { open?: boolean; pointId?: number }, signal: AbortSignal) =>
    take(client.GET("/ratio-requests", { params: { query }, signal })),
  requestRatios: (pointId: number, body: RatioRequestBody) =>
    take(client.POST("/points/{pointId}/ratio-requests", { params: { path: { pointId } }, body })),
  decideRatios: (requestId: number, body: { approve: boolean; note?: string }) =>
    take(client.POST("/ratio-requests/{requestId}/decision", { params: { path: { requestId } }, body })),
  withdrawRatios: (requestId: number) =>
    take(client.DELETE("/ratio-requests/{requestId}", { params: { path: { requestId } } })),
  pointsImports: (signal: AbortSignal) => take(client.GET("/points-imports", { signal })),
  createPointsImport: (body: Body<"/points-imports">) => take(client.POST("/points-imports", { body })),
  pointsImport: (pointsImportId: number, signal: AbortSignal) =>
    take(client.GET("/points-imports/{pointsImportId}", { params: { path: { pointsImportId } }, signal })),
  changePointsImport: (
    pointsImportId: number,
    body: paths["/points-imports/{pointsImportId}"]["patch"]["requestBody"]["content"]["application/json"],
  ) => take(client.PATCH("/points-imports/{pointsImportId}", { params: { path: { pointsImportId } }, body })),
  runPointsImport: (pointsImportId: number) =>
    take(client.POST("/points-imports/{pointsImportId}/run", { params: { path: { pointsImportId } } })),
  undoPointsImport: (pointsImportId: number) =>
    take(client.POST("/points-imports/{pointsImportId}/undo", { params: { path: { pointsImportId } } })),
  jobs: (signal: AbortSignal) => take(client.GET("/jobs", { signal })),
  jobFailures: (jobId: number) => take(client.GET("/jobs/{jobId}/failures", { params: { path: { jobId } } })),
  cancelJob: (jobId: number) => take(client.POST("/jobs/{jobId}/cancel", { params: { path: { jobId } } })),
  meterTypes: (at: string | undefined, signal: AbortSignal) =>
    take(client.GET("/meter-types", { params: { query: at === undefined ? {} : { at } }, signal })),
  meterType: (meterTypeId: number, signal: AbortSignal) =>
    take(client.GET("/meter-types/{meterTypeId}", { params: { path: { meterTypeId } }, signal })),
  addMeterType: (body: Body<"/meter-types">) => take(client.POST("/meter-types", { body })),
  changeMeterType: (meterTypeId: number, body: Body<"/meter-types/{meterTypeId}/versions">) =>
    take(client.POST("/meter-types/{meterTypeId}/versions", { params: { path: { meterTypeId } }, body })),
  addMeterTypeCertificate: (meterTypeId: number, body: Body<"/meter-types/{meterTypeId}/certificates">) =>
    take(client.POST("/meter-types/{meterTypeId}/certificates", { params: { path: { meterTypeId } }, body })),
  meters: (query: MeterQuery, signal: AbortSignal) =>
    take(client.GET("/meters", { params: { query }, signal })),
  meter: (meterId: number, signal: AbortSignal, on?: string) =>
    take(client.GET("/meters/{meterId}", { params: { path: { meterId }, ...asOn(on) }, signal })),
  addMeter: (body: Body<"/meters">) => take(client.POST("/meters", { body })),
  importMeters: (body: Body<"/meters/import">) => take(client.POST("/meters/import", { body })),
  setMeterType: (
    meterId: number,
    body: NonNullable<paths["/meters/{meterId}/type"]["put"]["requestBody"]>["content"]["application/json"],
  ) => take(client.PUT("/meters/{meterId}/type", { params: { path: { meterId } }, body })),
  addMeterState: (meterId: number, body: Body<"/meters/{meterId}/states">) =>
    take(client.POST("/meters/{meterId}/states", { params: { path: { meterId } }, body })),
  undoMeterState: (meterId: number, body: { reason: string }) =>
    take(client.POST("/meters/{meterId}/states/undo", { params: { path: { meterId } }, body })),
  addMeterVerification: (meterId: number, body: Body<"/meters/{meterId}/verifications">) =>
    take(client.POST("/meters/{meterId}/verifications", { params: { path: { meterId } }, body })),
  withdrawMeterVerification: (meterId: number, meterVerificationId: number, body: { reason: string }) =>
    take(
      client.POST("/meters/{meterId}/verifications/{meterVerificationId}/withdrawal", {
        params: { path: { meterId, meterVerificationId } },
        body,
      }),
    ),
  addMeterTest: (meterId: number, body: Body<"/meters/{meterId}/tests">) =>
    take(client.POST("/meters/{meterId}/tests", { params: { path: { meterId } }, body })),
  endMeterTest: (meterId: number, meterTestId: number, body: { at: string; reason: string }) =>
    take(
      client.POST("/meters/{meterId}/tests/{meterTestId}/end", {
        params: { path: { meterId, meterTestId } },
        body,
      }),
    ),
  withdrawMeterTest: (meterId: number, meterTestId: number, body: { reason: string }) =>
    take(
      client.POST("/meters/{meterId}/tests/{meterTestId}/withdrawal", {
        params: { path: { meterId, meterTestId } },
        body,
      }),
    ),
  locations: (query: LocationQuery, signal: AbortSignal) =>
    take(client.GET("/locations", { params: { query }, signal })),
  location: (locationId: number, signal: AbortSignal, on?: string) =>
    take(client.GET("/locations/{locationId}", { params: { path: { locationId }, ...asOn(on) }, signal })),
  addLocation: (body: Body<"/locations">) => take(client.POST("/locations", { body })),
  changeLocation: (locationId: number, body: Body<"/locations/{locationId}/changes">) =>
    take(client.POST("/locations/{locationId}/changes", { params: { path: { locationId } }, body })),
  undoLocationChange: (locationId: number, body: { reason: string }) =>
    take(client.POST("/locations/{locationId}/changes/undo", { params: { path: { locationId } }, body })),
  addFitting: (locationId: number, body: Body<"/locations/{locationId}/fittings">) =>
    take(client.POST("/locations/{locationId}/fittings", { params: { path: { locationId } }, body })),
  endFitting: (
    locationId: number,
    fittingId: number,
    body: Body<"/locations/{locationId}/fittings/{fittingId}/end">,
  ) =>
    take(
      client.POST("/locations/{locationId}/fittings/{fittingId}/end", {
        params: { path: { locationId, fittingId } },
        body,
      }),
    ),
  withdrawFitting: (locationId: number, fittingId: number, body: { reason: string }) =>
    take(
      client.POST("/locations/{locationId}/fittings/{fittingId}/withdrawal", {
        params: { path: { locationId, fittingId } },
        body,
      }),
    ),
  modems: (query: ModemQuery, signal: AbortSignal) =>
    take(client.GET("/modems", { params: { query }, signal })),
  modem: (modemId: number, signal: AbortSignal, on?: string) =>
    take(client.GET("/modems/{modemId}", { params: { path: { modemId }, ...asOn(on) }, signal })),
  addModem: (body: Body<"/modems">) => take(client.POST("/modems", { body })),
  importModems: (body: Body<"/modems/import">) => take(client.POST("/modems/import", { body })),
  placeModem: (modemId: number, body: Body<"/modems/{modemId}/placements">) =>
    take(client.POST("/modems/{modemId}/placements", { params: { path: { modemId } }, body })),
  sims: (query: SimQuery, signal: AbortSignal) => take(client.GET("/sims", { params: { query }, signal })),
  sim: (simId: number, signal: AbortSignal, on?: string) =>
    take(client.GET("/sims/{simId}", { params: { path: { simId }, ...asOn(on) }, signal })),
  addSim: (body: Body<"/sims">) => take(client.POST("/sims", { body })),
  setSimState: (simId: number, body: Body<"/sims/{simId}/states">) =>
    take(client.POST("/sims/{simId}/states", { params: { path: { simId } }, body })),
  placeSim: (simId: number, body: Body<"/sims/{simId}/placements">) =>
    take(client.POST("/sims/{simId}/placements", { params: { path: { simId } }, body })),
  subscribers: (query: SubscriberQuery, signal: AbortSignal) =>
    take(client.GET("/subscribers", { params: { query }, signal })),
  subscriber: (subscriberId: number, signal: AbortSignal, on?: string) =>
    take(
      client.GET("/subscribers/{subscriberId}", { params: { path: { subscriberId }, ...asOn(on) }, signal }),
    ),
  subscriberRecord: (subscriberId: number, signal: AbortSignal) =>
    take(client.GET("/subscribers/{subscriberId}/record", { params: { path: { subscriberId } }, signal })),
  changeSubscriber: (subscriberId: number, body: SubscriberChanged) =>
    take(client.PUT("/subscribers/{subscriberId}", { params: { path: { subscriberId } }, body })),
  erasures: (query: { open?: boolean; subscriberId?: number }, signal: AbortSignal) =>
    take(client.GET("/erasures", { params: { query }, signal })),
  requestErasure: (subscriberId: number, body: Body<"/subscribers/{subscriberId}/erasures">) =>
    take(client.POST("/subscribers/{subscriberId}/erasures", { params: { path: { subscriberId } }, body })),
  decideErasure: (erasureId: number, body: Body<"/erasures/{erasureId}/decision">) =>
    take(client.POST("/erasures/{erasureId}/decision", { params: { path: { erasureId } }, body })),
  withdrawErasure: (erasureId: number) =>
    take(client.DELETE("/erasures/{erasureId}", { params: { path: { erasureId } } })),
  pointContracts: (pointId: number, signal: AbortSignal) =>
    take(client.GET("/points/{pointId}/contracts", { params: { path: { pointId } }, signal })),
  startContract: (pointId: number, body: Body<"/points/{pointId}/contracts">) =>
    take(client.POST("/points/{pointId}/contracts", { params: { path: { pointId } }, body })),
  endContract: (contractId: number, body: Body<"/contracts/{contractId}/end">) =>
    take(client.POST("/contracts/{contractId}/end", { params: { path: { contractId } }, body })),
  takeBackContract: (contractId: number, body: Body<"/contracts/{contractId}/take-back">) =>
    take(client.POST("/contracts/{contractId}/take-back", { params: { path: { contractId } }, body })),
  groups: (query: GroupQuery, signal: AbortSignal) =>
    take(client.GET("/groups", { params: { query }, signal })),
  groupChecks: (query: { at?: string }, signal: AbortSignal) =>
    take(client.GET("/group-checks", { params: { query }, signal })),
  groupOptions: (signal: AbortSignal) => take(client.GET("/group-options", { signal })),
  countRule: (body: { branchId: number | null; rule: GroupRule }, signal: AbortSignal) =>
    take(client.POST("/group-rules/count", { body, signal })),
  addGroup: (body: NewGroup) => take(client.POST("/groups", { body })),
  editGroup: (groupId: number, body: GroupEdit) =>
    take(client.PATCH("/groups/{groupId}", { params: { path: { groupId } }, body })),
  group: (groupId: number, query: { at?: string }, signal: AbortSignal) =>
    take(client.GET("/groups/{groupId}", { params: { path: { groupId }, query }, signal })),
  groupMembers: (
    groupId: number,
    query: { at?: string; offset: number; limit: number },
    signal: AbortSignal,
  ) => take(client.GET("/groups/{groupId}/members", { params: { path: { groupId }, query }, signal })),
  findSubjects: (query: { q?: string; of?: string }, signal: AbortSignal) =>
    take(client.GET("/analysis/subjects", { params: { query }, signal })),
  series: (query: SeriesQuery, signal: AbortSignal) =>
    take(client.GET("/analysis/series", { params: { query }, signal })),
  consumption: (query: ConsumptionQuery, signal: AbortSignal) =>
    take(client.GET("/analysis/consumption", { params: { query }, signal })),
  groupStatistics: (query: { of: string; from: string; to: string }, signal: AbortSignal) =>
    take(client.GET("/analysis/statistics", { params: { query }, signal })),
  multiRate: (query: MultiRateQuery, signal: AbortSignal) =>
    take(client.GET("/analysis/multi-rate", { params: { query }, signal })),
  tariffAccount: (query: AccountQuery, signal: AbortSignal) =>
    take(client.GET("/analysis/account", { params: { query }, signal })),
  compareTariffs: (query: Omit<AccountQuery, "tariff">, signal: AbortSignal) =>
    take(client.GET("/analysis/tariff-comparison", { params: { query }, signal })),
  tariffs: (signal: AbortSignal) => take(client.GET("/tariffs", { params: { query: {} }, signal })),
  tariffTemplates: (signal: AbortSignal) => take(client.GET("/tariffs/templates", { signal })),
  tariff: (tariffId: number, signal: AbortSignal) =>
    take(client.GET("/tariffs/{tariffId}", { params: { path: { tariffId } }, signal })),
  tariffChanges: (tariff: number, signal: AbortSignal) =>
    take(client.GET("/tariffs/changes", { params: { query: { tariff } }, signal })),
  undoTariffChange: (changeId: number, body: { reason: string }) =>
    take(client.POST("/tariffs/changes/{changeId}/undo", { params: { path: { changeId } }, body })),
  checkTariff: (body: Body<"/tariffs/check">) => take(client.POST("/tariffs/check", { body })),
  previewTariff: (body: Body<"/tariffs/preview">) => take(client.POST("/tariffs/preview", { body })),
  assignTariff: (body: Body<"/tariffs/assignments">) => take(client.POST("/tariffs/assignments", { body })),
  addTariff: (body: Body<"/tariffs">) => take(client.POST("/tariffs", { body })),
  setTariffVersion: (tariffId: number, body: Body<"/tariffs/{tariffId}/versions">) =>
    take(client.POST("/tariffs/{tariffId}/versions", { params: { path: { tariffId } }, body })),
  endTariff: (tariffId: number, body: Body<"/tariffs/{tariffId}/end">) =>
    take(client.POST("/tariffs/{tariffId}/end", { params: { path: { tariffId } }, body })),
  peaks: (query: PeaksQuery, signal: AbortSignal) =>
    take(client.GET("/analysis/peaks", { params: { query }, signal })),
  valuesSize: (query: ValuesQuery, signal?: AbortSignal) =>
    take(client.GET("/analysis/values", { params: { query }, signal: signal ?? null })),
  dataExports: (signal: AbortSignal) => take(client.GET("/exports", { signal })),
  queueDataExport: (body: Body<"/exports">) => take(client.POST("/exports", { body })),
  removeDataExport: (dataExportId: number) =>
    take(client.DELETE("/exports/{dataExportId}", { params: { path: { dataExportId } } })),
  watchReport: (report: WatchReportName, query: WatchQuery, signal: AbortSignal) =>
    take(client.GET("/watch/reports/{report}", { params: { path: { report }, query }, signal })),
  voltageLimits: (signal: AbortSignal) => take(client.GET("/watch/voltage-limits", { signal })),
  setVoltageLimits: (body: Body<"/watch/voltage-limits">) =>
    take(client.POST("/watch/voltage-limits", { body })),
  plannedWorks: (query: { from: string; to: string }, signal: AbortSignal) =>
    take(client.GET("/watch/works", { params: { query }, signal })),
  addPlannedWork: (body: Body<"/watch/works">) => take(client.POST("/watch/works", { body })),
  withdrawPlannedWork: (workId: number) =>
    take(client.DELETE("/watch/works/{workId}", { params: { path: { workId } } })),
  losses: (query: LossesQuery, signal: AbortSignal) =>
    take(client.GET("/analysis/balance", { params: { query }, signal })),
  groupLosses: (groupId: number, query: { from: string; to: string }, signal: AbortSignal) =>
    take(client.GET("/analysis/balance/{groupId}", { params: { path: { groupId }, query }, signal })),
  lossSuspects: (groupId: number, query: { from: string; to: string }, signal: AbortSignal) =>
    take(
      client.GET("/analysis/balance/{groupId}/suspects", { params: { path: { groupId }, query }, signal }),
    ),
  setRating: (groupId: number, body: RatingGiven) =>
    take(client.POST("/groups/{groupId}/ratings", { params: { path: { groupId } }, body })),
  lossCases: (query: CasesQuery, signal: AbortSignal) =>
    take(client.GET("/loss-cases", { params: { query }, signal })),
  lossCase: (caseId: number, signal: AbortSignal) =>
    take(client.GET("/loss-cases/{caseId}", { params: { path: { caseId } }, signal })),
  lossCaseAssignees: (signal: AbortSignal) => take(client.GET("/loss-case-assignees", { signal })),
  openLossCase: (body: NewCase) => take(client.POST("/loss-cases", { body })),
  changeLossCase: (caseId: number, body: CaseEdit) =>
    take(client.PATCH("/loss-cases/{caseId}", { params: { path: { caseId } }, body })),
  fieldTasks: (query: FieldTaskQuery, signal: AbortSignal) =>
    take(client.GET("/field-tasks", { params: { query }, signal })),
  fieldTask: (taskId: number, signal: AbortSignal) =>
    take(client.GET("/field-tasks/{taskId}", { params: { path: { taskId } }, signal })),
  fieldTaskAssignees: (signal: AbortSignal) => take(client.GET("/field-task-assignees", { signal })),
  openFieldTask: (body: NewFieldTask) => take(client.POST("/field-tasks", { body })),
  changeFieldTask: (taskId: number, body: FieldTaskEdit) =>
    take(client.PATCH("/field-tasks/{taskId}", { params: { path: { taskId } }, body })),
  reports: (signal: AbortSignal) => take(client.GET("/reports", { signal })),
  report: (reportId: number, signal: AbortSignal) =>
    take(client.GET("/reports/{reportId}", { params: { path: { reportId } }, signal })),
  reportTemplate: (query: { key: string; of: string }, signal: AbortSignal) =>
    take(client.GET("/report-templates", { params: { query }, signal })),
  reportFunctions: (signal: AbortSignal) => take(client.GET("/report-functions", { signal })),
  checkReport: (body: { definition: ReportDefinition }, signal: AbortSignal) =>
    take(client.POST("/report-checks", { body, signal })),
  previewReport: (body: { definition: ReportDefinition }, signal: AbortSignal) =>
    take(client.POST("/report-previews", { body, signal })),
  addReport: (body: { name: string; about: string; definition: ReportDefinition }) =>
    take(client.POST("/reports", { body })),
  changeReport: (
    reportId: number,
    body: { name: string; about: string; definition: ReportDefinition; version: number },
  ) => take(client.PUT("/reports/{reportId}", { params: { path: { reportId } }, body })),
  removeReport: (reportId: number) =>
    take(client.DELETE("/reports/{reportId}", { params: { path: { reportId } } })),
  restoreReport: (reportId: number) =>
    take(client.POST("/reports/{reportId}/restore", { params: { path: { reportId } } })),
  reportReaders: (signal: AbortSignal) => take(client.GET("/report-readers", { signal })),
  shareReport: (reportId: number, shares: { kind: "person" | "role"; id: number; mayChange: boolean }[]) =>
    take(client.PUT("/reports/{reportId}/shares", { params: { path: { reportId } }, body: { shares } })),
  addSchedule: (reportId: number, body: ScheduleGiven) =>
    take(client.POST("/reports/{reportId}/schedules", { params: { path: { reportId } }, body })),
  changeSchedule: (reportId: number, scheduleId: number, body: ScheduleGiven) =>
    take(
      client.PUT("/reports/{reportId}/schedules/{scheduleId}", {
        params: { path: { reportId, scheduleId } },
        body,
      }),
    ),
  removeSchedule: (reportId: number, scheduleId: number) =>
    take(
      client.DELETE("/reports/{reportId}/schedules/{scheduleId}", {
        params: { path: { reportId, scheduleId } },
      }),
    ),
  restoreSchedule: (reportId: number, scheduleId: number) =>
    take(
      client.POST("/reports/{reportId}/schedules/{scheduleId}/restore", {
        params: { path: { reportId, scheduleId } },
      }),
    ),
  runSchedule: (reportId: number, scheduleId: number) =>
    take(
      client.POST("/reports/{reportId}/schedules/{scheduleId}/run", {
        params: { path: { reportId, scheduleId } },
      }),
    ),
  reportRuns: (reportId: number, signal: AbortSignal) =>
    take(client.GET("/reports/{reportId}/runs", { params: { path: { reportId } }, signal })),
  retryDelivery: (deliveryId: number) =>
    take(client.POST("/report-deliveries/{deliveryId}/retry", { params: { path: { deliveryId } } })),
  savedViews: (page: string, signal: AbortSignal) =>
    take(client.GET("/saved-views", { params: { query: { page } }, signal })),
  saveView: (body: Body<"/saved-views">) => take(client.POST("/saved-views", { body })),
  removeView: (savedViewId: number) =>
    take(client.DELETE("/saved-views/{savedViewId}", { params: { path: { savedViewId } } })),
  restoreView: (savedViewId: number) =>
    take(client.POST("/saved-views/{savedViewId}/restore", { params: { path: { savedViewId } } })),
  deliverySettings: (signal: AbortSignal) => take(client.GET("/delivery-settings", { signal })),
  changeDeliverySettings: (body: SettingsGiven) => take(client.PUT("/delivery-settings", { body })),
  tryMail: (body: { to: string }) => take(client.POST("/delivery-settings/trial", { body })),
  groupCurve: (groupId: number, query: { from: string; to: string }, signal: AbortSignal) =>
    take(client.GET("/groups/{groupId}/curve", { params: { path: { groupId }, query }, signal })),
  previewGroupChange: (groupId: number, body: GroupChangeAsked) =>
    take(client.POST("/groups/{groupId}/change-previews", { params: { path: { groupId } }, body })),
  changeGroup: (groupId: number, body: GroupChangeGiven) =>
    take(client.POST("/groups/{groupId}/changes", { params: { path: { groupId } }, body })),
  moveGroup: (groupId: number, body: { parentId: number | null; from: string; reason: string }) =>
    take(client.POST("/groups/{groupId}/parent", { params: { path: { groupId } }, body })),
  removeGroup: (groupId: number, body: { reason: string }) =>
    take(client.DELETE("/groups/{groupId}", { params: { path: { groupId } }, body })),
  restoreGroup: (groupId: number, body: { reason: string }) =>
    take(client.POST("/groups/{groupId}/restoration", { params: { path: { groupId } }, body })),
  groupsImports: (signal: AbortSignal) => take(client.GET("/group-imports", { signal })),
  checkGroupsImport: (body: { fileName: string; text: string; reason: string }) =>
    take(client.POST("/group-imports/checks", { body })),
  createGroupsImport: (body: { fileName: string; text: string; reason: string }) =>
    take(client.POST("/group-imports", { body })),
  undoGroupsImport: (importId: number, body: { reason: string }) =>
    take(client.POST("/group-imports/{importId}/undo", { params: { path: { importId } }, body })),
  undoGroupChange: (groupId: number, changeId: number, body: { reason: string }) =>
    take(
      client.POST("/groups/{groupId}/changes/{changeId}/undo", {
        params: { path: { groupId, changeId } },
        body,
      }),
    ),
  log: (query: LogQuery, signal: AbortSignal) => take(client.GET("/log", { params: { query }, signal })),
  logNames: (signal: AbortSignal) => take(client.GET("/log/names", { signal })),
  communication: (query: CommunicationQuery, signal: AbortSignal) =>
    take(client.GET("/log/communication", { params: { query }, signal })),
  people: (signal: AbortSignal) => take(client.GET("/accounts", { signal })),
  person: (accountId: number, signal: AbortSignal) =>
    take(client.GET("/accounts/{accountId}", { params: { path: { accountId } }, signal })),
  addPerson: (body: NewPerson) => take(client.POST("/accounts", { body })),
  changePerson: (accountId: number, body: { displayName?: string; disabled?: boolean }) =>
    take(client.PATCH("/accounts/{accountId}", { params: { path: { accountId } }, body })),
  renewPerson: (accountId: number) =>
    take(client.POST("/accounts/{accountId}/renewal", { params: { path: { accountId } } })),
  resetFactors: (accountId: number) =>
    take(client.DELETE("/accounts/{accountId}/factors", { params: { path: { accountId } } })),
  invitePerson: (accountId: number) =>
    take(client.POST("/accounts/{accountId}/invitation", { params: { path: { accountId } } })),
  invitedPerson: (token: string) => take(client.POST("/invitations/shown", { body: { token } })),
  takeInvitation: (body: { token: string; password: string }) => take(client.POST("/invitations", { body })),
  grantEffect: (accountId: number, body: GrantChange, signal: AbortSignal) =>
    take(
      client.POST("/accounts/{accountId}/grants/effect", { params: { path: { accountId } }, body, signal }),
    ),
  changeGrants: (accountId: number, body: GrantChange) =>
    take(client.POST("/accounts/{accountId}/grants", { params: { path: { accountId } }, body })),
  grants: (signal: AbortSignal) => take(client.GET("/grants", { signal })),
  reviewGrants: (grantIds: number[]) => take(client.POST("/grants/reviews", { body: { grantIds } })),
  endGrants: (grantIds: number[]) => take(client.POST("/grants/ends", { body: { grantIds } })),
  roles: (signal: AbortSignal) => take(client.GET("/roles", { signal })),
  addRole: (body: { name: string; actions: string[] }) => take(client.POST("/roles", { body })),
  roleEffect: (roleId: number, body: { name: string; actions: string[] }, signal: AbortSignal) =>
    take(client.POST("/roles/{roleId}/effect", { params: { path: { roleId } }, body, signal })),
  changeRole: (roleId: number, body: { name: string; actions: string[] }) =>
    take(client.PATCH("/roles/{roleId}", { params: { path: { roleId } }, body })),
  removeRole: (roleId: number) => take(client.DELETE("/roles/{roleId}", { params: { path: { roleId } } })),
  keys: (signal: AbortSignal) => take(client.GET("/keys", { signal })),
  pointKeys: (pointId: number, signal: AbortSignal) =>
    take(client.GET("/points/{pointId}/keys", { params: { path: { pointId } }, signal })),
  changeKeys: (pointId: number) =>
    take(client.POST("/points/{pointId}/key-change", { params: { path: { pointId } } })),
  changeKeysOfMany: (body: Body<"/key-changes">) => take(client.POST("/key-changes", { body })),
  cancelKeyChange: (keyWorkId: number) =>
    take(client.DELETE("/key-changes/{keyWorkId}", { params: { path: { keyWorkId } } })),
  importKeys: (file: string) => take(client.POST("/keys/import", { body: { file } })),
  exportKeys: (recipient: string) =>
    take(
      client.POST("/keys/export", { body: { recipients: [recipient] }, parseAs: "blob" }),
    ) as Promise<Blob>,
  networks: (signal: AbortSignal) => take(client.GET("/networks", { signal })),
  changeNetworks: (body: Networks) => take(client.PUT("/networks", { body })),
  tryNetworks: (body: Body<"/networks/trial">) => take(client.POST("/networks/trial", { body })),
  tunnels: (signal: AbortSignal) => take(client.GET("/vpn/tunnels", { signal })),
  addTunnel: (body: Body<"/vpn/tunnels">) => take(client.POST("/vpn/tunnels", { body })),
  renewTunnelKeys: (tunnelId: number, days: number) =>
    take(client.POST("/vpn/tunnels/{tunnelId}/keys", { params: { path: { tunnelId } }, body: { days } })),
  revokeTunnel: (tunnelId: number) =>
    take(client.DELETE("/vpn/tunnels/{tunnelId}", { params: { path: { tunnelId } } })),
  takeTunnelState: (dump: string) => take(client.POST("/vpn/state", { body: { dump } })),
  exportTunnelPeers: () => take(client.POST("/vpn/peers", { parseAs: "blob" })) as Promise<Blob>,
  certificates: (signal: AbortSignal) => take(client.GET("/device-certificates", { signal })),
  issueCertificate: (body: Body<"/device-certificates">) =>
    take(client.POST("/device-certificates", { body })),
  revokeCertificate: (certificateId: number) =>
    take(client.DELETE("/device-certificates/{certificateId}", { params: { path: { certificateId } } })),
  seeAs: (accountId: number) => take(client.POST("/session/seen-as", { body: { accountId } })),
  seeAsMyself: () => take(client.DELETE("/session/seen-as")),
  whomToAsk: (action: string, signal: AbortSignal) =>
    take(client.GET("/rights/ask", { params: { query: { action } }, signal })),
} as const;

/** Address of a file that the server makes from the same filters. */
export function fileAddress(path: string, query: Readonly<Record<string, unknown>>): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query))
    if (value !== undefined && value !== null && value !== "") search.set(name, String(value));
  const text = search.toString();
  return `/api${path}${text ? `?${text}` : ""}`;
}
