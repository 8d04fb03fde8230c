import { unpackDay } from "@energsys/metering";
import { type Database, type Delivery, importLoadDays, sql, storeDeliveries } from "@energsys/store";
import { atLeast, atMost, type Bench, type BenchContext, type Metric, median } from "./bench.ts";
import {
  columns,
  curvesOf,
  daysFrom,
  deliveryOf,
  type MeterDayCurve,
  makeMeters,
  randomFrom,
  timed,
  withServer,
  zone,
} from "./store-field.ts";
import { payload, realCurves } from "./store-households.ts";
import { makeTable, measureRows } from "./store-rows.ts";

const meterCount = 1000;
/** Four weeks of a closed month and the one before it. */
const firstDay = "2026-07-06";
const weeks = 4;
const nowMs = Date.UTC(2026, 10, 23);
/** Deliveries in a transaction, each a device's week of two channels: 504 channel-days. */
const deliveriesPerBatch = 36;
const runs = 3;
const rowDays = 7;

interface Fleet {
  readonly meters: readonly { meterId: number; deviceId: number }[];
  readonly curves: readonly (readonly MeterDayCurve[])[];
  readonly batches: readonly (readonly Delivery[])[];
  readonly intervals: number;
}

export const bench: Bench = {
  name: "store-merge",
  about: "deliveries to disk through the head-end's own store function, beside one row per interval",
  run: (context) => withServer(({ open }) => measure(open, context)),
};

async function measure(
  open: (connections: number) => Database,
  context: BenchContext,
): Promise<{ metrics: Metric[] }> {
  const db = open(4);
  const dates = daysFrom(firstDay, weeks * 7);
  // The first fleet warms up the programs on both sides; it is measured by nobody.
  await storeAll(open(1), await makeFleet(db, "W", 0, dates, { installed: true }), 1);

  const one: Passes = { fresh: [], again: [], writtenAgain: 0 };
  const four: Passes = { fresh: [], again: [], writtenAgain: 0 };
  const both: Passes = { fresh: [], again: [], writtenAgain: 0 };
  const layerBytes: number[] = [];
  for (let run = 0; run < runs; run++) {
    layerBytes.push(
      await pass(open(1), db, `A${run}-`, dates, { connections: 1, installed: false, into: one }),
    );
    await pass(open(4), db, `B${run}-`, dates, { connections: 4, installed: false, into: four });
    await pass(open(1), db, `C${run}-`, dates, { connections: 1, installed: true, into: both });
    context.log(
      `run ${run + 1}: one layer ${mega(one.fresh[run])} M/s on one connection, ${mega(four.fresh[run])} on four; ` +
        `again ${mega(one.again[run])} and ${mega(four.again[run])}; both layers ${mega(both.fresh[run])}`,
    );
  }
  const imported = await measureImport(db, dates, context);
  await makeTable(db);
  const random = randomFrom(1);
  const curves = Array.from({ length: meterCount }, () => curvesOf(random, dates));
  const rows = await measureRows(db, curves, dates.slice(0, rowDays));
  context.log(
    `a row per interval: ${rows.bytesPerInterval.toFixed(1)} B, upsert ${mega(rows.upsert)} M/s, ` +
      `staged ${mega(rows.staged)}, bare COPY ${mega(rows.copied)}`,
  );
  const bytes = median(layerBytes);
  const written = one.writtenAgain + four.writtenAgain + both.writtenAgain;
  const fresh = median(one.fresh);
  return {
    metrics: [
      atLeast("fresh days, one layer, 1 connection", fresh, "intervals/s", 4e6),
      atLeast("fresh days, one layer, 4 connections", median(four.fresh), "intervals/s", 6e6),
      { name: "identical re-read, 1 connection", value: median(one.again), unit: "intervals/s" },
      atLeast("identical re-read, 4 connections", median(four.again), "intervals/s", 8e6),
      atMost("rows of readings written by the re-read", written, "rows", 0),
      { name: "fresh days, both layers, 1 connection", value: median(both.fresh), unit: "intervals/s" },
      { name: "time for both layers to time for one", value: fresh / median(both.fresh), unit: "ratio" },
      { name: "staged bulk import", value: imported, unit: "intervals/s" },
      atMost("size of a layer with index", bytes, "B/interval", 2.3),
      { name: "a row per interval: size", value: rows.bytesPerInterval, unit: "B/interval" },
      { name: "a row per interval: upsert of arrays", value: rows.upsert, unit: "intervals/s" },
      { name: "a row per interval: staged COPY and upsert", value: rows.staged, unit: "intervals/s" },
      { name: "a row per interval: bare COPY", value: rows.copied, unit: "intervals/s" },
      atLeast("smaller than a row per interval", rows.bytesPerInterval / bytes, "ratio", 28),
      atLeast("merge to upsert of rows", fresh / rows.upsert, "ratio", 14),
      atLeast("staged import to staged rows", imported / rows.staged, "ratio", 40),
      ...payloadMetrics(curves),
    ],
  };
}

