import { methodOf, quality } from "@energsys/metering";
import {
  editValues,
  everywhere,
  openDatabase,
  queueDays,
  queueIncompleteDays,
  readBranchCoverage,
  readFindings,
  setRule,
  sql,
  storeDeliveries,
  validateChanged,
} from "@energsys/store";
import { testDatabase, urlOfRole } from "@energsys/store/testing";
import { afterEach, beforeEach, expect, test } from "vitest";
import { delivery, profileOf } from "../field.ts";
import { dateOf, quiet, startOf, TestPoint, zone } from "./town.ts";

const first = "2026-09-01";
/** The last day of the history; 2026-09-30 is a Wednesday. */
const yesterday = "2026-09-30";

let database: Awaited<ReturnType<typeof testDatabase>>;
let point: TestPoint;
beforeEach(async () => {
  database = await testDatabase();
  point = await TestPoint.make(database.db, first, 30);
  await point.validate();
});
afterEach(() => database.drop());

const methodsOf = async (date: string) => {
  const { rows } = await database.db.query<{ methods: Buffer | null; ver: number; kind: string }>(sql`
    select methods, ver, kind from point_overlay where channel_id = ${point.channelId} and day = ${date} order by ver`);
  return rows.map(({ methods, kind }) => ({
    kind,
    methods: [...new Set([...(methods ?? [])].map((method) => methodOf(method) ?? "measured"))],
  }));
};
const gap = (date: string, from: number, to: number) => {
  const values = quiet(date);
  values.fill(Number.NaN, from, to);
  return values;
};

test("quiet days raise nothing, and nothing is laid over them", async () => {
  const { rows } = await database.db.query(sql`
    select (select count(*)::int from finding) as findings, (select count(*)::int from point_overlay) as overlays,
      (select count(*)::int from validation_change) as changes`);
  expect(rows).toEqual([{ findings: 0, overlays: 0, changes: 0 }]);
});

test("a gap of an hour is found and becomes a straight line; the values that come late take its place, and what was shown stays in the history", async () => {
  const date = dateOf(yesterday, 1);
  point.nowMs = startOf(dateOf(date, 2));
  await point.deliver(date, gap(date, 20, 24));
  expect((await point.day(date))?.ok).toBe(92);
  expect(await point.validate()).toMatchObject({ overlaid: 1, daysWritten: 1, added: 1 });
  expect(await point.found(date)).toEqual(["V03 gap estimated"]);
  const estimated = await point.day(date);
  const [before = 0, after = 0] = [quiet(date)[19], quiet(date)[24]];
  expect(estimated?.ok).toBe(96);
  expect(estimated?.values[20]).toBe(
    Math.floor((4 * before + after) / 5) + (((4 * before + after) % 5) / 5 > 0.5 ? 1 : 0),
  );
  expect([...(estimated?.flags.slice(19, 25) ?? [])]).toEqual([
    0,
    ...new Array(4).fill(quality.estimated),
    0,
  ]);
  expect(await methodsOf(date)).toEqual([{ kind: "validation", methods: ["measured", "E3"] }]);

  await point.deliver(date, quiet(date).slice(20, 24), { fromSlot: 20 });
  // At once, before anything is validated again.
  expect((await point.day(date))?.values).toEqual(quiet(date));
  await point.validate();
  expect(await point.found(date)).toEqual(["V03 gap cleared"]);
  expect((await point.day(date))?.flags.every((flags) => flags === 0)).toBe(true);
  expect(await methodsOf(date)).toHaveLength(2);
  const { rows } = await database.db.query<{ ver: number }>(sql`
    select ver from load_day_hist where channel_id = ${point.channelId} and day = ${date} order by ver`);
  expect(rows.map(({ ver }) => ver)).toContain(2);
});

test("a quantity that a meter begins to deliver is validated by a server that knew its point before", async () => {
  const date = dateOf(yesterday, 1);
  point.nowMs = startOf(dateOf(date, 2));
  const headend = openDatabase({ url: database.url });
  try {
    const values = quiet(date);
    values[20] = 50_000_000;
    const reactive = profileOf(startOf(date), values, { obis: "1-0:3.29.0*255", unit: "varh" });
    await storeDeliveries(headend, [await delivery(database.db, point.meterId, [reactive])], {
      nowMs: point.nowMs,
      zone,
    });
    await point.validate();
    expect(await point.found(date)).toContain("V10 spike open");
  } finally {
    await headend.close();
  }
});

