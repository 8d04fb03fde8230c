import { instant, isSilent, sql, withPointNames } from "@energsys/store";
import { expect, test } from "vitest";
import { browserOf, firstAccount, importPoints, networkPoint, testServer } from "./harness.ts";
import { addChannel, meterAt, writeDay } from "./stored-days.ts";

const server = await testServer();
const { db } = server;
const call = browserOf(server, await firstAccount(server));
await importPoints(
  db,
  [
    networkPoint(1, {
      name: "Popescu Ion",
      address: "Str. Lungă 4, Țițești",
      branch: ["Argeș", "Pitești", "PT 7"],
    }),
    networkPoint(2, { name: "Ştefănescu Ana", address: "Bd. Păcii 100%" }),
    networkPoint(3, { name: "Șerban_Vlad" }),
    networkPoint(4, {
      name: "=cmd|' /C calc'!A0",
      latitude: 44.8565,
      longitude: 24.8692,
      approvedPowerW: 11_000,
    }),
    networkPoint(5),
    networkPoint(6),
  ],
  { name: "15 min", everySeconds: 900, backfillDays: 40 },
);
const { rows: placed } = await db.query<{ pointId: number; deviceId: number; sealed: Buffer }>(sql`
  select point_id as "pointId", device_id as "deviceId", sealed
  from point join installation using (point_id) join device using (meter_id)`);
const known = (await withPointNames(db, placed))
  .map((row) => ({ ...row, pod: row.pod ?? "" }))
  .sort((one, other) => (one.pod < other.pod ? -1 : 1));
const [first, second, third, fourth, fifth, sixth] = known as unknown as [
  (typeof known)[0],
  (typeof known)[0],
  (typeof known)[0],
  (typeof known)[0],
  (typeof known)[0],
  (typeof known)[0],
];
const heard = (deviceId: number, interval: string) =>
  db.query(
    sql`update device set last_contact_at = now() - ${interval}::interval where device_id = ${deviceId}`,
  );
await heard(first.deviceId, "5 minutes");
await heard(second.deviceId, "59 minutes");
await heard(third.deviceId, "61 minutes");
await db.query(sql`update device set enabled = false where device_id = ${fifth.deviceId}`);
// Read hourly: an hour and a half of silence is not strange for it.
await db.query(sql`
  with hourly as (insert into reading_plan (name, every_seconds) values ('hourly', 3600) returning reading_plan_id)
  update device_plan set reading_plan_id = hourly.reading_plan_id from hourly where device_id = ${sixth.deviceId}`);
await heard(sixth.deviceId, "90 minutes");

const pods = async (query: string) =>
  (await call("GET", `/points?${query}`)).body.rows.map((row: { pod: string }) => Number(row.pod.slice(-2)));

test("the list has every point with its state, by POD", async () => {
  const { body } = await call("GET", "/points");
  expect(body.total).toBe(6);
  expect(body.rows.map((row: { state: string }) => row.state)).toEqual([
    "talking",
    "talking",
    "silent",
    "never",
    "none",
    "talking",
  ]);
  expect(body.rows[0]).toMatchObject({
    pointId: first.pointId,
    branch: ["Argeș", "Pitești", "PT 7"],
    serial: "4000000001",
    manufacturer: "ISK",
    model: "iskra-me162",
    lastIndex: null,
  });
});

test.each([
  ["q=titesti", [1, 3, 4, 5, 6]],
  ["q=Țițești%20lungă", [1]],
  ["q=stefanescu", [2]],
  ["q=Ștefănescu", [2]],
  ["q=4000000003", [3]],
  ["q=EMO0000005", [5]],
  ["q=RO001%20EMO0%20000005", [5]],
  ["q=titesti%20RO001", [1, 3, 4, 5, 6]],
  ["q=100%25", [2]],
  ["q=serban_", [3]],
  ["q=%25", [2]],
  ["q=nobody", []],
  ["state=silent", [3]],
  ["state=never", [4]],
  ["state=none", [5]],
  ["state=talking", [1, 2, 6]],
  ["model=iskra-me162&state=talking&q=popescu", [1]],
  ["model=nothing", []],
  ["sort=pod&descending=true", [6, 5, 4, 3, 2, 1]],
  ["sort=name", [4, 5, 6, 1, 3, 2]],
  ["sort=lastContactAt", [6, 3, 2, 1, 4, 5]],
  ["sort=lastContactAt&descending=true", [1, 2, 3, 6, 4, 5]],
  ["sort=serial&descending=true&limit=2&offset=1", [5, 4]],
  ["sort=state&state=silent", [3]],
  ["sort=branch&limit=1", [3]],
  ["sort=address&descending=true&limit=1", [6]],
  ["sort=model&limit=1", [1]],
  ["offset=100", []],
])("the list asked for %s gives %j", async (query, expected) => {
  expect(await pods(query)).toEqual(expected);
});

