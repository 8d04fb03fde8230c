import { findEventName } from "@energsys/metering/models";
import {
  acknowledgeAlarms,
  countAlarms,
  energyOfCode,
  listAlarms,
  listUndelivered,
  type PeakOfAlarm,
} from "@energsys/store";
import type { Handlers } from "../handlers.ts";
import { iso } from "../instants.ts";
import { sentenceOf } from "../reports/sentences.ts";

const daysDefault = 30;
const rowsDefault = 200;

const peakAnswer = ({ groupId, side, obis, ...peak }: PeakOfAlarm, pointId: number | null) => ({
  ...peak,
  of: groupId === null ? `p${pointId}` : `${side === "balance" ? "m" : "g"}${groupId}`,
  energy: energyOfCode(obis),
});

export const alarmHandlers: Handlers<"listAlarms" | "acknowledgeAlarms"> = {
  async listAlarms({ query, scope, caller, services: { db, now } }) {
    const { state = "unacknowledged", severity, days = daysDefault, limit = rowsDefault } = query;
    const fromMs = now() - days * 86_400_000;
    const { accountId, language } = caller.account;
    const seesAll = caller.rights.has("delivery.see");
    const [{ total, rows }, counts, undelivered] = await Promise.all([
      listAlarms(db, scope, { state, fromMs, limit, ...(severity === undefined ? {} : { severity }) }),
      countAlarms(db, scope, fromMs),
      listUndelivered(db, seesAll ? {} : { accountId }),
    ]);
    return {
      total,
      counts,
      undelivered: undelivered.map(({ ownerId, since, params, ...schedule }) => ({
        ...schedule,
        mine: ownerId === accountId,
        since: iso(since),
        sentence: sentenceOf(schedule.code, params, language),
      })),
      rows: rows.map((row) => ({
        ...row,
        branch: [...row.branch],
        peak: row.peak && peakAnswer(row.peak, row.pointId),
        eventName: findEventName(row.code) ?? null,
        at: iso(row.at),
        receivedAt: iso(row.receivedAt),
        endedAt: iso(row.endedAt),
        acknowledgedAt: iso(row.acknowledgedAt),
      })),
    };
  },

  async acknowledgeAlarms({ body, scope, caller, services: { db, now } }) {
    const acknowledged = await acknowledgeAlarms(db, scope, {
      keys: body.alarms.map((key) => ({ ...key, at: Date.parse(key.at) })),
      peaks: body.peaks ?? [],
      by: caller.account.name,
      note: body.note ?? "",
      nowMs: now(),
    });
    return { acknowledged };
  },
};
