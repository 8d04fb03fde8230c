import {
  appendActs,
  countPoints,
  findPointIds,
  hasPoint,
  type Language,
  readPointRows,
  type Scope,
} from "@energsys/store";
import { byteOrderMark, type CsvCell, csvLine, decimal, scaled, sendCsv } from "../csv.ts";
import { type CurveRequest, readCurve } from "../curve.ts";
import type { Handlers } from "../handlers.ts";
import { iso } from "../instants.ts";
import { localTimes } from "../local-times.ts";
import { Problem } from "../problem.ts";
import { qualityText } from "../quality-text.ts";
import type { LoadCurve } from "../schemas/readings.ts";
import type { Services } from "../services.ts";
import { word } from "../words.ts";
import { listOf } from "./points.ts";

/** Rows that are looked up and written together. */
const exportBatch = 2_000;

const requestOf = (
  call: {
    params: { pointId: number };
    query: { channel: number; from: string; to: string; knownAt?: string };
  },
  { zone, limits, now }: Services,
): CurveRequest => ({
  pointId: call.params.pointId,
  channelId: call.query.channel,
  from: call.query.from,
  to: call.query.to,
  zone,
  nowMs: now(),
  ...(call.query.knownAt === undefined ? {} : { knownAtMs: Date.parse(call.query.knownAt) }),
  daysMax: limits.curveDaysMax,
});

export const curveHandlers: Handlers<"getLoadCurve" | "exportLoadCurve" | "exportPoints"> = {
  async getLoadCurve(call) {
    const { services, scope } = call;
    if (!(await hasPoint(services.db, scope, call.params.pointId))) throw new Problem("point.not-found");
    return readCurve(services.db, requestOf(call, services));
  },

  async exportLoadCurve(call) {
    const { services, scope, caller, reply } = call;
    const [row] = await readPointRows(services.db, scope, [call.params.pointId]);
    if (!row) throw new Problem("point.not-found");
    const curve = await readCurve(services.db, requestOf(call, services));
    const { channel, from, to, knownAt } = call.query;
    await appendActs(services.db, [
      {
        action: "export",
        objectType: "point",
        objectId: row.pointId,
        records: curve.values.length,
        after: { filter: { channel, from, to, ...(knownAt === undefined ? {} : { knownAt }) } },
      },
    ]);
    return sendCsv(
      reply,
      `load-curve-${row.pointId}-${curve.from}-${curve.to}`,
      curveLines(curve, row.pod, caller.account.language),
    );
  },

  async exportPoints({ query, scope, services, caller, reply }) {
    const { db, limits } = services;
    const { filter, order } = listOf(query);
    const total = await countPoints(db, scope, filter);
    if (total > limits.exportRowsMax) {
      throw new Problem("export.too-large", {
        detail: `${total} rows match, at most ${limits.exportRowsMax} fit`,
      });
    }
    const pointIds = await findPointIds(db, scope, filter, order, { offset: 0, limit: limits.exportRowsMax });
    // What was searched for may be a person's name.
    const { q, ...shown } = query;
    await appendActs(db, [
      {
        action: "export",
        objectType: "point",
        records: pointIds.length,
        after: { filter: { ...shown, ...(q === undefined ? {} : { q: "***" }) } },
      },
    ]);
    return sendCsv(reply, "points", pointLines(services, scope, pointIds, caller.account.language));
  },
};

async function* pointLines(
  { db }: Services,
  scope: Scope,
  pointIds: readonly number[],
  language: Language,
): AsyncGenerator<string> {
  const line = (...cells: CsvCell[]) => csvLine(cells, language);
  const heads = [
    "pod",
    "name",
    "address",
    "branch",
    "serial",
    "manufacturer",
    "model",
    "state",
    "lastContact",
    "lastIndex",
    "unit",
    "readAt",
  ] as const;
  yield byteOrderMark + line(...heads.map((head) => word(head, language)));
  let shown = 0;
  for (let start = 0; start < pointIds.length; start += exportBatch) {
    const rows = await readPointRows(db, scope, pointIds.slice(start, start + exportBatch));
    shown += rows.length;
    yield rows
      .map((row) =>
        line(
          row.pod,
          row.name,
          row.address,
          row.branch.join(" › "),
          row.serial,
          row.manufacturer,
          row.model,
          word(row.state, language),
          iso(row.lastContactAt),
          row.lastIndex && decimal(row.lastIndex.value),
          row.lastIndex?.unit ?? null,
          row.lastIndex && iso(row.lastIndex.measuredAt),
        ),
      )
      .join("");
  }
  yield line(word("coverage", language), word("pointsText", language, { shown, total: pointIds.length }));
}

const linesPerChunk = 1_000;

/** Head lines with what the file is, then one line per interval, missing ones too. */
function* curveLines(curve: LoadCurve, pod: string, language: Language): Generator<string> {
  const line = (...cells: CsvCell[]) => csvLine(cells, language);
  const { channel, coverage, stepSeconds, values } = curve;
  yield byteOrderMark +
    line(word("pod", language), pod) +
    line(word("register", language), channel.obis, channel.serial) +
    line(word("zone", language), curve.zone) +
    (curve.knownAt === null ? "" : line(word("knownAt", language), curve.knownAt)) +
    line(word("coverage", language), word("coverageText", language, coverage)) +
    line(
      word("intervalStart", language),
      word("offset", language),
      `${word("value", language)} [${curve.unit}]`,
      word("quality", language),
    );
  const startMs = Date.parse(curve.start);
  const times = localTimes(curve.zone, startMs);
  const codes = new Uint16Array(values.length);
  for (const [from = 0, count = 0, code = 0] of curve.flags) codes.fill(code, from, from + count);
  let chunk = "";
  for (const [index, value] of values.entries()) {
    const ms = startMs + index * stepSeconds * 1_000;
    const { local, offset } = times(ms);
    const stated = value === null ? word("missing", language) : qualityText(codes[index]!, language);
    chunk += line(local, offset, value === null ? null : decimal(scaled(value, curve.scale)), stated);
    if (index % linesPerChunk === linesPerChunk - 1) {
      yield chunk;
      chunk = "";
    }
  }
  yield chunk;
}
