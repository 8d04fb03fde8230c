import { tariffTemplates } from "@energsys/metering";
import { addGroup, applyGroupChange, everywhere, sql } from "@energsys/store";
import { expect, test } from "vitest";
import { foldAll } from "./fold-all.ts";
import { browserOf, firstAccount, importPoints, networkPoint, testServer } from "./harness.ts";
import { addChannel, writeDay } from "./stored-days.ts";

const server = await testServer();
const { db, clock } = server;
const call = browserOf(server, await firstAccount(server));
await importPoints(
  db,
  [1, 2, 3, 4].map((n) => networkPoint(n, { installedAt: "2025-01-01T00:00:00Z" })),
);
const points = (
  await db.query<{ id: number }>(sql`select point_id as id from point order by point_id`)
).rows.map(({ id }) => id);
const [first, second, third, hourly] = points as [number, number, number, number];
const channels = new Map<number, number>();
for (const pointId of points)
  channels.set(pointId, await addChannel(db, { pointId, periodSeconds: pointId === hourly ? 3600 : 900 }));
const reactiveChannel = await addChannel(db, { pointId: second, obis: "1-0:3.29.0*255" });
await db.query(sql`update channel set unit = 'varh' where channel_id = ${reactiveChannel}`);
await writeDay(db, {
  channelId: channels.get(hourly)!,
  day: "2026-03-04",
  periodSeconds: 3600,
  valueAt: () => ({ value: 1000 }),
});
const write = (channelId: number, day: string, valueAt: (slot: number) => number | null) =>
  writeDay(db, { channelId, day, valueAt: (slot) => ({ value: valueAt(slot) }) });

for (const day of ["2026-03-04", "2026-03-29", "2026-06-01", "2026-10-25"])
  await write(channels.get(first)!, day, () => 250);
await write(channels.get(third)!, "2026-03-04", () => 100);
const own = channels.get(second)!;
const onceADay = { "2026-02-10": 67_000, "2026-04-10": 250_000, "2026-06-20": 40_000, "2026-07-05": 27_000 };
for (const [day, value] of Object.entries(onceADay))
  await write(own, day, (slot) => (slot === 40 ? value : 0));
await write(own, "2026-05-05", (slot) => ({ 27: 1_000, 28: 2_000 })[slot] ?? 0);
await write(own, "2026-05-06", (slot) => ({ 40: 2_185, 41: 1_900, 42: 2_185 })[slot] ?? 0);
await write(own, "2026-05-07", (slot) => [25_000, 5_000][slot >> 2] ?? 0);
await write(reactiveChannel, "2026-05-07", (slot) => (slot < 8 ? 10_000 : 0));
await write(own, "2026-05-08", (slot) => (slot < 12 ? 2_500_000 : 0));
await write(reactiveChannel, "2026-05-08", (slot) => [1_000_000, 1_550_000, 3_250_000][slot >> 2] ?? 0);

const termsOf = (code: string) => structuredClone(tariffTemplates.find((one) => one.code === code)!.terms);
const add = async (code: string, terms: object, days: object = {}) => {
  const { body, status } = await call("POST", "/tariffs", {
    code,
    name: code,
    fromDay: "2026-01-01",
    toDay: null,
    terms,
    reason: "decision 12",
    ...days,
  });
  expect([status, body.fields]).toEqual([201, undefined]);
  return body.tariffId as number;
};
const dayNight = await add("ZN", termsOf("RO-ZI-NOAPTE"));
const everyDay = termsOf("RO-ZI-NOAPTE");
const nightDaily = await add("N22", {
  ...everyDay,
  calendar: {
    ...everyDay.calendar,
    weeks: [{ id: "an", days: Array(7).fill("lucru") }],
    holidayProfile: undefined,
  },
});

const rated = async (of: string, day: string, more: string) => {
  const to = Temporal.PlainDate.from(day).add({ days: 1 }).toString();
  const asked = `of=${of}&from=${day}&to=${to}&energies=A%2B&by=day${more}`;
  const { status, body } = await call("GET", `/analysis/multi-rate?${asked}`);
  expect([status, body.fields]).toEqual([200, undefined]);
  return body.energies[0];
};
const byRate = (energy: { zones: { rate: string; energy: string }[] }) =>
  Object.fromEntries(energy.zones.map(({ rate, energy: sum }) => [rate, Number(sum)]));
const priced = async (from: string, to: string, terms: object) => {
  const { status, body } = await call("POST", "/tariffs/preview", {
    terms,
    pod: "RO001EMO0000002",
    from,
    to,
  });
  expect([status, body.detail]).toEqual([200, undefined]);
  return body.after;
};

