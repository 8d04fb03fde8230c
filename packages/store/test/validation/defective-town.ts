import type { ProfileReading } from "@energsys/metering";
import {
  changeAttributes,
  type Database,
  type Delivery,
  editValues,
  everywhere,
  type InventoryPoint,
  importInventory,
  queueDays,
  queueIncompleteDays,
  sql,
  storeDeliveries,
  undoEdit,
} from "@energsys/store";
import { delivery, inventoryOf } from "../field.ts";
import { dateOf, slotsAt, startOf, zone } from "./town.ts";

const first = "2026-09-15";
/** Over the end of a month, and over the day of 100 quarter-hours. */
const days = 42;
const historyDays = 32;
const points = 9;
/** Points that were measured a year ago. */
const known = 3;
const periodMs = 900_000;

/** Random numbers from a seed (mulberry32). */
function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000;
  };
}

/** What a meter has for one day. */
interface MeteredDay {
  readonly date: string;
  readonly active: Float64Array;
  readonly reactive: Float64Array;
  readonly feedIn: Float64Array;
  readonly flags: Uint16Array;
  readonly events: { readonly atMs: number; readonly code: string }[];
  clockOffsetMs: number | undefined;
  nothingCame: boolean;
  /** What its register is off at the end of the day, Wh. */
  registerOff: number;
}

/** Everything that goes wrong in the field, often enough that each rule and each method has something to say. */
function defectiveDay(random: () => number, date: string, level: number, solar: boolean): MeteredDay {
  const slots = slotsAt(date);
  const whole = (value: number) => Math.round(value);
  const active = Float64Array.from({ length: slots }, (_, slot) =>
    whole(level * (0.6 + 0.3 * random() + Math.exp(-((slot / 4 - 19.5) ** 2) / 6))),
  );
  const day: MeteredDay = {
    date,
    active,
    reactive: active.map((value) => whole(value * (0.15 + random() * 0.1))),
    feedIn: active.map((_, slot) => (solar ? whole(level * Math.exp(-((slot / 4 - 12.5) ** 2) / 8)) : 0)),
    flags: new Uint16Array(slots),
    events: [],
    clockOffsetMs: undefined,
    nothingCame: false,
    registerOff: 0,
  };
  if (random() < 0.35) spoil(random, day);
  return day;
}

function spoil(random: () => number, day: MeteredDay): void {
  const { active, reactive, flags } = day;
  const from = Math.floor(random() * (active.length - 14));
  const to = from + 1 + Math.floor(random() * 13);
  const at = startOf(day.date);
  const allNothing = (first: number, end: number) => {
    for (const column of [active, reactive, day.feedIn]) column.fill(Number.NaN, first, end);
  };
  const faults: (() => void)[] = [
    () => allNothing(from, to),
    () => allNothing(to, active.length),
    () => active.fill(Number.NaN, from, to),
    () => flags.fill([0x0001, 0x0002, 0x0004, 0x0020, 0x0080][Math.floor(random() * 5)]!, from, to),
    () => active.fill(active[from]! * 40, from, from + 1),
    () => active.fill(active[from]! + 300, from, from + 13),
    () => active.fill(90_000, from, to),
    () => active.fill(0),
    () => active.fill(0, from, to),
    () => reactive.fill(3_000, from, to),
    () => active.fill(-20, from, from + 2),
    () => day.feedIn.fill(400, from, to),
    () => {
      day.nothingCame = true;
    },
    () => {
      day.registerOff = [-500, 700, 1, -3_000_000][Math.floor(random() * 4)]!;
    },
    () => {
      day.clockOffsetMs = [-90_000, 1_000_000, 30_000][Math.floor(random() * 3)]!;
    },
    () => {
      active.fill(random() < 0.5 ? 0 : Number.NaN, from + 1, to);
      day.events.push({ atMs: at + (from + 0.5) * periodMs, code: "idis:1" });
      day.events.push({ atMs: at + to * periodMs, code: "idis:2" });
    },
    () => {
      day.events.push({ atMs: at + from * periodMs, code: "idis:62" });
      if (random() < 0.5) day.events.push({ atMs: at + to * periodMs, code: "idis:63" });
    },
  ];
  faults[Math.floor(random() * faults.length)]!();
}

