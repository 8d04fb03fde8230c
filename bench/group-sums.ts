import {
  addGroup,
  applyGroupChange,
  type Database,
  everywhere,
  foldGroups,
  GroupFolder,
  previewGroupChange,
  readGroupDays,
  sql,
  storeDeliveries,
  sumLoadDays,
} from "@energsys/store";
import { atLeast, atMost, type Bench, type BenchContext, type Metric, median } from "./bench.ts";
import { curvesOf, daysFrom, deliveryOf, makeMeters, randomFrom, withServer, zone } from "./store-field.ts";

const pointCount = 6_000;
const groupSize = 60;
const largeSize = 3_000;
const directSize = 500;
const month = daysFrom("2026-07-01", 31);
const fed = daysFrom("2026-08-01", 4);
const nowMs = Date.UTC(2026, 10, 23);
const codes = ["1-0:1.29.0*255"];

export const bench: Bench = {
  name: "group-sums",
  about:
    "a group's month from its sums beside the direct sum; how far sums lag while 6,000 meters are stored; a change of 500 points previewed",
  run: (context) => withServer(({ open }) => measure(open(4), open(1), context)),
};

interface Town {
  readonly meters: readonly { meterId: number; deviceId: number }[];
  readonly points: readonly number[];
  /** Groups of 60 points, one of 500, one of 3,000. */
  readonly small: readonly number[];
  readonly direct: number;
}

async function measure(
  db: Database,
  folderDb: Database,
  context: BenchContext,
): Promise<{ metrics: Metric[] }> {
  const town = await makeTown(db);
  const preview = await measurePreview(db, town);
  await feed(db, town, month, 1);
  context.log(`${month.length} days of ${pointCount} points stored`);
  const history = performance.now();
  for (;;) {
    const { changes, days } = await foldGroups(db, { zone, nowMs });
    if (changes + days === 0) break;
  }
  const historySeconds = (performance.now() - history) / 1000;
  context.log(`summed in ${historySeconds.toFixed(1)} s`);
  await db.query(sql`vacuum analyze load_day`);
  await db.query(sql`vacuum analyze group_day`);
  const reading = await measureReading(db, town);
  const alone = await feed(db, town, fed.slice(0, 2), 2);
  for (;;) {
    const { changes, days } = await foldGroups(db, { zone, nowMs });
    if (changes + days === 0) break;
  }
  const lag = await measureLag(db, folderDb, town);
  const { rows } = await db.query<{ bytes: number; days: number }>(sql`
    select sum(pg_total_relation_size(inhrelid))::bigint as bytes, (select count(*)::int from group_day) as days
    from pg_inherits where inhparent = 'group_day'::regclass`);
  return {
    metrics: [
      atMost("a group's month from its sums, 500 points", reading.stored, "ms", 5),
      { name: "the same, summed from the points", value: reading.direct, unit: "ms" },
      atLeast("direct sum to stored sum", reading.direct / reading.stored, "ratio", 5),
      atMost("lag of the sums while meters are stored, median", median(lag.lags), "ms", 3_000),
      atMost("lag, longest seen", Math.max(...lag.lags), "ms", 10_000),
      { name: "stored meanwhile", value: lag.intervalsPerSecond, unit: "intervals/s" },
      { name: "stored without summing", value: alone, unit: "intervals/s" },
      { name: "storing with to without summing", value: lag.intervalsPerSecond / alone, unit: "ratio" },
      {
        name: "summing history",
        value: (month.length * pointCount * 2 * 96) / historySeconds,
        unit: "intervals/s",
      },
      atMost("change of 500 points previewed", preview, "ms", 1_000),
      { name: "a stored group-day", value: (rows[0]?.bytes ?? 0) / (rows[0]?.days ?? 1), unit: "B" },
    ],
  };
}