test("TV-23: the days of a year with the computed holidays, as the editor shows them", async () => {
  const { body } = await call("POST", "/tariffs/check", { terms: termsOf("RO-ZI-NOAPTE"), year: 2026 });
  expect(body.faults).toEqual([]);
  expect(body.holidays).toEqual(
    expect.arrayContaining(["2026-04-10", "2026-04-12", "2026-04-13", "2026-05-31", "2026-06-01"]),
  );
  const on = (date: string) => body.days.find((day: { date: string }) => day.date === date);
  expect(body.days).toHaveLength(365);
  expect(on("2026-04-13")).toEqual({
    date: "2026-04-13",
    profile: "repaus",
    season: "01-01",
    reason: "holiday",
  });
  expect(on("2026-04-14")).toEqual({ date: "2026-04-14", profile: "lucru", season: "01-01", reason: "week" });
});

test("a fault of a version that is still being filled in is told with its field", async () => {
  const terms = termsOf("RO-3-ZONE");
  const [season] = terms.calendar.seasons;
  const { status, body } = await call("POST", "/tariffs/check", {
    terms: {
      ...terms,
      calendar: { ...terms.calendar, seasons: [season, { from: "10-", week: "" }] },
      components: [{ code: "", name: "", basis: { kind: "percent", of: [] }, price: "" }],
    },
    year: 2026,
  });
  expect(status).toBe(200);
  expect(body.days).toEqual([]);
  expect(body.faults.map(({ path }: { path: string }) => path)).toEqual([
    "/calendar/seasons/1/from",
    "/calendar/seasons/1/week",
    "/components/0/name",
    "/components/0/code",
    "/components/0/basis/of",
    "/components/0/price",
  ]);
});

test.each([
  ["TV-24", "2026-03-04", { zi: 15_000, noapte: 9_000 }],
  ["TV-25", "2026-03-29", { zi: 0, noapte: 23_000 }],
  ["TV-25", "2026-10-25", { zi: 0, noapte: 25_000 }],
  ["TV-26", "2026-06-01", { zi: 0, noapte: 24_000 }],
])("%s: %s by day and by night", async (_, day, wanted) => {
  const energy = await rated(`p${first}`, day, `&tariff=${dayNight}`);
  expect(byRate(energy)).toEqual(wanted);
  expect(energy.total.energy).toBe(String(wanted.zi + wanted.noapte));
});

test("TV-27: the repeated hour keeps its rate both times", async () => {
  expect(byRate(await rated(`p${first}`, "2026-10-25", `&tariff=${nightDaily}`))).toEqual({
    zi: 15_000,
    noapte: 10_000,
  });
});

test("TV-28: 06:45 is night, 07:00 is day", async () => {
  expect(byRate(await rated(`p${second}`, "2026-05-05", `&tariff=${dayNight}`))).toEqual({
    zi: 2_000,
    noapte: 1_000,
  });
});

test("TV-29: of two equal maxima the earlier one, in its rate", async () => {
  const energy = await rated(`p${second}`, "2026-05-06", `&tariff=${dayNight}`);
  expect(energy.zones[0]).toMatchObject({
    rate: "zi",
    max: { value: 2_185, start: "2026-05-06T07:00:00.000Z" },
  });
});

test("TV-30: blocks of a month", async () => {
  const terms = termsOf("RO-TRANSE");
  const account = await priced("2026-04-01", "2026-05-01", {
    ...terms,
    vatPercent: "0",
    components: terms.components.slice(0, 1),
  });
  expect(account.parts[0].lines.map(({ amount }: { amount: string }) => amount)).toEqual([
    "50.00",
    "70.00",
    "50.00",
  ]);
  expect(account.total).toBe("170.00");
});

const reactiveTerms = (mode: string) => {
  const terms = termsOf("RO-3-ZONE");
  return {
    ...terms,
    vatPercent: "0",
    reactive: { ...terms.reactive!, mode },
    components: [{ code: "r", name: "r", basis: { kind: "reactive" }, price: "1" }],
  };
};
test.each([
  ["TV-31b", "2026-05-07", "marginal", 63.5484],
  ["TV-31b", "2026-05-07", "whole", 90.9407],
  // The three cases of TV-31 as three hours of one day: 0 + 1,356.78 + 10,774.19.
  ["TV-31", "2026-05-08", "marginal", 12_130.97],
])("%s: %s, %s: reactive energy by the hour", async (id, day, mode, charged) => {
  const to = Temporal.PlainDate.from(day).add({ days: 1 }).toString();
  const [part] = (await priced(day, to, reactiveTerms(mode))).parts;
  expect(Number(part.lines[0].quantity)).toBeCloseTo(charged, id === "TV-31" ? 1 : 4);
  expect(part.lines[0]).toMatchObject({ unit: "kvarh", amount: expect.stringMatching(/^\d+\.\d\d$/) });
  expect(part.reactiveMissing).toBe(0);
});

