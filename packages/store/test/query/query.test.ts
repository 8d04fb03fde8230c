import { marketDay, quality, slotsOf } from "@energsys/metering";
import {
  addGroup,
  applyGroupChange,
  type Counted,
  energies,
  everywhere,
  findCounted,
  foldGroups,
  importInventory,
  importLoadDays,
  ResultCache,
  readMaxima,
  readPointTotals,
  readSeries,
  readShares,
  readTopPeaks,
  readTotals,
  type Subject,
  sql,
  storeDeliveries,
} from "@energsys/store";
import { testDatabase } from "@energsys/store/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { delivery, inventoryOf, meterIds, profileOf } from "../field.ts";

const { db, drop } = await testDatabase();
afterAll(drop);

const zone = "Europe/Bucharest";
const nowMs = Date.UTC(2026, 10, 23, 12);
const obis = energies["A+"];
const period = { fromDay: "2026-10-24", toDay: "2026-11-03", zone, nowMs };
const dates = Array.from({ length: 10 }, (_, nth) =>
  Temporal.PlainDate.from("2026-10-24").add({ days: nth }).toString(),
);
let points: number[] = [];
let groupId = 0;
/** Noon of a day in the middle: point 2 joins the group then, point 3 has left. */
const noonMs = Date.UTC(2026, 9, 28, 10);

const curve = (meter: number, date: string) =>
  Float64Array.from(
    { length: slotsOf(marketDay(date, zone), 900) },
    (_, slot) => (meter * 100 + slot * 13 + Number(date.slice(8)) * 7) % 971,
  );

beforeAll(async () => {
  await importInventory(db, inventoryOf(6, { ctRatios: ["1", "20", "2.5"] }));
  points = (await db.query<{ id: number }>(sql`select point_id as id from point order by point_id`)).rows.map(
    ({ id }) => id,
  );
  for (const [meter, meterId] of (await meterIds(db)).entries()) {
    const profiles = dates.map((date, nth) => {
      const values = curve(meter, date);
      const flags = new Uint16Array(values.length);
      if (meter === 1 && nth === 3) values.fill(Number.NaN, 10, 30);
      if (meter === 2) flags.fill(quality.notValid, 40, 44);
      if (meter === 2) values.fill(90_000, 40, 44);
      return profileOf(marketDay(date, zone).startMs, values, { flags });
    });
    // One day of the fourth point never came.
    if (meter === 3) profiles.splice(5, 1);
    await storeDeliveries(db, [await delivery(db, meterId, profiles)], { nowMs, zone });
  }
  // Somebody estimated a part of a day of the last point.
  const { rows } = await db.query<{ id: number }>(
    sql`select channel_id as id from channel where point_id = ${points[5]} and obis = ${obis}`,
  );
  const estimated = new Uint16Array(96).fill(quality.estimated, 0, 7);
  await importLoadDays(
    db,
    [
      {
        channel: { channelId: rows[0]!.id, kind: "delta" },
        date: "2026-11-03",
        values: new Float64Array(96).fill(5),
        flags: estimated,
      },
    ],
    { nowMs },
  );
  groupId = await addGroup(db, { kind: "free", name: "G", branchId: null });
  const start = Date.UTC(2026, 0, 1);
  const change = { groupId, side: "members" as const };
  const given = { by: "test", reason: "" };
  const member = (nth: number, sign: 1 | -1 = 1) => ({ pointId: points[nth]!, sign });
  await applyGroupChange(
    db,
    everywhere,
    { ...change, fromMs: start, add: [member(0), member(1), member(3, -1)] },
    given,
  );
  await applyGroupChange(db, everywhere, { ...change, fromMs: noonMs, add: [member(2)] }, given);
  for (;;) {
    const { changes, days } = await foldGroups(db, { zone, nowMs });
    if (changes + days === 0) break;
  }
});

const counted = async (subjects: readonly Subject[], when = period): Promise<Counted[]> =>
  (await findCounted(db, everywhere, subjects, when)).map((found) => {
    if (!found) throw new Error("not found");
    return found;
  });