async function makeTown(db: Database): Promise<Town> {
  const meters = await makeMeters(db, "G", pointCount, { installed: true });
  const { rows } = await db.query<{ id: number }>(sql`
    select point_id as id from installation join unnest(${meters.map(({ meterId }) => meterId)}::int[])
      with ordinality as wanted (meter_id, place) using (meter_id) order by place`);
  const points = rows.map(({ id }) => id);
  const fromMs = Date.UTC(2026, 0, 1);
  const group = async (kind: "transformer" | "free", name: string, list: readonly number[]) => {
    const groupId = await addGroup(db, { kind, name, branchId: null });
    const add = list.map((pointId) => ({ pointId, sign: 1 as const }));
    await applyGroupChange(
      db,
      everywhere,
      { groupId, side: "members", fromMs, add },
      { by: "bench", reason: "" },
    );
    return groupId;
  };
  const small: number[] = [];
  for (let start = 0; start < points.length; start += groupSize) {
    small.push(await group("transformer", `T${start}`, points.slice(start, start + groupSize)));
  }
  const direct = await group("free", "direct", points.slice(100, 100 + directSize));
  await group("free", "large", points.slice(0, largeSize));
  return { meters, points, small, direct };
}

/** Stores days of all meters as devices deliver them, from two connections at once; gives intervals of meters a second. */
async function feed(
  db: Database,
  { meters }: Town,
  dates: readonly string[],
  seed: number,
  onBatch: (nth: number, first: number, atMs: number) => void = () => {},
): Promise<number> {
  const batchSize = 252 / Math.min(7, dates.length);
  const random = randomFrom(seed);
  let intervals = 0;
  const start = performance.now();
  let next = 0;
  const work = async () => {
    for (let first = next; first < meters.length; first = next) {
      next += batchSize;
      const batch = meters
        .slice(first, first + batchSize)
        .map((meter) => deliveryOf(meter, dates, curvesOf(random, dates)));
      const outcome = await storeDeliveries(db, batch, { nowMs, zone });
      intervals += outcome.intervals;
      onBatch(first / batchSize, first, performance.now());
    }
  };
  await Promise.all([work(), work()]);
  return (intervals * 1000) / (performance.now() - start);
}

async function measureLag(db: Database, folderDb: Database, town: Town) {
  const folder = new GroupFolder(folderDb, {
    zone,
    now: Date.now,
    onFault: (error) => {
      throw error;
    },
  });
  folder.start();
  const lags: number[] = [];
  const watched: Promise<void>[] = [];
  const day = fed.at(-1)!;
  // One batch in three is watched: its first point's group has that day when all that the batch brought is in the sum.
  const watch = async (first: number, committedMs: number) => {
    const groupId = town.small[Math.floor(first / groupSize)]!;
    for (;;) {
      const [sum] = await readGroupDays(db, [groupId], day, "2026-09-01", codes);
      if (sum && sum.present[0]! > first % groupSize) break;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    lags.push(performance.now() - committedMs);
  };
  const intervalsPerSecond = await feed(db, town, fed.slice(2), 3, (nth, first, atMs) => {
    if (nth % 3 === 0) watched.push(watch(first, atMs));
  });
  await Promise.all(watched);
  await folder.stop();
  return { lags, intervalsPerSecond };
}

async function measureReading(db: Database, { points, direct }: Town) {
  const { rows } = await db.query<{ id: number }>(sql`
    select channel_id as id from channel where obis = ${codes[0]} and point_id = any(${points.slice(100, 100 + directSize)}::int[])`);
  const channels = rows.map(({ id }) => id);
  const [from, to] = [month[0]!, "2026-08-01"];
  const stored = await repeat(() => readGroupDays(db, [direct], from, to, codes));
  const summed = await repeat(() => sumLoadDays(db, channels, from, to));
  const days = await readGroupDays(db, [direct], from, to, codes);
  const { sums } = await sumLoadDays(db, channels, from, to);
  const joined = days.flatMap(({ values }) => [...values]);
  const same = joined.length === sums.length && joined.every((value, slot) => value === sums[slot]);
  if (!same) throw new Error("the stored sums are not those of the points");
  return { stored, direct: summed };
}

/** 500 points that shall belong to a group of which 250 do. */
async function measurePreview(db: Database, { points, direct }: Town): Promise<number> {
  const set = points.slice(350, 850).map((pointId) => ({ pointId, sign: 1 as const }));
  const request = { groupId: direct, side: "members", fromMs: Date.UTC(2026, 8, 1), set } as const;
  const preview = await previewGroupChange(db, everywhere, request);
  if (preview.joining.length !== 250 || preview.leaving.length !== 250) throw new Error("another effect");
  return repeat(() => previewGroupChange(db, everywhere, request));
}

async function repeat(work: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let run = 0; run < 12; run++) {
    const start = performance.now();
    await work();
    if (run >= 2) times.push(performance.now() - start);
  }
  return median(times);
}
