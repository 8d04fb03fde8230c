import { marketDay, marketDayOf } from "@energsys/metering";
import { findEventName } from "@energsys/metering/models";
import {
  type Contract,
  countEvents,
  energies,
  findCounted,
  findPoint,
  type Language,
  listExchanges,
  listPlacedEvents,
  type Point,
  readMonthEnds,
  readPointTotals,
  type Scope,
  type Subscriber,
} from "@energsys/store";
import { scaledText } from "../csv.ts";
import { qualityText } from "../quality-text.ts";
import type { WatchReport } from "../schemas/watch.ts";
import type { Services } from "../services.ts";
import { word } from "../words.ts";
import { columnsOf, count, isoOf, type WatchPart, type WatchRow } from "./report.ts";
import { subscriberAccounts } from "./subscriber-account.ts";
import { watchWord } from "./words.ts";

const months = 36;
const eventsMax = 30;

/** Who reads a record. */
export interface RecordReader {
  readonly language: Language;
  /** Where they may see what energy cost, which the record has where they may see it as an analysis; else it has no account. */
  readonly accountScope: Scope | undefined;
  readonly signal: AbortSignal;
}

/** Everything of a subscriber on one page: data, contracts, meters, indexes at month ends, consumption, exchanges, events, all for the time of their contracts. */
export async function subscriberRecord(
  services: Services,
  scope: Scope,
  subscriber: Subscriber,
  { language, accountScope, signal }: RecordReader,
): Promise<WatchReport> {
  const { db, zone, now } = services;
  const today = Temporal.PlainDate.from(marketDayOf(now(), zone).date);
  const toMonth = today.with({ day: 1 }).add({ months: 1 });
  const period = {
    ...{ fromDay: toMonth.subtract({ months }).toString(), toDay: toMonth.toString() },
    ...{ zone, nowMs: now() },
  };
  const contracts = subscriber.contracts;
  const pointIds = [...new Set(contracts.map(({ pointId }) => pointId))];
  const points = (
    await Promise.all(pointIds.map((pointId) => findPoint(db, scope, pointId, { nowMs: now() })))
  ).filter((point) => point !== undefined);
  const part = (
    key: Parameters<typeof watchWord>[0],
    columns: Parameters<typeof columnsOf>[1],
    rows: WatchRow[],
  ) =>
    ({
      key,
      title: watchWord(key, language),
      columns: columnsOf(language, columns),
      rows,
      more: 0,
    }) as WatchPart;
  const during = (pointId: number, fromMs: number, toMs: number) =>
    contracts.some((one) => one.pointId === pointId && one.from < toMs && (one.to ?? Infinity) > fromMs);
  const podOf = new Map(points.map(({ pointId, pod }) => [pointId, pod]));
  const indexes = (
    await readMonthEnds(db, pointIds, { fromMonth: period.fromDay, toMonth: period.toDay, zone })
  ).filter(({ pointId, measuredAtMs }) => during(pointId, measuredAtMs, measuredAtMs + 1));
  const exchanges = (
    await Promise.all(
      points.map(async ({ pointId }) =>
        (await listExchanges(db, pointId)).map((one) => ({ ...one, pointId })),
      ),
    )
  )
    .flat()
    .filter(({ pointId, atMs, undoneAtMs }) => undoneAtMs === null && during(pointId, atMs, atMs + 1));
  const consumption = await consumptionPart(services, scope, points, contracts, period, part);
  const accounts =
    accountScope && (await subscriberAccounts(services, accountScope, contracts, language, signal));
  return {
    name: `subscriber-${subscriber.subscriberId}`,
    title: watchWord("subscriberRecord", language),
    zone,
    facts: [
      { label: word("number", language), value: subscriber.number },
      { label: word("name", language), value: subscriber.name },
      { label: word("kind", language), value: word(subscriber.kind, language) },
      ...(subscriber.phone ? [{ label: word("phone", language), value: subscriber.phone }] : []),
      ...(subscriber.email ? [{ label: word("email", language), value: subscriber.email }] : []),
      ...(subscriber.address ? [{ label: word("address", language), value: subscriber.address }] : []),
      { label: word("zone", language), value: zone },
      ...(accounts?.facts ?? []),
      ...(consumption.sumsOnly.length > 0
        ? [{ label: word("sumsOnly", language), value: consumption.sumsOnly.join(", ") }]
        : []),
    ],
    parts: [
      part(
        "contracts",
        [
          ["contract", "text"],
          ["point", "point"],
          ["address", "text"],
          ["from", "instant"],
          ["until", "instant"],
        ],
        contracts.map(({ number, pointId, pod, from, to }) => ({
          cells: [
            number,
            pod,
            points.find((one) => one.pointId === pointId)?.address ?? null,
            isoOf(from),
            isoOf(to),
          ],
          pointId,
        })),
      ),
      part(
        "meters",
        [
          ["point", "point"],
          ["serial", "text"],
          ["model", "text"],
          ["factor", "number"],
          ["from", "instant"],
          ["until", "instant"],
        ],
        points.flatMap(({ pointId, pod, installations }) =>
          installations
            .filter(({ from, to }) => during(pointId, from, to ?? Infinity))
            .map(({ serial, manufacturer, model, factor, from, to }) => ({
              cells: [pod, serial, `${manufacturer} ${model}`, factor, isoOf(from), isoOf(to)],
              pointId,
            })),
        ),
      ),
      consumption.part,
      ...(accounts ? [accounts.part] : []),
      part(
        "monthEnds",
        [
          ["month", "day"],
          ["point", "point"],
          ["serial", "text"],
          ["register", "text"],
          ["index", "number"],
          ["unit", "text"],
          ["readAt", "instant"],
          ["quality", "text"],
        ],
        indexes.map(({ day, pointId, serial, obis, value, unit, measuredAtMs, flags }) => ({
          cells: [
            day,
            podOf.get(pointId) ?? null,
            serial,
            obis,
            value,
            unit,
            isoOf(measuredAtMs),
            qualityText(flags, language),
          ],
          pointId,
        })),
      ),
      part(
        "exchanges",
        [
          ["start", "instant"],
          ["point", "point"],
          ["oldMeter", "text"],
          ["newMeter", "text"],
          ["reason", "text"],
        ],
        exchanges.map(({ pointId, atMs, oldSerial, newSerial, reason }) => ({
          cells: [isoOf(atMs), podOf.get(pointId) ?? null, oldSerial, newSerial, reason],
          pointId,
        })),
      ),
      await eventsPart(services, scope, contracts, period, part),
    ],
  };
}

