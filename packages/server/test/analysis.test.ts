import { addGroup, applyGroupChange, everywhere, sql } from "@energsys/store";
import { expect, test } from "vitest";
import { foldAll } from "./fold-all.ts";
import { browserOf, firstAccount, importPoints, networkPoint, testServer } from "./harness.ts";
import { addChannel, writeDay } from "./stored-days.ts";

const server = await testServer({ limits: { pointDaysMax: 30 } });
const { db, clock } = server;
const call = browserOf(server, await firstAccount(server));
await importPoints(
  db,
  [1, 2, 3].map((n) => networkPoint(n, { installedAt: "2025-01-01T00:00:00Z" })),
);
const points = (
  await db.query<{ id: number }>(sql`select point_id as id from point order by point_id`)
).rows.map(({ id }) => id);
const [first, second, third] = points as [number, number, number];
const zone = "Europe/Bucharest";
const energyAt = (nth: number, slot: number) => nth * 1000 + slot;
for (const [nth, pointId] of points.entries()) {
  const channelId = await addChannel(db, { pointId });
  for (const day of ["2026-10-24", "2026-10-25", "2026-10-26"]) {
    await writeDay(db, {
      channelId,
      day,
      zone,
      valueAt: (slot) => ({
        // Of the second point an hour is missing on the 26th, and a quarter of an hour was estimated.
        value: nth === 1 && day === "2026-10-26" && slot < 4 ? null : energyAt(nth, slot),
        flags: nth === 1 && day === "2026-10-26" && slot === 10 ? 0x0800 : 0,
      }),
    });
    await db.query(
      sql`insert into load_day_change (channel_ids, days) values (array[${channelId}::int], array[${day}::date])`,
    );
  }
}
await db.query(sql`update point set direction = 'both' where point_id = ${third}`);
const exported = await addChannel(db, { pointId: third, obis: "1-0:2.29.0*255" });
await writeDay(db, { channelId: exported, day: "2026-10-24", zone, valueAt: () => ({ value: 3000 }) });
const groupId = await addGroup(db, { kind: "free", name: "Cartier", branchId: null });
await applyGroupChange(
  db,
  everywhere,
  {
    groupId,
    side: "members",
    fromMs: Date.UTC(2026, 0, 1),
    add: [first, second].map((pointId) => ({ pointId, sign: 1 as const })),
  },
  { by: "ana", reason: "" },
);
await foldAll(db, { zone, nowMs: clock.ms });

const sum = (from: number, to: number, of: (slot: number) => number) =>
  Array.from({ length: to - from }, (_, slot) => of(from + slot)).reduce((all, value) => all + value, 0);
const days = "from=2026-10-24&to=2026-10-27";

test("series of a point and a group over the day of 100 quarter-hours, with what is incomplete and estimated", async () => {
  const { status, body } = await call(
    "GET",
    `/analysis/series?of=p${second}.g${groupId}.s&energy=A%2B&${days}`,
  );
  expect(status).toBe(200);
  const [point, group, system] = body.series;
  expect([point.name, group.name, system.name, system.of]).toEqual(["RO001EMO0000002", "Cartier", "", "s"]);
  expect(group.days.map(({ slots }: { slots: number }) => slots)).toEqual([96, 100, 96]);
  expect([point.start, point.values.length]).toEqual(["2026-10-23T21:00:00.000Z", 292]);
  expect([point.values[196], point.values[200]]).toEqual([null, energyAt(1, 4)]);
  expect([group.values[196], group.values[200]]).toEqual([energyAt(0, 0), energyAt(0, 4) + energyAt(1, 4)]);
  expect(group.incomplete).toEqual([[196, 4]]);
  expect(group.flags).toEqual([[206, 1, 0x0800]]);
  expect(group.coverage).toEqual({ expected: 584, present: 580, good: 580, estimated: 1 });
});

