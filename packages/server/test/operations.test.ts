import { quality } from "@energsys/metering";
import { sql } from "@energsys/store";
import { expect, test } from "vitest";
import { browserOf, firstAccount, importPoints, networkPoint, testServer } from "./harness.ts";
import { addChannel, writeDay } from "./stored-days.ts";

const server = await testServer();
const { db, clock } = server;
// Noon, so that neither the hours below nor the test's own duration reach another market day.
const today = Temporal.Now.plainDateISO("Europe/Bucharest");
const yesterday = today.subtract({ days: 1 }).toString();
const dayStart = today.toZonedDateTime("Europe/Bucharest").toInstant();
clock.ms = dayStart.epochMilliseconds + 12 * 3_600_000;
const call = browserOf(server, await firstAccount(server));

test("an empty system has figures too, and no percentage of nothing", async () => {
  const { status, body } = await call("GET", "/operations");
  expect(status).toBe(200);
  expect(body).toMatchObject({
    devices: 0,
    attemptsOpen: 0,
    read: { done: 0, failed: 0, late: 0, total: 0, successPercent: null, byHour: [] },
    coverage: { day: yesterday, expected: 0, present: 0, good: 0 },
    silent: { count: 0, rows: [] },
    branches: [],
    feed: [],
  });
});

