import { packDay, quality } from "@energsys/metering";
import { sql } from "@energsys/store";
import { expect, test } from "vitest";
import { browserOf, firstAccount, importPoints, networkPoint, testServer } from "./harness.ts";
import { addChannel, meterAt, writeDay } from "./stored-days.ts";

const server = await testServer();
const { db, clock } = server;
clock.ms = Date.parse("2026-11-20T12:07:00Z");
const call = browserOf(server, await firstAccount(server));
await importPoints(db, [networkPoint(1), networkPoint(2)]);
const [pointId, otherId] = [1, 2] as const;
const channelId = await addChannel(db, { pointId });
const curve = (from: string, to: string, channel = channelId, point: number = pointId) =>
  call("GET", `/points/${point}/load-curve?channel=${channel}&from=${from}&to=${to}`);

test.each([
  { day: "2026-03-29", slots: 92, start: "2026-03-28T22:00:00.000Z" },
  { day: "2026-03-30", slots: 96, start: "2026-03-29T21:00:00.000Z" },
  { day: "2026-10-25", slots: 100, start: "2026-10-24T21:00:00.000Z" },
  { day: "2026-10-26", slots: 96, start: "2026-10-25T22:00:00.000Z" },
])("$day has $slots quarter-hours and starts at $start", async ({ day, slots, start }) => {
  await writeDay(db, { channelId, day, valueAt: (slot) => ({ value: slot }) });
  const next = Temporal.PlainDate.from(day).add({ days: 1 }).toString();
  const { body } = await curve(day, next);
  expect(body).toMatchObject({
    zone: "Europe/Bucharest",
    start,
    stepSeconds: 900,
    unit: "Wh",
    scale: 0,
    flags: [],
  });
  expect(body.values).toEqual(Array.from({ length: slots }, (_, slot) => slot));
  expect(body.days).toEqual([
    {
      day,
      firstIndex: 0,
      slots,
      sum: (slots * (slots - 1)) / 2,
      max: slots - 1,
      maxAtIndex: slots - 1,
      ok: slots,
      version: 1,
    },
  ]);
  expect(body.coverage).toEqual({ expected: slots, present: slots, good: slots, estimated: 0 });
});

test("values run on without a break over both clock changes of a year", async () => {
  const { body } = await curve("2026-03-28", "2026-10-27");
  const elapsedMs = Date.parse("2026-10-26T22:00:00Z") - Date.parse("2026-03-27T22:00:00Z");
  expect(body.values).toHaveLength(elapsedMs / 900_000);
  for (const { day, firstIndex } of body.days) {
    const startMs = Temporal.PlainDate.from(day).toZonedDateTime("Europe/Bucharest").epochMilliseconds;
    expect(Date.parse(body.start) + firstIndex * 900_000).toBe(startMs);
  }
});

test("missing values are null, quality is given in runs, and each counts where it belongs", async () => {
  await writeDay(db, {
    channelId,
    day: "2026-11-10",
    valueAt: (slot) =>
      slot < 4
        ? { value: null }
        : slot < 10
          ? { value: 7, flags: quality.estimated }
          : slot < 12
            ? { value: 8, flags: quality.suspect }
            : { value: slot === 90 ? 0 : 9 },
  });
  const { body } = await curve("2026-11-09", "2026-11-11");
  expect(body.values.slice(0, 101)).toEqual([...Array(100).fill(null), 7]);
  expect(body.values[96 + 90]).toBe(0);
  expect(body.flags).toEqual([
    [100, 6, quality.estimated],
    [106, 2, quality.suspect],
  ]);
  expect(body.days[0]).toEqual({
    day: "2026-11-09",
    firstIndex: 0,
    slots: 96,
    sum: null,
    max: null,
    maxAtIndex: null,
    ok: 0,
    version: 0,
  });
  expect(body.days[1]).toMatchObject({
    day: "2026-11-10",
    firstIndex: 96,
    ok: 90,
    max: 9,
    maxAtIndex: 96 + 12,
  });
  expect(body.coverage).toEqual({ expected: 192, present: 92, good: 90, estimated: 6 });
});

test("what has not ended yet is not expected", async () => {
  const { body } = await curve("2026-11-20", "2026-11-22");
  expect(body.values).toHaveLength(192);
  // 14:07 in Bucharest: 56 quarter-hours have ended.
  expect(body.coverage).toEqual({ expected: 56, present: 0, good: 0, estimated: 0 });
});