test("a gap beside a day that is not over and has a refused value: both are written, once", async () => {
  const [date, today] = [dateOf(yesterday, 1), dateOf(yesterday, 2)];
  point.nowMs = startOf(today) + 14 * 3_600_000;
  await point.deliver(date, gap(date, 20, 24));
  const morning = quiet(today).slice(0, 30);
  morning[10] = 50_000_000;
  await point.deliver(today, morning);
  await point.validate();
  expect(await point.found(date)).toEqual(["V03 gap estimated"]);
  expect((await point.found(today)).length).toBeGreaterThan(0);
  expect(await methodsOf(date)).toHaveLength(1);
  expect(await methodsOf(today)).toHaveLength(1);
  expect((await point.day(today))?.flags[10]).not.toBe(0);
});

test("a day of which nothing came is found when it is over, and estimated from like days", async () => {
  const date = dateOf(yesterday, 1);
  point.nowMs = startOf(dateOf(date, 1)) + 11 * 3_600_000;
  const sweep = () => queueIncompleteDays(database.db, { zone, nowMs: point.nowMs });
  await sweep();
  expect(await point.day(date)).toBeUndefined();
  point.nowMs += 2 * 3_600_000;
  expect(await sweep()).toBe(1);
  expect(await sweep()).toBe(0);
  await point.validate();
  expect(await point.found(date)).toEqual(["V03 day-missing estimated"]);
  expect(await methodsOf(date)).toEqual([{ kind: "validation", methods: ["E4"] }]);
  // How well meters are read is another question: nothing came.
  const [coverage] = await readBranchCoverage(database.db, everywhere, {
    day: date,
    dayEndMs: startOf(dateOf(date, 1)),
    dayHours: 24,
  });
  expect(coverage).toMatchObject({ expected: 96, present: 0, good: 0 });
  // All workdays before were alike.
  expect((await point.day(date))?.values).toEqual(quiet(date));
});

test("a gap over two midnights is scaled to the register as a whole", async () => {
  const days = [1, 2, 3].map((nth) => dateOf(yesterday, nth));
  const [one = "", two = "", three = ""] = days;
  point.nowMs = startOf(dateOf(three, 2));
  await point.deliver(one, quiet(one).slice(0, 60));
  await point.deliver(three, quiet(three).slice(40), { fromSlot: 40 });
  const sum = (values: Float64Array | undefined) =>
    (values ?? new Float64Array(0)).reduce((total, value) => total + value, 0);
  const all = sum(quiet(one)) + sum(quiet(two)) + sum(quiet(three));
  // A third more than the like days say.
  await point.deliver("", new Float64Array(0), {
    registers: [
      point.register(one, "1000.000"),
      point.register(dateOf(three, 1), (1000 + (all + 8000) / 1000).toFixed(3)),
    ],
  });
  await queueIncompleteDays(database.db, { zone, nowMs: point.nowMs });
  await point.validate();
  const shown = await Promise.all(days.map((date) => point.day(date)));
  expect(shown.reduce((total, day) => total + sum(day?.values), 0)).toBe(all + 8000);
  expect(await methodsOf(two)).toEqual([{ kind: "validation", methods: ["E4+S"] }]);
  expect(shown[0]?.values.slice(0, 60)).toEqual(quiet(one).slice(0, 60));
});

test("an outage is an actual zero, and its day no reference; the events may come after the curve", async () => {
  const date = dateOf(yesterday, 1);
  point.nowMs = startOf(dateOf(date, 2));
  await point.deliver(date, gap(date, 41, 43));
  await point.validate();
  expect(await methodsOf(date)).toMatchObject([{ methods: ["measured", "E3"] }]);
  const startMs = startOf(date);
  await point.deliver(date, new Float64Array(0), {
    events: [
      { atMs: startMs + 40.5 * 900_000, code: "idis:1", seq: 1 },
      { atMs: startMs + 43.5 * 900_000, code: "idis:2", seq: 2 },
    ],
  });
  await point.validate();
  const shown = await point.day(date);
  expect([...(shown?.values.slice(41, 43) ?? [])]).toEqual([0, 0]);
  expect([...(shown?.flags.slice(39, 45) ?? [])]).toEqual([0, 128, 128, 128, 128, 0]);
  expect(shown?.values[40]).toBe(quiet(date)[40]);
  expect((await methodsOf(date)).at(-1)).toMatchObject({ methods: ["measured", "E2"] });
});

test("what a rule refuses is estimated, and the measured value stays with the meter", async () => {
  const date = dateOf(yesterday, 1);
  point.nowMs = startOf(dateOf(date, 2));
  const values = quiet(date);
  values[50] = 5000; // a meter of 60 A counts 3,450 Wh in a quarter-hour
  await point.deliver(date, values);
  await point.validate();
  expect(await point.found(date)).toContain("V12 above-meter estimated");
  const shown = await point.day(date);
  expect(shown?.values[50]).toBeLessThan(200);
  expect(shown?.flags[50]).toBe(quality.estimated);
  const { rows } = await database.db.query<{ max: number }>(sql`
    select max from load_day join channel using (channel_id) where meter_id is not null and day = ${date}`);
  expect(rows).toEqual([{ max: 5000 }]);
});