test("figures count reads of the market day, silent and late devices, and yesterday's intervals up the tree", async () => {
  await importPoints(
    db,
    [
      networkPoint(1, { branch: ["Argeș", "Pitești", "PT 7"] }),
      networkPoint(2, { branch: ["Argeș", "Pitești"] }),
      networkPoint(3, { branch: ["Argeș", "Câmpulung"] }),
      networkPoint(4, { branch: ["Argeș", "Câmpulung"] }),
      networkPoint(5, { branch: ["Argeș", "Câmpulung"] }),
    ],
    { name: "15 min", everySeconds: 900, backfillDays: 40 },
  );
  const { rows } = await db.query<{ deviceId: number; pointId: number }>(sql`
    select device_id as "deviceId", point_id as "pointId" from device join installation using (meter_id) order by point_id`);
  const [first, second, third, fourth] = rows as [
    (typeof rows)[0],
    (typeof rows)[0],
    (typeof rows)[0],
    (typeof rows)[0],
  ];
  await db.query(sql`update device set last_contact_at = now()`);
  await db.query(sql`update device set last_contact_at = now() - interval '3 hours', last_error_code = 'link.timeout'
    where device_id = ${second.deviceId}`);
  await db.query(sql`update device set enabled = false where device_id = ${fourth.deviceId}`);
  // The third meter keeps a load profile that nobody has read yet; the fifth keeps none.
  await db.query(sql`update device set model = 'energsys-virtual-iec' where device_id = ${third.deviceId}`);
  await db.query(sql`update device_plan set next_at = now() + interval '1 minute'`);
  await db.query(
    sql`update device_plan set next_at = now() - interval '6 minutes' where device_id = ${third.deviceId}`,
  );

  const attempt = (minutes: number, state: string, cause = "plan") =>
    db.query(sql`insert into attempt (device_id, cause, state, requested_at, error_code)
      values (${first.deviceId}, ${cause}, ${state}, ${dayStart.add({ minutes }).toString()}::timestamptz,
              ${state === "failed" ? "link.timeout" : null})`);
  await attempt(-1, "failed");
  await attempt(0, "done");
  await attempt(59, "done", "read-now");
  await attempt(60, "failed");
  await attempt(61, "cancelled");
  await attempt(62, "failed", "trial");
  await attempt(63, "reading");
  await attempt(64, "queued");

  const [one, two] = await Promise.all([first, second].map(({ pointId }) => addChannel(db, { pointId })));
  await writeDay(db, { channelId: one!, day: yesterday, valueAt: () => ({ value: 1 }) });
  await writeDay(db, {
    channelId: two!,
    day: yesterday,
    valueAt: (slot) => (slot < 10 ? { value: null } : { value: 1, flags: slot < 15 ? quality.suspect : 0 }),
  });
  // Later than every attempt above, whatever the hour at which this runs.
  const eventAt = dayStart.add({ minutes: 70 }).toString();
  await db.query(sql`insert into event (at, device_id, code, received_at)
    values (${eventAt}::timestamptz, ${first.deviceId}, 'idis:1', ${eventAt}::timestamptz)`);

  // Figures are remembered for a moment.
  const figures = () => call("GET", "/operations");
  await expect
    .poll(async () => (await figures()).body.coverage.expected, { timeout: 10_000 })
    .toBeGreaterThan(0);
  const { body } = await figures();
  const hour = (hours: number) => dayStart.add({ hours }).toString({ fractionalSecondDigits: 3 });
  expect(body).toMatchObject({
    devices: 4,
    attemptsOpen: 2,
    read: {
      done: 2,
      failed: 1,
      total: 3,
      late: 1,
      successPercent: 66.7,
      byHour: [
        { hour: hour(0), done: 2, failed: 0 },
        { hour: hour(1), done: 0, failed: 1 },
      ],
    },
    silent: {
      count: 1,
      rows: [{ pointId: second.pointId, lastErrorCode: "link.timeout", deviceId: second.deviceId }],
    },
  });
  const slots =
    dayStart
      .since(today.subtract({ days: 1 }).toZonedDateTime("Europe/Bucharest").toInstant())
      .total("minutes") / 15;
  // Three points whose device is read and keeps a profile; the third has no channel yet and counts as one of quarter-hours.
  expect(body.coverage).toEqual({
    day: yesterday,
    expected: 3 * slots,
    present: 2 * slots - 10,
    good: 2 * slots - 15,
  });
  const branch = (...path: string[]) =>
    body.branches.find((each: { path: string[] }) => each.path.join() === path.join());
  expect(branch("Argeș")).toMatchObject({
    parentId: null,
    points: 5,
    silent: 1,
    expected: 3 * slots,
    present: 2 * slots - 10,
  });
  expect(branch("Argeș", "Pitești")).toMatchObject({
    points: 2,
    silent: 1,
    expected: 2 * slots,
    present: 2 * slots - 10,
  });
  expect(branch("Argeș", "Pitești", "PT 7")).toMatchObject({
    points: 1,
    silent: 0,
    expected: slots,
    present: slots,
  });
  expect(branch("Argeș", "Câmpulung")).toMatchObject({ points: 3, silent: 0, expected: slots, present: 0 });
  expect(body.feed).toHaveLength(9);
  expect(body.feed[0]).toMatchObject({
    type: "event",
    code: "idis:1",
    pointId: first.pointId,
    pod: "RO001EMO0000001",
  });
});

test("an event of a concentrator says which one it was", async () => {
  await db.query(sql`insert into device (identity, model, url, direction)
    values ('ENC0000000000118', 'generic-dlms', 'dlms+tcp://', 'call-in')`);
  await db.query(sql`insert into gateway (identity, state, device_id, name, branch_id)
    select identity, 'adopted', device_id, 'PT 7 / 1', (select min(branch_id) from branch) from device where identity = 'ENC0000000000118'`);
  // After everything above, whatever the hour at which this runs.
  const at = dayStart.add({ hours: 25 }).toString();
  await db.query(sql`insert into event (at, device_id, code, received_at)
    select ${at}::timestamptz, device_id, 'energsys-mc:1', ${at}::timestamptz from device where identity = 'ENC0000000000118'`);
  // The feed is remembered for a moment.
  const newest = async () => (await call("GET", "/operations")).body.feed[0];
  await expect.poll(newest, { timeout: 10_000 }).toMatchObject({
    type: "event",
    code: "energsys-mc:1",
    eventName: "concentrator-started",
    pointId: null,
    gatewayId: 1,
    name: "PT 7 / 1",
  });
});
