import { addMeterTest, endMeterTest, everywhere, sql, withdrawMeterTest } from "@energsys/store";
import { testDatabase } from "@energsys/store/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { dateOf, quiet, startOf, TestPoint, zone } from "./town.ts";

const first = "2026-09-01";
const tested = dateOf(first, 28);
const hour = 3_600_000;

let database: Awaited<ReturnType<typeof testDatabase>>;
let point: TestPoint;
beforeAll(async () => {
  database = await testDatabase();
  point = await TestPoint.make(database.db, first, 30);
  await point.validate();
});
afterAll(() => database.drop());

/** Wh that the day counts. */
const sumOf = async (date: string) => (await point.day(date))?.sum;
const context = () => ({ nowMs: point.nowMs, zone });

test("what a meter counts under test is refused and estimated, its index does not put it back, and withdrawn it counts again", async () => {
  const { db } = database;
  // A load of 8 kW hangs on the meter from 10:05 to 12:00, and is in its index too.
  const values = quiet(tested);
  values.fill(2_000, 40, 48);
  const day = values.reduce((sum, value) => sum + value, 0);
  await point.deliver(tested, values, {
    registers: [
      point.register(tested, "100.000"),
      point.register(dateOf(tested, 1), (100 + day / 1000).toFixed(3)),
    ],
  });
  await point.validate();
  expect(await sumOf(tested)).toBe(day);

  const from = startOf(tested) + 10 * hour + 300_000;
  const given = {
    fromMs: from,
    toMs: startOf(tested) + 12 * hour,
    reason: "load of the laboratory",
    by: "ana",
  };
  const id = await addMeterTest(db, everywhere, point.meterId, given, context());
  await point.validate();
  expect(await point.found(tested)).toContain("V08 test-mode estimated");
  const counted = await point.day(tested);
  const usual = quiet(tested);
  // A straight line between both neighbours, not the step of the index.
  expect(Math.max(...counted!.values.slice(40, 48))).toBeLessThanOrEqual(Math.max(usual[39]!, usual[48]!));
  expect(counted?.values[39]).toBe(usual[39]);
  expect((await point.found(tested)).filter((line) => line.startsWith("V09"))).toEqual([]);

  await expect(
    addMeterTest(db, everywhere, point.meterId, { ...given, fromMs: from + hour }, context()),
  ).rejects.toMatchObject({ code: "meter.test-overlaps" });
  await withdrawMeterTest(
    db,
    everywhere,
    point.meterId,
    { meterTestId: id, why: "another meter", by: "ana" },
    context(),
  );
  await point.validate();
  expect(await sumOf(tested)).toBe(day);
  expect(await point.found(tested)).toContain("V08 test-mode cleared");
});

test("the sum of a month with a test is not held against its index", async () => {
  const { db } = database;
  const month = startOf(first);
  const { rows } = await db.query<{ sum: number }>(sql`
    select sum(sum)::int as sum from load_day where channel_id = ${point.channelId} and day < '2026-10-01'`);
  const end = startOf("2026-10-01");
  await point.deliver("2026-10-01", new Float64Array(0), {
    registers: [
      { ...point.register(first, "10.000"), measuredAtMs: month },
      { ...point.register(first, (10 + rows[0]!.sum / 1000 + 50).toFixed(3)), measuredAtMs: end },
    ],
  });
  await point.validate();
  expect(await point.found("2026-09-30")).toContain("V09 month-sum-differs open");
  const given = { fromMs: month + 30 * hour, toMs: null, reason: "load of the laboratory", by: "ana" };
  const id = await addMeterTest(db, everywhere, point.meterId, given, context());
  await endMeterTest(db, everywhere, point.meterId, { meterTestId: id, atMs: month + 31 * hour }, context());
  await point.validate();
  expect(await point.found("2026-09-30")).toContain("V09 month-sum-differs cleared");
  // What came after the end counts.
  expect((await point.found("2026-09-20")).filter((line) => line.startsWith("V08"))).toEqual([]);
  await expect(
    endMeterTest(db, everywhere, point.meterId, { meterTestId: id, atMs: month + 40 * hour }, context()),
  ).rejects.toMatchObject({ code: "meter.test-not-found" });
});