interface Row {
  readonly pointId: number;
  readonly day: string;
  readonly startsAt: number;
  readonly value: string | null;
  readonly quality: number;
}

/** Every interval of every point by plain SQL: what all figures here are compared with. */
async function intervals(fromDay: string, toDay: string): Promise<Row[]> {
  const { rows } = await db.query<Row>(sql`
    select point_id as "pointId", day, starts_at as "startsAt", value_in_unit::text as value, quality
    from load_interval join channel using (channel_id)
    where channel.obis = ${obis} and point_id is not null and day >= ${fromDay}::date and day < ${toDay}::date
    order by point_id, starts_at`);
  return rows;
}

/** Wh in thousandths, exact. */
const milli = (text: string): bigint => {
  const [whole = "0", part = ""] = text.split(".");
  return BigInt(whole) * 1000n + BigInt(part.padEnd(3, "0").slice(0, 3));
};

test("a series of points, of the branch and of the system is the sum of their intervals, with what is missing and estimated", async () => {
  const { rows: branches } = await db.query<{ id: number }>(
    sql`select branch_id as id from branch where name = 'Network'`,
  );
  const list = await counted([
    { kind: "point", pointId: points[1]! },
    { kind: "branch", branchId: branches[0]!.id },
    { kind: "system" },
  ]);
  const [point, branch, system] = await readSeries({ db }, list, { ...period, obis });
  const truth = await intervals(period.fromDay, period.toDay);
  for (const [series, own] of [
    [point!, truth.filter(({ pointId }) => pointId === points[1])],
    [branch!, truth],
    [system!, truth],
  ] as const) {
    expect(series.days.map(({ slots }) => slots)).toEqual([96, 100, ...new Array(8).fill(96)]);
    const sums = new Map<number, bigint>();
    for (const { startsAt, value } of own) {
      if (value !== null) sums.set(startsAt, (sums.get(startsAt) ?? 0n) + milli(value));
    }
    series.values.forEach((value, slot) => {
      const told = sums.get(series.startMs + slot * 900_000);
      expect(Number.isNaN(value) ? undefined : BigInt(Math.round(value * 10 ** (series.scale + 3)))).toBe(
        told,
      );
    });
  }
  const count = (list: Uint32Array) => list.reduce((all, value) => all + value, 0);
  expect(count(system!.expected)).toBe(6 * 964);
  expect(count(system!.present)).toBe(6 * 964 - 20 - 96);
  expect(count(system!.good)).toBe(6 * 964 - 20 - 96 - 40);
});

test("a group's series has its members of each moment with their signs, and its totals by day and month are those of the series", async () => {
  const list = await counted([{ kind: "group", groupId, side: "members" }]);
  const [series] = await readSeries({ db }, list, { ...period, obis });
  const truth = await intervals(period.fromDay, period.toDay);
  const signs = new Map([
    [points[0], 1n],
    [points[1], 1n],
    [points[3], -1n],
  ]);
  const sums = new Map<number, bigint>();
  for (const { pointId, startsAt, value } of truth) {
    const sign = pointId === points[2] ? (startsAt >= noonMs ? 1n : 0n) : (signs.get(pointId) ?? 0n);
    if (value !== null) sums.set(startsAt, (sums.get(startsAt) ?? 0n) + sign * milli(value));
  }
  series!.values.forEach((value, slot) => {
    expect(BigInt(Math.round(value * 10 ** (series!.scale + 3)))).toBe(
      sums.get(series!.startMs + slot * 900_000),
    );
  });
  for (const by of ["day", "month", "all"] as const) {
    const totals = await readTotals(db, list, { ...period, obis, by });
    totals.buckets.forEach((bucket, nth) => {
      const end = totals.buckets[nth + 1] ?? period.toDay;
      const [fromMs, toMs] = [marketDay(bucket, zone).startMs, marketDay(end, zone).startMs];
      let sum = 0n;
      for (const [at, value] of sums) if (at >= fromMs && at < toMs) sum += value;
      const cell = totals.rows[0]![nth]!;
      expect((cell.energy ?? 0n) * 10n ** BigInt(totals.scale + 3)).toBe(sum);
      const part = (list: Uint32Array) =>
        list
          .subarray((fromMs - series!.startMs) / 900_000, (toMs - series!.startMs) / 900_000)
          .reduce((all, value) => all + value, 0);
      expect([cell.expected, cell.present, cell.good, cell.estimated]).toEqual([
        part(series!.expected),
        part(series!.present),
        part(series!.good),
        part(series!.estimated),
      ]);
    });
  }
});

