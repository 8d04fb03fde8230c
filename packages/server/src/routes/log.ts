import { Readable } from "node:stream";
import {
  appendActs,
  canonicalLine,
  type Database,
  type LogEntry,
  type LogFilter,
  listCommunication,
  listLog,
  listLogNames,
  type SigningKey,
  signedLines,
  streamCanonical,
} from "@energsys/store";
import type { FastifyReply } from "fastify";
import type { Query } from "../contract.ts";
import { byteOrderMark, type CsvCell, csvLine, whole } from "../csv.ts";
import type { Handlers } from "../handlers.ts";
import { iso } from "../instants.ts";
import { Problem } from "../problem.ts";
import type { Services } from "../services.ts";

const rowsDefault = 100;

function filterOf(query: Query<"exportLog">): LogFilter {
  const { kind, actor, page, from, to, objectType, objectId, severity } = query;
  if ((objectType === undefined) !== (objectId === undefined)) {
    throw new Problem("input.invalid", { fields: { "/objectId": "Kind and id of the object go together" } });
  }
  return {
    ...(kind === undefined ? {} : { kind }),
    ...(actor === undefined ? {} : { actor }),
    ...(page === undefined ? {} : { page }),
    ...(from === undefined ? {} : { fromMs: Date.parse(from) }),
    ...(to === undefined ? {} : { toMs: Date.parse(to) }),
    ...(severity === undefined ? {} : { severity }),
    ...(objectType === undefined || objectId === undefined
      ? {}
      : { object: { type: objectType, id: objectId } }),
  };
}

const windowOf = ({ before, limit }: { before?: number; limit?: number }) => ({
  ...(before === undefined ? {} : { before }),
  limit: (limit ?? rowsDefault) + 1,
});

const rowAnswer = (row: LogEntry) => ({ ...row, at: iso(row.at) });

export const logHandlers: Handlers<
  "listLog" | "listLogNames" | "listCommunication" | "exportLog" | "exportLogCsv"
> = {
  async listLog({ query, services: { db, logWatch } }) {
    const window = windowOf(query);
    const rows = await listLog(db, filterOf(query), window);
    const { upTo, atMs, fault } = logWatch.checked;
    return {
      rows: rows.slice(0, window.limit - 1).map(rowAnswer),
      more: rows.length === window.limit,
      checked: { upTo, at: iso(atMs ?? null), fault: fault ?? null },
    };
  },

  async listLogNames({ services: { db } }) {
    return listLogNames(db);
  },

  async listCommunication({ query, services: { db } }) {
    const { actor, from, to, point, device } = query;
    const window = windowOf(query);
    const rows = await listCommunication(
      db,
      {
        ...(actor === undefined ? {} : { actor }),
        ...(from === undefined ? {} : { fromMs: Date.parse(from) }),
        ...(to === undefined ? {} : { toMs: Date.parse(to) }),
        ...(point === undefined ? {} : { pointId: point }),
        ...(device === undefined ? {} : { deviceId: device }),
      },
      window,
    );
    return {
      rows: rows
        .slice(0, window.limit - 1)
        .map((row) => ({ ...row, at: iso(row.at), endedAt: iso(row.endedAt) })),
      more: rows.length === window.limit,
    };
  },

  async exportLog({ query, services, reply }) {
    const key = needKey(services);
    const filter = filterOf(query);
    await tellExport(services.db, query);
    const at = iso(services.now());
    return sendSigned(
      reply,
      key,
      { name: "activity-log.jsonl", type: "application/x-ndjson" },
      jsonLines(services.db, filter, query, at),
    );
  },

  async exportLogCsv({ query, services, caller, reply }) {
    const key = needKey(services);
    const filter = filterOf(query);
    await tellExport(services.db, query);
    return sendSigned(
      reply,
      key,
      { name: "activity-log.csv", type: "text/csv; charset=utf-8" },
      csvLines(services, filter, caller.account.language),
    );
  },
};

function needKey({ signingKey }: Services): SigningKey {
  if (!signingKey) throw new Problem("log.no-key");
  return signingKey;
}

/** That the log was taken out stands in the log before the first line leaves. */
const tellExport = (db: Database, query: Query<"exportLog">): Promise<void> =>
  appendActs(db, [
    { action: "export", objectType: "log", severity: "security", after: { filter: { ...query } } },
  ]);

const sendSigned = (
  reply: FastifyReply,
  key: SigningKey,
  { name, type }: { name: string; type: string },
  lines: AsyncIterable<string>,
): FastifyReply =>
  reply
    .header("content-type", type)
    .header("content-disposition", `attachment; filename="${name}"`)
    .send(Readable.from(signedLines(lines, key)));

async function* jsonLines(
  db: Database,
  filter: LogFilter,
  query: Query<"exportLog">,
  at: string,
): AsyncGenerator<string> {
  yield `${JSON.stringify({ what: "activity log of ENERGSys", at, filter: query })}\n`;
  for await (const entry of streamCanonical(db, filter)) yield canonicalLine(entry);
}

async function* csvLines({ db }: Services, filter: LogFilter, language: "ro" | "en"): AsyncGenerator<string> {
  const line = (...cells: CsvCell[]) => csvLine(cells, language);
  yield byteOrderMark +
    line(
      "seq",
      "at",
      "log",
      "severity",
      "user",
      "page",
      "operation",
      "action",
      "object",
      "id",
      "name",
      "records",
      "initial",
      "final",
      "reason",
      "address",
      "session",
      "role",
    );
  let before: number | undefined;
  for (;;) {
    const rows = await listLog(db, filter, { ...(before === undefined ? {} : { before }), limit: 2_000 });
    for (const row of rows) {
      const json = (value: unknown) => (value === null ? "" : JSON.stringify(value));
      yield line(
        whole(row.seq),
        iso(row.at),
        row.kind,
        row.severity,
        row.actor,
        row.page,
        row.operation,
        row.action,
        row.objectType,
        row.objectId,
        row.objectName,
        whole(row.records),
        json(row.before),
        json(row.after),
        row.reason,
        row.address,
        row.session,
        row.role,
      );
    }
    before = rows.at(-1)?.seq;
    if (rows.length < 2_000) return;
  }
}
