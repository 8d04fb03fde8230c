import { hasSlot, type MethodCode, marketDay, marketDayOf } from "@energsys/metering";
import {
  acceptFinding,
  assignFinding,
  bulkMax,
  chosenEstimate,
  countFindings,
  type Database,
  decideEdit,
  type EditRequest,
  editValues,
  type FindingRowOfList,
  findEdit,
  listEdits,
  listFindings,
  listGroupsOfPoint,
  previewAcceptance,
  queueJob,
  readEditPlaces,
  readFindingDetail,
  readGroupCurve,
  readMonthQuality,
  readValidationPolicy,
  reopenFinding,
  type Scope,
  undoEdit,
  type ValueEdit,
  validateNow,
} from "@energsys/store";
import type { Handlers } from "../handlers.ts";
import { iso } from "../instants.ts";
import { Problem } from "../problem.ts";
import { orProblem } from "../refusals.ts";
import type { FindingAnswer, FindingRow, ValueEditAnswer } from "../schemas/validation.ts";
import type { Services } from "../services.ts";

const daysDefault = 60;
const rowsDefault = 200;
const editsDefault = 100;
const groupsMax = 3;

const plus = (date: string, days: number): string => Temporal.PlainDate.from(date).add({ days }).toString();

/** Days of the work list: 60 back until tomorrow unless told; those that are long ago when only old ones are asked for. */
function periodOf(
  given: { readonly from?: string; readonly to?: string; readonly olderThanDays?: number },
  { now, zone }: Services,
): { fromDay: string; toDay: string } {
  const today = marketDayOf(now(), zone).date;
  for (const [field, day] of [
    ["/from", given.from],
    ["/to", given.to],
  ] as const) {
    if (day === undefined) continue;
    try {
      Temporal.PlainDate.from(day, { overflow: "reject" });
    } catch {
      throw new Problem("input.invalid", { fields: { [field]: "No such day" } });
    }
  }
  const newest = given.to ?? plus(today, 1);
  const oldest = given.olderThanDays === undefined ? newest : plus(today, 1 - given.olderThanDays);
  const toDay = oldest < newest ? oldest : newest;
  return {
    fromDay: given.from ?? plus(today, -Math.max(daysDefault, (given.olderThanDays ?? 0) + 30)),
    toDay,
  };
}

export function findingRow(row: FindingRowOfList, zone: string): FindingRow {
  const { slots, periodSeconds, measured, limit, ...rest } = row;
  const day = marketDay(row.day, zone);
  const periodMs = periodSeconds * 1000;
  const length = (day.endMs - day.startMs) / periodMs;
  let first = 0;
  let end = length;
  if (slots) {
    while (first < length && !hasSlot(slots, first)) first++;
    while (end > first && !hasSlot(slots, end - 1)) end--;
  }
  return {
    ...rest,
    branch: [...row.branch],
    figures: { ...row.figures },
    measured: measured && { ...measured },
    limit: limit && { ...limit },
    since: iso(row.since),
    changedAt: iso(row.changedAt),
    from: iso(day.startMs + first * periodMs),
    to: iso(day.startMs + end * periodMs),
  };
}

/** Edits with what counts at their intervals now, and whose they are. */
async function editAnswers(
  { db, zone }: Services,
  me: string,
  edits: readonly ValueEdit[],
): Promise<ValueEditAnswer[]> {
  const places = await readEditPlaces(db, edits);
  return edits.map((edit, nth) => {
    const { pod, name, unit, scale, periodSeconds, counted } = places[nth]!;
    return {
      ...edit,
      pod,
      name,
      unit,
      scale,
      periodSeconds,
      dayStart: iso(marketDay(edit.day, zone).startMs),
      values: edit.values.map(({ slot, value }) => ({ slot, value, before: counted[slot] ?? null })),
      own: edit.requestedBy === me,
      requestedAt: iso(edit.requestedAt),
      decidedAt: iso(edit.decidedAt),
      undoneAt: iso(edit.undoneAt),
    };
  });
}

/** The day is validated before the answer, so that who edits sees what became of it; if that does not work the background does it. */
async function settle({ db, zone, now, logger }: Services, edit: ValueEdit): Promise<void> {
  const due = { channelId: edit.channelId, pointId: edit.pointId, date: edit.day };
  try {
    await validateNow(db, [due], { zone, nowMs: now() });
  } catch (error) {
    logger.info({ err: error, editId: edit.editId }, "an edited day is validated in the background");
  }
}

async function edit(services: Services, scope: Scope, request: EditRequest) {
  const { db, zone, now } = services;
  const { alonePerEditWh } = await readValidationPolicy(db);
  const edited = await orProblem(editValues(db, scope, request, { zone, nowMs: now(), alonePerEditWh }));
  if (edited.state === "applied") await settle(services, await findEdit(db, scope, edited.editId));
  return edited;
}

