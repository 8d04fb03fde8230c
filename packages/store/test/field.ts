import type { ChannelKind, ProfileReading } from "@energsys/metering";
import { type Database, type Delivery, type Inventory, sql } from "../src/index.ts";

/** An inventory of `count` points, each with a meter and a device. */
export function inventoryOf(
  count: number,
  { ctRatios = ["1"] }: { ctRatios?: readonly string[] } = {},
): Inventory {
  return {
    branches: [],
    points: Array.from({ length: count }, (_, index) => ({
      pod: `POD${String(index + 1).padStart(6, "0")}`,
      name: `Point ${index + 1}`,
      address: `Street ${index + 1}`,
      branch: ["Network", `PT ${index % 10}`],
      phases: 1,
      meter: {
        serial: `${index + 1}`,
        manufacturer: "TST",
        model: "generic-dlms",
        phases: 1,
        maxCurrentA: 60,
        indexDigits: 6,
      },
      installedAt: "2020-01-01T00:00:00Z",
      ctRatio: ctRatios[index % ctRatios.length] ?? "1",
      device: {
        identity: `TST${index + 1}`,
        model: "generic-dlms",
        url: "dlms+tcp://127.0.0.1:4059",
        direction: "dial",
      },
    })),
  };
}

export async function meterIds(db: Database): Promise<number[]> {
  const { rows } = await db.query<{ meter_id: number }>(sql`select meter_id from meter order by meter_id`);
  return rows.map(({ meter_id }) => meter_id);
}

export interface ColumnOptions {
  readonly obis?: string;
  readonly kind?: ChannelKind;
  readonly unit?: string;
  readonly scale?: number;
  readonly periodSeconds?: number;
  readonly flags?: Uint16Array;
}

/** A profile of one column, rows one after the other from `startMs`. */
export function profileOf(
  startMs: number,
  values: Float64Array,
  options: ColumnOptions = {},
): ProfileReading {
  const { obis = "1-0:1.29.0*255", kind = "delta", unit = "Wh", scale = 0, periodSeconds = 900 } = options;
  return {
    obis: "1-0:99.1.0*255",
    periodSeconds,
    columns: [{ obis, kind, unit, scale }],
    startsMs: Float64Array.from(values, (_, row) => startMs + row * periodSeconds * 1000),
    values: [values],
    flags: options.flags ?? new Uint16Array(values.length),
  };
}

/** A delivery of the device of this meter. */
export async function delivery(
  db: Database,
  meterId: number,
  profiles: readonly ProfileReading[],
  more: Partial<Delivery> = {},
): Promise<Delivery> {
  const { rows } = await db.query<{ device_id: number }>(
    sql`select device_id from device where meter_id = ${meterId}`,
  );
  return {
    deviceId: rows[0]?.device_id ?? 0,
    meterId,
    receivedAtMs: Date.UTC(2026, 10, 23, 12),
    blocks: [{ kind: "test", bytes: Uint8Array.of(1, 2, 3) }],
    profiles,
    registers: [],
    events: [],
    ...more,
  };
}
