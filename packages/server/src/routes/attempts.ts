import {
  cancelAttempt as askToCancel,
  findAttempt,
  findPointDevice,
  hasPoint,
  queueAttempt,
  type Attempt as StoredAttempt,
} from "@energsys/store";
import type { Handlers } from "../handlers.ts";
import { Problem } from "../problem.ts";
import type { Attempt } from "../schemas/attempts.ts";

/** The same fields, as the schema's mutable arrays; what a trial found is passed on field by field. */
export function attemptAnswer(attempt: StoredAttempt): Attempt {
  const { result } = attempt;
  return {
    ...attempt,
    stages: attempt.stages.map(({ stage, at }) => ({ stage, at })),
    result: result && {
      identity: result.identity,
      model: result.model,
      manufacturer: result.manufacturer,
      clockOffsetMs: result.clockOffsetMs,
      registers: result.registers.map(({ obis, value, unit }) => ({ obis, value, unit })),
      profile: result.profile && {
        obis: result.profile.obis,
        periodSeconds: result.profile.periodSeconds,
        columns: result.profile.columns.map(({ obis, unit, kind }) => ({ obis, unit, kind })),
      },
    },
  };
}

export const attemptHandlers: Handlers<"requestRead" | "getAttempt" | "cancelAttempt"> = {
  async requestRead({ params: { pointId }, scope, caller, services: { db } }) {
    if (!(await hasPoint(db, scope, pointId))) throw new Problem("point.not-found");
    const device = await findPointDevice(db, pointId);
    if (!device?.enabled) throw new Problem("point.no-device");
    const attemptId = await queueAttempt(db, {
      deviceId: device.deviceId,
      cause: "read-now",
      requestedBy: caller.account.name,
    });
    return { attemptId };
  },

  async getAttempt({ params, scope, caller, services: { db } }) {
    const attempt = await findAttempt(db, { scope, requestedBy: caller.account.name }, params.attemptId);
    if (!attempt) throw new Problem("attempt.not-found");
    return attemptAnswer(attempt);
  },

  async cancelAttempt({ params, scope, caller, services: { db } }) {
    const view = { scope, requestedBy: caller.account.name };
    if (await askToCancel(db, view, params.attemptId)) return { accepted: true };
    throw new Problem(
      (await findAttempt(db, view, params.attemptId)) ? "attempt.ended" : "attempt.not-found",
    );
  },
};
