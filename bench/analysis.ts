import { seriesAnswer } from "@energsys/server";
import {
  addGroup,
  applyGroupChange,
  type Counted,
  type Database,
  energies,
  everywhere,
  findCounted,
  foldGroups,
  importLoadDays,
  type Period,
  queryContext,
  readSeries,
  readTopPeaks,
  readTotals,
  type Subject,
  sql,
} from "@energsys/store";
import { AnalysisDuck } from "./analysis-duck.ts";
import { atLeast, atMost, type Bench, type BenchContext, type Metric, median } from "./bench.ts";
import {
  curvesOf,
  daysFrom,
  type MeterDayCurve,
  makeMeters,
  randomFrom,
  timed,
  withServer,
  zone,
} from "./store-field.ts";

const pointsUsual = 2_000;
const dayCount = 400;
const firstDay = "2025-10-01";
const groupSize = 60;
const largeSize = 500;
/** Points that are written in one transaction. */
const batchSize = 40;
const nowMs = Date.UTC(2026, 10, 23);
const obis = energies["A+"];
const period = (fromDay: string, toDay: string): Period => ({ fromDay, toDay, zone, nowMs });
const month = period("2026-07-01", "2026-08-01");
const year = period("2025-10-15", "2026-10-15");
const whole = period(firstDay, "2026-11-05");

export const bench: Bench = {
  name: "analysis",
  about:
    "reports of the query layer beside DuckDB over Parquet: a point's month and year, 500 points by quarter-hour, all groups by month, top 20 demand (--points, 400 days of two energies)",
  run: (context) => withServer(({ open }) => measure(open(4), context)),
};

interface Groups {
  readonly groups: readonly number[];
  readonly large: number;
}

async function measure(db: Database, context: BenchContext): Promise<{ metrics: Metric[] }> {
  const count = Math.max(largeSize, context.points ?? pointsUsual);
  const duck = new AnalysisDuck();
  try {
    const points = await makePoints(db, count);
    const seconds = await timed(() => fill(db, points, duck, context));
    context.log(`${count} points x 2 x ${dayCount} days stored in ${seconds.toFixed(0)} s`);
    await fold(db);
    // The groups come when the history is there: each is summed from its first day to its last, not day by day as a day comes in.
    const groups = await makeGroups(db, points);
    const folding = await timed(() => fold(db));
    await db.query(sql`vacuum analyze load_day`);
    await db.query(sql`vacuum analyze group_day`);
    context.log(`groups summed in ${folding.toFixed(0)} s`);
    await duck.toParquet();
    context.log("Parquet written");
    return { metrics: await compare(db, points, groups, duck, context) };
  } finally {
    duck.close();
  }
}

async function fold(db: Database): Promise<void> {
  for (;;) {
    const { changes, days } = await foldGroups(db, { zone, nowMs });
    if (changes + days === 0) break;
  }
}

async function makePoints(db: Database, count: number): Promise<number[]> {
  const meters = await makeMeters(db, "A", count, { installed: true });
  const { rows } = await db.query<{ id: number }>(sql`
    select point_id as id from installation join unnest(${meters.map(({ meterId }) => meterId)}::int[])
      with ordinality as wanted (meter_id, place) using (meter_id) order by place`);
  return rows.map(({ id }) => id);
}

async function makeGroups(db: Database, points: readonly number[]): Promise<Groups> {
  const group = async (kind: "transformer" | "free", name: string, list: readonly number[]) => {
    const groupId = await addGroup(db, { kind, name, branchId: null });
    const add = list.map((pointId) => ({ pointId, sign: 1 as const }));
    const change = { groupId, side: "members" as const, fromMs: Date.UTC(2025, 0, 1), add };
    await applyGroupChange(db, everywhere, change, { by: "bench", reason: "" });
    return groupId;
  };
  const groups: number[] = [];
  for (let start = 0; start < points.length; start += groupSize) {
    groups.push(await group("transformer", `T${start}`, points.slice(start, start + groupSize)));
  }
  return { groups, large: await group("free", "large", points.slice(0, largeSize)) };
}

