import { importInventory, isSilent, pointState, sql } from "@energsys/store";
import { testDatabase } from "@energsys/store/testing";
import { afterAll, expect, test } from "vitest";

const { db, drop } = await testDatabase();
afterAll(drop);
const point = (n: number) => ({
  pod: `POD${n}`,
  name: "",
  address: `Str. ${n}`,
  branch: ["Argeș"],
  phases: 1 as const,
  meter: { serial: `${n}`, manufacturer: "ISK", model: "iskra-me162", phases: 1 as const },
  installedAt: "2024-01-01T00:00:00Z",
  device: {
    identity: `ISK${n}`,
    model: "iskra-me162",
    url: "iec62056-21+tcp://127.0.0.1:1",
    direction: "dial" as const,
  },
});
await importInventory(db, {
  branches: [],
  points: [point(1), point(2)],
  plan: { name: "15 min", everySeconds: 900, backfillDays: 40 },
});
await importInventory(db, { branches: [], points: [point(3)] });

const quiet = async () => {
  const { rows } = await db.query<{ seconds: number }>(
    sql`select quiet_seconds as seconds from device order by device_id`,
  );
  return rows.map((row) => row.seconds);
};

test("a device may be quiet for an hour at least, and a day without a plan", async () => {
  expect(await quiet()).toEqual([3_600, 3_600, 86_400]);
});

test("a slower plan allows a longer silence, the fastest plan in force decides", async () => {
  await db.query(
    sql`insert into reading_plan (name, every_seconds) values ('daily', 86400), ('two hours', 7200)`,
  );
  await db.query(sql`insert into device_plan (device_id, reading_plan_id)
    select device_id, reading_plan_id from device, reading_plan where identity = 'ISK3' and reading_plan.name <> '15 min'`);
  expect(await quiet()).toEqual([3_600, 3_600, 21_600]);
  await db.query(sql`update reading_plan set enabled = false where name = 'two hours'`);
  expect(await quiet()).toEqual([3_600, 3_600, 3 * 86_400]);
  await db.query(sql`update reading_plan set every_seconds = 1800 where name = '15 min'`);
  expect(await quiet()).toEqual([5_400, 5_400, 3 * 86_400]);
  await db.query(sql`update device_plan set reading_plan_id = (select reading_plan_id from reading_plan where name = 'daily')
    where device_id = (select device_id from device where identity = 'ISK2')`);
  expect(await quiet()).toEqual([5_400, 3 * 86_400, 3 * 86_400]);
  await db.query(sql`delete from device_plan`);
  expect(await quiet()).toEqual([86_400, 86_400, 86_400]);
});

test.each([
  ["never heard of", true, null, "never"],
  ["heard of a moment ago", true, "1 minute", "talking"],
  ["heard of just within its time", true, "23 hours 59 minutes", "talking"],
  ["heard of too long ago", true, "24 hours 1 minute", "silent"],
  ["not read any more", false, "24 hours 1 minute", "none"],
])("a device that was %s is %s", async (_, enabled, ago, state) => {
  await db.query(
    sql`update device set enabled = ${enabled}, last_contact_at = now() - ${ago}::interval where identity = 'ISK1'`,
  );
  const { rows } = await db.query<{ state: string; silent: boolean | null }>(
    sql`select ${pointState} as state, ${isSilent} as silent from device as d where identity = 'ISK1'`,
  );
  expect(rows[0]).toEqual({
    state,
    silent: state === "silent" ? true : ago === null && enabled ? null : false,
  });
});
