import {
  type Database,
  importLoadDays,
  listChannelDays,
  listChannelDaysAt,
  readLoadDays,
  sql,
  storeDeliveries,
  sumLoadDays,
} from "@energsys/store";
import { atMost, type Bench, type BenchContext, type Metric, median } from "./bench.ts";
import {
  curvesOf,
  daysFrom,
  deliveryOf,
  type MeterDayCurve,
  makeMeters,
  randomFrom,
  withServer,
  zone,
} from "./store-field.ts";

const meterCount = 2000;
const groupSize = 500;
const firstDay = "2026-06-01";
const dayCount = 61;
const monthStart = "2026-07-01";
const monthEnd = "2026-08-01";
const nowMs = Date.UTC(2026, 10, 23);
const runs = 15;
const knownChannels = 20;

export const bench: Bench = {
  name: "store-query",
  about:
    "a point's month, and 500 points summed by quarter-hour over a month, beside the same from a row per interval",
  run: (context) => withServer(({ open }) => measure(open(2), context)),
};

async function measure(db: Database, context: BenchContext): Promise<{ metrics: Metric[] }> {
  const dates = daysFrom(firstDay, dayCount);
  const meters = await makeMeters(db, "Q", meterCount, { installed: false });
  const random = randomFrom(1);
  const curves = meters.map(() => curvesOf(random, dates));
  const touch = meters.map((meter, nth) => deliveryOf(meter, dates.slice(0, 1), curves[nth]!.slice(0, 1)));
  await storeDeliveries(db, touch, { nowMs, zone });
  const { rows } = await db.query<{ channel_id: number }>(sql`
    select channel_id from channel where obis = '1-0:1.29.0*255' order by meter_id`);
  const channels = rows.map(({ channel_id }) => channel_id);
  const days = dates.flatMap((date, day) =>
    channels.map((channelId, nth) => {
      const { active, flags } = curves[nth]![day]!;
      return { channel: { channelId, kind: "delta" as const }, date, values: active, flags };
    }),
  );
  await importLoadDays(db, days, { nowMs });
  await db.query(sql`vacuum analyze load_day`);
  context.log(`${days.length} days of ${channels.length} points`);

  const month = await repeat(async (run) => {
    const stored = await readLoadDays(db, channels[(run * 37) % channels.length]!, monthStart, monthEnd);
    if (stored.length !== 31) throw new Error(`${stored.length} days of a month`);
  });
  const known = await measureKnownAt(db, channels, days);
  const group = channels.slice(100, 100 + groupSize);
  const sums = await repeat(async () => {
    const total = await sumLoadDays(db, group, monthStart, monthEnd);
    if (total.days.length !== 31) throw new Error(`${total.days.length} days of a month`);
  });
  checkSums(await sumLoadDays(db, group, monthStart, monthEnd), curves.slice(100, 100 + groupSize), dates);
  const naive = await measureNaive(db, group, channels[37]!);
  return {
    metrics: [
      atMost("a point's month", month, "ms", 2),
      atMost("500 points summed by quarter-hour, a month", sums, "ms", 25),
      atMost("a point's month as known at an instant, a third of its days replaced", known.past, "ms", 10),
      { name: "the same month as it counts now", value: known.now, unit: "ms" },
      { name: "known at an instant to now", value: known.past / known.now, unit: "ratio" },
      { name: "a row per interval: a point's month", value: naive.month, unit: "ms" },
      { name: "a row per interval: 500 points summed", value: naive.sums, unit: "ms" },
      { name: "a row per interval to ours, a point's month", value: naive.month / month, unit: "ratio" },
      { name: "a row per interval to ours, 500 points", value: naive.sums / sums, unit: "ratio" },
    ],
  };
}

/**
 * A month of which a third of the days were replaced twice, by the reader of the screens: as it
 * counts now, and as it was known between the two corrections. Each answer is compared with what was there then.
 */