test("a branch has the points below it too", async () => {
  const { rows } = await db.query<{ name: string; id: number }>(
    sql`select name, branch_id as id from branch`,
  );
  const idOf = (name: string) => rows.find((row) => row.name === name)!.id;
  expect(await pods(`branch=${idOf("Argeș")}`)).toHaveLength(6);
  expect(await pods(`branch=${idOf("Pitești")}`)).toEqual([1, 2, 4, 6]);
  expect(await pods(`branch=${idOf("PT 7")}`)).toEqual([1]);
  expect(await pods("branch=99999")).toEqual([]);
  const { body } = await call("GET", `/points?branch=${idOf("Pitești")}&limit=1`);
  expect([body.total, body.rows.length]).toEqual([4, 1]);
});

test("a point's page has its meters, device, plan, newest values and channels", async () => {
  const meterId = await meterAt(db, fourth.pointId);
  for (const [obis, at, version, value] of [
    ["1-0:1.8.0*255", "2026-11-01T00:00:00Z", 1, "12345.678"],
    ["1-0:1.8.0*255", "2026-11-02T00:00:00Z", 1, "12399.000"],
    ["1-0:1.8.0*255", "2026-11-02T00:00:00Z", 2, "12350.001"],
    ["1-0:2.8.0*255", "2026-11-01T00:00:00Z", 1, "0.000"],
  ] as const) {
    await db.query(sql`
      insert into register_reading (meter_id, obis, measured_at, version, value, unit, received_at)
      values (${meterId}, ${obis}, ${at}::timestamptz, ${version}, ${value}::numeric, 'kWh', now())`);
  }
  const channelId = await addChannel(db, { pointId: fourth.pointId });
  await writeDay(db, { channelId, day: "2026-11-01", valueAt: () => ({ value: 1 }) });
  await writeDay(db, { channelId, day: "2026-11-03", valueAt: () => ({ value: 1 }) });
  const { body } = await call("GET", `/points/${fourth.pointId}`);
  expect(body).toMatchObject({
    state: "never",
    location: { latitude: 44.8565, longitude: 24.8692 },
    approvedPowerW: 11_000,
    installations: [
      { from: "2024-01-01T00:00:00.000Z", to: null, ctRatio: "1", vtRatio: "1", factor: "1", meterId },
    ],
    device: { identity: "ISK4", enabled: true, state: "closed", lastContactAt: null },
    plan: { name: "15 min", everySeconds: 900 },
    now: [
      { obis: "1-0:1.8.0*255", value: "12350.001", unit: "kWh", measuredAt: "2026-11-02T00:00:00.000Z" },
      { obis: "1-0:2.8.0*255", value: "0.000" },
    ],
    channels: [{ channelId, layer: "point", firstDay: "2026-11-01", lastDay: "2026-11-03", serial: null }],
  });
  const row = (await call("GET", `/points?q=${fourth.pod}`)).body.rows[0];
  expect(row.lastIndex).toEqual({ value: "12350.001", unit: "kWh", measuredAt: "2026-11-02T00:00:00.000Z" });
  const registers = (await call("GET", `/points/${fourth.pointId}/registers?obis=1.8.0`)).body.rows;
  expect(registers.map((each: { value: string; version: number }) => [each.value, each.version])).toEqual([
    ["12350.001", 2],
    ["12399.000", 1],
    ["12345.678", 1],
  ]);
  expect((await call("GET", `/points/${fourth.pointId}/registers`)).body.rows).toHaveLength(4);
  expect((await call("GET", `/points/${fourth.pointId}/registers?obis=energy`)).status).toBe(400);
});

test("a point without a meter is there, with nothing in it", async () => {
  const { rows } = await db.query<{ id: number }>(sql`
    with place as (insert into location (branch_id) select min(branch_id) from branch returning location_id)
    insert into point (location_id, phases) select location_id, 1 from place returning point_id as id`);
  const { status, body } = await call("GET", `/points/${rows[0]!.id}`);
  expect([status, body.state, body.device, body.plan, body.now, body.channels, body.installations]).toEqual([
    200,
    "none",
    null,
    null,
    [],
    [],
    [],
  ]);
  expect((await call("POST", `/points/${rows[0]!.id}/reads`)).body.code).toBe("point.no-device");
  await db.query(sql`delete from point where point_id = ${rows[0]!.id}`);
});