function profilesOf({ date, active, reactive, feedIn, flags }: MeteredDay, solar: boolean): ProfileReading[] {
  const column = (obis: string, unit: string) => ({ obis, kind: "delta", unit, scale: 0 }) as const;
  return [
    {
      obis: "1-0:99.1.0*255",
      periodSeconds: 900,
      columns: [
        column("1-0:1.29.0*255", "Wh"),
        column("1-0:3.29.0*255", "varh"),
        ...(solar ? [column("1-0:2.29.0*255", "Wh")] : []),
      ],
      startsMs: Float64Array.from(active, (_, slot) => startOf(date) + slot * periodMs),
      values: [active, reactive, ...(solar ? [feedIn] : [])],
      flags,
    },
  ];
}

/**
 * A small network in which nearly everything goes wrong, validated day after day as it comes in; `validate` works off what is on the
 * list at an instant.
 */
export async function liveThrough(
  db: Database,
  validate: (nowMs: number) => Promise<void>,
  { seed = 7 }: { readonly seed?: number } = {},
): Promise<void> {
  const random = randomFrom(seed);
  await importInventory(db, townOf());
  const { rows: meters } = await db.query<{
    meterId: number;
    pointId: number;
    fromMs: number;
    toMs: number;
  }>(sql`
    select meter_id as "meterId", point_id as "pointId", lower(during) as "fromMs", upper(during) as "toMs"
    from installation order by point_id, lower(during)`);
  const pointIds = [...new Set(meters.map(({ pointId }) => pointId))];
  await describe(db, pointIds);
  const indexWh = new Map<number, number>(meters.map(({ meterId }) => [meterId, 40_000_000]));
  const isSolar = (nth: number) => nth === 3 || nth === 4;

  const ofMeters = async (nth: number, day: MeteredDay, register: boolean): Promise<Delivery[]> => {
    const startMs = startOf(day.date);
    const endMs = startOf(dateOf(day.date, 1));
    const standing = meters.filter(
      ({ pointId, fromMs, toMs }) =>
        pointId === pointIds[nth] && fromMs < endMs && (toMs ?? Infinity) > startMs,
    );
    return Promise.all(
      standing.map(async ({ meterId }, place) => {
        const before = indexWh.get(meterId)!;
        const counted = day.active.reduce(
          (sum, value) => sum + (Number.isNaN(value) ? 17 : Math.max(0, value)),
          0,
        );
        const after = before + counted + day.registerOff;
        if (place === 0) indexWh.set(meterId, after);
        const reading = (measuredAtMs: number, wh: number) => ({
          obis: "1-0:1.8.0*255",
          measuredAtMs,
          value: (wh / 1000).toFixed(3),
          unit: "kWh",
          flags: 0,
        });
        return delivery(db, meterId, day.nothingCame ? [] : profilesOf(day, isSolar(nth)), {
          receivedAtMs: endMs + 3_600_000,
          registers: register ? [reading(startMs, before), reading(endMs, after)] : [],
          events: day.events.map((event, seq) => ({ ...event, seq: seq + 1 })),
          ...(day.clockOffsetMs === undefined ? {} : { clockOffsetMs: day.clockOffsetMs }),
        });
      }),
    );
  };
  const deliver = async (dates: readonly string[], nowMs: number, count = points): Promise<MeteredDay[]> => {
    const made: MeteredDay[] = [];
    const deliveries: Delivery[] = [];
    for (const date of dates) {
      for (let nth = 0; nth < count; nth++) {
        const day = defectiveDay(random, date, 60 + nth * 25, isSolar(nth));
        made.push(day);
        deliveries.push(...(await ofMeters(nth, day, count === points && nth % 3 !== 2)));
      }
    }
    await storeDeliveries(db, deliveries, { nowMs, zone });
    return made;
  };

  // The same weeks a year ago; in between nothing stood there.
  const yearAgo = Array.from({ length: 30 }, (_, nth) => dateOf("2025-10-01", nth));
  await deliver(yearAgo, startOf("2025-11-05"), known);
  const history = Array.from({ length: historyDays }, (_, nth) => dateOf(first, nth));
  const nowMs = startOf(dateOf(first, historyDays)) + 14 * 3_600_000;
  const came = await deliver(history, nowMs);
  await queueIncompleteDays(db, { zone, nowMs });
  await validate(nowMs);
  for (let nth = historyDays; nth < days; nth++) {
    const date = dateOf(first, nth);
    const at = startOf(dateOf(date, 1)) + 14 * 3_600_000;
    // Every fourth day is seen before it is estimated.
    if (nth % 4 === 0) {
      came.push(...(await deliver([date], at - 13 * 3_600_000)));
      await validate(at - 13 * 3_600_000);
    } else came.push(...(await deliver([date], at)));
    await queueIncompleteDays(db, { zone, nowMs: at });
    await validate(at);
    if (nth % 5 === 4) await edit(db, random, at + 60_000);
  }
  // What was late comes: whole days, and other values for some that were there.
  const endMs = startOf(dateOf(first, days)) + 20 * 3_600_000;
  const late: Delivery[] = [];
  for (const [nth, day] of came.entries()) {
    const missed = day.nothingCame || (random() < 0.06 && Number.isNaN(day.active.at(-1)));
    if (!missed && random() > 0.04) continue;
    const again = missed
      ? { ...defectiveDay(random, day.date, 100, isSolar(nth % points)), nothingCame: false }
      : { ...day, active: day.active.map((value, slot) => (slot % 7 === 3 ? value + 5 : value)) };
    late.push(...(await ofMeters(nth % points, again, false)));
  }
  await storeDeliveries(db, late, { nowMs: endMs, zone });
  await validate(endMs);
  await edit(db, random, endMs + 60_000);
  await validate(endMs + 120_000);
  await queueDays(db, { pointIds, fromDay: first, toDay: dateOf(first, days + 2) });
  await validate(endMs + 180_000);
}

