import { findMeterModel, meterModels } from "@energsys/metering/models";
import {
  addMeter,
  addMeterState,
  addMeterTest,
  addMeterType,
  addMeterTypeCertificate,
  addMeterVerification,
  appendActs,
  because,
  changeMeterType,
  type Database,
  endMeterTest,
  findMeter,
  findMeterType,
  importMeters,
  type Language,
  listMeters,
  listMeterTypes,
  type MeterFilter,
  type MeterSort,
  type MeterTypeFacts,
  type Scope,
  StoreError,
  setMeterType,
  undoMeterState,
  withdrawMeterTest,
  withdrawMeterVerification,
} from "@energsys/store";
import { byteOrderMark, csvLine, sendCsv, whole } from "../csv.ts";
import type { Handlers } from "../handlers.ts";
import { iso, pastInstant } from "../instants.ts";
import { JobError } from "../jobs/kind.ts";
import { readMeterList } from "../meter-list.ts";
import { onInstant } from "../on-instant.ts";
import { Problem, type ProblemCode, problems } from "../problem.ts";
import { word } from "../words.ts";

/** Runs a change of the store; what it refuses has the same code in the API. */
async function change<Result>(work: () => Promise<Result> | Result): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if ((error instanceof StoreError || error instanceof JobError) && error.code in problems) {
      throw new Problem(error.code as ProblemCode, { detail: error.message }, error);
    }
    throw error;
  }
}

const exportBatch = 5_000;

interface Asked {
  readonly q?: string;
  readonly state?: NonNullable<MeterFilter["state"]>;
  readonly type?: number;
  readonly dueBefore?: string;
  readonly sort?: MeterSort;
  readonly descending?: boolean;
}
const filterOf = ({ q, state, type, dueBefore }: Asked): MeterFilter => ({
  ...(q === undefined ? {} : { text: q }),
  ...(state === undefined ? {} : { state }),
  ...(type === undefined ? {} : { meterTypeId: type }),
  ...(dueBefore === undefined ? {} : { dueBefore }),
});
const orderOf = ({ sort = "serial", descending = false }: Asked) => ({ sort, descending });

async function* meterLines(
  db: Database,
  scope: Scope,
  asked: Asked,
  total: number,
  language: Language,
): AsyncGenerator<string> {
  const heads = [
    "serial",
    "manufacturer",
    "meterType",
    "midYear",
    "state",
    "since",
    "place",
    "dueOn",
  ] as const;
  yield byteOrderMark +
    csvLine(
      heads.map((head) => word(head, language)),
      language,
    );
  for (let offset = 0; offset < total; offset += exportBatch) {
    const { rows } = await listMeters(db, scope, filterOf(asked), orderOf(asked), {
      offset,
      limit: exportBatch,
    });
    yield rows
      .map((row) =>
        csvLine(
          [
            row.serial,
            row.manufacturer,
            row.typeName,
            row.midYear === null ? null : whole(row.midYear),
            word(`meter-${row.state}`, language),
            iso(row.since),
            row.place,
            row.dueOn,
          ],
          language,
        ),
      )
      .join("");
  }
}

/** @throws Problem `input.invalid` for a model that nothing can read, and a reference that is above its highest value */
function checkFacts(facts: MeterTypeFacts): void {
  const isAbove = (reference: string | null, highest: string | null) =>
    reference !== null && highest !== null && Number(reference) > Number(highest);
  const fields = {
    ...(findMeterModel(facts.model) ? {} : { "/model": "There is no such meter model" }),
    ...(isAbove(facts.referenceVoltageV, facts.maxVoltageV)
      ? { "/maxVoltageV": "It is below the reference voltage" }
      : {}),
    ...(isAbove(facts.referenceCurrentA, facts.maxCurrentA)
      ? { "/maxCurrentA": "It is below the reference current" }
      : {}),
  };
  if (Object.keys(fields).length > 0) throw new Problem("input.invalid", { fields });
}

