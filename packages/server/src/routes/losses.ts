import type { LossCell } from "@energsys/metering";
import {
  findGroup,
  type GroupSuspects,
  type LossReport,
  listCases,
  listGroups,
  type Queryable,
  queryContext,
  readLosses,
  readPointRows,
  readRatings,
  readSlotLoss,
  readSuspects,
  type Scope,
  setRating,
} from "@energsys/store";
import { periodOf } from "../analysis/asked.ts";
import { sendReport } from "../exports/send-report.ts";
import type { Handlers } from "../handlers.ts";
import { iso } from "../instants.ts";
import { figuresAnswer, ratingAnswer, reportAnswer, suspectedOf } from "../losses/answers.ts";
import { groupLossesTable, lossesTable } from "../losses/tables.ts";
import { Problem } from "../problem.ts";
import { orProblem } from "../refusals.ts";
import type { Services } from "../services.ts";

/** Days of groups in one report at most: 400 transformers over four months. */
const groupDaysMax = 50_000;
const quarterSeconds = 900;

interface Days {
  readonly from: string;
  readonly to: string;
}

async function reportOf(
  services: Services,
  scope: Scope,
  asked: Days,
  fields?: { readonly from: string; readonly to: string },
): Promise<LossReport> {
  const period = periodOf(asked, services, fields);
  const groups = await listGroups(services.db, scope, {}, services.now());
  const days = Temporal.PlainDate.from(asked.from).until(asked.to).days;
  if (groups.length * days > groupDaysMax) {
    const most = Math.max(1, Math.floor(groupDaysMax / groups.length));
    throw new Problem("input.invalid", {
      fields: { [fields?.to ?? "/to"]: `Too long for ${groups.length} groups: at most ${most} days` },
    });
  }
  return readLosses(queryContext(services.db), scope, period);
}

async function reportsOf(
  services: Services,
  scope: Scope,
  query: Days & { readonly beforeFrom?: string; readonly beforeTo?: string },
) {
  const { beforeFrom, beforeTo } = query;
  if ((beforeFrom === undefined) !== (beforeTo === undefined))
    throw new Problem("input.invalid", { fields: { "/beforeTo": "Both days of the former time, or none" } });
  const report = await reportOf(services, scope, query);
  const former =
    beforeFrom === undefined || beforeTo === undefined
      ? undefined
      : await reportOf(
          services,
          scope,
          { from: beforeFrom, to: beforeTo },
          {
            from: "/beforeFrom",
            to: "/beforeTo",
          },
        );
  return reportAnswer(report, former);
}

/** A group of the tree as it is at the end of the period. */
async function needGroup(db: Queryable, scope: Scope, groupId: number, atMs: number) {
  const group = await findGroup(db, scope, groupId, atMs);
  if (!group || group.kind === "free") throw new Problem("group.not-found");
  return group;
}

async function groupReport(services: Services, scope: Scope, groupId: number, query: Days) {
  const { db, now } = services;
  const period = periodOf(query, services);
  await needGroup(db, scope, groupId, now());
  const report = await readLosses(queryContext(db), scope, period, [groupId]);
  const [own] = report.groups;
  if (!own) throw new Problem("group.not-found");
  return { period, report, own };
}

/** Suspects of a group as the ranking has them; none where nothing can be said. */
export async function suspectsOf(
  services: Services,
  scope: Scope,
  groupId: number,
  query: Days,
  signal?: AbortSignal,
): Promise<GroupSuspects | undefined> {
  const { db, now, rankings } = services;
  const period = periodOf(query, services);
  const { branchId } = await needGroup(db, scope, groupId, now());
  const rank = (cell: LossCell<number>, stop?: AbortSignal) => rankings.rank(cell, stop);
  return readSuspects(queryContext(db), scope, { groupId, branchId }, period, rank, signal);
}

const knownOr = (value: number, digits = 3): number | null =>
  Number.isNaN(value) ? null : Number(value.toFixed(digits));

export const lossHandlers: Handlers<
  | "getLosses"
  | "exportLosses"
  | "getGroupLosses"
  | "exportGroupLosses"
  | "getLossSuspects"
  | "listRatings"
  | "setRating"
