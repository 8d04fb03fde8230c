import { marketDay, quality } from "@energsys/metering";
import { type Database, energies, importLoadDays, sql, storeDeliveries } from "@energsys/store";
import type { Caller } from "./first-account.ts";
import { curvesOf, daysFrom, type MeterDayCurve, makeMeters, randomFrom, zone } from "./store-field.ts";

/** A month without a change of the clock, so that its local times need no library here. */
export const period = { from: "2025-07-01", to: "2025-08-01" };
const [offset, offsetMs] = ["UTC+03:00", 3 * 3_600_000];
const dates = daysFrom(period.from, 31);
/** So many months of 2,976 quarter-hours are a million values and fit on one sheet. */
const points = 337;
/** A tenth of Wh: numbers with a decimal mark. */
const scale = -1;
const prefix = "X";

/** A line of the file as it must be. */
export interface ExpectedRow {
  readonly pod: string;
  /** Time on the wall. */
  readonly local: string;
  readonly offset: string;
  readonly seconds: number;
  readonly value: number | null;
  readonly unit: string;
  readonly quality: string;
}

/** Stores a month of each point; gives its days, point by point. */
export async function fillMonth(db: Database): Promise<MeterDayCurve[][]> {
  await makeMeters(db, prefix, points, { installed: true });
  const { rows: channels } = await db.query<{ channelId: number }>(sql`
    with added as (
      insert into channel (point_id, obis, kind, unit, scale, period_s)
      select point_id, ${energies["A+"]}, 'delta', 'Wh', ${scale}, 900 from point returning point_id, channel_id)
    select channel_id as "channelId" from added order by point_id`);
  const random = randomFrom(16);
  const months: MeterDayCurve[][] = [];
  for (const { channelId } of channels) {
    const curves = curvesOf(random, dates);
    months.push(curves);
    await importLoadDays(
      db,
      curves.map(({ active: values, flags }, day) => ({
        ...{ channel: { channelId, kind: "delta" }, date: dates[day]!, values, flags },
      })),
      { nowMs: Date.now() },
    );
  }
  await db.query(sql`vacuum analyze load_day`);
  return months;
}

/** Every line that the file must have, in its order. */
export function* rowsOf(months: readonly (readonly MeterDayCurve[])[]): Generator<ExpectedRow> {
  for (const [nth, curves] of months.entries()) {
    for (const [day, { active, flags }] of curves.entries()) {
      const { startMs } = marketDay(dates[day]!, zone);
      for (const [slot, value] of active.entries()) {
        const missing = Number.isNaN(value);
        yield {
          pod: `${prefix}${nth}`,
          local: new Date(startMs + slot * 900_000 + offsetMs).toISOString().slice(0, 19),
          ...{ offset, seconds: 900, unit: "Wh" },
          value: missing ? null : value / 10 ** -scale,
          quality: missing ? "lipsă" : wordOf(flags[slot]!),
        };
      }
    }
  }
}

function wordOf(flags: number): string {
  if (flags === 0) return "măsurat";
  // The only mark that the generated days have.
  if (flags === quality.powerDown) return "powerDown";
  throw new Error(`no word for ${flags}`);
}

const recordMonths = 36;

/** A subscriber of three years and more, of whom everything is there: indexes, load curve, events. Gives the id. */
export async function addSubscriber(db: Database, call: Caller): Promise<number> {
  const nowMs = Date.now();
  const { rows } = await db.query<{ pointId: number; meterId: number; deviceId: number; channelId: number }>(
    sql`
    select point_id as "pointId", installation.meter_id as "meterId", device_id as "deviceId", channel_id as "channelId"
    from installation join device using (meter_id) join channel using (point_id) where obis = ${energies["A+"]} order by point_id limit 1`,
  );
  const { pointId, meterId, deviceId, channelId } = rows[0]!;
  const today = Temporal.Instant.fromEpochMilliseconds(nowMs).toZonedDateTimeISO(zone).toPlainDate();
  const first = today.with({ day: 1 }).subtract({ months: recordMonths });
  const contract = {
    number: "C-2022-118",
    from: `${first}T00:00:00Z`,
    subscriber: {
      kind: "household",
      number: "100118",
      name: "Ștefănescu Țuțea Maria",
      ...{ phone: "0744 000 118", email: "maria@example.org", address: "Str. Școlii 4, Târgoviște" },
    },
  };
  const made = await call(`/points/${pointId}/contracts`, { method: "POST", body: contract });
  const days = daysFrom(first.toString(), first.until(today).total({ unit: "days", relativeTo: first }));
  const known = new Set(dates);
  const curves = curvesOf(randomFrom(17), days);
  await importLoadDays(
    db,
    days.flatMap((date, day) =>
      known.has(date)
        ? []
        : [
            {
              channel: { channelId, kind: "delta" as const },
              ...{ date, values: curves[day]!.active, flags: curves[day]!.flags },
            },
          ],
    ),
    { nowMs },
  );
  const monthEnds = Array.from(
    { length: recordMonths },
    (_, month) => marketDay(first.add({ months: month + 1 }).toString(), zone).startMs,
  );
  await storeDeliveries(
    db,
    [
      {
        ...{ deviceId, meterId, receivedAtMs: nowMs, blocks: [], profiles: [] },
        registers: monthEnds.flatMap((measuredAtMs, month) =>
          ["1-0:1.8.0*255", "1-0:1.8.1*255", "1-0:1.8.2*255", "1-0:3.8.0*255"].map((obis, register) => ({
            ...{ obis, measuredAtMs, value: String(1000 + 211 * month + register), flags: 0 },
            unit: obis.startsWith("1-0:3") ? "kvarh" : "kWh",
          })),
        ),
        events: monthEnds.flatMap((atMs) => [
          { atMs: atMs - 7_200_000, code: "dlms:power-down", seq: 0 },
          { atMs: atMs - 3_600_000, code: "dlms:power-up", seq: 0 },
        ]),
      },
    ],
    { nowMs, zone },
  );
  return ((await made.json()) as { subscriberId: number }).subscriberId;
}
