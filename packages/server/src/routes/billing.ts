import {
  appendActs,
  askBillingClose,
  type BilledValue,
  type BillingCorrection,
  because,
  decideBillingClose,
  decideHeldValues,
  findBillingClose,
  isEverywhere,
  listBilledValues,
  listBillingCloses,
  listBillingCorrections,
  monthOfDate,
  pointNames,
  queueJob,
  readBillingOutlook,
  readBranches,
  runBillingCorrections,
  type Scope,
  StoreError,
} from "@energsys/store";
import { byteOrderMark, csvLine, decimal, scaled, sendCsv, whole } from "../csv.ts";
import type { Handlers } from "../handlers.ts";
import { iso } from "../instants.ts";
import { Problem, type ProblemCode } from "../problem.ts";
import type { Services } from "../services.ts";
import { type Word, word } from "../words.ts";

const refusals: Readonly<Record<string, ProblemCode>> = {
  "billing.month-open": "billing.month-open",
  "billing.asked": "billing.asked",
  "billing.not-found": "billing.not-found",
  "billing.decided": "billing.decided",
  "billing.own-request": "billing.own-request",
  "billing.correction-not-found": "billing.correction-not-found",
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

/** Rows of a file that are looked up and written together. */
const exportBatch = 1_000;
const exportCorrectionsMax = 100_000;

/** Branches that the scope holds whole; a supplier's part of one cannot be closed. */
async function branchesOf({ db }: Services, scope: Scope) {
  const all = await readBranches(db);
  if (isEverywhere(scope)) return [...all.values()];
  const held = new Set(
    scope.parts.flatMap((part) => (part.supplierId === null ? (part.branchIds ?? []) : [])),
  );
  return [...all.values()].filter(({ branchId }) => held.has(branchId));
}

async function needBranch(services: Services, scope: Scope, branchId: number | null): Promise<void> {
  if (branchId === null) {
    if (isEverywhere(scope)) return;
    throw new Problem("input.invalid", {
      fields: { "/branchId": "Your right is for branches: choose one" },
    });
  }
  if (!(await branchesOf(services, scope)).some((branch) => branch.branchId === branchId))
    throw new Problem("branch.not-found");
}

/** Energy as text: the integers have a power of ten. */
const energyText = (integer: number | null, scale: number): string | null =>
  integer === null ? null : scaled(integer, scale);

const valueAnswer = (
  { channelId: _channel, closeId: _close, scale, energy, intervals, ...value }: BilledValue,
  names: Awaited<ReturnType<typeof pointNames>>,
) => ({
  ...value,
  pod: names.get(value.pointId)?.pod ?? null,
  name: names.get(value.pointId)?.name ?? null,
  energy: energyText(energy, scale),
  intervals: energyText(intervals, scale),
});

const correctionAnswer = (
  { month: _month, scale, oldEnergy, newEnergy, foundAt, decidedAt, ...row }: BillingCorrection,
  names: Awaited<ReturnType<typeof pointNames>>,
) => ({
  ...row,
  pod: names.get(row.pointId)?.pod ?? null,
  name: names.get(row.pointId)?.name ?? null,
  oldEnergy: scaled(oldEnergy, scale),
  newEnergy: scaled(newEnergy, scale),
  difference: scaled(newEnergy - oldEnergy, scale),
  foundAt: iso(foundAt),
  decidedAt: iso(decidedAt),
});

export const billingHandlers: Handlers<
  | "readBillingOutlook"
  | "listBillingCloses"
  | "askBillingClose"
  | "decideBillingClose"
  | "listBilledValues"
  | "exportBilledValues"
  | "listBillingCorrections"
  | "exportBillingCorrections"
  | "runBillingCorrections"
  | "decideHeldValues"
> = {
  async readBillingOutlook({ query, scope, services }) {
    const { db, zone, now } = services;
    const branches = await branchesOf(services, scope);
    const branchId = query.branch ?? null;
    if (branchId !== null && !branches.some((branch) => branch.branchId === branchId))
      throw new Problem("branch.not-found");
    const outlook = await readBillingOutlook(db, scope, { month: query.month, branchId }, zone);
    return {
      month: query.month,
      over: monthOfDate(query.month, zone).endMs <= now(),
      wholeNetwork: isEverywhere(scope),
      ...outlook,
      byRule: outlook.byRule.map((row) => ({ ...row })),
      branches: branches.map(({ branchId: id, path }) => ({ branchId: id, path: [...path] })),
    };
  },

  async listBillingCloses({ query, scope, caller, services: { db } }) {
    const branches = await readBranches(db);
    const rows = await listBillingCloses(db, scope, {
      ...(query.month === undefined ? {} : { month: query.month }),
      limit: query.limit ?? 100,
    });
    return {
      rows: rows.map(({ requestedAt, decidedAt, closedAt, ...row }) => ({
        ...row,
        branch: row.branchId === null ? null : [...(branches.get(row.branchId)?.path ?? [])],
        own: row.requestedBy === caller.account.name,
        requestedAt: iso(requestedAt),
        decidedAt: iso(decidedAt),
        closedAt: iso(closedAt),
      })),
    };
  },

  async askBillingClose({ body, scope, caller, services }) {
    await needBranch(services, scope, body.branchId);
    const { db, zone, now } = services;
    const asked = { by: caller.account.name, reason: body.reason, nowMs: now(), zone };
    return { closeId: await refused(askBillingClose(because(db, body.reason), body, asked)) };
  },

  async decideBillingClose({ params: { closeId }, body: { approve, note = "" }, scope, caller, services }) {
    const { db, now } = services;
    const by = caller.account.name;
    const jobId = await refused(
      db.transaction(async (transaction) => {
        const close = await decideBillingClose(transaction, scope, {
          closeId,
          approve,
          note: note.trim(),
          by,
          nowMs: now(),
        });
        if (!approve) return null;
        return queueJob(transaction, {
          kind: "close-billing-month",
          label: close.month.slice(0, 7),
          input: { closeId },
          action: "billing.approve",
          scope,
          by,
        });
      }),
    );
    return { jobId };
  },

  async listBilledValues({ params: { closeId }, query, scope, services: { db } }) {
    await refused(findBillingClose(db, scope, closeId));
    const rows = await listBilledValues(db, scope, {
      closeId,
      afterPointId: query.after ?? 0,
      limit: query.limit ?? 200,
    });
    const names = await pointNames(
      db,
      rows.map(({ pointId }) => pointId),
    );
    return { rows: rows.map((row) => valueAnswer(row, names)) };
  },

  async exportBilledValues({ params: { closeId }, scope, services: { db }, caller, reply }) {
    const close = await refused(findBillingClose(db, scope, closeId));
    await appendActs(db, [
      { action: "export", objectType: "billing_close", objectId: closeId, records: close.points ?? 0 },
    ]);
    const { language } = caller.account;
    const heads: readonly Word[] = [
      ...(["pod", "name", "register", "unit", "value", "intervalSum", "indexFrom", "indexTo"] as const),
      ...([
        "basis",
        "reason",
        "billable",
        "expectedIntervals",
        "presentIntervals",
        "estimatedIntervals",
      ] as const),
    ];
    async function* lines() {
      yield byteOrderMark + csvLine([word("month", language), close.month.slice(0, 7)], language);
      yield csvLine(
        heads.map((head) => word(head, language)),
        language,
      );
      let after = 0;
      for (;;) {
        const rows = await listBilledValues(db, scope, { closeId, afterPointId: after, limit: exportBatch });
        // The last point of a full batch may have more rows: it is begun again in the next one.
        const last = rows.at(-1)?.pointId;
        const isFull = rows.length === exportBatch && rows[0]?.pointId !== last;
        const part = isFull ? rows.filter(({ pointId }) => pointId !== last) : rows;
        if (part.length === 0) return;
        const names = await pointNames(
          db,
          part.map(({ pointId }) => pointId),
        );
        for (const row of part) {
          const { pod, name, energy, intervals, ...value } = valueAnswer(row, names);
          yield csvLine(
            [
              pod,
              name,
              value.obis,
              value.unit,
              energy === null ? null : decimal(energy),
              intervals === null ? null : decimal(intervals),
              value.registerFrom === null ? null : decimal(value.registerFrom),
              value.registerTo === null ? null : decimal(value.registerTo),
              value.basis,
              value.reason,
              word(value.billable ? "yes" : "no", language),
              whole(value.expected),
              whole(value.present),
              whole(value.estimated),
            ],
            language,
          );
        }
        after = part.at(-1)!.pointId;
      }
    }
    return sendCsv(reply, `billing-${close.month.slice(0, 7)}-${closeId}`, lines());
  },

  async listBillingCorrections({ query, scope, services: { db } }) {
    const rows = await listBillingCorrections(db, scope, {
      month: query.month,
      branchId: query.branch ?? null,
      limit: query.limit ?? 200,
    });
    const names = await pointNames(
      db,
      rows.map(({ pointId }) => pointId),
    );
    return { rows: rows.map((row) => correctionAnswer(row, names)) };
  },

  async exportBillingCorrections({ query, scope, services: { db }, caller, reply }) {
    const { language } = caller.account;
    const rows = await listBillingCorrections(db, scope, {
      month: query.month,
      branchId: query.branch ?? null,
      limit: exportCorrectionsMax,
    });
    await appendActs(db, [
      {
        action: "export",
        objectType: "billing_correction",
        records: rows.length,
        after: {
          filter: { month: query.month, ...(query.branch === undefined ? {} : { branchId: query.branch }) },
        },
      },
    ]);
    const heads = [
      ...([
        "pod",
        "name",
        "register",
        "unit",
        "oldEnergy",
        "newEnergy",
        "difference",
        "kind",
        "state",
      ] as const),
      ...(["cause", "causedBy", "reason", "foundAt", "decidedBy"] as const),
    ];
    async function* lines() {
      yield byteOrderMark + csvLine([word("month", language), query.month.slice(0, 7)], language);
      yield csvLine(
        heads.map((head) => word(head, language)),
        language,
      );
      for (let start = 0; start < rows.length; start += exportBatch) {
        const part = rows.slice(start, start + exportBatch);
        const names = await pointNames(
          db,
          part.map(({ pointId }) => pointId),
        );
        for (const row of part) {
          const { pod, name, ...told } = correctionAnswer(row, names);
          yield csvLine(
            [
              pod,
              name,
              told.obis,
              told.unit,
              decimal(told.oldEnergy),
              decimal(told.newEnergy),
              decimal(told.difference),
              told.kind,
              told.state,
              told.cause,
              told.causedBy,
              told.causeReason,
              told.foundAt,
              told.decidedBy,
            ],
            language,
          );
        }
      }
    }
    return sendCsv(reply, `billing-corrections-${query.month.slice(0, 7)}`, lines());
  },

  async runBillingCorrections({ body, scope, caller, services }) {
    if (body.branchId !== null) await needBranch(services, scope, body.branchId);
    const { db, zone, now } = services;
    return runBillingCorrections(db, scope, { ...body, by: caller.account.name, nowMs: now(), zone });
  },

  async decideHeldValues({ params: { correctionId }, body: { take, note }, scope, caller, services }) {
    const { db, zone, now } = services;
    await refused(
      decideHeldValues(because(db, note), scope, {
        correctionId,
        take,
        note,
        by: caller.account.name,
        nowMs: now(),
        zone,
      }),
    );
    return undefined;
  },
};
