import { marketDay, unpackDay } from "@energsys/metering";
import {
  type Database,
  type ExchangeAsked,
  type ExchangeGiven,
  importInventory,
  makeExchange,
  previewExchange,
  sql,
  storeDeliveries,
} from "@energsys/store";
import { type ColumnOptions, delivery, inventoryOf, meterIds, profileOf } from "../field.ts";

export const zone = "Europe/Bucharest";
export const total = "1-0:1.8.0*255";
/** An index profile in Wh, as registers of three decimals of a kWh show it. */
export const indexColumn = { obis: total, kind: "index", unit: "Wh", scale: 0 } as const;
export const kwh = (wh: number): string => (wh / 1000).toFixed(3);
export const startOf = (date: string): number => marketDay(date, zone).startMs;
/** An instant of a market day by its local time. */
export const localAt = (date: string, time: string): number =>
  Temporal.PlainDateTime.from(`${date}T${time}`).toZonedDateTime(zone).epochMilliseconds;

/** Points with a meter each, and exchanges of them as somebody enters them. */
export class Street {
  readonly db: Database;
  readonly pointIds: readonly number[];
  readonly meters: readonly number[];
  nowMs: number;

  private constructor(db: Database, pointIds: readonly number[], meters: readonly number[], nowMs: number) {
    this.db = db;
    this.pointIds = pointIds;
    this.meters = meters;
    this.nowMs = nowMs;
  }

  static async make(
    db: Database,
    points: number,
    nowMs: number,
    ctRatios?: readonly string[],
  ): Promise<Street> {
    await importInventory(db, inventoryOf(points, ctRatios ? { ctRatios } : {}));
    const { rows } = await db.query<{ id: number }>(
      sql`select point_id as id from installation join meter using (meter_id) order by meter_id`,
    );
    return new Street(
      db,
      rows.map(({ id }) => id),
      await meterIds(db),
      nowMs,
    );
  }

  get context() {
    return { nowMs: this.nowMs, zone };
  }

  /** Values of a meter's profile from an instant on. */
  async deliver(
    meterId: number,
    startMs: number,
    values: Float64Array,
    column: ColumnOptions = {},
  ): Promise<void> {
    await storeDeliveries(
      this.db,
      [await delivery(this.db, meterId, [profileOf(startMs, values, column)])],
      this.context,
    );
  }

  async readRegister(meterId: number, atMs: number, value: string, obis = total): Promise<void> {
    const registers = [{ obis, measuredAtMs: atMs, value, unit: "kWh", flags: 0 }];
    await storeDeliveries(this.db, [await delivery(this.db, meterId, [], { registers })], this.context);
  }

  asked(
    point: number,
    atMs: number,
    serial: string,
    last: string,
    first = "0",
    more: Partial<ExchangeAsked> = {},
  ): ExchangeAsked {
    return {
      pointId: this.pointIds[point]!,
      atMs,
      meter: {
        serial,
        manufacturer: "NEW",
        model: "generic-dlms",
        phases: 1,
        maxCurrentA: 60,
        indexDigits: 6,
      },
      last: [{ obis: total, value: last, unit: "kWh" }],
      first: [{ obis: total, value: first, unit: "kWh" }],
      identity: `NEW${serial}`,
      ...more,
    };
  }

  preview(asked: ExchangeAsked) {
    return previewExchange(this.db, asked, this.context);
  }

  async exchange(asked: ExchangeAsked, given: Partial<ExchangeGiven> = {}) {
    return makeExchange(
      this.db,
      asked,
      {
        fittedBy: "Ion Electricianu",
        reason: "verificare metrologică",
        accepted: [],
        by: { name: "ana", accountId: null },
        ...given,
      },
      this.context,
    );
  }

  async meterOf(serial: string): Promise<number> {
    const { rows } = await this.db.query<{ id: number }>(
      sql`select meter_id as id from meter where serial = ${serial} and manufacturer = 'NEW'`,
    );
    return rows[0]!.id;
  }

  /** Days of a point's active import, Wh. */
  async days(
    point: number,
  ): Promise<Map<string, { values: Float64Array; flags: Uint16Array; sumWh: number }>> {
    const { rows } = await this.db.query<{
      day: string;
      slots: number;
      scale: number;
      v: Buffer;
      q: Buffer | null;
    }>(sql`
      select day, slots, scale, v, q from load_day join channel using (channel_id)
      where point_id = ${this.pointIds[point]!} and obis = '1-0:1.29.0*255' order by day`);
    return new Map(
      rows.map(({ day, slots, scale, v, q }) => {
        const { values, flags } = unpackDay(v, q, slots);
        const wh = values.map((value) => value * 10 ** scale);
        return [
          day,
          { values: wh, flags, sumWh: wh.reduce((sum, value) => sum + (Number.isNaN(value) ? 0 : value), 0) },
        ];
      }),
    );
  }

  /** Everything that an exchange changes, as text to compare. Versions and instants of writing are left out. */
  async state(): Promise<string> {
    const { rows } = await this.db.query(sql`
      select
        (select jsonb_agg(to_jsonb(i) - 'installation_id' order by meter_id, during) from installation as i) as installations,
        (select jsonb_agg(jsonb_build_array(meter_id, obis, measured_at, version, value, unit)
           order by meter_id, obis, measured_at, version) from register_reading) as readings,
        (select jsonb_agg(jsonb_build_array(channel_id, day, encode(v, 'hex'), encode(q, 'hex'), sum, ok)
           order by channel_id, day) from load_day) as days,
        (select jsonb_agg(jsonb_build_array(device_id, identity, meter_id, enabled) order by device_id) from device) as devices,
        (select jsonb_agg(jsonb_build_array(meter_id, serial) order by meter_id) from meter) as meters`);
    return JSON.stringify(rows[0]);
  }
}
