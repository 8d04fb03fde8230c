import {
  addMeterType,
  changeAttributes,
  type Database,
  everywhere,
  importInventory,
  keepHouse,
  type PointAttributes,
  queueDays,
  setMeterType,
  sql,
  storeDeliveries,
} from "@energsys/store";
import { testDatabase } from "@energsys/store/testing";
import { expect, test } from "vitest";
import { delivery, inventoryOf, meterIds, profileOf } from "../field.ts";
import { dateOf, quiet, startOf, TestPoint, zone } from "./town.ts";

const first = "2026-09-01";
const date = "2026-09-06";

/** A point with quiet days on a database of its own. */
async function withPoint(work: (point: TestPoint, db: Database) => Promise<void>, days = 8): Promise<void> {
  const { db, drop } = await testDatabase();
  try {
    await work(await TestPoint.make(db, first, days), db);
  } finally {
    await drop();
  }
}

const change = (
  db: Database,
  { pointId, nowMs }: TestPoint,
  values: Partial<PointAttributes>,
  fromMs = startOf(first),
) => changeAttributes(db, everywhere, { pointId, values, fromMs }, { by: "ana", reason: "fișa", nowMs });

test("V01: a clock that was off when the day was read is told on that day, refused above an interval", () =>
  withPoint(async (point, db) => {
    await point.validate();
    const at = startOf(dateOf(date, 1)) + 3_600_000;
    const read = async (clockOffsetMs: number, day: string, receivedAtMs: number) =>
      point.deliver(day, quiet(day, 101), { clockOffsetMs, receivedAtMs });
    await read(-90_000, date, at);
    await read(3_000, dateOf(date, -3), startOf(dateOf(date, -2)) + 3_600_000);
    await point.validate();
    expect(await point.found(date)).toContain("V01 clock-off open");
    expect((await point.found(dateOf(date, -3))).filter((line) => line.startsWith("V01"))).toEqual([]);
    await read(1_000_000, dateOf(date, -1), startOf(date) + 3_600_000);
    await point.validate();
    expect((await point.found(dateOf(date, -1))).filter((line) => line.startsWith("V01"))).toEqual([
      expect.stringMatching(/^V01 clock-off-an-interval/),
    ]);
    await keepHouse(db, at + 500 * 86_400_000);
    const { rows } = await db.query(sql`select from clock_difference`);
    expect(rows).toEqual([]);
  }));

test("V07: pulses above what the meter can give are refused, where the output's constant says what a pulse is", () =>
  withPoint(async (point, db) => {
    const many = quiet(date);
    // 32.8 kWh in a quarter-hour are more than 65535 pulses of 0.5 Wh; the meter, of 200 A three-phase, could give them.
    many[40] = 32_800;
    await db.query(sql`update meter set phases = 3, max_current_a = 200`);
    await point.deliver(date, many);
    await point.validate();
    const v07 = async () => (await point.found(date)).filter((line) => line.startsWith("V07"));
    expect(await v07()).toEqual([]);
    await db.query(sql`update installation set output_pulse_wh = 0.5`);
    await point.deliver(date, quiet(date, 99), { fromSlot: 0 });
    await point.deliver(date, many);
    await point.validate();
    // A meter that is read by its own protocol delivers no pulses.
    expect(await v07()).toEqual([]);
    await db.query(sql`
      with made as (insert into gateway (identity) values ('ENC0000000000001') returning gateway_id)
      insert into gateway_meter (gateway_id, logical_device, name, model, state, device_id)
      select gateway_id, 17, 'TST1', 'pulse', 'known', (select device_id from device limit 1) from made`);
    await point.deliver(date, quiet(date, 98));
    await point.deliver(date, many);
    await point.validate();
    expect(await v07()).toEqual([expect.stringMatching(/^V07 counter-overflow/)]);
  }));

test("V15: energy after the meter said that it disconnected is told until it says that it connected", () =>
  withPoint(async (point) => {
    const event = (day: string, code: string) => ({ atMs: startOf(day) + 3_600_000, code, seq: 0 });
    await point.deliver(date, new Float64Array(0), {
      events: [event(date, await codeOf("remote-disconnection"))],
    });
    await point.validate();
    expect(await point.found(date)).toContain("V15 consumption-while-open open");
    await point.deliver(date, new Float64Array(0), {
      events: [event(dateOf(date, 1), await codeOf("remote-connection"))],
    });
    await point.validate();
    expect(await point.found(dateOf(date, 1))).toContain("V15 consumption-while-open cleared");
    expect(await point.found(date)).toContain("V15 consumption-while-open open");
  }));

async function codeOf(name: string): Promise<string> {
  const { eventTables } = await import("@energsys/metering/models");
  for (const [table, names] of Object.entries(eventTables)) {
    for (const [code, named] of Object.entries(names)) if (named === name) return `${table}:${code}`;
  }
  throw new Error(`no event ${name}`);
}