/** Balance of the first groups that a point is a member of, on one day; null where a part of an interval is missing. */
async function balancesOf(
  db: Database,
  scope: Scope,
  { pointId, day }: { readonly pointId: number; readonly day: string },
  { zone, nowMs }: { readonly zone: string; readonly nowMs: number },
): Promise<FindingAnswer["groups"]> {
  const { startMs } = marketDay(day, zone);
  const groups = (await listGroupsOfPoint(db, scope, pointId, startMs)).filter(
    ({ side }) => side === "members",
  );
  return Promise.all(
    groups.slice(0, groupsMax).map(async ({ groupId, name }) => {
      const period = { fromDay: day, toDay: plus(day, 1), zone, nowMs };
      const { balance, members, scale } = await readGroupCurve(db, groupId, period);
      const difference = Array.from(balance.values, (value, slot) => {
        const whole = [balance, members].every(({ expected, present }) => expected[slot] === present[slot]);
        const off = value - members.values[slot]!;
        return whole && !Number.isNaN(off) ? off * 10 ** scale : null;
      });
      return { groupId, name, start: iso(startMs), stepSeconds: 900, unit: "Wh", difference };
    }),
  );
}

export const workbenchHandlers: Handlers<
  | "listFindings"
  | "getFinding"
  | "acceptFinding"
  | "reopenFinding"
  | "assignFinding"
  | "chooseEstimate"
  | "previewAcceptance"
  | "acceptFindings"
  | "listValueEdits"
  | "editValues"
  | "decideEdit"
  | "undoEdit"
  | "getQuality"
