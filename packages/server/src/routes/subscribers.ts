import {
  appendActs,
  because,
  type Contract,
  changeSubscriber,
  countSubscribers,
  type Database,
  endContract,
  findSubscriber,
  findSubscriberIds,
  hasPoint,
  type Language,
  listContracts,
  readSubscribers,
  type Scope,
  StoreError,
  startContract,
  takeBackContract,
} from "@energsys/store";
import { byteOrderMark, csvLine, sendCsv, whole } from "../csv.ts";
import { sendReport } from "../exports/send-report.ts";
import type { Handlers } from "../handlers.ts";
import { iso } from "../instants.ts";
import { onInstant } from "../on-instant.ts";
import { Problem, type ProblemCode, problems } from "../problem.ts";
import { scopeOf } from "../security/rights.ts";
import type { Caller } from "../security/sessions.ts";
import { tableOf } from "../watch/report.ts";
import { type RecordReader, subscriberRecord } from "../watch/subscriber-record.ts";
import { word } from "../words.ts";

const contractAnswer = (contract: Contract) => ({
  ...contract,
  from: iso(contract.from),
  to: iso(contract.to),
});

/** Runs a change of the store; what it refuses has the same code in the API. */
async function change<Result>(work: Promise<Result>): Promise<Result> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof StoreError && error.code in problems) {
      throw new Problem(error.code as ProblemCode, {}, error);
    }
    throw error;
  }
}

/** What a subscriber's energy cost is of the right that multi-rate analysis needs. */
const readerOf = ({ account, rights }: Caller, signal: AbortSignal): RecordReader => ({
  language: account.language,
  accountScope: rights.has("analysis.see") ? scopeOf(rights, "analysis.see") : undefined,
  signal,
});

/** Rows that are opened and written together. */
const exportBatch = 2_000;

async function* subscriberLines(
  db: Database,
  scope: Scope,
  ids: readonly number[],
  language: Language,
): AsyncGenerator<string> {
  const heads = ["number", "name", "kind", "phone", "email", "running"] as const;
  yield byteOrderMark +
    csvLine(
      heads.map((head) => word(head, language)),
      language,
    );
  for (let start = 0; start < ids.length; start += exportBatch) {
    const rows = await readSubscribers(db, scope, ids.slice(start, start + exportBatch));
    yield rows
      .map(({ number, name, kind, phone, email, running }) =>
        csvLine([number, name, word(kind, language), phone, email, whole(running)], language),
      )
      .join("");
  }
}

export const subscriberHandlers: Handlers<
  | "listSubscribers"
  | "exportSubscribers"
  | "getSubscriber"
  | "getSubscriberRecord"
  | "exportSubscriberRecord"
  | "changeSubscriber"
  | "listPointContracts"
  | "startContract"
  | "endContract"
  | "takeBackContract"
> = {
  async listSubscribers({ query, scope, services: { db } }) {
    const { q, sort = "name", descending = false, offset = 0, limit = 100 } = query;
    const [total, ids] = await Promise.all([
      countSubscribers(db, scope, q),
      findSubscriberIds(db, scope, q, { sort, descending }, { offset, limit }),
    ]);
    return { total, rows: await readSubscribers(db, scope, ids) };
  },

  async exportSubscribers({ query, scope, services: { db, limits }, caller, reply }) {
    const { q, sort = "name", descending = false } = query;
    const total = await countSubscribers(db, scope, q);
    if (total > limits.exportRowsMax) {
      throw new Problem("export.too-large", {
        detail: `${total} rows match, at most ${limits.exportRowsMax} fit`,
      });
    }
    const ids = await findSubscriberIds(
      db,
      scope,
      q,
      { sort, descending },
      { offset: 0, limit: limits.exportRowsMax },
    );
    // What was searched for may be a person's name.
    await appendActs(db, [
      {
        action: "export",
        objectType: "subscriber",
        records: ids.length,
        after: { filter: { sort, descending, ...(q === undefined ? {} : { q: "***" }) } },
      },
    ]);
    return sendCsv(reply, "subscribers", subscriberLines(db, scope, ids, caller.account.language));
  },

  async getSubscriber({ params, query: { on }, scope, services: { db, zone } }) {
    const onMs = on === undefined ? undefined : onInstant(on, zone);
    const found = await findSubscriber(db, scope, params.subscriberId, { onMs });
    if (!found) throw new Problem("subscriber.not-found");
    const { erasedAtMs, contracts, from, versions, ...data } = found;
    return {
      ...data,
      on: iso(onMs ?? null),
      from: iso(from),
      erasedAt: iso(erasedAtMs),
      contracts: contracts.map(contractAnswer),
      versions: versions.map((one) => ({ ...one, from: iso(one.from), to: iso(one.to) })),
    };
  },

  async getSubscriberRecord({ params, scope, services, caller, signal }) {
    const found = await findSubscriber(services.db, scope, params.subscriberId);
    if (!found) throw new Problem("subscriber.not-found");
    return subscriberRecord(services, scope, found, readerOf(caller, signal));
  },

  async exportSubscriberRecord(call) {
    const { params, scope, services, caller, signal } = call;
    const found = await findSubscriber(services.db, scope, params.subscriberId);
    if (!found) throw new Problem("subscriber.not-found");
    const record = await subscriberRecord(services, scope, found, readerOf(caller, signal));
    const { language } = caller.account;
    return sendReport({ ...call, query: {} }, tableOf(record, { zone: services.zone, language }), 1);
  },

  async changeSubscriber({ params, body: { seen, ...given }, scope, caller, services: { db } }) {
    const said = { by: caller.account.name, seen };
    if (!(await change(changeSubscriber(db, scope, params.subscriberId, given, said)))) {
      throw new Problem("subscriber.not-found");
    }
    return undefined;
  },

  async listPointContracts({ params: { pointId }, scope, services: { db } }) {
    if (!(await hasPoint(db, scope, pointId))) throw new Problem("point.not-found");
    return { rows: (await listContracts(db, scope, { pointId })).map(contractAnswer) };
  },

  async startContract({ params: { pointId }, body, scope, services: { db } }) {
    const subscriber = body.subscriberId ?? body.subscriber;
    if (subscriber === undefined || (body.subscriberId !== undefined && body.subscriber !== undefined)) {
      throw new Problem("input.invalid", {
        fields: { "/subscriber": "Give either a subscriber who is known or a new one" },
      });
    }
    return change(
      startContract(db, scope, { pointId, number: body.number, fromMs: Date.parse(body.from), subscriber }),
    );
  },

  async endContract({ params: { contractId }, body: { at, reason }, scope, services: { db } }) {
    await change(endContract(because(db, reason), scope, { contractId, atMs: Date.parse(at) }));
    return undefined;
  },

  async takeBackContract({ params: { contractId }, body: { reason }, scope, services: { db } }) {
    await change(takeBackContract(because(db, reason), scope, contractId));
    return undefined;
  },
};
