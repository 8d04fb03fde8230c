import { quality } from "@energsys/metering";
import {
  askBillingClose,
  closeBillingMonth,
  decideBillingClose,
  decideHeldValues,
  energies,
  everywhere,
  findCounted,
  listBilledValues,
  listBillingCorrections,
  listFindings,
  openDatabase,
  queueIncompleteDays,
  readBillingOutlook,
  readBranchCoverage,
  readNetSeries,
  readSeries,
  readTotals,
  runBillingCorrections,
  runRetention,
  setRetentionRule,
  sql,
  storeDeliveries,
} from "@energsys/store";
import { testDatabase, urlOfRole } from "@energsys/store/testing";
import { afterEach, beforeEach, expect, test } from "vitest";
import { delivery, profileOf } from "./field.ts";
import { dateOf, quiet, startOf, TestPoint, zone } from "./validation/town.ts";

// A meter that was read by the hour is set to quarter-hours on 12 October; the day of 25 hours comes after it.
const changed = "2023-10-12";
const hourly = 400;
const noonMs = 12 * 3_600_000;
const obis = energies["A+"];
const period = { fromDay: "2023-09-01", toDay: "2023-11-01", zone, nowMs: startOf("2023-11-03") };
const context = { zone, nowMs: period.nowMs };

let database: Awaited<ReturnType<typeof testDatabase>>;
let point: TestPoint;

const hours = (date: string, value = hourly) =>
  profileOf(startOf(date), new Float64Array(24).fill(value), { periodSeconds: 3600 });
const deliverHours = async (dates: readonly string[], value?: number) =>
  storeDeliveries(
    database.db,
    [
      await delivery(
        database.db,
        point.meterId,
        dates.map((date) => hours(date, value)),
      ),
    ],
    { zone, nowMs: point.nowMs },
  );
const days = (from: string, to: string): string[] => {
  const dates: string[] = [];
  for (let date = from; date < to; date = dateOf(date, 1)) dates.push(date);
  return dates;
};
/** What the server does: validates, and twelve hours after the end of a day looks for what did not come. */
async function passDays(from: string, to: string) {
  for (const date of days(from, to))
    await queueIncompleteDays(database.db, { zone, nowMs: startOf(date) + noonMs + 1 });
  point.nowMs = startOf(to) + noonMs;
  await point.validate();
}
const counted = async () =>
  (await findCounted(database.db, everywhere, [{ kind: "point", pointId: point.pointId }], period))[0]!;
const months = async () =>
  (await readTotals(database.db, [await counted()], { ...period, obis, by: "month" })).rows[0]!;
const sumOf = (dates: readonly string[]) =>
  dates.flatMap((date) => [...quiet(date)]).reduce((sum, value) => sum + value, 0);

beforeEach(async () => {
  database = await testDatabase();
  point = await TestPoint.make(database.db, changed, 20);
  await deliverHours(days("2023-09-01", changed));
  await passDays("2023-09-03", "2023-11-01");
});
afterEach(() => database.drop());

const september = 30 * 24 * hourly;
const october = () => 11 * 24 * hourly + sumOf(days(changed, "2023-11-01"));

test("the hours before count, and the quarter-hours since: nothing is estimated beside them, or missed", async () => {
  const { db } = database;
  const { rows: found } = await listFindings(db, everywhere, {
    states: ["open", "estimated"],
    rules: ["V03"],
    fromDay: "2023-08-01",
    toDay: "2023-11-01",
    limit: 10,
  });
  expect(found).toEqual([]);
  const { rows: stored } = await db.query(sql`
    select period_s as period, count(*)::int as days from channel join load_day using (channel_id)
    where point_id is not null group by 1 order by 1`);
  expect(stored).toEqual([
    { period: 900, days: 20 },
    { period: 3600, days: 41 },
  ]);
  expect(await months()).toMatchObject([
    { energy: BigInt(september), expected: 30 * 96, present: 30 * 96, good: 30 * 96, estimated: 0 },
    { energy: BigInt(october()), expected: 2980, present: 2980, good: 2980, estimated: 0 },
  ]);
  const [coverage] = await readBranchCoverage(db, everywhere, {
    day: "2023-10-20",
    dayEndMs: startOf("2023-10-21"),
    dayHours: 24,
  }).then((rows) => rows.filter(({ points }) => points > 0));
  expect(coverage).toMatchObject({ expected: 96, present: 96, good: 96 });
});

test("a curve is by the hour only where hours are what counts", async () => {
  const { db } = database;
  const read = async (fromDay: string, toDay: string) =>
    (await readSeries({ db }, [await counted()], { ...period, fromDay, toDay, obis }))[0]!;
  const sum = (values: Float64Array) => values.reduce((all, value) => all + value, 0);
  const after = await read(changed, "2023-11-01");
  expect([after.stepSeconds, sum(after.values)]).toEqual([900, sumOf(days(changed, "2023-11-01"))]);
  const both = await read("2023-10-01", "2023-11-01");
  expect([both.stepSeconds, both.values.length, sum(both.values)]).toEqual([3600, 745, october()]);
  // Nothing was ever fed in: what is left is what was taken, by the same hours.
  const [net] = await readNetSeries({ db }, [await counted()], { ...period, fromDay: "2023-10-01" });
  expect([net!.stepSeconds, sum(net!.values)]).toEqual([3600, october()]);
});