export const meterHandlers: Handlers<
  | "listMeterTypes"
  | "getMeterType"
  | "addMeterType"
  | "changeMeterType"
  | "addMeterTypeCertificate"
  | "listMeters"
  | "exportMeters"
  | "addMeter"
  | "importMeters"
  | "getMeter"
  | "setMeterType"
  | "addMeterState"
  | "undoMeterState"
  | "addMeterVerification"
  | "withdrawMeterVerification"
  | "addMeterTest"
  | "endMeterTest"
  | "withdrawMeterTest"
> = {
  async listMeterTypes({ query, services: { db, now } }) {
    return {
      models: Object.keys(meterModels),
      rows: await listMeterTypes(db, query.at ? Date.parse(query.at) : now()),
    };
  },

  async getMeterType({ params, services: { db } }) {
    const type = await findMeterType(db, params.meterTypeId);
    if (!type) throw new Problem("meter-type.not-found");
    return {
      ...type,
      versions: type.versions.map((version) => ({
        ...version,
        from: iso(version.from),
        to: iso(version.to),
      })),
      certificates: [...type.certificates],
    };
  },

  async addMeterType({ body, caller, services: { db, now } }) {
    const { manufacturer, name, reason, ...facts } = body;
    checkFacts(facts);
    const given = { manufacturer, name, facts, fromMs: now(), reason, by: caller.account.name };
    return { meterTypeId: await change(() => addMeterType(because(db, reason), given)) };
  },

  async changeMeterType({ params, body, caller, services: { db, now } }) {
    const { from, reason, ...facts } = body;
    checkFacts(facts);
    const fromMs = pastInstant(from, now(), "/from");
    const given = { facts, fromMs, reason, by: caller.account.name };
    await change(() => changeMeterType(because(db, reason), params.meterTypeId, given));
    return undefined;
  },

  async addMeterTypeCertificate({ params, body, services: { db } }) {
    if (body.validTo !== null && body.validTo <= body.validFrom)
      throw new Problem("input.invalid", { fields: { "/validTo": "It ends before it begins" } });
    await change(() => addMeterTypeCertificate(db, params.meterTypeId, body));
    return undefined;
  },

  async listMeters({ query, scope, services: { db } }) {
    const { offset = 0, limit = 100 } = query;
    const { total, rows } = await listMeters(db, scope, filterOf(query), orderOf(query), { offset, limit });
    return { total, rows: rows.map((row) => ({ ...row, since: iso(row.since) })) };
  },

  async exportMeters({ query, scope, services: { db, limits }, caller, reply }) {
    const { total } = await listMeters(db, scope, filterOf(query), orderOf(query), { offset: 0, limit: 1 });
    if (total > limits.exportRowsMax) {
      throw new Problem("export.too-large", {
        detail: `${total} rows match, at most ${limits.exportRowsMax} fit`,
      });
    }
    await appendActs(db, [
      { action: "export", objectType: "meter", records: total, after: { filter: query } },
    ]);
    return sendCsv(reply, "meters", meterLines(db, scope, query, total, caller.account.language));
  },

  async addMeter({ body, caller, services: { db, now } }) {
    const { at, ...given } = body;
    const meter = { ...given, atMs: pastInstant(at, now(), "/at"), by: caller.account.name };
    return { meterId: await change(() => addMeter(because(db, body.reason), meter)) };
  },

  async importMeters({ body: { text, apply, reason }, scope, caller, services: { db, now } }) {
    const { meters, faults } = await change(() => readMeterList(text));
    const outcome = await importMeters(because(db, reason), scope, meters, {
      apply: apply && faults.length === 0,
      atMs: now(),
      reason,
      by: caller.account.name,
    });
    const all = [...faults, ...outcome.faults].sort((one, other) => one.line - other.line);
    return { ...outcome, applied: apply && all.length === 0, faults: all.slice(0, 1_000) };
  },

  async getMeter({ params, query, scope, services: { db, zone } }) {
    const onMs = query.on === undefined ? undefined : onInstant(query.on, zone);
    const meter = await findMeter(db, scope, params.meterId, onMs);
    if (!meter) throw new Problem("meter.not-found");
    return {
      ...meter,
      on: iso(onMs ?? null),
      next: [...meter.next],
      life: meter.life.map((step) => ({ ...step, from: iso(step.from), to: iso(step.to) })),
      verifications: meter.verifications.map((each) => ({ ...each, withdrawnAt: iso(each.withdrawnAt) })),
      tests: meter.tests.map((test) => ({
        ...test,
        from: iso(test.from),
        to: iso(test.to),
        withdrawnAt: iso(test.withdrawnAt),
      })),
    };
  },

  async setMeterType({ params, body: { reason, ...given }, scope, services: { db } }) {
    await change(() => setMeterType(because(db, reason), scope, params.meterId, given));
    return undefined;
  },

  async addMeterState({ params, body: { at, ...given }, scope, caller, services: { db, now } }) {
    // What began in the future would bar everything that happens to the meter until then.
    const state = { ...given, atMs: pastInstant(at, now(), "/at"), by: caller.account.name };
    await change(() => addMeterState(because(db, given.reason), scope, params.meterId, state));
    return undefined;
  },

  async undoMeterState({ params, body: { reason }, scope, services: { db } }) {
    await change(() => undoMeterState(because(db, reason), scope, params.meterId));
    return undefined;
  },

  async addMeterVerification({ params, body, scope, caller, services: { db, now, zone } }) {
    const today = Temporal.Instant.fromEpochMilliseconds(now()).toZonedDateTimeISO(zone).toPlainDate();
    if (Temporal.PlainDate.compare(body.verifiedOn, today) > 0)
      throw new Problem("input.invalid", { fields: { "/verifiedOn": "Not a day of the past" } });
    if (
      body.passed ? body.validUntil === null || body.validUntil <= body.verifiedOn : body.validUntil !== null
    ) {
      throw new Problem("input.invalid", {
        fields: {
          "/validUntil": "A verification that passed holds until a later day, one that failed until none",
        },
      });
    }
    const given = { ...body, by: caller.account.name };
    return {
      meterVerificationId: await change(() => addMeterVerification(db, scope, params.meterId, given)),
    };
  },

  async withdrawMeterVerification({ params, body: { reason }, scope, caller, services: { db } }) {
    const { meterId, meterVerificationId } = params;
    const given = { meterVerificationId, why: reason, by: caller.account.name };
    await change(() => withdrawMeterVerification(because(db, reason), scope, meterId, given));
    return undefined;
  },

  async addMeterTest({ params, body, scope, caller, services: { db, zone, now } }) {
    const { from, to, reason } = body;
    const given = {
      fromMs: Date.parse(from),
      toMs: to === null ? null : Date.parse(to),
      reason,
      by: caller.account.name,
    };
    if (given.toMs !== null && given.toMs <= given.fromMs)
      throw new Problem("input.invalid", { fields: { "/to": "It ends before it begins" } });
    const context = { nowMs: now(), zone };
    return {
      meterTestId: await change(() =>
        addMeterTest(because(db, reason), scope, params.meterId, given, context),
      ),
    };
  },

  async endMeterTest({ params, body, scope, services: { db, zone, now } }) {
    const { meterId, meterTestId } = params;
    const given = { meterTestId, atMs: Date.parse(body.at) };
    const context = { nowMs: now(), zone };
    await change(() => endMeterTest(because(db, body.reason), scope, meterId, given, context));
    return undefined;
  },

  async withdrawMeterTest({ params, body: { reason }, scope, caller, services: { db, zone, now } }) {
    const { meterId, meterTestId } = params;
    const given = { meterTestId, why: reason, by: caller.account.name };
    const context = { nowMs: now(), zone };
    await change(() => withdrawMeterTest(because(db, reason), scope, meterId, given, context));
    return undefined;
  },
};
