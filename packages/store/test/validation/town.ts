import { marketDay, slotsOf } from "@energsys/metering";
import {
  type Database,
  type Delivery,
  everywhere,
  importInventory,
  listFindings,
  readLoadDays,
  sql,
  storeDeliveries,
  validateChanged,
} from "@energsys/store";
import { delivery, inventoryOf, meterIds, profileOf } from "../field.ts";

export const zone = "Europe/Bucharest";
export const dateOf = (first: string, nth: number): string =>
  Temporal.PlainDate.from(first).add({ days: nth }).toString();
export const startOf = (date: string): number => marketDay(date, zone).startMs;
export const slotsAt = (date: string): number => slotsOf(marketDay(date, zone), 900);

/** A quiet curve of this many Wh in each interval, a little different from slot to slot. */
export const quiet = (date: string, level = 100): Float64Array =>
  Float64Array.from({ length: slotsAt(date) }, (_, slot) => level + ((slot * 37) % 50));

/** One point with a meter whose readings a test delivers, and what validation makes of them. */
export class TestPoint {
  readonly #db: Database;
  readonly meterId: number;
  readonly channelId: number;
  readonly pointId: number;
  nowMs: number;

  private constructor(
    db: Database,
    ids: { meterId: number; channelId: number; pointId: number },
    nowMs: number,
  ) {
    this.#db = db;
    this.meterId = ids.meterId;
    this.channelId = ids.channelId;
    this.pointId = ids.pointId;
    this.nowMs = nowMs;
  }

  /** Makes the point and delivers whole quiet days from `first`; the clock stands two days after the last of them. */
  static async make(db: Database, first: string, days: number): Promise<TestPoint> {
    await importInventory(db, inventoryOf(1));
    const [meterId = 0] = await meterIds(db);
    const nowMs = startOf(dateOf(first, days + 1));
    const dates = Array.from({ length: days }, (_, nth) => dateOf(first, nth));
    const profiles = dates.map((date) => profileOf(startOf(date), quiet(date)));
    await storeDeliveries(db, [await delivery(db, meterId, profiles)], { nowMs, zone });
    const { rows } = await db.query<{ channel_id: number; point_id: number }>(
      sql`select channel_id, point_id from channel where point_id is not null`,
    );
    const point = { meterId, channelId: rows[0]?.channel_id ?? 0, pointId: rows[0]?.point_id ?? 0 };
    return new TestPoint(db, point, nowMs);
  }

  /** Delivers values from an interval of a day on, with whatever else came. */
  async deliver(
    date: string,
    values: Float64Array,
    more: Partial<Delivery> & { fromSlot?: number } = {},
  ): Promise<void> {
    const { fromSlot = 0, ...rest } = more;
    const profiles = values.length === 0 ? [] : [profileOf(startOf(date) + fromSlot * 900_000, values)];
    await storeDeliveries(this.#db, [await delivery(this.#db, this.meterId, profiles, rest)], {
      nowMs: this.nowMs,
      zone,
    });
  }

  /** Register at the start of a day, kWh. */
  register(date: string, value: string, obis = "1-0:1.8.0*255") {
    return { obis, measuredAtMs: startOf(date), value, unit: "kWh", flags: 0 };
  }

  /** Works the change list off; returns what all rounds did. */
  async validate(): Promise<{
    days: number;
    overlaid: number;
    daysWritten: number;
    added: number;
    cleared: number;
  }> {
    const sum = { days: 0, overlaid: 0, daysWritten: 0, added: 0, cleared: 0 };
    for (;;) {
      const round = await validateChanged(this.#db, { nowMs: this.nowMs, zone });
      if (round.changes === 0) return sum;
      sum.days += round.days;
      sum.overlaid += round.overlaid;
      sum.daysWritten += round.daysWritten;
      sum.added += round.findingsAdded;
      sum.cleared += round.findingsCleared;
    }
  }

  async day(date: string) {
    const [day] = await readLoadDays(this.#db, this.channelId, date, dateOf(date, 1));
    return day;
  }

  /** What is found on a day, as `rule words state`. */
  async found(date: string): Promise<string[]> {
    const { rows } = await listFindings(this.#db, everywhere, {
      states: ["open", "accepted", "estimated", "edited", "cleared"],
      fromDay: date,
      toDay: dateOf(date, 1),
      limit: 100,
    });
    return rows.map(({ rule, words, state }) => `${rule} ${words} ${state}`).sort();
  }
}
