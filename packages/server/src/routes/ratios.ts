import {
  because,
  decideRatios,
  hasPoint,
  listRatioRequests,
  ratioRequestHours,
  requestRatios,
  StoreError,
  withdrawRatios,
} from "@energsys/store";
import type { Handlers } from "../handlers.ts";
import { iso } from "../instants.ts";
import { Problem, type ProblemCode } from "../problem.ts";

/** What cannot be asked for or decided, as the API says it. */
const refusals: Readonly<Record<string, ProblemCode>> = {
  "installation.none": "point.no-meter",
  "installation.same": "ratios.same",
  "installation.too-early": "ratios.too-early",
  "ratios.asked": "ratios.asked",
  "ratios.decided": "ratios.decided",
  "ratios.not-yours": "ratios.not-yours",
  "ratios.own-request": "ratios.own-request",
  "ratios.request-unknown": "ratios.request-unknown",
};

async function refused<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    const code = error instanceof StoreError ? refusals[error.code] : undefined;
    if (code) throw new Problem(code, {}, error);
    throw error;
  }
}

export const ratioHandlers: Handlers<
  "listRatioRequests" | "requestRatios" | "decideRatios" | "withdrawRatios"
> = {
  async listRatioRequests({ query, scope, caller, services: { db, now } }) {
    const rows = await listRatioRequests(db, scope, {
      ...(query.pointId === undefined ? {} : { pointId: query.pointId }),
      openOnly: query.open ?? false,
      nowMs: now(),
      limit: query.limit ?? 100,
    });
    return {
      rows: rows.map(
        ({ fromMs, requestedById, requestedAtMs, validUntilMs, decidedAtMs, before, after, ...row }) => ({
          ...row,
          before: { ...before },
          after: { ...after },
          own: requestedById === caller.account.accountId,
          from: iso(fromMs),
          requestedAt: iso(requestedAtMs),
          validUntil: iso(validUntilMs),
          decidedAt: iso(decidedAtMs),
        }),
      ),
    };
  },

  async requestRatios({ params: { pointId }, body, scope, caller, services }) {
    const { db, now } = services;
    if (!(await hasPoint(db, scope, pointId))) throw new Problem("point.not-found");
    const fromMs = Date.parse(body.from);
    const nowMs = now();
    const wrong = {
      "/ctRatio": Number(body.ctRatio) > 0,
      "/vtRatio": Number(body.vtRatio) > 0,
      "/from": fromMs <= nowMs,
    };
    const fields = Object.entries(wrong).flatMap(([path, good]) =>
      good ? [] : [[path, path === "/from" ? "Not an instant of the past" : "Must be above zero"]],
    );
    if (fields.length > 0) throw new Problem("input.invalid", { fields: Object.fromEntries(fields) });
    const { ctRatio, vtRatio, primaryValues, reason } = body;
    const requestId = await refused(
      requestRatios(
        because(db, reason),
        { pointId, fromMs, ctRatio, vtRatio, primaryValues },
        { accountId: caller.account.accountId, reason, nowMs },
      ),
    );
    return { requestId, validUntil: iso(nowMs + ratioRequestHours * 3_600_000) };
  },

  async decideRatios({ params: { requestId }, body: { approve, note = "" }, scope, caller, services }) {
    const { db, zone, now } = services;
    const { state, days } = await refused(
      decideRatios(
        db,
        scope,
        requestId,
        { accountId: caller.account.accountId, approve, note: note.trim() },
        { nowMs: now(), zone, because: (reason) => because(db, reason) },
      ),
    );
    return { state: state as "approved" | "refused" | "overtaken", days };
  },

  async withdrawRatios({ params: { requestId }, scope, caller, services: { db, now } }) {
    const by = { accountId: caller.account.accountId, nowMs: now() };
    await refused(withdrawRatios(db, scope, requestId, by));
    return undefined;
  },
};