test("totals from the digests are those of the intervals: by point in a group, of the system, of a day that is not over", async () => {
  const running = { ...period, toDay: "2026-11-04", nowMs: Date.UTC(2026, 10, 3, 9, 5) };
  const list = await counted([{ kind: "system" }, { kind: "group", groupId, side: "members" }], running);
  const totals = await readTotals(db, list, { ...running, obis, by: "month" });
  const truth = await intervals(running.fromDay, running.toDay);
  expect(totals.buckets).toEqual(["2026-10-24", "2026-11-01"]);
  const november = totals.rows[0]![1]!;
  expect(november.expected).toBe(6 * (2 * 96 + 44));
  expect([november.present, november.estimated]).toEqual([6 * 2 * 96 + 96, 7]);
  const system = totals.rows[0]!.reduce((sum, { energy }) => sum + (energy ?? 0n), 0n);
  expect(system * 10n ** BigInt(totals.scale + 3)).toBe(
    truth.reduce((sum, { value }) => sum + milli(value ?? "0"), 0n),
  );
  const byPoint = await readPointTotals(db, list[1]!, { ...period, obis, by: "all" });
  expect(byPoint.pointIds).toEqual([points[0], points[1], points[2], points[3]]);
  byPoint.pointIds.forEach((pointId, row) => {
    const own = truth.filter(
      ({ pointId: of, startsAt, day }) =>
        of === pointId && day < period.toDay && (pointId !== points[2] || startsAt >= noonMs),
    );
    const sign = pointId === points[3] ? -1n : 1n;
    const cell = byPoint.rows[row]![0]!;
    expect(cell.energy! * 10n ** BigInt(byPoint.scale + 3)).toBe(
      sign * own.reduce((sum, { value }) => sum + milli(value ?? "0"), 0n),
    );
    expect(cell.present).toBe(own.filter(({ value }) => value !== null).length);
  });
  // From noon on: half of the 28th, and the days after it.
  expect(byPoint.rows[2]![0]!.expected).toBe(48 + 5 * 96);
});

test("the greatest demand is that of good intervals, each with its moment, and whoever made it is named", async () => {
  const list = await counted([{ kind: "system" }]);
  const peaks = await readTopPeaks(db, list[0]!, { ...period, obis, limit: 4 });
  const truth = await intervals(period.fromDay, period.toDay);
  const best = new Map<number, { value: number; at: number }>();
  for (const { pointId, startsAt, value, quality: bits } of truth) {
    if (value === null || (bits & quality.notValid) !== 0) continue;
    const known = best.get(pointId);
    if (!known || Number(value) > known.value) best.set(pointId, { value: Number(value), at: startsAt });
  }
  const order = [...best].sort(([a, one], [b, other]) => other.value - one.value || a - b).slice(0, 4);
  expect(peaks.map((peak) => [peak.pointId, peak.value * 10 ** peak.scale, peak.startMs])).toEqual(
    order.map(([pointId, { value, at }]) => [pointId, value, at]),
  );
  // However few are asked for: which days of refused values are looked into goes by it.
  for (const limit of [1, 2, 3])
    expect(await readTopPeaks(db, list[0]!, { ...period, obis, limit })).toEqual(peaks.slice(0, limit));
  const maxima = peaks.map(({ pointId, value, scale, stepSeconds }) => ({
    pointId,
    value,
    scale,
    stepSeconds,
  }));
  expect((await readMaxima(db, list[0]!, { ...period, obis })).slice(0, peaks.length)).toEqual(maxima);
  const top = peaks[0]!;
  const [shares] = await readShares(db, list[0]!, { obis, startsMs: [top.startMs], zone });
  const then = truth.filter(({ startsAt }) => startsAt === top.startMs);
  for (const { pointId, value, scale } of shares!) {
    const told = then.find((row) => row.pointId === pointId)?.value;
    expect(value === null ? undefined : value * 10 ** scale).toBe(told === null ? undefined : Number(told));
  }
});

