import Type, { type Static, type TSchema } from "typebox";
import { AccountChange, FirstAccount, FirstRun, SignIn, sessionSchema } from "./schemas/accounts.ts";
import {
  AttemptParams,
  attemptItemSchema,
  attemptSchema,
  eventItemSchema,
  liveItemSchema,
  trialResultSchema,
} from "./schemas/attempts.ts";
import { Accepted, AttemptQueued, closed, PointParams, problemSchema } from "./schemas/basics.ts";
import { DeviceAdded, Health, NewDevice, TrialRequest } from "./schemas/devices.ts";
import { operationsSchema } from "./schemas/operations.ts";
import {
  channelSchema,
  PointExportQuery,
  PointList,
  PointListQuery,
  pointRowSchema,
  pointSchema,
  SearchQuery,
  SearchResult,
} from "./schemas/points.ts";
import {
  AttemptsQuery,
  CurveQuery,
  EventList,
  EventsQuery,
  loadCurveSchema,
  RegisterList,
  RegisterQuery,
} from "./schemas/readings.ts";
import type { Right } from "./security/catalogue.ts";

/**
 * What a call needs: a right of the catalogue, or one of the open ones (`anyone` and `first-account` need no session). Every
 * operation names one; a route without one does not start.
 */
export type Action = Right | "anyone" | "first-account" | "own.session";

/** Schemas with a name in the API description. */
export const namedSchemas = [
  problemSchema,
  sessionSchema,
  trialResultSchema,
  attemptSchema,
  attemptItemSchema,
  eventItemSchema,
  liveItemSchema,
  pointRowSchema,
  channelSchema,
  pointSchema,
  loadCurveSchema,
  operationsSchema,
].map((schema) => schema.whole);

export interface Operation {
  readonly method: "GET" | "POST" | "PATCH" | "DELETE";
  readonly url: string;
  readonly action: Action;
  readonly tag: string;
  readonly summary: string;
  readonly params?: TSchema;
  readonly query?: TSchema;
  readonly body?: TSchema;
  readonly status?: number;
  readonly answer: TSchema;
  /** Media type of the answer when it is not JSON. */
  readonly media?: string;
  /** Budget of its own, of limits.ts. */
  readonly budget?: "login" | "export";
  /** Statuses of problems that this operation can answer beside 400, 401, 403, 429 and 503. */
  readonly problems?: readonly number[];
}

const operation = <const O extends Operation>(given: O) => given;
const file = Type.String({ description: "The file" });
const nothing = Type.Null({ description: "Empty" });