const mega = (perSecond: number | undefined): string => ((perSecond ?? 0) / 1e6).toFixed(2);

function payloadMetrics(curves: readonly (readonly MeterDayCurve[])[]): Metric[] {
  const own = curves.flatMap((days) => days.flatMap(({ active, reactive }) => [active, reactive]));
  const metrics: Metric[] = [
    { name: "packed values: this bench's town", value: payload(own), unit: "B/interval" },
  ];
  for (const { source, days } of realCurves()) {
    metrics.push({ name: `packed values: ${source}`, value: payload(days), unit: "B/interval" });
  }
  return metrics;
}

interface Passes {
  readonly fresh: number[];
  readonly again: number[];
  writtenAgain: number;
}

/** Stores a new fleet, then the same again, and compares what lies there with the source. Returns the layer's bytes per interval. */
async function pass(
  writer: Database,
  db: Database,
  prefix: string,
  dates: readonly string[],
  { connections, installed, into }: { connections: number; installed: boolean; into: Passes },
): Promise<number> {
  const sizeBefore = await layerSize(db);
  const fleet = await makeFleet(db, prefix, 1, dates, { installed });
  const fresh = await timed(() => storeAll(writer, fleet, connections));
  const size = (await layerSize(db)) - sizeBefore;
  const before = await rowCounts(db);
  const again = await timed(() => storeAll(writer, fleet, connections));
  const after = await rowCounts(db);
  into.fresh.push(fleet.intervals / fresh);
  into.again.push(fleet.intervals / again);
  into.writtenAgain += after - before;
  await compare(db, fleet, dates);
  return size / (fleet.intervals * (installed ? 2 : 1));
}

async function makeFleet(
  db: Database,
  prefix: string,
  seed: number,
  dates: readonly string[],
  { installed }: { installed: boolean },
): Promise<Fleet> {
  const meters = await makeMeters(db, prefix, meterCount, { installed });
  const random = randomFrom(seed);
  const curves = meters.map(() => curvesOf(random, dates));
  const batches: Delivery[][] = [];
  for (let day = 0; day < dates.length; day += 7) {
    for (let first = 0; first < meters.length; first += deliveriesPerBatch) {
      batches.push(
        meters
          .slice(first, first + deliveriesPerBatch)
          .map((meter, nth) =>
            deliveryOf(meter, dates.slice(day, day + 7), (curves[first + nth] ?? []).slice(day, day + 7)),
          ),
      );
    }
  }
  const intervals =
    meters.length * columns.length * (curves[0] ?? []).reduce((sum, day) => sum + day.active.length, 0);
  // What making this left behind is not the store's to collect.
  globalThis.gc?.();
  return { meters, curves, batches, intervals };
}

/** As the head-end's writer does: one batch is made ready while another is written, on each connection. */
async function storeAll(db: Database, { batches }: Fleet, connections: number): Promise<void> {
  let next = 0;
  const write = async () => {
    for (let batch = batches[next++]; batch; batch = batches[next++]) {
      await storeDeliveries(db, batch, { nowMs, zone });
    }
  };
  await Promise.all(Array.from({ length: connections + 1 }, write));
}