async function measureKnownAt(
  db: Database,
  channels: readonly number[],
  days: readonly {
    channel: { channelId: number; kind: "delta" };
    date: string;
    values: Float64Array;
    flags: Uint16Array;
  }[],
): Promise<{ past: number; now: number }> {
  const span = { fromDay: monthStart, toDay: monthEnd };
  const some = new Set(channels.slice(0, knownChannels));
  const correct = (by: number) =>
    days
      .filter(({ channel, date }) => some.has(channel.channelId) && Number(date.slice(8)) % 3 === 0)
      .map((day) => ({ ...day, values: day.values.map((value) => value + by) }));
  const before = await Promise.all([...some].map((channelId) => listChannelDays(db, { channelId, ...span })));
  await importLoadDays(db, correct(1), { nowMs: nowMs + 1_000 });
  await importLoadDays(db, correct(2), { nowMs: nowMs + 2_000 });
  for (const [nth, channelId] of [...some].entries()) {
    const past = await listChannelDaysAt(db, { channelId, ...span, knownAtMs: nowMs + 500 });
    if (
      JSON.stringify(past.map(({ day, sum }) => [day, sum])) !==
      JSON.stringify(before[nth]!.map(({ day, sum }) => [day, sum]))
    )
      throw new Error(`channel ${channelId}: the past is not what it was`);
  }
  const of = (run: number) => channels[run % knownChannels]!;
  const now = await repeat(async (run) => {
    await listChannelDays(db, { channelId: of(run), ...span });
  });
  const past = await repeat(async (run) => {
    await listChannelDaysAt(db, { channelId: of(run), ...span, knownAtMs: nowMs + 1_500 });
  });
  return { past, now };
}

/** The middle time of some runs, ms; the first ones warm up both sides. */
async function repeat(work: (run: number) => Promise<void>): Promise<number> {
  const times: number[] = [];
  for (let run = 0; run < runs + 5; run++) {
    const start = performance.now();
    await work(run);
    if (run >= 5) times.push(performance.now() - start);
  }
  return median(times);
}

function checkSums(
  total: {
    sums: Float64Array;
    present: Uint32Array;
    days: readonly { day: string; first: number; slots: number }[];
  },
  curves: readonly (readonly MeterDayCurve[])[],
  dates: readonly string[],
): void {
  for (const { day, first, slots } of total.days) {
    const nth = dates.indexOf(day);
    for (let slot = 0; slot < slots; slot++) {
      let sum = 0;
      for (const meter of curves) sum += meter[nth]!.active[slot] || 0;
      if (sum !== total.sums[first + slot])
        throw new Error(`${day} slot ${slot}: ${total.sums[first + slot]} is not ${sum}`);
    }
  }
}

/** The same month of the same points as one row per interval, filled from the packed days by the server itself. */
async function measureNaive(
  db: Database,
  group: readonly number[],
  one: number,
): Promise<{ month: number; sums: number }> {
  await db.query(sql`
    create table interval_row (starts_at timestamptz not null, channel_id int not null, value int, quality smallint,
      primary key (channel_id, starts_at))`);
  await db.query(sql`
    insert into interval_row select starts_at, channel_id, value, nullif(quality, 0) from load_interval
    where day >= ${monthStart}::date and day < ${monthEnd}::date and channel_id = any(${[...group, one]}::int[])`);
  await db.query(sql`vacuum analyze interval_row`);
  const month = await repeat(async () => {
    const { rows } = await db.query(sql`
      select starts_at, value, quality from interval_row where channel_id = ${one} order by starts_at`);
    if (rows.length !== 2976) throw new Error(`${rows.length} rows`);
  });
  const sums = await repeat(async () => {
    const { rows } = await db.query(sql`
      select starts_at, sum(value)::bigint as sum, count(value) as present from interval_row
      where channel_id = any(${group}::int[]) group by starts_at order by starts_at`);
    if (rows.length !== 2976) throw new Error(`${rows.length} rows`);
  });
  return { month, sums };
}