test("a day that came both ways counts once, by the quarter-hours; one that came by the hour alone counts by the hour", async () => {
  await deliverHours(["2023-10-20"], 999);
  expect((await months())[1]!.energy).toBe(BigInt(october()));
  point.nowMs = startOf("2023-11-02") + noonMs;
  await deliverHours(["2023-11-01"], 999);
  await passDays("2023-11-02", "2023-11-03");
  const november = { ...period, fromDay: "2023-11-01", toDay: "2023-11-02", obis, by: "all" } as const;
  const { rows } = await readTotals(database.db, [await counted()], november);
  expect(rows[0]![0]).toMatchObject({ energy: BigInt(24 * 999), present: 96, estimated: 0 });
});

test("of a meter that keeps energies and indexes by the quarter-hour the energies count, and of a day without them the indexes", async () => {
  const { db } = database;
  point.nowMs = startOf("2023-11-02") + noonMs;
  const column = { obis: "1-0:1.8.0*255", kind: "index" } as const;
  const index = (date: string, from: number) =>
    profileOf(
      startOf(date),
      Float64Array.from({ length: 96 }, (_, slot) => from + (slot + 1) * 50),
      column,
    );
  const profiles = [index("2023-10-31", 0), index("2023-11-01", 96 * 50)];
  await storeDeliveries(db, [await delivery(db, point.meterId, profiles)], { zone, nowMs: point.nowMs });
  await point.validate();
  expect((await point.day("2023-10-31"))!.values).toEqual(quiet("2023-10-31"));
  expect((await point.day("2023-11-01"))!.values).toEqual(new Float64Array(96).fill(50));
  expect((await months())[1]!.energy).toBe(BigInt(october()));
});

test("a month in which the length of the intervals changes is closed as one value, and late hours of it wait for a person", async () => {
  const { db } = database;
  const gap = "2023-10-05";
  await db.query(sql`delete from load_day where day = ${gap}::date`);
  await passDays("2023-11-01", "2023-11-02");
  await db.query(sql`
    insert into validation_change (channel_ids, days) select array_agg(channel_id), array_agg(${gap}::date) from channel where point_id is not null`);
  await point.validate();
  const part = { month: "2023-10-01", branchId: null };
  expect(await readBillingOutlook(db, everywhere, part, zone)).toMatchObject({
    ready: 1,
    estimated: 1,
    gaps: 0,
  });
  const closeId = await askBillingClose(db, part, { by: "ana", reason: "over", ...context });
  await decideBillingClose(db, everywhere, {
    closeId,
    approve: true,
    note: "",
    by: "dan",
    nowMs: context.nowMs,
  });
  expect(await closeBillingMonth(db, closeId, context)).toEqual({ points: 1, billable: 1 });
  const billed = await listBilledValues(db, everywhere, { closeId, afterPointId: 0, limit: 10 });
  // The quiet hours around it are the estimate.
  expect(billed).toMatchObject([
    { obis, energy: october(), expected: 2980, present: 2980, estimated: 96, reason: "no-register" },
  ]);
  await deliverHours([gap], hourly + 1);
  await point.validate();
  await runBillingCorrections(db, everywhere, { ...part, by: "ana", ...context });
  const [waiting] = await listBillingCorrections(db, everywhere, { ...part, limit: 10 });
  expect(waiting).toMatchObject({ kind: "held", oldEnergy: october(), newEnergy: october() + 24 });
  await decideHeldValues(db, everywhere, {
    ...{ correctionId: waiting!.correctionId, take: true, note: "they came", by: "dan" },
    ...context,
  });
  await point.validate();
  expect((await months())[1]!.energy).toBe(BigInt(october() + 24));
});

test("the sums that are kept of such months are those that their days came to", async () => {
  // One day that came both ways, one with a gap.
  await deliverHours(["2023-10-20"], 999);
  await point.deliver("2023-10-25", new Float64Array(4).fill(7), { fromSlot: 8 });
  await point.validate();
  const before = await months();
  const { db, url } = database;
  const jobs = openDatabase({ url: urlOfRole(url, "app_jobs"), applicationName: "test" });
  const nowMs = startOf("2026-12-15");
  await setRetentionRule(db, { class: "intervals", months: 37, purpose: "settlement", by: "ana", nowMs });
  await runRetention(jobs, { by: "ana", nowMs });
  await jobs.close();
  const { rows } = await db.query(sql`select count(*)::int as n from load_day where day < '2023-11-01'`);
  expect(rows).toEqual([{ n: 0 }]);
  expect(await months()).toEqual(before.map((cell) => ({ ...cell, sumsOnly: true })));
  point.nowMs = nowMs;
  // A day that is brought again counts instead of all that is kept of its month.
  await point.deliver("2023-10-30", quiet("2023-10-30"));
  expect(await months()).toMatchObject([
    { energy: BigInt(september) },
    { energy: BigInt(sumOf(["2023-10-30"])) },
  ]);
});

test("estimates of hours do not reach beyond the day on which quarter-hours begin", async () => {
  const { db } = database;
  const last = "2023-10-11";
  const values = new Float64Array(24).fill(hourly).fill(Number.NaN, 18, 24);
  await db.query(sql`delete from load_day where day = ${last}::date`);
  await storeDeliveries(
    db,
    [await delivery(db, point.meterId, [profileOf(startOf(last), values, { periodSeconds: 3600 })])],
    { zone, nowMs: point.nowMs },
  );
  await point.validate();
  const { rows } = await db.query<{ day: string; flags: number }>(sql`
    select day, flags from channel join load_day using (channel_id)
    where point_id is not null and period_s = 3600 and day >= ${last}::date`);
  expect(rows).toEqual([{ day: last, flags: quality.estimated }]);
});