/** One meter is exchanged in the middle of a day; ratios differ, one of them with decimals. */
function townOf() {
  const town = inventoryOf(points, { ctRatios: ["1", "20", "2.5"] });
  return {
    ...town,
    points: town.points.map((point, nth) => ({
      ...point,
      direction: nth === 3 ? ("both" as const) : ("import" as const),
      approvedPowerW: nth === 5 ? 900 : 11_000,
      ...(nth < known ? changed(point, "2025-11-05T00:00:00Z", "2026-09-10T00:00:00Z") : {}),
      ...(nth === 6 ? changed(point, "2026-09-20T10:07:00Z") : {}),
    })),
  };
}

/** Another meter stood there before, until then. */
function changed({ meter, device }: InventoryPoint, removedAt: string, installedAt = removedAt) {
  const before = {
    meter: { ...meter, serial: `old-${meter.serial}` },
    device: { ...device, identity: `OLD${meter.serial}` },
    installedAt: "2020-01-01T00:00:00Z",
    removedAt,
  };
  return { installedAt, before: [before] };
}

async function describe(db: Database, pointIds: readonly number[]): Promise<void> {
  const given = { by: "ana", reason: "fișa", nowMs: startOf("2025-09-01") };
  const say = (nth: number, values: Parameters<typeof changeAttributes>[2]["values"], from: string) =>
    changeAttributes(db, everywhere, { pointId: pointIds[nth]!, values, fromMs: startOf(from) }, given);
  await say(1, { category: "industry" }, "2025-09-01");
  await say(2, { category: "business", expectedYearWh: 9_000_000 }, "2025-09-01");
  await say(2, { category: "household" }, "2026-09-22");
  await say(0, { expectedYearWh: 4_000_000 }, "2025-09-01");
  await say(3, { exportContract: true }, "2026-10-03");
  await say(4, { exportContract: false }, "2025-09-01");
  await say(5, { checkPointId: pointIds[8]! }, "2025-09-01");
  await say(7, { checkPointId: pointIds[8]! }, "2025-09-01");
}