test("TV-48: an account line by line, VAT on the sum", async () => {
  const account = await priced("2026-02-01", "2026-03-01", termsOf("RO-CASNIC"));
  expect([account.net, account.vat, account.total]).toEqual(["62.87", "13.20", "76.07"]);
  expect(account.parts[0].lines).toHaveLength(9);
});

test("TV-49: a price that changes at midnight of 1 July, as two versions of the point's own tariff", async () => {
  const terms = (price: string) => ({
    ...termsOf("RO-CASNIC"),
    vatPercent: "0",
    components: [{ code: "e", name: "Energie", basis: { kind: "energy" }, price }],
  });
  const tariffId = await add("PRET", terms("0.45"));
  const change = { fromDay: "2026-07-01", toDay: null, terms: terms("0.50"), reason: "new price" };
  expect((await call("POST", `/tariffs/${tariffId}/versions`, change)).status).toBe(201);
  const assigned = await call("POST", "/tariffs/assignments", {
    tariffId,
    pods: ["RO001EMO0000002", "RO001EMO9999999"],
    fromDay: "2026-01-01",
    toDay: null,
    reason: "contract",
  });
  expect(assigned.body).toMatchObject({ points: 1, unknown: ["RO001EMO9999999"] });
  // Nobody's code alone is refused: it would be a change of nothing.
  const nobody = {
    tariffId,
    pods: ["RO001EMO9999999"],
    fromDay: "2026-01-01",
    toDay: null,
    reason: "contract",
  };
  const refused = await call("POST", "/tariffs/assignments", nobody);
  expect([refused.status, refused.body.code]).toEqual([409, "tariff.no-points"]);
  const asked = `of=p${second}&from=2026-06-15&to=2026-07-15`;
  const { body } = await call("GET", `/analysis/account?${asked}`);
  expect(body.account.parts.map(({ fromDay, net }: Record<string, string>) => [fromDay, net])).toEqual([
    ["2026-06-15", "18.00"],
    ["2026-07-01", "13.50"],
  ]);
  expect([body.account.total, body.account.currency]).toEqual(["31.50", "RON"]);

  const { body: compared } = await call("GET", `/analysis/tariff-comparison?${asked}`);
  expect(compared.own).toEqual({ total: "31.50", currency: "RON" });
  expect(compared.rows.find(({ code }: { code: string }) => code === "PRET")).toMatchObject({
    own: true,
    difference: "0.00",
  });
  const file = await call("GET", `/analysis/account.csv?${asked}`);
  expect(file.text).toContain("31,50");
});

test("a group of points with two tariffs and one without: rates of one name are one zone, the rest is told", async () => {
  const groupId = await addGroup(db, { kind: "free", name: "Cartier", branchId: null });
  await applyGroupChange(
    db,
    everywhere,
    {
      groupId,
      side: "members",
      fromMs: Date.UTC(2026, 0, 1),
      add: [first, third].map((pointId) => ({ pointId, sign: 1 as const })),
    },
    { by: "ana", reason: "" },
  );
  await foldAll(db, { zone: "Europe/Bucharest", nowMs: clock.ms });
  const give = (tariffId: number | null, of: string) =>
    call("POST", "/tariffs/assignments", {
      tariffId,
      of,
      fromDay: "2026-03-01",
      toDay: null,
      reason: "start",
    });
  const given = await give(dayNight, `p${first}`);
  expect(given.body.points).toBe(1);
  const half = await rated(`g${groupId}`, "2026-03-04", "");
  expect(byRate(half)).toEqual({ zi: 15_000, noapte: 9_000 });
  expect([half.unrated.energy, half.unratedDays, half.total.energy]).toEqual(["9600", 1, "33600"]);

  const others = await give(nightDaily, `p${third}`);
  const both = await rated(`g${groupId}`, "2026-03-04", "");
  expect(byRate(both)).toEqual({ zi: 15_000 + 6_000, noapte: 9_000 + 3_600 });
  expect(both.zones[0].max).toEqual({ value: 350, start: "2026-03-04T05:00:00.000Z" });
  expect(both.unratedDays).toBe(0);
  expect(both.buckets).toMatchObject([{ key: "2026-03-04", zones: ["21000", "12600"] }]);

  const back = await call("POST", `/tariffs/changes/${others.body.changeId}/undo`, { reason: "wrong" });
  expect(back.status).toBe(200);
  expect((await rated(`g${groupId}`, "2026-03-04", "")).unrated.energy).toBe("9600");
  const again = await call("POST", `/tariffs/changes/${others.body.changeId}/undo`, { reason: "wrong" });
  expect(again.body.code).toBe("tariff.change-undone");
});