test("what is remembered is asked for anew as soon as a day in it changed, and not when another one did", async () => {
  const many = await testDatabase();
  try {
    await importInventory(many.db, inventoryOf(25));
    const meters = await meterIds(many.db);
    const store = async (meter: number, date: string, value: number) =>
      storeDeliveries(
        many.db,
        [
          await delivery(many.db, meters[meter]!, [
            profileOf(marketDay(date, zone).startMs, new Float64Array(96).fill(value)),
          ]),
        ],
        { nowMs, zone },
      );
    for (const meter of meters.keys()) await store(meter, "2026-10-01", 10);
    let reads = 0;
    const watched = {
      query: many.db.query.bind(many.db),
      withClient: ((work) => {
        reads++;
        return many.db.withClient(work);
      }) as typeof many.db.withClient,
    };
    const cache = new ResultCache(1_000_000);
    const when = { fromDay: "2026-10-01", toDay: "2026-10-02", zone, nowMs };
    const total = async () => {
      const [system] = await findCounted(many.db, everywhere, [{ kind: "system" }], when);
      const [series] = await readSeries({ db: watched, cache }, [system!], { ...when, obis });
      return series!.values[0]! * 10 ** series!.scale;
    };
    expect([await total(), await total(), reads]).toEqual([250, 250, 1]);
    await store(3, "2026-10-05", 99);
    expect([await total(), reads]).toEqual([250, 1]);
    await store(3, "2026-10-01", 11);
    expect([await total(), reads]).toEqual([251, 2]);
    await foldGroups(many.db, { zone, nowMs });
    expect([await total(), reads]).toEqual([251, 2]);
    await store(4, "2026-10-01", 12);
    expect([await total(), reads]).toEqual([253, 3]);
  } finally {
    await many.drop();
  }
});

test("what is remembered is given up when the last of those who wait has left, and made anew for who comes then", async () => {
  const cache = new ResultCache(1_000);
  const made: AbortSignal[] = [];
  const ask = (leaving: AbortController) =>
    cache.get(
      "a",
      (signal) => {
        made.push(signal);
        return new Promise<number>((resolve, reject) => {
          signal.addEventListener("abort", () => reject(new Error("given up")));
          if (made.length > 1) resolve(7);
        });
      },
      () => 1,
      leaving.signal,
    );
  const [first, second] = [new AbortController(), new AbortController()];
  const waiting = Promise.allSettled([ask(first), ask(second)]);
  first.abort();
  expect(made.map(({ aborted }) => aborted)).toEqual([false]);
  second.abort();
  expect(made.map(({ aborted }) => aborted)).toEqual([true]);
  expect(await ask(new AbortController())).toBe(7);
  expect((await waiting).map(({ status }) => status)).toEqual(["rejected", "rejected"]);
  expect([await ask(new AbortController()), made.length]).toEqual([7, 2]);
});

test("what is foreign is not found, and the system of a reader ends where his scope does", async () => {
  const { rows } = await db.query<{ id: number; name: string }>(
    sql`select branch_id as id, name from branch where name like 'PT %' order by name`,
  );
  const [first, second] = rows;
  const scope = { parts: [{ branchIds: [first!.id], supplierId: null }] };
  const found = await findCounted(
    db,
    scope,
    [
      { kind: "point", pointId: points[0]! },
      { kind: "point", pointId: points[1]! },
      { kind: "group", groupId, side: "members" },
      { kind: "branch", branchId: second!.id },
      { kind: "branch", branchId: first!.id },
      { kind: "system" },
    ],
    period,
  );
  expect(found.map((each) => each?.sources.map(({ pointId }) => pointId))).toEqual([
    [points[0]],
    undefined,
    undefined,
    undefined,
    [points[0]],
    [points[0]],
  ]);
});