async function layerSize(db: Database): Promise<number> {
  const { rows } = await db.query<{ bytes: number }>(sql`
    select coalesce(sum(pg_total_relation_size(inhrelid)), 0)::bigint as bytes from pg_inherits
    where inhparent = 'load_day'::regclass`);
  return rows[0]?.bytes ?? 0;
}

async function rowCounts(db: Database): Promise<number> {
  const { rows } = await db.query<{ n: number }>(sql`
    select (select coalesce(sum(ver), 0) from load_day) + (select count(*) from load_day_hist) as n`);
  return Number(rows[0]?.n ?? 0);
}

/** Every stored slot of the fleet's meter channels against the curve it came from. */
async function compare(db: Database, fleet: Fleet, dates: readonly string[]): Promise<void> {
  const position = new Map(fleet.meters.map(({ meterId }, index) => [meterId, index]));
  const ids = fleet.meters.map(({ meterId }) => meterId);
  const { rows } = await db.query<{
    meter_id: number;
    obis: string;
    day: string;
    slots: number;
    v: Buffer;
    q: Buffer | null;
  }>(sql`
    select meter_id, obis, day, slots, v, q from channel join load_day using (channel_id)
    where meter_id = any(${ids}::int[])`);
  const wanted = fleet.meters.length * columns.length * dates.length;
  if (rows.length !== wanted) throw new Error(`${rows.length} days are stored of ${wanted}`);
  const nth = new Map(dates.map((date, index) => [date, index]));
  for (const { meter_id, obis, day, slots, v, q } of rows) {
    const source = fleet.curves[position.get(meter_id) ?? -1]?.[nth.get(day) ?? -1];
    const { values, flags } = unpackDay(v, q, slots);
    const values2 = obis === columns[0].obis ? source?.active : source?.reactive;
    const equal =
      values.every((value, slot) => Object.is(value, values2?.[slot])) &&
      flags.every((flag, slot) => flag === source?.flags[slot]);
    if (!equal) throw new Error(`meter ${meter_id} ${obis} ${day} is not what was delivered`);
  }
}

/** Days of meters that nothing else has touched, imported in pieces of a month of 300 meters. */
async function measureImport(db: Database, dates: readonly string[], context: BenchContext): Promise<number> {
  const speeds: number[] = [];
  for (let run = 0; run < runs; run++) {
    const fleet = await makeFleet(db, `I${run}-`, 3 + run, dates, { installed: false });
    // One delivery makes a meter's channels; its days are put back to nothing.
    const touch = fleet.meters.map((meter) => deliveryOf(meter, dates.slice(0, 1), [fleet.curves[0]![0]!]));
    await storeDeliveries(db, touch, { nowMs, zone });
    const { rows } = await db.query<{ meter_id: number; obis: string; channel_id: number }>(sql`
      select meter_id, obis, channel_id from channel where meter_id = any(${fleet.meters.map(({ meterId }) => meterId)}::int[])`);
    await db.query(
      sql`delete from load_day where channel_id = any(${rows.map((row) => row.channel_id)}::int[])`,
    );
    const position = new Map(fleet.meters.map(({ meterId }, index) => [meterId, index]));
    const days = rows.flatMap(({ meter_id, obis, channel_id }) =>
      dates.map((date, nth) => {
        const curve = fleet.curves[position.get(meter_id) ?? -1]![nth]!;
        const values = obis === columns[0].obis ? curve.active : curve.reactive;
        return {
          channel: { channelId: channel_id, kind: "delta" as const },
          date,
          values,
          flags: curve.flags,
        };
      }),
    );
    const pieceMax = 300 * columns.length * dates.length;
    const seconds = await timed(async () => {
      for (let start = 0; start < days.length; start += pieceMax) {
        const piece = days.slice(start, start + pieceMax);
        const { added } = await importLoadDays(db, piece, { nowMs });
        if (added !== piece.length) throw new Error(`${added} of ${piece.length} days were added`);
      }
    });
    speeds.push(fleet.intervals / seconds);
    await compare(db, fleet, dates);
  }
  context.log(`staged import: ${speeds.map(mega).join(", ")} M/s`);
  return median(speeds);
}