test("a tariff by which a point cannot be charged says so in its row, and the others are compared", async () => {
  const terms = reactiveTerms("whole");
  const byQuarter = await add("SFERT", {
    ...terms,
    reactive: { ...terms.reactive, basePeriod: "quarter" },
  });
  const asked = `of=p${hourly}&from=2026-03-04&to=2026-03-05`;
  const { status, body } = await call("GET", `/analysis/tariff-comparison?${asked}`);
  expect(status).toBe(200);
  const of = (tariffId: number) => body.rows.find((row: { tariffId: number }) => row.tariffId === tariffId);
  expect(of(byQuarter)).toMatchObject({ total: null, currency: null, refused: "tariff.intervals" });
  expect(of(dayNight)).toMatchObject({ currency: "RON", refused: null });
  expect(Number(of(dayNight).total)).toBeGreaterThan(0);
  expect(body.rows.at(-1).code).toBe("SFERT");
  const alone = await call("GET", `/analysis/account?${asked}&tariff=${byQuarter}`);
  expect([alone.status, alone.body.code]).toEqual([409, "tariff.intervals"]);
});

test("what made a closed month stays; other days of the same version may change", async () => {
  await db.query(sql`
    insert into billing_close (month, reason, state, requested_by, requested_at, decided_by, decided_at, closed_at)
    values ('2026-03-01', 'over', 'closed', 'ana', now(), 'ion', now(), now())`);
  await db.query(sql`
    insert into billing_value (billing_close_id, point_id, month, scale, expected, present, good, estimated, billable, basis, obis, unit, seen)
    select billing_close_id, ${first}, '2026-03-01', 0, 0, 0, 0, 0, true, 'intervals', '1-0:1.29.0*255', 'Wh', 0 from billing_close`);
  const terms = termsOf("RO-ZI-NOAPTE");
  const from = (fromDay: string, toDay: string | null) =>
    call("POST", `/tariffs/${dayNight}/versions`, { fromDay, toDay, terms, reason: "corrected" });
  expect((await from("2026-03-15", null)).body).toMatchObject({ code: "tariff.billed" });
  const later = await from("2026-04-01", "2026-05-01");
  expect(later.status).toBe(201);
  const { body } = await call("GET", `/tariffs/${dayNight}`);
  expect(body.versions.map(({ validFrom, validTo }: Record<string, string>) => [validFrom, validTo])).toEqual(
    [
      ["2026-01-01", "2026-04-01"],
      ["2026-04-01", "2026-05-01"],
      ["2026-05-01", null],
    ],
  );
  const back = await call("POST", `/tariffs/changes/${later.body.changeId}/undo`, { reason: "wrong" });
  expect(back.status).toBe(200);
  expect((await call("GET", `/tariffs/${dayNight}`)).body.versions).toHaveLength(1);
  const taken = await call("POST", "/tariffs/assignments", {
    tariffId: null,
    of: `p${first}`,
    fromDay: "2026-03-20",
    toDay: null,
    reason: "left",
  });
  expect(taken.body.code).toBe("tariff.billed");
  const log = await call("GET", `/log?objectType=tariff&objectId=${dayNight}`);
  expect(log.body.rows.map((row: { objectType: string }) => row.objectType)).toEqual(
    expect.arrayContaining(["tariff", "tariff_version", "tariff_change"]),
  );
});

test("refusals name what is wrong, and nothing is written", async () => {
  const terms = termsOf("RO-CASNIC");
  const faulty = { ...terms, components: [{ ...terms.components[0]!, price: "0,45" }] };
  const given = { code: "X", name: "X", fromDay: "2026-01-01", toDay: null, reason: "why" };
  expect((await call("POST", "/tariffs", { ...given, terms: faulty })).body).toMatchObject({
    code: "tariff.faulty",
    detail: "tariff.bad-price: energie",
  });
  const refused = await Promise.all([
    call("POST", "/tariffs", { ...given, code: "ZN", terms }),
    call("POST", "/tariffs", { ...given, toDay: "2025-01-01", terms }),
    call("POST", `/tariffs/${dayNight}/versions`, {
      fromDay: "2027-01-01",
      toDay: null,
      terms: { ...terms, currency: "EUR" },
      reason: "why",
    }),
    call("GET", "/tariffs/999"),
    call(
      "GET",
      `/analysis/multi-rate?of=p${first}&from=2026-03-04&to=2026-03-05&energies=A%2B&by=day&tariff=999`,
    ),
    call("POST", "/tariffs/changes/999/undo", { reason: "why" }),
  ]);
  expect(refused.map(({ body }) => body.code)).toEqual([
    "tariff.known",
    "tariff.no-days",
    "tariff.currency",
    "tariff.not-found",
    "tariff.not-found",
    "tariff.change-not-found",
  ]);
  const { body } = await call("GET", "/tariffs?on=2026-03-04");
  expect(body.rows.map(({ code }: { code: string }) => code)).toEqual(["N22", "PRET", "SFERT", "ZN"]);
});