test("what is not there is not found, whichever page asks", async () => {
  for (const page of [
    "",
    "/registers",
    "/attempts",
    "/events",
    "/load-curve?channel=1&from=2026-01-01&to=2026-01-02",
  ]) {
    const answer = await call("GET", `/points/999999${page}`);
    expect([page, answer.status, answer.body.code]).toEqual([page, 404, "point.not-found"]);
  }
  expect((await call("POST", "/points/999999/reads")).body.code).toBe("point.not-found");
  for (const method of ["GET", "DELETE"] as const) {
    expect((await call(method, "/attempts/999999")).body.code).toBe("attempt.not-found");
  }
  expect((await call("GET", "/points/x")).status).toBe(400);
  expect((await call("GET", "/points/2147483648")).status).toBe(400);
});

test("search finds by whole code first and gives at most twenty", async () => {
  const found = async (q: string) => (await call("GET", `/search?q=${encodeURIComponent(q)}`)).body.points;
  expect((await found("4000000002"))[0]).toMatchObject({ pointId: second.pointId, serial: "4000000002" });
  expect((await found("ro001emo0000003"))[0]).toMatchObject({ pointId: third.pointId });
  expect(await found("arges")).toHaveLength(6);
  expect(await found("   ")).toEqual([]);
});

test("the file has the filtered rows, names that look like formulas guarded, and says how many", async () => {
  const { text, headers } = await call("GET", "/points.csv?state=never");
  expect(headers["content-type"]).toBe("text/csv; charset=utf-8");
  const [head, row, note] = text.split("\r\n");
  expect(head).toBe(
    "\uFEFFPOD;Denumire;Adresă;Ramură;Serie contor;Producător;Model;Stare;Ultimul contact (UTC);Ultimul index;Unitate;Citit la (UTC)",
  );
  expect(row).toContain(";'=cmd|' /C calc'!A0;");
  expect(row).toContain(";niciodată contactat;;12350,001;kWh;2026-11-02T00:00:00.000Z");
  expect(note).toBe("Acoperire;puncte: 1 din 1");
});

test("silence is measured by the plan at the database's clock", async () => {
  const { rows } = await db.query<{ deviceId: number }>(
    sql`select device_id as "deviceId" from device as d where ${isSilent}`,
  );
  expect(rows.map((row) => row.deviceId)).toEqual([third.deviceId]);
});

test("reading now queues one attempt with the person's name, however often it is pressed; cancelling ends it", async () => {
  const { status, body } = await call("POST", `/points/${first.pointId}/reads`);
  expect(status).toBe(202);
  expect((await call("POST", `/points/${first.pointId}/reads`)).body.attemptId).toBe(body.attemptId);
  const attempt = (await call("GET", `/attempts/${body.attemptId}`)).body;
  expect(attempt).toMatchObject({
    state: "queued",
    cause: "read-now",
    requestedBy: "ana",
    pointId: first.pointId,
    deviceId: first.deviceId,
  });
  expect((await call("DELETE", `/attempts/${body.attemptId}`)).status).toBe(202);
  expect((await call("GET", `/attempts/${body.attemptId}`)).body.state).toBe("cancelled");
  const again = await call("DELETE", `/attempts/${body.attemptId}`);
  expect([again.status, again.body.code]).toEqual([409, "attempt.ended"]);
  expect((await call("POST", `/points/${fifth.pointId}/reads`)).body.code).toBe("point.no-device");
});

test("communication history and events come newest first, page by page", async () => {
  await db.query(sql`
    insert into attempt (device_id, cause, state, requested_at)
    select ${second.deviceId}, 'plan', 'done', now() - make_interval(mins => n) from generate_series(5, 1, -1) as n`);
  const page = async (query: string) =>
    (await call("GET", `/points/${second.pointId}/attempts${query}`)).body.rows;
  const all = (await page("")).map((row: { attemptId: number }) => row.attemptId);
  expect(all).toHaveLength(5);
  const newest = await page("?limit=2");
  const rest = await page(`?before=${newest.at(-1).attemptId}`);
  expect([...newest, ...rest].map((row: { attemptId: number }) => row.attemptId)).toEqual(all);

  const at = Date.now() - 60_000;
  await db.query(sql`
    insert into event (at, device_id, code, seq, detail) values
    (${instant(at)}::timestamptz, ${second.deviceId}, 'idis:1', 0, '{"volts": 231.5}'),
    (${instant(at + 1)}::timestamptz, ${second.deviceId}, 'idis:2', 0, null)`);
  const events = (await call("GET", `/points/${second.pointId}/events`)).body.rows;
  expect(events.map((event: { code: string; detail: object }) => [event.code, event.detail])).toEqual([
    ["idis:2", null],
    ["idis:1", { volts: 231.5 }],
  ]);
});
