import { marketDay, quality, slotsOf } from "@energsys/metering";
import {
  addGroup,
  applyGroupChange,
  type Database,
  energies,
  everywhere,
  findCounted,
  foldGroups,
  importInventory,
  openDatabase,
  readPointTotals,
  readTotals,
  runRetention,
  type Subject,
  setRetentionRule,
  sql,
  storeDeliveries,
  type Total,
} from "@energsys/store";
import { testDatabase, urlOfRole } from "@energsys/store/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { refineChannel } from "../src/rescale.ts";
import { delivery, inventoryOf, meterIds, profileOf } from "./field.ts";

const { db, url, drop } = await testDatabase();
/** Who runs jobs has a role of its own, with no rights on a month by itself. */
const jobs = openDatabase({ url: urlOfRole(url, "app_jobs"), applicationName: "test" });
afterAll(async () => {
  await jobs.close();
  await drop();
});

const zone = "Europe/Bucharest";
const nowMs = Date.parse("2026-11-26T10:00:00Z");
const obis = energies["A+"];
const period = { fromDay: "2023-08-01", toDay: "2023-11-01", zone, nowMs };
const context = { zone, nowMs };
let points: number[] = [];
let meters: number[] = [];
let groupId = 0;

/** A day of a meter; the second has gaps and estimates, the third joins on the 11th. */
function profileAt(meter: number, date: string) {
  const slots = slotsOf(marketDay(date, zone), 900);
  const values = Float64Array.from({ length: slots }, (_, slot) => (meter * 100 + slot * 13) % 971);
  const flags = new Uint16Array(slots);
  if (meter === 1) values.fill(Number.NaN, 10, 30);
  if (meter === 1) flags.fill(quality.estimated, 40, 44);
  return profileOf(marketDay(date, zone).startMs, values, { flags });
}
const days = (from: string, to: string) => {
  const dates: string[] = [];
  for (let day = Temporal.PlainDate.from(from); day.toString() < to; day = day.add({ days: 1 }))
    dates.push(day.toString());
  return dates;
};
const deliver = async (meter: number, dates: readonly string[]) =>
  storeDeliveries(
    db,
    [
      await delivery(
        db,
        meters[meter]!,
        dates.map((date) => profileAt(meter, date)),
      ),
    ],
    context,
  );

beforeAll(async () => {
  await importInventory(db, inventoryOf(3, { ctRatios: ["1", "20", "2.5"] }));
  const { rows } = await db.query<{ id: number }>(sql`select point_id as id from point order by point_id`);
  points = rows.map(({ id }) => id);
  meters = await meterIds(db);
  for (const meter of [0, 1]) await deliver(meter, days("2023-09-01", "2023-10-05"));
  await deliver(2, days("2023-09-11", "2023-10-05"));
  groupId = await addGroup(db, { kind: "free", name: "PT 4", branchId: null });
  const add = points.map((pointId) => ({ pointId, sign: 1 as const }));
  const change = { groupId, side: "members", fromMs: Date.UTC(2023, 0, 1), add } as const;
  await applyGroupChange(db, everywhere, change, { by: "test", reason: "test" });
  for (let worked = 1; worked > 0; ) worked = (await foldGroups(db, context)).days;
  await setRetentionRule(db, { class: "intervals", months: 37, purpose: "settlement", by: "ana", nowMs });
});

/** What is answered of each subject, by month and altogether, and of each point of the group. */
async function answered() {
  const subjects: Subject[] = [
    ...points.map((pointId): Subject => ({ kind: "point", pointId })),
    { kind: "system" },
    { kind: "group", groupId, side: "members" },
  ];
  const counted = (await findCounted(db, everywhere, subjects, period)).flatMap((each) => each ?? []);
  const [months, all, byPoint] = [
    await readTotals(db, counted, { ...period, obis, by: "month" }),
    await readTotals(db, counted, { ...period, obis, by: "all" }),
    await readPointTotals(db, counted.at(-1)!, { ...period, obis, by: "month" }),
  ];
  return { months, all, byPoint };
}
const plain = ({ energy, expected, present, good, estimated }: Total, scale: number) => ({
  ...{ wh: energy === null ? null : Number(energy) * 10 ** scale, expected, present, good, estimated },
});
const figures = ({ months, all, byPoint }: Awaited<ReturnType<typeof answered>>) =>
  [months, all, byPoint].map(({ rows, scale }) => rows.map((row) => row.map((cell) => plain(cell, scale))));