test("an hourly channel has 23, 24 and 25 hours", async () => {
  const hourly = await addChannel(db, { pointId, periodSeconds: 3_600 });
  const { body } = await curve("2026-03-29", "2026-03-30", hourly);
  expect([body.stepSeconds, body.values.length]).toEqual([3_600, 23]);
  expect((await curve("2026-10-25", "2026-10-26", hourly)).body.values).toHaveLength(25);
});

test("a meter's channel shows at a point only while the meter stood there", async () => {
  const meterId = await meterAt(db, pointId);
  const channel = await addChannel(db, { meterId });
  for (const day of ["2026-11-01", "2026-11-02", "2026-11-03"]) {
    await writeDay(db, { channelId: channel, day, valueAt: () => ({ value: 5, flags: quality.estimated }) });
  }
  // Exchanged on 2 November at 13:07 in Bucharest; from then on the meter stands at the other point.
  await db.query(sql`
    update installation set during = tstzrange('2024-01-01', '2026-11-02 11:07Z') where point_id = ${pointId}`);
  await db.query(sql`delete from installation where point_id = ${otherId}`);
  await db.query(sql`insert into installation (point_id, meter_id, during)
    values (${otherId}, ${meterId}, tstzrange('2026-11-02 11:07Z', null))`);
  const before = (await curve("2026-11-01", "2026-11-04", channel)).body;
  const after = (await curve("2026-11-01", "2026-11-04", channel, otherId)).body;
  // The interval from 13:00 began at the first point.
  expect(before.days.map((day: { sum: number | null }) => day.sum)).toEqual([96 * 5, 53 * 5, null]);
  expect(after.days.map((day: { sum: number | null }) => day.sum)).toEqual([null, 43 * 5, 96 * 5]);
  expect(before.coverage.estimated + after.coverage.estimated).toBe(3 * 96);
});

test.each([
  [
    "another point's channel",
    `/points/${otherId}/load-curve?channel=${channelId}&from=2026-11-01&to=2026-11-02`,
    404,
    "channel.not-found",
  ],
  [
    "a channel that is not there",
    `/points/${pointId}/load-curve?channel=999&from=2026-11-01&to=2026-11-02`,
    404,
    "channel.not-found",
  ],
  [
    "a point that is not there",
    `/points/999/load-curve?channel=${channelId}&from=2026-11-01&to=2026-11-02`,
    404,
    "point.not-found",
  ],
  [
    "401 days",
    `/points/${pointId}/load-curve?channel=${channelId}&from=2025-01-01&to=2026-02-06`,
    400,
    "input.invalid",
  ],
  [
    "no day at all",
    `/points/${pointId}/load-curve?channel=${channelId}&from=2026-11-01&to=2026-11-01`,
    400,
    "input.invalid",
  ],
  [
    "a day that does not exist",
    `/points/${pointId}/load-curve?channel=${channelId}&from=2026-02-30&to=2026-03-02`,
    400,
    "input.invalid",
  ],
  [
    "a day in words",
    `/points/${pointId}/load-curve?channel=${channelId}&from=today&to=tomorrow`,
    400,
    "input.invalid",
  ],
])("%s is refused", async (_, path, status, code) => {
  const answer = await call("GET", path);
  expect([answer.status, answer.body.code]).toEqual([status, code]);
});

test("400 days are answered", async () => {
  const { status, body } = await curve("2025-01-01", "2026-02-05");
  expect([status, body.days.length, body.values.length]).toEqual([200, 400, 400 * 96]);
});