test("a like day that changes has the estimate made anew, without anybody naming that day", async () => {
  const date = dateOf(yesterday, 1);
  point.nowMs = startOf(dateOf(date, 2));
  await point.deliver(date, gap(date, 20, 60));
  await point.validate();
  const before = await point.day(date);
  expect(await methodsOf(date)).toMatchObject([{ methods: ["measured", "E4"] }]);
  const reference = dateOf(date, -1);
  await point.deliver(reference, quiet(reference, 400));
  await point.validate();
  expect(await point.found(reference)).toContain("V05 delivered-twice open");
  const after = await point.day(date);
  expect(after?.values[30]).toBe((before?.values[30] ?? 0) + 100);
  expect(await methodsOf(date)).toHaveLength(2);
});

test("validating twice is validating once: no version, no finding, no day more", async () => {
  let state = 20_260_930;
  const random = () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return state / 2 ** 32;
  };
  const dates = [1, 2, 3, 4, 5].map((nth) => dateOf(yesterday, nth));
  point.nowMs = startOf(dateOf(yesterday, 8));
  for (let turn = 0; turn < 12; turn++) {
    const date = dates[Math.floor(random() * dates.length)] ?? "";
    const from = Math.floor(random() * 90);
    const count = 1 + Math.floor(random() * (96 - from - 1));
    const values = Float64Array.from(
      { length: count },
      () => Math.floor(random() * 200) * (random() < 0.05 ? 100 : 1),
    );
    await point.deliver(date, values, { fromSlot: from });
    if (random() < 0.5) await queueIncompleteDays(database.db, { zone, nowMs: point.nowMs });
    const whole = { pointIds: [point.pointId], fromDay: first, toDay: dateOf(yesterday, 8) };
    await queueDays(database.db, whole);
    await point.validate();
    const before = await dump();
    await queueDays(database.db, whole);
    const again = await point.validate();
    expect(again).toMatchObject({ overlaid: 0, daysWritten: 0, added: 0, cleared: 0 });
    expect(await dump()).toEqual(before);
  }
});

/** Everything that validation writes, but for instants. */
async function dump() {
  const { rows } = await database.db.query(sql`
    select 'overlay' as what, channel_id, day, ver::text as key, encode(v, 'hex') || coalesce(encode(methods, 'hex'), '') as value
    from point_overlay
    union all select 'finding', channel_id, day, rule || words, state || count || coalesce(measured, '') from finding
    union all select 'day', channel_id, day, ver::text, encode(v, 'hex') || coalesce(encode(q, 'hex'), '') from load_day
    union all select 'source', channel_id, day, source_day::text, '' from estimate_source
    order by 1, 2, 3, 4`);
  return rows;
}

test("a delivery that comes again changes nothing of what is laid over its day", async () => {
  const date = dateOf(yesterday, 1);
  point.nowMs = startOf(dateOf(date, 2));
  await point.deliver(date, gap(date, 20, 40));
  await point.validate();
  const shown = await point.day(date);
  const again = await delivery(database.db, point.meterId, [profileOf(startOf(date), gap(date, 20, 40))]);
  expect((await storeDeliveries(database.db, [again], { nowMs: point.nowMs, zone })).daysWritten).toBe(0);
  expect(await point.day(date)).toEqual(shown);
});

test("the head-end's role may store what is laid over, and the server's may validate", async () => {
  const date = dateOf(yesterday, 1);
  point.nowMs = startOf(dateOf(date, 2));
  const headend = openDatabase({ url: urlOfRole(database.url, "app_headend") });
  const server = openDatabase({ url: urlOfRole(database.url, "app_web") });
  try {
    const context = { nowMs: point.nowMs, zone };
    await storeDeliveries(
      headend,
      [
        await delivery(database.db, point.meterId, [profileOf(startOf(date), gap(date, 20, 40))], {
          registers: [point.register(date, "100.0")],
          events: [{ atMs: startOf(date), code: "idis:1", seq: 1 }],
        }),
      ],
      context,
    );
    expect(await validateChanged(server, context)).toMatchObject({ overlaid: 1, daysWritten: 1 });
    await queueIncompleteDays(server, context);
    const edit = {
      channelId: point.channelId,
      day: date,
      reason: "misreading",
      comment: "x",
      by: "ana",
    } as const;
    await editValues(server, everywhere, { ...edit, values: [{ slot: 3, value: 7 }] }, context);
    await storeDeliveries(
      headend,
      [await delivery(database.db, point.meterId, [profileOf(startOf(date), quiet(date))])],
      context,
    );
    await validateChanged(server, context);
    expect((await point.day(date))?.values[3]).toBe(7);
    await setRule(server, { rule: "V10", class: "household", fromDay: date, reason: "x", setBy: "ana" });
  } finally {
    await headend.close();
    await server.close();
  }
});