type MakePart = (
  key: Parameters<typeof watchWord>[0],
  columns: Parameters<typeof columnsOf>[1],
  rows: WatchRow[],
) => WatchPart;

interface RecordPeriod {
  readonly fromDay: string;
  readonly toDay: string;
  readonly zone: string;
  readonly nowMs: number;
}

/**
 * Months in which a contract ran at the point throughout, with what of them is known and the same month a year before, where a contract
 * ran then, too.
 */
async function consumptionPart(
  { db, zone }: Services,
  scope: Scope,
  points: readonly Point[],
  contracts: readonly Contract[],
  period: RecordPeriod,
  part: MakePart,
): Promise<{
  readonly part: WatchPart;
  /** Months (`YYYY-MM`) whose intervals went at their time: the sums of them are kept. */
  readonly sumsOnly: readonly string[];
}> {
  const rows: WatchRow[] = [];
  const sumsOnly = new Set<string>();
  const longer = {
    ...period,
    fromDay: Temporal.PlainDate.from(period.fromDay).subtract({ months: 12 }).toString(),
  };
  for (const { pointId, pod } of points) {
    const [counted] = await findCounted(db, scope, [{ kind: "point", pointId }], longer);
    if (!counted || counted.sources.length === 0) continue;
    const totals = await readPointTotals(db, counted, { ...longer, obis: energies["A+"], by: "month" });
    const own = totals.rows[0] ?? [];
    const runs = (day: string) => {
      const fromMs = marketDay(day, zone).startMs;
      const toMs = marketDay(Temporal.PlainDate.from(day).add({ months: 1 }).toString(), zone).startMs;
      return contracts.some(
        (one) =>
          one.pointId === pointId &&
          one.from <= fromMs &&
          (one.to ?? Infinity) >= Math.min(toMs, period.nowMs),
      );
    };
    totals.buckets.forEach((day, nth) => {
      const total = own[nth];
      if (nth < 12 || !total || total.expected === 0 || !runs(day)) return;
      const { energy, expected, present, good, estimated } = total;
      const before = runs(totals.buckets[nth - 12]!) ? own[nth - 12] : undefined;
      if (total.sumsOnly) sumsOnly.add(day.slice(0, 7));
      if (before?.sumsOnly) sumsOnly.add(totals.buckets[nth - 12]!.slice(0, 7));
      rows.push({
        cells: [
          day,
          pod,
          energy === null ? null : scaledText(energy, totals.scale - 3),
          typeof before?.energy === "bigint" ? scaledText(before.energy, totals.scale - 3) : null,
          count(expected),
          count(present),
          count(good),
          count(estimated),
          count(expected - present),
        ],
        pointId,
      });
    });
  }
  rows.sort((a, b) => (b.cells[0] ?? "").localeCompare(a.cells[0] ?? ""));
  return {
    sumsOnly: [...sumsOnly].toSorted(),
    part: part(
      "consumptionByMonth",
      [
        ["month", "month"],
        ["point", "point"],
        ["consumption", "number", "kWh"],
        ["yearBefore", "number", "kWh"],
        ["expected", "number"],
        ["present", "number"],
        ["good", "number"],
        ["estimated", "number"],
        ["missingValues", "number"],
      ],
      rows,
    ),
  };
}

async function eventsPart(
  { db, zone }: Services,
  scope: Scope,
  contracts: readonly Contract[],
  { fromDay, nowMs }: RecordPeriod,
  part: MakePart,
): Promise<WatchPart> {
  const filter = {
    ...{ scope, zone, fromMs: marketDay(fromDay, zone).startMs, toMs: nowMs },
    subject: { kind: "group", groupId: 0, side: "members" },
    pointIds: contracts.map(({ pointId }) => pointId),
    times: contracts.map(({ pointId, from, to }) => ({ pointId, fromMs: from, toMs: to })),
  } as const;
  const events = await listPlacedEvents(db, filter, { limit: eventsMax, endings: new Map() });
  const counts = await countEvents(db, filter);
  const made = part(
    "eventList",
    [
      ["start", "instant"],
      ["event", "event"],
      ["point", "point"],
    ],
    events.map(({ atMs, code, pod, pointId }) => ({
      cells: [isoOf(atMs), findEventName(code) ?? code, pod],
      ...(pointId === null ? {} : { pointId }),
    })),
  );
  return { ...made, more: counts.reduce((sum, { count }) => sum + count, 0) - events.length };
}
