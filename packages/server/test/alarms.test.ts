import { sql } from "@energsys/store";
import { expect, test } from "vitest";
import { browserOf, firstAccount, importPoints, networkPoint, testServer } from "./harness.ts";

const server = await testServer();
const { db, clock } = server;
const call = browserOf(server, await firstAccount(server));
await importPoints(db, [networkPoint(1), networkPoint(2)]);
const { rows: devices } = await db.query<{ deviceId: number }>(
  sql`select device_id as "deviceId" from device order by identity`,
);
const [first, second] = devices.map(({ deviceId }) => deviceId) as [number, number];

const hoursAgo = (hours: number) => new Date(clock.ms - hours * 3_600_000).toISOString();
const tell = (deviceId: number, hours: number, code: string, detail: string | null = null) =>
  db.query(sql`insert into event (at, device_id, code, detail)
    values (${hoursAgo(hours)}::timestamptz, ${deviceId}, ${code}, ${detail}::jsonb)`);
const door = "energsys-mc:4112";
const doorClosed = "energsys-mc:4113";
const mainsFailed = "energsys-mc:257";
await tell(first, 5, door, '{"input":1}');
await tell(first, 4, doorClosed);
await tell(second, 3, door);
await tell(second, 2, mainsFailed);
await tell(second, 1, "idis:1"); // power down: told, but no alarm
await tell(first, 40 * 24, door);

test("alarms are the events that somebody should look at, the worst first, each with its end where it has one", async () => {
  const { status, body } = await call("GET", "/alarms");
  expect(status).toBe(200);
  expect(body.counts).toEqual({ critical: 2, medium: 1, low: 0 });
  expect(body.total).toBe(3);
  expect(
    body.rows.map(({ deviceId, eventName, endedAt }: Record<string, unknown>) => [
      deviceId,
      eventName,
      endedAt,
    ]),
  ).toEqual([
    [second, "door-opened", null],
    [first, "door-opened", hoursAgo(4)],
    [second, "mains-failed", null],
  ]);
  expect(body.rows[1]).toMatchObject({
    pod: "RO001EMO0000001",
    branch: ["Argeș", "Câmpulung"],
    detail: { input: 1 },
    acknowledgedAt: null,
  });
});

test("what is over leaves the active ones; the period and the severity narrow the list", async () => {
  const active = await call("GET", "/alarms?state=active");
  expect(active.body.rows.map((row: { deviceId: number }) => row.deviceId)).toEqual([second, second]);
  expect((await call("GET", "/alarms?severity=medium")).body.total).toBe(1);
  expect((await call("GET", "/alarms?state=all&days=60")).body.total).toBe(4);
});

test("an acknowledgement says who, when and why, once, and stands in the log", async () => {
  const { body } = await call("GET", "/alarms?severity=critical");
  const alarms = body.rows.map(({ deviceId, at, code, seq }: Record<string, unknown>) => ({
    deviceId,
    at,
    code,
    seq,
  }));
  const done = await call("POST", "/alarms/acknowledgements", { alarms, note: "Lucrare 412" });
  expect(done.body).toEqual({ acknowledged: 2 });
  clock.ms += 60_000;
  const again = await call("POST", "/alarms/acknowledgements", { alarms, note: "other" });
  expect(again.body).toEqual({ acknowledged: 0 });
  const all = await call("GET", "/alarms?state=all&severity=critical");
  expect(all.body.counts).toEqual({ critical: 0, medium: 1, low: 0 });
  for (const row of all.body.rows)
    expect(row).toMatchObject({
      acknowledgedBy: "ana",
      note: "Lucrare 412",
      acknowledgedAt: new Date(clock.ms - 60_000).toISOString(),
    });
  const { rows: logged } = await db.query<{ after: Record<string, unknown> }>(sql`
    select after from audit.log where object_type = 'event_acknowledgement' and actor = 'ana'`);
  expect(logged.map(({ after }) => after.note)).toEqual(["Lucrare 412", "Lucrare 412"]);
});

test("an open door that somebody has seen is still active, a missing end does not keep the others so", async () => {
  const { body } = await call("GET", "/alarms?state=active");
  expect(body.rows.map((row: { code: string }) => row.code)).toEqual([door, mainsFailed]);
});

test("an event that is no alarm is not acknowledged, nor one that is not there", async () => {
  const { body } = await call("POST", "/alarms/acknowledgements", {
    alarms: [
      { deviceId: second, at: hoursAgo(1), code: "idis:1", seq: 0 },
      { deviceId: first, at: "2026-01-01T00:00:00Z", code: door, seq: 0 },
    ],
  });
  expect(body).toEqual({ acknowledged: 0 });
});