test("a threshold holds for the days from which on it is set, and the past keeps what it was validated by", async () => {
  const dates = [dateOf(yesterday, 1), dateOf(yesterday, 2)] as const;
  point.nowMs = startOf(dateOf(yesterday, 4));
  await setRule(database.db, {
    rule: "V10",
    class: "household",
    fromDay: dates[1],
    thresholds: { excessPercent: 2000 },
    reason: "electric boilers",
    setBy: "ana",
  });
  for (const date of dates) {
    const values = quiet(date);
    values[70] = 1500;
    await point.deliver(date, values);
  }
  await point.validate();
  expect(await point.found(dates[0])).toEqual(["V10 spike open"]);
  expect(await point.found(dates[1])).toEqual([]);
  const [finding] = await readFindings(database.db, [{ channelId: point.channelId, date: dates[0] }]);
  expect(finding).toMatchObject({
    severity: "W",
    count: 1,
    limit: { value: "180", unit: "%" },
    changedBy: null,
  });
  await expect(
    setRule(database.db, {
      rule: "V10",
      class: "household",
      fromDay: dates[0],
      thresholds: { excess: 1 },
      reason: "x",
      setBy: "ana",
    }),
  ).rejects.toMatchObject({ code: "validation.threshold" });
});

test("what is found about active and reactive energy together follows either of them, also when only one is written again", async () => {
  const { db } = database;
  const deliver = async (level: number) => {
    const reactive = profileOf(startOf(yesterday), quiet(yesterday, level), {
      obis: "1-0:3.29.0*255",
      unit: "varh",
    });
    const one = await delivery(db, point.meterId, [reactive]);
    await storeDeliveries(db, [one], { nowMs: point.nowMs, zone });
    await point.validate();
    return (await point.found(yesterday)).filter((found) => found.startsWith("V13"));
  };
  // The reactive energy comes days after the active energy was validated.
  expect(await deliver(2000)).toEqual(["V13 low-power-factor open"]);
  await point.deliver(yesterday, quiet(yesterday, 101));
  await point.validate();
  expect(await point.found(yesterday)).toContain("V13 low-power-factor open");
  expect(await deliver(20)).toEqual(["V13 low-power-factor cleared"]);
  // Of a day that has no active energy nothing is found for its sake.
  const next = dateOf(yesterday, 1);
  const alone = profileOf(startOf(next), quiet(next), { obis: "1-0:3.29.0*255", unit: "varh" });
  await storeDeliveries(db, [await delivery(db, point.meterId, [alone])], { nowMs: point.nowMs, zone });
  await point.validate();
  expect(await point.found(next)).toEqual([]);
});

test("of a meter that was away for months the first sixty days are estimated; the rest stays missing and is said, also when it is back with its register", async () => {
  const { db } = database;
  const [last, back] = ["2026-11-29", "2027-03-01"];
  const fromDay = dateOf(yesterday, 1);
  point.nowMs = startOf("2027-03-03");
  await point.deliver(back, quiet(back), {
    registers: [point.register(fromDay, "1000.000"), point.register(back, "1800.000")],
  });
  await queueDays(db, { pointIds: [point.pointId], fromDay, toDay: back });
  await point.validate();
  const { rows } = await db.query(sql`
    select min(day) as first, max(day) as last, count(*)::int as days, bool_and(flags = ${quality.estimated}) as estimated
    from load_day where channel_id = ${point.channelId} and day >= ${fromDay}::date and day < ${back}::date`);
  expect(rows).toEqual([{ first: fromDay, last, days: 60, estimated: true }]);
  expect(await point.found(last)).toEqual(["V03 day-missing estimated"]);
  for (const date of [dateOf(last, 1), "2027-01-15", dateOf(back, -1)])
    expect(await point.found(date)).toEqual(["V03 day-missing open"]);
  // Every day of it looked at again changes nothing, and no round brings another one.
  await queueDays(db, { pointIds: [point.pointId], fromDay, toDay: back });
  expect(await point.validate()).toMatchObject({ overlaid: 0, daysWritten: 0, added: 0, cleared: 0 });
});