test("consumption by point beside a former time: exact sums, coverage of each row and of the whole", async () => {
  const asked = `of=g${groupId}&energy=A%2B&from=2026-10-25&to=2026-10-27&by=point&beforeFrom=2026-10-24&beforeTo=2026-10-25`;
  const { body } = await call("GET", `/analysis/consumption?${asked}`);
  const own = (nth: number) =>
    sum(0, 100, (slot) => energyAt(nth, slot)) + sum(nth === 1 ? 4 : 0, 96, (slot) => energyAt(nth, slot));
  expect(body.rows.map((row: { key: string; energy: string }) => [row.key, row.energy])).toEqual([
    [`p${second}`, String(own(1))],
    [`p${first}`, String(own(0))],
  ]);
  expect(body.rows[0].coverage).toEqual({ expected: 196, present: 192, good: 192, estimated: 1 });
  expect(body.total.energy).toBe(String(own(0) + own(1)));
  expect(body.total.before.energy).toBe(String(sum(0, 96, (slot) => energyAt(0, slot) + energyAt(1, slot))));
  const { body: byDay } = await call("GET", `/analysis/consumption?of=s&energy=net&${days}&by=day`);
  expect(byDay.rows[0]).toMatchObject({
    key: "2026-10-24",
    taken: { energy: String(sum(0, 96, (slot) => energyAt(0, slot) * 3 + 3000)) },
    given: { energy: String(96 * 3000) },
    energy: String(sum(0, 96, (slot) => energyAt(0, slot) * 3 + 3000) - 96 * 3000),
  });
  const { body: byGroup } = await call("GET", `/analysis/consumption?of=s&energy=A%2B&${days}&by=group`);
  expect(byGroup.rows).toHaveLength(1);
  expect(byGroup.rows[0]).toMatchObject({ key: `g${groupId}`, name: "Cartier" });
});

test("statistics of every energy, and the peaks with who made them", async () => {
  const { body } = await call("GET", `/analysis/statistics?of=g${groupId}&${days}`);
  expect(body).toMatchObject({ points: 2 });
  expect(body.rows).toEqual([
    expect.objectContaining({
      energy: "A+",
      unit: "Wh",
      // The 25th has a hundredth quarter-hour, which is the greatest of both.
      max: { value: energyAt(0, 99) + energyAt(1, 99), start: "2026-10-25T21:45:00.000Z" },
      sumOfMaxima: String(energyAt(0, 99) + energyAt(1, 99)),
    }),
  ]);
  const { body: peaks } = await call("GET", `/analysis/peaks?of=g${groupId}&energy=A%2B&${days}&limit=1`);
  expect(peaks.points).toMatchObject([{ pod: "RO001EMO0000002", value: energyAt(1, 99) }]);
  expect(peaks.together[0]).toMatchObject({
    value: energyAt(0, 99) + energyAt(1, 99),
    shares: [
      { pod: "RO001EMO0000002", value: energyAt(1, 99) },
      { pod: "RO001EMO0000001", value: 99 },
    ],
  });
  expect(peaks.months).toEqual([
    {
      month: "2026-10",
      value: energyAt(0, 99) + energyAt(1, 99),
      ...{ scale: 0, stepSeconds: 900, start: "2026-10-25T21:45:00.000Z", expected: 2, present: 2 },
    },
  ]);
  expect([peaks.before, peaks.points[0].before, peaks.points[0].approvedPowerW]).toEqual([null, null, null]);
});

test("the files hold what is shown: local times with offset in the repeated hour, coverage, and a line in the log", async () => {
  const series = await call("GET", `/analysis/series.csv?of=p${second}.g${groupId}&energy=A%2B&${days}`);
  const lines = String(series.text).split("\r\n");
  expect(lines.filter((line) => line.startsWith("2026-10-25T03:15:00"))).toEqual([
    "2026-10-25T03:15:00;UTC+03:00;1013;măsurat;1026;măsurat",
    "2026-10-25T03:15:00;UTC+02:00;1017;măsurat;1034;măsurat",
  ]);
  expect(lines).toContain("2026-10-26T00:00:00;UTC+02:00;;lipsă;0;măsurat · incomplet");
  expect(lines.some((line) => line.includes("intervale prezente: 580 din 584"))).toBe(true);
  for (const file of [
    `consumption.csv?of=g${groupId}&energy=net&${days}&by=day`,
    `statistics.csv?of=g${groupId}&${days}`,
    `peaks.csv?of=g${groupId}&energy=A%2B&${days}`,
  ])
    expect((await call("GET", `/analysis/${file}`)).status).toBe(200);
  const workbook = await call("GET", `/analysis/series.xlsx?of=p${second}&energy=A%2B&${days}`);
  expect(workbook.headers["content-type"]).toBe(
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
  );
  expect(workbook.headers["content-disposition"]).toContain('.xlsx"');
  expect(String(workbook.text).slice(0, 2)).toBe("PK");
  const paper = await call("GET", `/analysis/consumption.pdf?of=g${groupId}&energy=A%2B&${days}&by=day`);
  expect(String(paper.text).slice(0, 5)).toBe("%PDF-");
  expect((await call("GET", `/analysis/series.exe?of=p${second}&energy=A%2B&${days}`)).status).toBe(400);
  const { rows } = await db.query<{ records: number }>(
    sql`select records from audit.log where action = 'export' and object_type = 'report' order by seq limit 1`,
  );
  expect(rows).toEqual([{ records: 292 }]);
});