> = {
  async listFindings({ query, scope, caller, services }) {
    const { db, zone } = services;
    const { state = "due", rule, severity, branchId, pointId, owner, field, limit = rowsDefault } = query;
    const waiting = field === undefined ? {} : { waiting: field === "waiting" };
    const assignedTo = owner === "me" ? caller.account.name : owner === "nobody" ? null : owner;
    const due = ["open", "estimated"] as const;
    // A note asks nobody for anything: it is shown where somebody asks for it.
    const decided = state === "due" && rule === undefined ? (["F", "W"] as const) : undefined;
    const severities = severity === undefined ? decided : [severity];
    const period = periodOf(query, services);
    const [{ total, rows }, counts, ofField] = await Promise.all([
      listFindings(db, scope, {
        states: state === "due" ? due : [state],
        ...(rule === undefined ? {} : { rules: [rule] }),
        ...(severities === undefined ? {} : { severities }),
        ...(branchId === undefined ? {} : { branchId }),
        ...(pointId === undefined ? {} : { pointId }),
        ...(assignedTo === undefined ? {} : { assignedTo }),
        ...waiting,
        ...period,
        limit,
      }),
      countFindings(db, scope, { states: due, ...waiting, ...period }),
      countFindings(db, scope, { states: due, waiting: true, ...period }),
    ]);
    return {
      total,
      counts: counts.filter(({ severity }) => severity !== "I"),
      waiting: ofField.reduce((sum, { count }) => sum + count, 0),
      rows: rows.map((row) => findingRow(row, zone)),
    };
  },

  async getFinding({ params: { findingId }, scope, caller, services }) {
    const { db, zone, now } = services;
    const context = { zone, nowMs: now() };
    const { finding, day, edits, decisions, register, ...seen } = await orProblem(
      readFindingDetail(db, scope, findingId, context),
    );
    return {
      ...seen,
      measured: [...seen.measured],
      counted: [...seen.counted],
      methods: [...seen.methods],
      flags: [...seen.flags],
      slots: [...seen.slots],
      refused: [...seen.refused],
      estimates: seen.estimates.map((of) => ({ ...of, values: [...of.values], sources: [...of.sources] })),
      similar: seen.similar && { days: [...seen.similar.days], values: [...seen.similar.values] },
      rule: { ...seen.rule, thresholds: { ...seen.rule.thresholds } },
      finding: findingRow(finding, zone),
      dayStart: iso(day.startMs),
      register: register && {
        from: iso(register.fromMs),
        to: iso(register.toMs),
        step: register.step,
        measured: register.measured,
      },
      edits: await editAnswers(services, caller.account.name, edits),
      decisions: decisions.map((of) => ({ ...of, decidedAt: iso(of.decidedAt) })),
      groups: await balancesOf(db, scope, finding, context),
    };
  },

  async acceptFinding({ params: { findingId }, body, scope, caller, services: { db, zone, now } }) {
    const by = caller.account.name;
    const acceptance = { findingId, stands: body.stands, note: body.note?.trim() ?? "", by };
    await orProblem(acceptFinding(db, scope, acceptance, { zone, nowMs: now() }));
    return undefined;
  },

  async reopenFinding({ params: { findingId }, scope, caller, services: { db, zone, now } }) {
    const by = caller.account.name;
    await orProblem(reopenFinding(db, scope, { findingId, note: "", by }, { zone, nowMs: now() }));
    return undefined;
  },

  async assignFinding({ params: { findingId }, body, scope, caller, services: { db, now } }) {
    const by = caller.account.name;
    await orProblem(assignFinding(db, scope, { findingId, to: body.name, by }, { nowMs: now() }));
    return undefined;
  },

  async chooseEstimate({ params: { findingId }, body, scope, caller, services }) {
    const { db, zone, now } = services;
    const detail = await orProblem(readFindingDetail(db, scope, findingId, { zone, nowMs: now() }));
    const chosen = await orProblem((async () => chosenEstimate(detail, body.method as MethodCode))());
    const { channelId, day } = detail.finding;
    const { reason, comment } = body;
    const by = caller.account.name;
    return edit(services, scope, { kind: "estimate", ...chosen, channelId, day, reason, comment, by });
  },

  async previewAcceptance({ body, scope, services }) {
    const { db, zone } = services;
    const { rule, method, branchId } = body;
    const preview = await previewAcceptance(db, scope, {
      rule,
      method,
      ...(branchId === undefined ? {} : { branchId }),
      ...periodOf(body, services),
    });
    return {
      ...preview,
      findingIds: preview.findingIds.slice(0, bulkMax),
      energy: preview.energy.map((of) => ({ ...of })),
      sample: preview.sample.map((row) => findingRow(row, zone)),
    };
  },

  async acceptFindings({ body, scope, caller, services: { db } }) {
    const jobId = await queueJob(db, {
      kind: "accept-findings",
      label: `${body.rule} ${body.method}`,
      input: { ...body, findingIds: [...new Set(body.findingIds)] },
      action: "validation.change",
      scope,
      by: caller.account.name,
    });
    return { jobId };
  },

  async listValueEdits({ query, scope, caller, services }) {
    const { state, limit = editsDefault } = query;
    const edits = await listEdits(services.db, scope, { ...(state ? { state } : {}), limit });
    return { rows: await editAnswers(services, caller.account.name, edits) };
  },

  async editValues({ body, scope, caller, services }) {
    try {
      Temporal.PlainDate.from(body.day, { overflow: "reject" });
    } catch {
      throw new Problem("input.invalid", { fields: { "/day": "No such day" } });
    }
    return edit(services, scope, { ...body, by: caller.account.name });
  },

  async decideEdit({ params: { editId }, body, scope, caller, services }) {
    const { db, zone, now } = services;
    const decision = {
      editId,
      approve: body.approve,
      note: body.note?.trim() ?? "",
      by: caller.account.name,
    };
    await orProblem(decideEdit(db, scope, decision, { zone, nowMs: now() }));
    if (body.approve) await settle(services, await findEdit(db, scope, editId));
    return undefined;
  },

  async undoEdit({ params: { editId }, body, scope, caller, services }) {
    const { db, zone, now } = services;
    const undo = { editId, comment: body.comment, by: caller.account.name };
    await orProblem(undoEdit(db, scope, undo, { zone, nowMs: now() }));
    await settle(services, await findEdit(db, scope, editId));
    return undefined;
  },

  async getQuality({ query, scope, services: { db, zone, now } }) {
    const today = marketDayOf(now(), zone).date;
    const { closingDay } = await readValidationPolicy(db);
    const thisMonth = Temporal.PlainYearMonth.from(today.slice(0, 7));
    // Until the last month has closed it is the one that is worked on.
    const next = Number(today.slice(8)) <= closingDay ? thisMonth.subtract({ months: 1 }) : thisMonth;
    const month = query.month === undefined ? next : Temporal.PlainYearMonth.from(query.month);
    const after = month.add({ months: 1 });
    const quality = await readMonthQuality(db, scope, {
      fromDay: month.toPlainDate({ day: 1 }).toString(),
      toDay: after.toPlainDate({ day: 1 }).toString(),
      today,
    });
    return {
      ...quality,
      month: month.toString(),
      closesAt: iso(marketDay(after.toPlainDate({ day: closingDay }).toString(), zone).endMs),
      byRule: quality.byRule.map((of) => ({ ...of })),
      byBranch: quality.byBranch.map((of) => ({ ...of, branch: [...of.branch] })),
      byAge: quality.byAge.map((of) => ({ ...of })),
    };
  },
};