const intervalsLeft = async () =>
  (await db.query<{ n: number }>(sql`select count(*)::int as n from load_day where day < '2023-10-01'`))
    .rows[0]!.n;

test("a month whose intervals went is answered as before, to the last value, and says that only its sum is kept", async () => {
  const before = await answered();
  expect(before.months.rows.flat().every(({ sumsOnly }) => !sumsOnly)).toBe(true);
  // Gaps, estimates and a point that came later are in it.
  const september = before.months.rows[1]![1]!;
  expect(september.present).toBe(30 * 76);
  expect(september.estimated).toBe(30 * 4);
  await runRetention(jobs, { by: "ana", nowMs });
  expect(await intervalsLeft()).toBe(0);
  const after = await answered();
  expect(figures(after)).toEqual(figures(before));
  expect(after.months.rows.map((row) => row.map(({ sumsOnly }) => sumsOnly))).toEqual(
    before.months.rows.map(() => [false, true, false]),
  );
  expect(after.all.rows.flat().every(({ sumsOnly }) => sumsOnly)).toBe(true);
});

test("a quantity that gets finer integers later says of such a month what it said before", async () => {
  const before = await answered();
  const { rows } = await db.query<{ channelId: number; scale: number }>(sql`
    select channel_id as "channelId", scale from channel where point_id = ${points[0]!} and obis = ${obis}`);
  await refineChannel(db, rows[0]!.channelId, rows[0]!.scale - 1);
  expect(figures(await answered())).toEqual(figures(before));
});

test("of a part of such a month, and of its days, nothing is known", async () => {
  const [counted] = await findCounted(db, everywhere, [{ kind: "point", pointId: points[0]! }], period);
  const part = { ...period, fromDay: "2023-09-02", toDay: "2023-10-01", obis };
  for (const by of ["day", "month", "all"] as const) {
    const { rows } = await readTotals(db, [counted!], { ...part, by });
    expect(
      rows[0]!.every(({ energy, present, sumsOnly }) => energy === null && present === 0 && !sumsOnly),
    ).toBe(true);
  }
});

test("days that are brought again count instead of the sum, and a next run does not let a few of them replace it", async () => {
  const whole = (await answered()).months.rows[0]![1]!;
  await deliver(0, ["2023-09-05"]);
  const partly = (await answered()).months.rows[0]![1]!;
  expect([partly.present, partly.sumsOnly]).toEqual([96, false]);
  await runRetention(jobs, { by: "ana", nowMs });
  expect(await intervalsLeft()).toBe(0);
  expect((await answered()).months.rows[0]![1]).toEqual(whole);
});

test("a day that is written while its month is summed is in the sum", async () => {
  await deliver(2, days("2023-09-11", "2023-10-01"));
  let late = false;
  /** The database, but before a month goes somebody else brings what its meter held. */
  const racing: Database = {
    query: (statement) => jobs.query(statement),
    withClient: (work) => jobs.withClient(work),
    listen: (channel, onMessage) => jobs.listen(channel, onMessage),
    close: () => jobs.close(),
    transaction: (work) =>
      jobs.transaction((transaction, first) =>
        work(
          {
            withClient: (inner) => transaction.withClient(inner),
            query: async (statement) => {
              if (!late && statement.values.includes("load_day_2023_09")) {
                late = true;
                await deliver(2, ["2023-09-10"]);
              }
              return transaction.query(statement);
            },
          },
          first,
        ),
      ),
  };
  await runRetention(racing, { by: "ana", nowMs });
  expect([late, await intervalsLeft()]).toEqual([true, 0]);
  expect((await answered()).months.rows[2]![1]).toMatchObject({ present: 21 * 96, sumsOnly: true });
});

test("sums go when what was billed of that time may go", async () => {
  await setRetentionRule(db, { class: "registers", months: 13, purpose: "billing", by: "ana", nowMs });
  await runRetention(jobs, { by: "ana", nowMs });
  const { rows } = await db.query(sql`
    select (select count(*)::int from kept_month) as points, (select count(*)::int from kept_group_month) as groups`);
  expect(rows).toEqual([{ points: 0, groups: 0 }]);
});
