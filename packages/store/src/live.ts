import type { Queryable } from "./database.ts";
import { sql } from "./sql.ts";

export const attemptStates = [
  "queued",
  "connecting",
  "reading",
  "storing",
  "done",
  "failed",
  "cancelled",
] as const;
export type AttemptState = (typeof attemptStates)[number];
export type AttemptCause = "plan" | "read-now" | "trial" | "call-in" | "push" | "key-change" | "gateway";

/** To the browsers, from the head-end through the server. `at` is epoch ms. */
export type LiveMessage =
  | {
      readonly type: "attempt";
      readonly attemptId: number;
      readonly deviceId: number | null;
      readonly meterId: number | null;
      readonly state: AttemptState;
      readonly cause: AttemptCause;
      readonly at: number;
      readonly errorCode?: string;
      readonly intervals?: number;
      readonly registers?: number;
      readonly events?: number;
    }
  | { readonly type: "event"; readonly deviceId: number; readonly at: number; readonly code: string };

/** To the head-end, from the server. */
export type WorkMessage =
  | { readonly type: "attempt-queued"; readonly attemptId: number }
  | { readonly type: "cancel"; readonly attemptId: number }
  | { readonly type: "devices-changed" }
  /** A concentrator was adopted or retired, or one of its meters was adopted. */
  | { readonly type: "gateway-changed"; readonly gatewayId: number }
  /** Whoever shows this certificate is nobody from now on. */
  | { readonly type: "certificate-revoked"; readonly identity: string; readonly fingerprint: string };

/** To the launcher, from the server. */
export type SupervisorMessage = { readonly type: "sample-network" } | { readonly type: "database-address" };

/** To the runners of jobs, from the server. */
export type JobMessage =
  | { readonly type: "job-queued" }
  | { readonly type: "job-cancelled"; readonly jobId: number };

export interface Messages {
  readonly energsys_jobs: JobMessage;
  readonly energsys_live: LiveMessage;
  readonly energsys_work: WorkMessage;
  readonly energsys_supervisor: SupervisorMessage;
}

/** Sends messages when the transaction commits, so that nothing is announced that is not true (and nothing when it rolls back). */
export async function notify<Channel extends keyof Messages>(
  db: Queryable,
  channel: Channel,
  ...messages: readonly Messages[Channel][]
): Promise<void> {
  if (messages.length === 0) return;
  const payloads = messages.map((message) => JSON.stringify(message));
  await db.query(sql`select pg_notify(${channel}, payload) from unnest(${payloads}::text[]) as payload`);
}

/** Reads a payload; `undefined` for what is not an object of ours, which anyone with the database may have sent. */
export function findMessage<Channel extends keyof Messages>(payload: string): Messages[Channel] | undefined {
  try {
    const value: unknown = JSON.parse(payload);
    const typed =
      typeof value === "object" && value !== null && typeof (value as { type?: unknown }).type === "string";
    return typed ? (value as Messages[Channel]) : undefined;
  } catch {
    return undefined;
  }
}