/** The same values into the store and into what DuckDB reads, some points stored while the next ones are made. */
async function fill(
  db: Database,
  points: readonly number[],
  duck: AnalysisDuck,
  context: BenchContext,
): Promise<void> {
  const dates = daysFrom(firstDay, dayCount);
  const random = randomFrom(7);
  const { rows } = await db.query<{ pointId: number; id: number; obis: string }>(sql`
    insert into channel (point_id, obis, kind, unit, scale, period_s)
    select point_id, obis, 'delta', unit, 0, 900 from unnest(${[...points]}::int[]) as point_id
    cross join (values (${obis}::text, 'Wh'), (${energies["R+"]}::text, 'varh')) as quantity (obis, unit)
    returning point_id as "pointId", channel_id as id, obis`);
  const channels = new Map(rows.map((row) => [`${row.pointId} ${row.obis}`, row.id]));
  let storing: Promise<unknown> = Promise.resolve();
  for (let start = 0; start < points.length; start += batchSize) {
    const batch = points.slice(start, start + batchSize).map((pointId, nth) => {
      const curves: readonly MeterDayCurve[] = curvesOf(random, dates);
      duck.add(pointId, Math.floor((start + nth) / groupSize), dates, curves);
      return { pointId, curves };
    });
    await storing;
    storing = importLoadDays(
      db,
      batch.flatMap(({ pointId, curves }) =>
        dates.flatMap((date, day) => {
          const { active, reactive, flags } = curves[day]!;
          return [
            {
              channel: { channelId: channels.get(`${pointId} ${obis}`)!, kind: "delta" as const },
              date,
              values: active,
              flags,
            },
            {
              channel: { channelId: channels.get(`${pointId} ${energies["R+"]}`)!, kind: "delta" as const },
              date,
              values: reactive,
              flags,
            },
          ];
        }),
      ),
      { nowMs },
    );
    if ((start / batchSize) % 25 === 0) context.log(`${start} points`);
  }
  await storing;
}

const counted = async (db: Database, subjects: readonly Subject[], when: Period): Promise<Counted[]> =>
  (await findCounted(db, everywhere, subjects, when)).map((found) => found!);

interface Timing {
  /** The first run. */
  readonly cold: number;
  readonly warm: number;
}

async function timing(work: (run: number) => Promise<unknown>): Promise<Timing> {
  const times: number[] = [];
  for (let run = 0; run < 9; run++) {
    const start = performance.now();
    await work(run);
    times.push(performance.now() - start);
  }
  return { cold: times[0]!, warm: median(times.slice(2)) };
}