/** A person gives values for some of a finding's day, refuses some, and takes one edit back. */
async function edit(db: Database, random: () => number, nowMs: number): Promise<void> {
  const { rows } = await db.query<{ channelId: number; day: string; slots: number }>(sql`
    select channel_id as "channelId", day, load_day.slots from finding join load_day using (channel_id, day)
    where severity = 'F' and state in ('open', 'estimated') order by day desc, channel_id, rule limit 6`);
  const words = { reason: "misreading", comment: "x", by: "ana" } as const;
  const editIds: number[] = [];
  for (const { channelId, day, slots } of rows) {
    const from = Math.floor(random() * (slots - 6));
    const values = Array.from({ length: 5 }, (_, nth) => ({ slot: from + nth, value: 50 + nth }));
    const { editId } = await editValues(
      db,
      everywhere,
      { channelId, day, values, ...words },
      { nowMs, zone },
    );
    editIds.push(editId);
  }
  if (editIds[2] !== undefined) {
    const undone = { editId: editIds[2], comment: "x", by: "dan" };
    await undoEdit(db, everywhere, undone, { nowMs: nowMs + 1_000, zone });
  }
}

/** What stands in the database, as lines: how often each rule spoke, and for each channel what its days, overlays and findings come to. */
export async function resultsOf(db: Database): Promise<string> {
  const { rows: counts } = await db.query<{ line: string }>(sql`
    select concat_ws(' ', rule, words, severity, state, count(*)) as line from finding
    group by rule, words, severity, state order by rule, words, severity, state`);
  const { rows: methods } = await db.query<{ line: string }>(sql`
    select concat_ws(' ', 'method', get_byte(methods, slot), count(*)) as line from point_overlay
    cross join generate_series(0, slots - 1) as slot where methods is not null and get_byte(methods, slot) <> 0
    group by get_byte(methods, slot) order by get_byte(methods, slot)`);
  const { rows: channels } = await db.query<{ line: string }>(sql`
    select concat_ws(' ', coalesce('point ' || point_id, 'meter ' || meter_id), obis,
      (select concat('days ', count(*), ' ', left(md5(string_agg(concat_ws(' ', day, ver, slots, sum, max, max_at, ok, flags, v, q, arrivals), ',' order by day)), 8))
        from load_day where load_day.channel_id = channel.channel_id),
      (select concat('replaced ', count(*), ' ', left(md5(string_agg(concat_ws(' ', day, ver, replaced_at, v, q), ',' order by day, ver)), 8))
        from load_day_hist where load_day_hist.channel_id = channel.channel_id),
      (select concat('overlays ', count(*), ' ', left(md5(string_agg(concat_ws(' ', day, ver, kind, at, by, v, q, methods), ',' order by day, ver)), 8))
        from point_overlay where point_overlay.channel_id = channel.channel_id),
      (select concat('sources ', count(*), ' ', left(md5(string_agg(concat_ws(' ', day, source_day), ',' order by day, source_day)), 8))
        from estimate_source where estimate_source.channel_id = channel.channel_id),
      (select concat('findings ', count(*), ' ', left(md5(string_agg(concat_ws(' ', day, rule, words, severity, state, since, changed_at,
          count, slots, measured, measured_unit, limit_value, limit_unit, figures), ',' order by day, rule, words)), 8))
        from finding where finding.channel_id = channel.channel_id)) as line
    from channel order by point_id, meter_id, obis`);
  return `${[...counts, ...methods, ...channels].map(({ line }) => line).join("\n")}\n`;
}
