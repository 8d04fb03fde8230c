import {
  because,
  changeAttributes,
  hasPoint,
  listPointChanges,
  removePoint,
  undoAttributes,
} from "@energsys/store";
import type { Handlers } from "../handlers.ts";
import { iso } from "../instants.ts";
import { Problem } from "../problem.ts";
import { orProblem } from "../refusals.ts";

const rowsMax = 200;

/** What a point is through time: changed with a date, listed with who and why, taken back. */
export const pointChangeHandlers: Handlers<
  "listPointChanges" | "changePoint" | "removePoint" | "undoPointChange"
> = {
  async listPointChanges({ params: { pointId }, scope, services: { db } }) {
    if (!(await hasPoint(db, scope, pointId))) throw new Problem("point.not-found");
    const rows = await listPointChanges(db, pointId, rowsMax);
    return {
      rows: rows.map(({ atMs, values, ...row }) => ({
        ...row,
        at: iso(atMs),
        values: values.map(({ attribute, value, fromMs, toMs }) => ({
          attribute,
          value,
          from: iso(fromMs),
          to: iso(toMs),
        })),
      })),
    };
  },

  async changePoint({ params: { pointId }, body, scope, caller, services: { db, now } }) {
    const { from, to, values, groups, reason } = body;
    const changeId = await orProblem(
      changeAttributes(
        because(db, reason),
        scope,
        {
          pointId,
          values,
          fromMs: Date.parse(from),
          ...(to === undefined ? {} : { toMs: Date.parse(to) }),
          ...(groups === undefined ? {} : { groups }),
        },
        { by: caller.account.name, reason, nowMs: now() },
      ),
    );
    return { changeId: changeId as number };
  },

  async removePoint({ params: { pointId }, body: { reason }, scope, services: { db } }) {
    await orProblem(removePoint(because(db, reason), scope, pointId));
    return undefined;
  },

  async undoPointChange({ params: { pointChangeId }, body, scope, caller, services: { db, now } }) {
    const given = { by: caller.account.name, reason: body.reason, nowMs: now() };
    return {
      changeId: await orProblem(undoAttributes(because(db, body.reason), scope, pointChangeId, given)),
    };
  },
};