test("the file says zone and coverage, has local time with its offset, a decimal comma and no value where none is", async () => {
  const scaledChannel = await addChannel(db, { pointId, obis: "1-0:2.29.0*255" });
  await db.query(sql`update channel set scale = -3, unit = 'kWh' where channel_id = ${scaledChannel}`);
  await writeDay(db, {
    channelId: scaledChannel,
    day: "2026-10-25",
    valueAt: (slot) =>
      slot === 0
        ? { value: null }
        : { value: slot === 1 ? -5 : 1_000 + slot, flags: slot === 2 ? quality.estimated : 0 },
  });
  const path = `/points/${pointId}/load-curve.csv?channel=${scaledChannel}&from=2026-10-25&to=2026-10-26`;
  const { status, text, headers } = await call("GET", path);
  expect(status).toBe(200);
  expect(headers["content-type"]).toBe("text/csv; charset=utf-8");
  expect(headers["content-disposition"]).toBe(
    `attachment; filename="load-curve-${pointId}-2026-10-25-2026-10-26.csv"`,
  );
  const lines = text.split("\r\n");
  expect(lines.slice(0, 9)).toEqual([
    "\uFEFFPOD;RO001EMO0000001",
    "Registru;1-0:2.29.0*255;",
    "Fus orar;Europe/Bucharest",
    "Acoperire;intervale prezente: 99 din 100, bune: 99, estimate: 1",
    "Început interval;Decalaj UTC;Valoare [kWh];Calitate",
    "2026-10-25T00:00:00;UTC+03:00;;lipsă",
    "2026-10-25T00:15:00;UTC+03:00;-0,005;măsurat",
    "2026-10-25T00:30:00;UTC+03:00;1,002;estimated",
    "2026-10-25T00:45:00;UTC+03:00;1,003;măsurat",
  ]);
  expect(lines.filter((line) => line.startsWith("2026-10-25T03:15:00;"))).toEqual([
    "2026-10-25T03:15:00;UTC+03:00;1,013;măsurat",
    "2026-10-25T03:15:00;UTC+02:00;1,017;măsurat",
  ]);
  expect(lines).toHaveLength(5 + 100 + 1);
  await call("PATCH", "/account", { language: "en" });
  expect((await call("GET", path)).text).toContain("2026-10-25T00:30:00;UTC+03:00;1.002;estimated");
});

test("a curve, its file and the registers are given as they were known at an instant, and an interval tells its versions", async () => {
  const channel = await addChannel(db, { pointId, obis: "1-0:3.29.0*255" });
  const day = "2026-11-10";
  const slots = 96;
  const packed = (level: number) => packDay(new Float64Array(slots).fill(level), new Uint16Array(slots));
  await writeDay(db, { channelId: channel, day, valueAt: () => ({ value: 20 }) });
  const old = packed(10);
  await db.query(sql`
    insert into load_day_hist (channel_id, day, ver, replaced_at, v, q)
    values (${channel}, ${day}, 1, '2026-11-12T10:00:00Z', ${old.v}, ${old.q})`);
  await db.query(sql`update load_day set ver = 2 where channel_id = ${channel} and day = ${day}`);
  const at = async (knownAt: string) =>
    (
      await call(
        "GET",
        `/points/${pointId}/load-curve?channel=${channel}&from=${day}&to=2026-11-11&knownAt=${knownAt}`,
      )
    ).body;
  expect(await at("2026-11-12T09:59:59Z")).toMatchObject({
    knownAt: "2026-11-12T09:59:59.000Z",
    days: [{ sum: 960, version: 1 }],
  });
  expect(await at("2026-11-12T10:00:00Z")).toMatchObject({ days: [{ sum: 1920, version: 2 }] });
  // At noon of the day itself half of it had not ended: it was not missing.
  expect((await at("2026-11-10T10:00:00Z")).coverage).toMatchObject({ expected: 48 });
  expect((await curve(day, "2026-11-11", channel)).body).toMatchObject({ knownAt: null });
  const file = await call(
    "GET",
    `/points/${pointId}/load-curve.csv?channel=${channel}&from=${day}&to=2026-11-11&knownAt=2026-11-12T09:00:00Z`,
  );
  expect(file.text).toContain("2026-11-12T09:00:00.000Z");
  const story = await call(
    "GET",
    `/points/${pointId}/interval-story?channel=${channel}&at=2026-11-10T00:07:00Z`,
  );
  expect(story.body.own.versions).toMatchObject([
    { value: 20, knownFrom: "2026-11-12T10:00:00.000Z", knownTo: null, origin: "measured" },
    { value: 10, knownTo: "2026-11-12T10:00:00.000Z" },
  ]);
  expect(
    (await call("GET", `/points/${otherId}/interval-story?channel=${channel}&at=2026-11-10T00:07:00Z`)).body
      .code,
  ).toBe("channel.not-found");
  expect(
    (await call("GET", `/points/${pointId}/interval-story?channel=${channel}&at=2026-11-11T12:00:00Z`)).body
      .code,
  ).toBe("value.not-found");
});