async function compare(
  db: Database,
  points: readonly number[],
  { groups, large }: Groups,
  duck: AnalysisDuck,
  context: BenchContext,
): Promise<Metric[]> {
  const one = points[Math.floor(points.length / 2)]!;
  // Nothing is remembered between runs: `readSeries` is given no cache.
  const series = async (subject: Subject, when: Period) =>
    (await readSeries({ db }, await counted(db, [subject], when), { ...when, obis }))[0]!;
  const byGroup = async () => {
    const subjects = groups.map((groupId): Subject => ({ kind: "group", groupId, side: "members" }));
    return readTotals(db, await counted(db, subjects, whole), { ...whole, obis, by: "month" });
  };
  const top = async () =>
    readTopPeaks(db, (await counted(db, [{ kind: "system" }], month))[0]!, { ...month, obis, limit: 20 });
  const ours = {
    pointMonth: await timing(() => series({ kind: "point", pointId: one }, month)),
    group: await timing(() => series({ kind: "group", groupId: large, side: "members" }, month)),
    byGroup: await timing(byGroup),
    top: await timing(top),
  };
  const pointYear = await timing(async () => {
    const list = await counted(db, [{ kind: "point", pointId: one }], year);
    const [answer] = await readSeries(queryContext(db), list, { ...year, obis });
    const subject = { of: `p${one}`, counted: list[0]!, name: { name: "", detail: "" } };
    return JSON.stringify(seriesAnswer(subject, answer!));
  });
  const direct = await timing(async () => {
    const list = points.slice(0, largeSize).map((pointId): Subject => ({ kind: "point", pointId }));
    const sources = (await counted(db, list, month)).flatMap((each) => each.sources);
    return readSeries({ db }, [{ subject: { kind: "system" }, sources }], { ...month, obis });
  });
  context.log("ours measured");
  const theirs = {
    pointMonth: await duck.timing((run) => run.pointMonth(one, month)),
    group: await duck.timing((run) => run.group(points[0]!, points[largeSize - 1]!, month)),
    byGroup: await duck.timing((run) => run.byGroup()),
    top: await duck.timing((run) => run.top(month, 20)),
  };
  await checkSame(
    duck,
    {
      group: await series({ kind: "group", groupId: large, side: "members" }, month),
      totals: await byGroup(),
      peaks: await top(),
    },
    points,
  );
  const names = {
    pointMonth: "a point's month",
    group: "500 points by quarter-hour, a month",
    byGroup: "all by group and month, 400 days",
    top: "top 20 demand, a month",
  } as const;
  const keys = Object.keys(names) as (keyof typeof names)[];
  const ratios = keys.map((key) => theirs[key].warm / ours[key].warm);
  return [
    { name: "points", value: points.length, unit: "" },
    atMost(names.byGroup, ours.byGroup.warm, "ms", 300),
    atMost(names.top, ours.top.warm, "ms", 300),
    atMost(names.group, ours.group.warm, "ms", 25),
    { name: "500 points of no group by quarter-hour, a month", value: direct.warm, unit: "ms" },
    { name: names.pointMonth, value: ours.pointMonth.warm, unit: "ms" },
    atMost("a point's year as JSON", pointYear.warm, "ms", 60),
    ...keys.flatMap((key, nth): Metric[] => [
      { name: `${names[key]}: first run`, value: ours[key].cold, unit: "ms" },
      { name: `DuckDB over Parquet: ${names[key]}`, value: theirs[key].warm, unit: "ms" },
      { name: `DuckDB over Parquet: ${names[key]}: fresh instance`, value: theirs[key].cold, unit: "ms" },
      { name: `DuckDB to ours: ${names[key]}`, value: ratios[nth]!, unit: "ratio" },
    ]),
    atLeast("of four, at least as fast as DuckDB", ratios.filter((ratio) => ratio >= 1).length, "", 3),
    { name: "Parquet", value: duck.bytes(), unit: "B" },
  ];
}

/** Both sides were filled with the same values and must come to the same sums. */
async function checkSame(
  duck: AnalysisDuck,
  ours: {
    readonly group: Awaited<ReturnType<typeof readSeries>>[number];
    readonly totals: Awaited<ReturnType<typeof readTotals>>;
    readonly peaks: Awaited<ReturnType<typeof readTopPeaks>>;
  },
  points: readonly number[],
): Promise<void> {
  await duck.fresh(async (run) => {
    const sums = await run.group(points[0]!, points[largeSize - 1]!, month);
    const same =
      sums.length === ours.group.values.length &&
      sums.every((row, slot) => Number(row[1]) === ours.group.values[slot]);
    if (!same) throw new Error("DuckDB sums 500 points otherwise");
    const all = await run.byGroup();
    const theirs = all.reduce((sum, row) => sum + BigInt(String(row[2])), 0n);
    const own = ours.totals.rows.flat().reduce((sum, { energy }) => sum + (energy ?? 0n), 0n);
    if (theirs !== own) throw new Error(`DuckDB sums all to ${theirs}, we to ${own}`);
    const top = await run.top(month, 20);
    if (top.some((row, nth) => Number(row[1]) !== ours.peaks[nth]?.value))
      throw new Error("DuckDB finds other peaks");
  });
}