test("M123, M141: import and export are rated each apart, on the day of 100 quarter-hours, too, and export has its own line", async () => {
  const given = await addChannel(db, { pointId: third, obis: "1-0:2.29.0*255" });
  await write(given, "2026-03-04", () => 40);
  await write(channels.get(third)!, "2026-10-25", () => 100);
  await write(given, "2026-10-25", (slot) => (slot === 50 ? null : 40));
  const asked = (day: string, more: string) =>
    `of=p${third}&from=${day}&to=${Temporal.PlainDate.from(day).add({ days: 1 })}${more}`;
  const rates = async (day: string) => {
    const more = `&energies=A%2B.A-&by=day&tariff=${nightDaily}`;
    const { status, body } = await call("GET", `/analysis/multi-rate?${asked(day, more)}`);
    expect(status).toBe(200);
    return body.energies as { energy: string; total: object; zones: { rate: string; energy: string }[] }[];
  };
  // Day rate of 07–22: 60 quarter-hours of 96, and of the 100 of the autumn day.
  expect((await rates("2026-03-04")).map((each) => [each.energy, byRate(each)])).toEqual([
    ["A+", { zi: 6_000, noapte: 3_600 }],
    ["A-", { zi: 2_400, noapte: 1_440 }],
  ]);
  const autumn = await rates("2026-10-25");
  expect(autumn.map(byRate)).toEqual([
    { zi: 6_000, noapte: 4_000 },
    { zi: 2_360, noapte: 1_600 },
  ]);
  expect(autumn[1]!.total).toMatchObject({ expected: 100, present: 99 });

  const prosumer = await add("PROS", termsOf("RO-PROSUMATOR"));
  const { body } = await call("GET", `/analysis/account?${asked("2026-03-04", `&tariff=${prosumer}`)}`);
  const line = body.account.parts[0].lines.find(({ code }: { code: string }) => code === "livrata");
  expect(line).toMatchObject({ unit: "kWh", price: "-0.40" });
  expect([Number(line.quantity), Number(line.amount)]).toEqual([3.84, -1.54]);
});

test("a subscriber's record says where a tariff cannot charge the contract, and has its other tables", async () => {
  const today = Temporal.Instant.fromEpochMilliseconds(clock.ms)
    .toZonedDateTimeISO("Europe/Bucharest")
    .toPlainDate();
  const day = today.subtract({ days: 40 }).toString();
  await writeDay(db, {
    ...{ channelId: channels.get(hourly)!, day, periodSeconds: 3600 },
    valueAt: () => ({ value: 1000 }),
  });
  const terms = reactiveTerms("whole");
  const tariffId = await add(
    "SFERT-2",
    { ...terms, reactive: { ...terms.reactive, basePeriod: "quarter" } },
    { fromDay: "2020-01-01" },
  );
  const { body: assigned } = await call("POST", "/tariffs/assignments", {
    // Before its first meter: a tariff is of the point.
    ...{ tariffId, of: `p${hourly}`, fromDay: "2024-02-01", toDay: null, reason: "contract" },
  });
  expect(assigned).toMatchObject({ points: 1 });
  const { body: contract } = await call("POST", `/points/${hourly}/contracts`, {
    number: "C-4",
    from: "2025-02-01T00:00:00Z",
    subscriber: { kind: "household", number: "4", name: "Nume", phone: "", email: "", address: "" },
  });
  const { status, body } = await call("GET", `/subscribers/${contract.subscriberId}/record`);
  expect(status).toBe(200);
  const rowsOf = (name: string) =>
    body.parts.find(({ key }: { key: string }) => key === name).rows as { cells: (string | null)[] }[];
  expect(rowsOf("tariffs").map(({ cells }) => cells.slice(4))).toEqual([
    [expect.stringContaining("fără cont"), null, null, null],
  ]);
  expect(rowsOf("consumptionByMonth").map(({ cells }) => cells[2])).toContain("24.000");
});