/** Every call of the API, by its operationId. A handler for each is demanded by the type of `Handlers`. */
export const contract = {
  getHealth: operation({
    method: "GET",
    url: "/health",
    action: "anyone",
    tag: "system",
    summary: "Whether the server can do its work; 503 when it cannot",
    answer: Health,
  }),
  getFirstRun: operation({
    method: "GET",
    url: "/first-run",
    action: "anyone",
    tag: "first run",
    summary: "What is still missing in a fresh installation",
    answer: FirstRun,
  }),
  createFirstAccount: operation({
    method: "POST",
    url: "/first-account",
    action: "first-account",
    tag: "first run",
    summary: "Makes the first account with the one-time token and signs it in",
    body: FirstAccount,
    status: 201,
    answer: sessionSchema.reference,
    budget: "login",
    problems: [409],
  }),
  startSampleNetwork: operation({
    method: "POST",
    url: "/sample-network",
    action: "devices.change",
    tag: "first run",
    summary: "Asks the launcher to start the simulated network",
    status: 202,
    answer: Accepted,
    problems: [409],
  }),
  createSession: operation({
    method: "POST",
    url: "/session",
    action: "anyone",
    tag: "session",
    summary: "Signs in with name and password; the session is in the cookie sid",
    body: SignIn,
    status: 201,
    answer: sessionSchema.reference,
    budget: "login",
  }),
  getSession: operation({
    method: "GET",
    url: "/session",
    action: "own.session",
    tag: "session",
    summary: "Who is signed in",
    answer: sessionSchema.reference,
  }),
  deleteSession: operation({
    method: "DELETE",
    url: "/session",
    action: "own.session",
    tag: "session",
    summary: "Signs out",
    status: 204,
    answer: nothing,
  }),
  changeAccount: operation({
    method: "PATCH",
    url: "/account",
    action: "own.session",
    tag: "session",
    summary: "Changes one's own settings",
    body: AccountChange,
    answer: sessionSchema.reference,
  }),
  getOperations: operation({
    method: "GET",
    url: "/operations",
    action: "operations.see",
    tag: "operations",
    summary:
      "Figures of the control room: reads of the market day, coverage, silent devices, newest happenings",
    answer: operationsSchema.reference,
  }),
  openStream: operation({
    method: "GET",
    url: "/stream",
    action: "points.see",
    tag: "operations",
    summary:
      "Server-sent events with growing ids: attempt and event carry a LiveItem; resync asks to fetch anew, because what happened since Last-Event-ID is no longer at hand. A comment comes every 5 s.",
    answer: file,
    media: "text/event-stream",
  }),
  search: operation({
    method: "GET",
    url: "/search",
    action: "points.see",
    tag: "points",
    summary: "Points by part of POD, name, address or meter serial",
    query: SearchQuery,
    answer: SearchResult,
  }),
  listPoints: operation({
    method: "GET",
    url: "/points",
    action: "points.see",
    tag: "points",
    summary: "Points of measure",
    query: PointListQuery,
    answer: PointList,
  }),
  exportPoints: operation({
    method: "GET",
    url: "/points.csv",
    action: "points.see",
    tag: "points",
    summary:
      "The same rows as CSV: UTF-8 with BOM, semicolons; decimal comma when the account's language is Romanian",
    query: PointExportQuery,
    answer: file,
    media: "text/csv",
    budget: "export",
  }),
  getPoint: operation({
    method: "GET",
    url: "/points/:pointId",
    action: "points.see",
    tag: "points",
    summary: "One point with its installations, device, newest values, channels and plan",
    params: PointParams,
    answer: pointSchema.reference,
    problems: [404],
  }),
  getLoadCurve: operation({
    method: "GET",
    url: "/points/:pointId/load-curve",
    action: "points.see",
    tag: "readings",
    summary: "Load curve of one channel over whole market days, at most 400",
    params: PointParams,
    query: CurveQuery,
    answer: loadCurveSchema.reference,
    problems: [404],
  }),
  exportLoadCurve: operation({
    method: "GET",
    url: "/points/:pointId/load-curve.csv",
    action: "points.see",
    tag: "readings",
    summary: "The same curve as CSV with local time and offset",
    params: PointParams,
    query: CurveQuery,
    answer: file,
    media: "text/csv",
    budget: "export",
    problems: [404],
  }),
  listRegisters: operation({
    method: "GET",
    url: "/points/:pointId/registers",
    action: "points.see",
    tag: "readings",
    summary: "Register readings of the point's meters, newest first",
    params: PointParams,
    query: RegisterQuery,
    answer: RegisterList,
    problems: [404],
  }),
  listAttempts: operation({
    method: "GET",
    url: "/points/:pointId/attempts",
    action: "points.see",
    tag: "attempts",
    summary: "Communication history, newest first",
    params: PointParams,
    query: AttemptsQuery,
    answer: Type.Object({ rows: Type.Array(attemptSchema.reference) }, closed),
    problems: [404],
  }),
  listEvents: operation({
    method: "GET",
    url: "/points/:pointId/events",
    action: "points.see",
    tag: "readings",
    summary: "Events of the point's devices, newest first",
    params: PointParams,
    query: EventsQuery,
    answer: EventList,
    problems: [404],
  }),
  requestRead: operation({
    method: "POST",
    url: "/points/:pointId/reads",
    action: "points.command",
    tag: "attempts",
    summary: "Asks to read the point's device now",
    params: PointParams,
    status: 202,
    answer: AttemptQueued,
    problems: [404, 409],
  }),
  getAttempt: operation({
    method: "GET",
    url: "/attempts/:attemptId",
    action: "points.see",
    tag: "attempts",
    summary: "One attempt with its stages",
    params: AttemptParams,
    answer: attemptSchema.reference,
    problems: [404],
  }),
  cancelAttempt: operation({
    method: "DELETE",
    url: "/attempts/:attemptId",
    action: "points.command",
    tag: "attempts",
    summary: "Asks to cancel an attempt",
    params: AttemptParams,
    status: 202,
    answer: Accepted,
    problems: [404, 409],
  }),
  createTrial: operation({
    method: "POST",
    url: "/devices/trials",
    action: "devices.change",
    tag: "devices",
    summary: "Tries a device by its URL: the attempt's result says what answered",
    body: TrialRequest,
    status: 202,
    answer: AttemptQueued,
  }),
  createDevice: operation({
    method: "POST",
    url: "/devices",
    action: "devices.change",
    tag: "devices",
    summary: "Adds a device with its meter and point and queues the first read",
    body: NewDevice,
    status: 201,
    answer: DeviceAdded,
    problems: [409],
  }),
} as const satisfies Record<string, Operation>;

export type Contract = typeof contract;
export type OperationId = keyof Contract;

type Value<O, K extends string> = O extends { readonly [P in K]: infer S extends TSchema }
  ? Static<S>
  : undefined;
export type Params<Id extends OperationId> = Value<Contract[Id], "params">;
export type Query<Id extends OperationId> = Value<Contract[Id], "query">;
export type Body<Id extends OperationId> = Value<Contract[Id], "body">;
export type Answer<Id extends OperationId> = Value<Contract[Id], "answer">;
