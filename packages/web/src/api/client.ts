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
export type Operations = Schemas["Operations"];
export type TrialResult = Schemas["TrialResult"];
type Answer<Path extends keyof paths> = paths[Path] extends {
  get: { responses: { 200: { content: { "application/json": infer Body } } } };
}
  ? Body
  : never;
export type FirstRun = Answer<"/first-run">;
export type FoundPoint = Answer<"/search">["points"][number];
export type RegisterRow = Answer<"/points/{pointId}/registers">["rows"][number];
export type EventRow = Answer<"/points/{pointId}/events">["rows"][number];
export type PointQuery = NonNullable<paths["/points"]["get"]["parameters"]["query"]>;
export type Trial = NonNullable<
  paths["/devices/trials"]["post"]["requestBody"]
>["content"]["application/json"];
export type NewDevice = NonNullable<paths["/devices"]["post"]["requestBody"]>["content"]["application/json"];

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

const client = createClient<paths>({ baseUrl: "/api" });
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
  signOut: () => take(client.DELETE("/session")),
  changeLanguage: (language: "ro" | "en") => take(client.PATCH("/account", { body: { language } })),
  operations: (signal: AbortSignal) => take(client.GET("/operations", { signal })),
  search: (q: string, signal: AbortSignal) =>
    take(client.GET("/search", { params: { query: { q } }, signal })),
  points: (query: PointQuery, signal?: AbortSignal) =>
    take(client.GET("/points", { params: { query }, ...(signal ? { signal } : {}) })),
  point: (pointId: number, signal: AbortSignal) =>
    take(client.GET("/points/{pointId}", { params: { path: { pointId } }, signal })),
  loadCurve: (pointId: number, query: { channel: number; from: string; to: string }, signal: AbortSignal) =>
    take(client.GET("/points/{pointId}/load-curve", { params: { path: { pointId }, query }, signal })),
  registers: (pointId: number, query: { obis?: string; limit?: number }, signal: AbortSignal) =>
    take(client.GET("/points/{pointId}/registers", { params: { path: { pointId }, query }, signal })),
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
} as const;

/** Address of a file that the server makes from the same filters. */
export function fileAddress(path: string, query: Readonly<Record<string, unknown>>): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query))
    if (value !== undefined && value !== null && value !== "") search.set(name, String(value));
  const text = search.toString();
  return `/api${path}${text ? `?${text}` : ""}`;
}
