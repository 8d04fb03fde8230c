import { findEventName } from "@energsys/metering/models";
import { findObis } from "@energsys/protocols";
import {
  hasPoint,
  listAttempts,
  listEvents,
  listPointDeviceIds,
  listRegisterReadings,
  listRegisterReadingsAt,
  type Scope,
} from "@energsys/store";
import type { Handlers } from "../handlers.ts";
import { iso } from "../instants.ts";
import { Problem } from "../problem.ts";
import type { Services } from "../services.ts";
import { attemptAnswer } from "./attempts.ts";

async function needPoint(db: Services["db"], scope: Scope, pointId: number): Promise<void> {
  if (!(await hasPoint(db, scope, pointId))) throw new Problem("point.not-found");
}

export const readingHandlers: Handlers<"listRegisters" | "listAttempts" | "listEvents"> = {
  async listRegisters({ params: { pointId }, query, scope, services: { db } }) {
    await needPoint(db, scope, pointId);
    const obis = query.obis === undefined ? undefined : findObis(query.obis);
    if (query.obis !== undefined && obis === undefined) {
      throw new Problem("input.invalid", { fields: { "/obis": "Not an OBIS code" } });
    }
    const asked = { pointId, limit: query.limit ?? 200, ...(obis === undefined ? {} : { obis }) };
    const rows =
      query.knownAt === undefined
        ? await listRegisterReadings(db, asked)
        : await listRegisterReadingsAt(db, { ...asked, knownAtMs: Date.parse(query.knownAt) });
    return {
      rows: rows.map((row) => ({ ...row, measuredAt: iso(row.measuredAt), receivedAt: iso(row.receivedAt) })),
    };
  },

  async listAttempts({ params: { pointId }, query, scope, caller, services: { db } }) {
    await needPoint(db, scope, pointId);
    const deviceIds = await listPointDeviceIds(db, pointId);
    const rows = await listAttempts(
      db,
      { scope, requestedBy: caller.account.name },
      {
        deviceIds,
        limit: query.limit ?? 50,
        ...(query.before === undefined ? {} : { beforeId: query.before }),
      },
    );
    return { rows: rows.map(attemptAnswer) };
  },

  async listEvents({ params: { pointId }, query, scope, services: { db } }) {
    await needPoint(db, scope, pointId);
    const deviceIds = await listPointDeviceIds(db, pointId);
    const rows = await listEvents(db, scope, { deviceIds, limit: query.limit ?? 100 });
    return {
      rows: rows.map(({ detail, ...row }) => ({
        ...row,
        eventName: findEventName(row.code) ?? null,
        at: iso(row.at),
        receivedAt: iso(row.receivedAt),
        detail: detail && { ...detail },
      })),
    };
  },
};