> = {
  async getLosses({ query, scope, services }) {
    const { from, to } = query;
    return { zone: services.zone, from, to, ...(await reportsOf(services, scope, query)) };
  },

  async exportLosses(call) {
    const { query, scope, services, caller } = call;
    const answer = await reportsOf(services, scope, query);
    const head = { ...query, zone: services.zone, language: caller.account.language };
    return sendReport(call, lossesTable(answer, head), answer.rows.length);
  },

  async getGroupLosses({ params: { groupId }, query, scope, services }) {
    const { period, report, own } = await groupReport(services, scope, groupId, query);
    const { loss, technicalWh } = await readSlotLoss(services.db, scope, groupId, period);
    const { scale } = report;
    const { name, kind, members, balanceMeters } = own.group;
    return {
      zone: services.zone,
      ...query,
      groupId,
      name,
      kind,
      members,
      balanceMeters,
      total: own.total && figuresAnswer(own.total, scale),
      days: own.days.map(({ day, figures }) => ({ day, figures: figuresAnswer(figures, scale) })),
      start: iso(report.startMs),
      stepSeconds: quarterSeconds,
      scale,
      loss: Array.from(loss, (value) => (Number.isNaN(value) ? null : value)),
      technicalWh: Array.from(technicalWh, (value) => knownOr(value)),
      ratings: own.ratings.map(ratingAnswer),
    };
  },

  async exportGroupLosses(call) {
    const { params, query, scope, services, caller } = call;
    const { report, own } = await groupReport(services, scope, params.groupId, query);
    const days = own.days.map(({ day, figures }) => ({ day, figures: figuresAnswer(figures, report.scale) }));
    const head = { ...query, zone: services.zone, language: caller.account.language };
    return sendReport(call, groupLossesTable(own.group.name, days, head), days.length);
  },

  async getLossSuspects({ params: { groupId }, query, scope, services, signal }) {
    const found = await suspectsOf(services, scope, groupId, query, signal);
    if (!found) {
      return {
        days: [],
        dailyLossWh: [],
        members: 0,
        outsiders: 0,
        unexplainedPart: 1,
        usableSlots: 0,
        slots: 0,
        suspects: [],
      };
    }
    const { ranking, days, dailyLossWh, dailyWh, memberIds, outsiders } = found;
    const { db } = services;
    const ids = ranking.suspects.flatMap(({ id, other }) => (other === undefined ? [id] : [id, other]));
    const names = new Map(
      (await readPointRows(db, scope, [...new Set(ids)])).map((row) => [row.pointId, row]),
    );
    const open = await listCases(db, scope, { groupId, states: ["open", "in-field"] }, 1_000);
    return {
      days: [...days],
      dailyLossWh: dailyLossWh.map((value) => knownOr(value)),
      members: memberIds.size,
      outsiders,
      unexplainedPart: knownOr(ranking.unexplainedPart, 4) ?? 1,
      usableSlots: ranking.usableSlots,
      slots: ranking.slots,
      // Who supplies whom may hide a point of a group that is seen: then it is left out.
      suspects: ranking.suspects.flatMap((suspect) => {
        const point = names.get(suspect.id);
        if (!point) return [];
        const { pod, name, address } = point;
        return [
          {
            pointId: suspect.id,
            pod,
            name,
            address,
            member: memberIds.has(suspect.id),
            other: names.get(suspect.other ?? 0)?.pod ?? null,
            caseId: open.find(({ pointId }) => pointId === suspect.id)?.caseId ?? null,
            dailyWh: (dailyWh.get(suspect.id) ?? []).map((value) => knownOr(value)),
            ...suspectedOf(suspect, days),
          },
        ];
      }),
    };
  },

  async listRatings({ params: { groupId }, scope, services: { db, now } }) {
    if (!(await findGroup(db, scope, groupId, now()))) throw new Problem("group.not-found");
    return { rows: (await readRatings(db, scope, [groupId])).map(ratingAnswer) };
  },

  async setRating({ params: { groupId }, body, scope, caller, services: { db } }) {
    const { rating, reason } = body;
    if (rating && !rating.transformer && !rating.line)
      throw new Problem("input.invalid", {
        fields: { "/rating": "A transformer or a line, or null for nothing" },
      });
    if (rating && Number(rating.cosPhi) === 0)
      throw new Problem("input.invalid", { fields: { "/rating/cosPhi": "Must be above zero" } });
    const change = { groupId, fromMs: Date.parse(body.from), rating };
    const given = { by: caller.account.name, reason: reason.trim() };
    return { changeId: await orProblem(setRating(db, scope, change, given)) };
  },
};