test("what is not there, not in order or too long is refused", async () => {
  const get = (query: string) => call("GET", `/analysis/series?energy=A%2B&${query}`);
  expect((await get(`of=p999999&${days}`)).body.code).toBe("point.not-found");
  expect((await get(`of=g999999&${days}`)).body.code).toBe("group.not-found");
  expect((await get(`of=b999999&${days}`)).body.code).toBe("branch.not-found");
  expect((await get("of=s&from=2026-10-27&to=2026-10-24")).body.fields).toHaveProperty("/to");
  expect((await get("of=s&from=2024-10-27&to=2026-10-24")).body.fields).toHaveProperty("/to");
  // Three points over eleven days are more than this server unpacks; a group has its sums, totals their digests.
  const long = "from=2026-10-20&to=2026-10-31";
  expect((await get(`of=s&${long}`)).body.fields).toHaveProperty("/to");
  expect((await get(`of=g${groupId}&${long}`)).status).toBe(200);
  const total = await call("GET", `/analysis/consumption?of=s&energy=A%2B&${long}&by=day`);
  expect(total.status).toBe(200);
  expect((await call("GET", `/analysis/statistics?of=s&${long}`)).status).toBe(400);
  expect((await call("GET", `/analysis/peaks?of=s&energy=A%2B&${long}`)).status).toBe(400);
  expect((await get(`of=p1.x2&${days}`)).status).toBe(400);
  const { body } = await call("GET", "/analysis/subjects?q=cartier");
  expect(body.rows).toEqual([{ of: `g${groupId}`, name: "Cartier", detail: "" }]);
});

test("a month of which only the sum is kept has its consumption, marked on the page and in the file", async () => {
  await db.query(sql`
    insert into kept_month (channel_id, month, scale, sum, present, good, estimated)
    select channel_id, '2025-05-01', 0, 123456, 2976, 2970, 4 from channel where point_id = ${first}`);
  const asked = `of=p${first}&energy=A%2B&from=2025-04-01&to=2025-06-01&by=month`;
  const { body } = await call("GET", `/analysis/consumption?${asked}`);
  expect(body.rows).toMatchObject([
    { key: "2025-04-01", energy: null, sumsOnly: false },
    {
      ...{ key: "2025-05-01", energy: "123456", sumsOnly: true },
      coverage: { expected: 2976, present: 2976, good: 2970, estimated: 4 },
    },
  ]);
  expect(body.total).toMatchObject({ energy: "123456", sumsOnly: true });
  const file = await call("GET", `/analysis/consumption.csv?${asked}`);
  expect(file.text).toContain("Doar totaluri păstrate;2025-05");
});

test("peaks stand beside those of a former time, and beside the approved power", async () => {
  await db.query(sql`update point set approved_power_w = 5000 where point_id = ${second}`);
  await db.query(sql`delete from point_attribute`);
  const peaks = `peaks?of=g${groupId}&energy=A%2B&from=2026-10-25&to=2026-10-26`;
  const { body } = await call("GET", `/analysis/${peaks}&beforeFrom=2026-10-24&beforeTo=2026-10-25`);
  // The 24th has 96 quarter-hours.
  expect(body.before).toMatchObject({
    value: energyAt(0, 95) + energyAt(1, 95),
    start: "2026-10-24T20:45:00.000Z",
  });
  expect(
    body.points.map(({ pod, approvedPowerW, before }: Record<string, unknown>) => [
      pod,
      approvedPowerW,
      before,
    ]),
  ).toEqual([
    [
      "RO001EMO0000002",
      5000,
      expect.objectContaining({ value: energyAt(1, 95), start: "2026-10-24T20:45:00.000Z" }),
    ],
    ["RO001EMO0000001", null, expect.objectContaining({ value: energyAt(0, 95) })],
  ]);
  const { text } = await call(
    "GET",
    `/analysis/${peaks.replace("peaks?", "peaks.csv?")}&beforeFrom=2026-10-24&beforeTo=2026-10-25`,
  );
  const line = String(text)
    .split("\r\n")
    .find((one) => one.startsWith("RO001EMO0000002"));
  expect(line?.endsWith(`;5;${energyAt(1, 95)}`)).toBe(true);
  expect((await call("GET", `/analysis/${peaks}&beforeFrom=2026-10-24`)).status).toBe(400);
});
