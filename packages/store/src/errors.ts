import { setTimeout as wait } from "node:timers/promises";

/** What the database or its server refuses or fails at; `docs/errors.md` has the codes. */
export class StoreError extends Error {
  override readonly name = "StoreError";
  readonly code: string;

  constructor(code: string, detail?: string, cause?: unknown) {
    super(detail ?? code, cause === undefined ? undefined : { cause });
    this.code = code;
  }
}

/** SQLSTATE of an error of PostgreSQL (`23505`, `40001` …), or `undefined` for any other. */
export function sqlState(error: unknown): string | undefined {
  const code = (error as { code?: unknown } | undefined)?.code;
  // Errors of the system have codes too: EPIPE is as long as a SQLSTATE, and no SQLSTATE begins with E.
  return typeof code === "string" && /^(?!E)[0-9A-Z]{5}$/.test(code) ? code : undefined;
}

/** True when the connection broke or the server is away: the same work may succeed a moment later. */
export function isConnectionLost(error: unknown): boolean {
  const state = sqlState(error);
  if (state) return state.startsWith("08") || ["57P01", "57P02", "57P03"].includes(state);
  const code = (error as { code?: unknown } | undefined)?.code;
  if (typeof code === "string" && /^(ECONN|EPIPE|ENOENT|ETIMEDOUT)/.test(code)) return true;
  return (
    error instanceof Error &&
    /^(Connection terminated|Client has encountered a connection error)/.test(error.message)
  );
}

/** True when another transaction came between: the same work succeeds when it is done again from the start. */
export function isConflict(error: unknown): boolean {
  const state = sqlState(error);
  if (state) return ["40001", "40P01", "23505"].includes(state);
  return error instanceof StoreError && error.code === "store.conflict";
}

/**
 * Does work again while the database is away, for `withinMs` at most: after a crash the server is back within seconds. Only for
 * work that may be done twice, since a commit whose answer was lost may have happened.
 */
export async function withReconnect<Result>(withinMs: number, work: () => Promise<Result>): Promise<Result> {
  const deadline = performance.now() + withinMs;
  for (let delayMs = 50; ; delayMs = Math.min(delayMs * 2, 1000)) {
    try {
      return await work();
    } catch (error) {
      if (!isConnectionLost(error) || performance.now() + delayMs > deadline) throw error;
      await wait(delayMs);
    }
  }
}