test("V16: feeding in without a contract is told from the day on which somebody said that there is none", () =>
  withPoint(async (point, db) => {
    const obis = "1-0:2.29.0*255";
    const feed = async (day: string) =>
      storeDeliveries(
        db,
        [await delivery(db, point.meterId, [profileOf(startOf(day), quiet(day), { obis })])],
        { nowMs: point.nowMs, zone },
      );
    await feed(date);
    await feed(dateOf(date, 1));
    await point.validate();
    const v16 = async (day: string) => (await point.found(day)).filter((line) => line.startsWith("V16"));
    expect(await v16(date)).toEqual([]);
    await change(db, point, { exportContract: false }, startOf(dateOf(date, 1)));
    await point.validate();
    expect([await v16(date), await v16(dateOf(date, 1))]).toEqual([[], ["V16 export-without-contract open"]]);
    await change(db, point, { exportContract: true }, startOf(first));
    await point.validate();
    expect(await v16(dateOf(date, 1))).toEqual(["V16 export-without-contract cleared"]);
  }));

test("V12: a limit of approved power is that of the day, not the one of today", () =>
  withPoint(async (point, db) => {
    // 140 Wh in a quarter-hour are 560 W.
    await change(db, point, { approvedPowerW: 400 }, startOf(date));
    await point.validate();
    const v12 = async (day: string) => (await point.found(day)).filter((line) => line.startsWith("V12"));
    expect(await v12(dateOf(date, -1))).toEqual([]);
    expect(await v12(date)).toEqual([expect.stringMatching(/^V12 above-approved/)]);
  }));

test("V21 and E1: a check meter that differs is told, and gives its values for those that are missing", () =>
  withPoint(async (point, db) => {
    await importInventory(db, inventoryOf(2));
    const [, checkMeter = 0] = await meterIds(db);
    const { rows } = await db.query<{ id: number }>(
      sql`select point_id as id from installation where meter_id = ${checkMeter}`,
    );
    await change(db, point, { checkPointId: rows[0]!.id });
    const check = async (day: string, values: Float64Array) =>
      storeDeliveries(db, [await delivery(db, checkMeter, [profileOf(startOf(day), values)])], {
        nowMs: point.nowMs,
        zone,
      });
    await check(dateOf(date, -1), quiet(dateOf(date, -1), 100));
    await check(date, quiet(date, 200));
    await point.validate();
    const v21 = async (day: string) => (await point.found(day)).filter((line) => line.startsWith("V21"));
    expect(await v21(dateOf(date, -1))).toEqual([]);
    expect(await v21(date)).toContain("V21 partner-differs open");
    // 16 ‰ are nothing for two meters of which no class is known, and too much for two of class 0.2 S.
    const near = dateOf(date, -2);
    await check(near, quiet(near, 102));
    await point.validate();
    expect(await v21(near)).toEqual([]);
    const meterTypeId = await addMeterType(db, {
      manufacturer: "TST",
      name: "fine",
      fromMs: 0,
      facts: {
        model: "generic-dlms",
        phases: 1,
        connection: "direct",
        accuracyClass: "0.2S",
        ledPulsesPerKwh: null,
        outputPulseWh: null,
        referenceVoltageV: "230",
        maxVoltageV: null,
        referenceCurrentA: null,
        maxCurrentA: "60",
        indexDigits: 6,
        indexDecimals: 0,
        relay: false,
        loadProfile: true,
        tariffs: 1,
        verificationYears: 10,
      },
      by: "ana",
      reason: "fișa",
    });
    for (const meterId of [point.meterId, checkMeter])
      await setMeterType(db, everywhere, meterId, { meterTypeId, midYear: null });
    await queueDays(db, { pointIds: [point.pointId], fromDay: near, toDay: dateOf(near, 1) });
    await point.validate();
    expect(await v21(near)).toEqual(["V21 partner-differs open"]);
    // Four hours of a later day did not come: the check meter measured them.
    const later = dateOf(first, 8);
    point.nowMs += 86_400_000;
    const measured = quiet(later);
    await check(later, quiet(later, 120));
    await point.deliver(later, measured.slice(0, 40));
    await point.deliver(later, measured.slice(56), { fromSlot: 56 });
    await point.validate();
    const day = await point.day(later);
    expect([...day!.values.slice(40, 56)]).toEqual([...quiet(later, 120).slice(40, 56)]);
    expect(day!.values[39]).toBe(measured[39]);
  }));

test("E6: without history, the expected energy of a year is spread by the profile of the category", () =>
  withPoint(async (point, db) => {
    await change(db, point, { category: "household", expectedYearWh: 3_000_000 });
    // The only day that is known lies too far back to be like this one.
    const day = dateOf(first, 70);
    point.nowMs = startOf(dateOf(first, 72));
    const values = new Float64Array(96).fill(Number.NaN);
    values[0] = 30;
    await point.deliver(day, values);
    await point.validate();
    const estimated = await point.day(day);
    const sum = estimated!.values.reduce((all, value) => all + value, 0);
    // 3 MWh a year are 8.2 kWh a day on average; a weekday of November needs a little more.
    expect(estimated!.values.filter(Number.isNaN)).toHaveLength(0);
    expect(sum).toBeGreaterThan(8_200);
    expect(sum).toBeLessThan(11_000);
    const { rows } = await db.query<{ methods: Buffer }>(
      sql`select methods from point_overlay where day = ${day}::date order by ver desc limit 1`,
    );
    const { methodOf } = await import("@energsys/metering");
    expect(methodOf(rows[0]!.methods[50]!)).toBe("E6");
  }, 1));
