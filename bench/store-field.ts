import { rmSync } from "node:fs";
import { join } from "node:path";
import { marketDay, type ProfileReading, slotsOf } from "@energsys/metering";
import {
  type Database,
  type Delivery,
  holdKeyRing,
  importInventory,
  migrate,
  openDatabase,
  sql,
  startEmbeddedPostgres,
} from "@energsys/store";
import { temporaryFolder, testKeyRing } from "@energsys/store/testing";

export const zone = "Europe/Bucharest";
export const periodSeconds = 900;

/** Random numbers from a seed (mulberry32), so that every run measures the same town. */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000;
  };
}

/** Consecutive market days from `first`. */
export function daysFrom(first: string, count: number): string[] {
  const start = Temporal.PlainDate.from(first);
  return Array.from({ length: count }, (_, index) => start.add({ days: index }).toString());
}

export interface MeterDayCurve {
  /** Active and reactive energy, Wh and varh. */
  readonly active: Float64Array;
  readonly reactive: Float64Array;
  readonly flags: Uint16Array;
}

/**
 * One meter's days: 8 % large consumers (kWh in a quarter-hour, working hours), the others households with an evening peak and
 * appliances that start and stop; 1 % of the days have a gap or marked slots.
 */
export function curvesOf(random: () => number, dates: readonly string[]): MeterDayCurve[] {
  const large = random() < 0.08;
  const base = large ? 1500 + random() * 6000 : 15 + random() * 45;
  const evening = base * (1 + random() * 3);
  return dates.map((date) => {
    const slots = slotsOf(marketDay(date, zone), periodSeconds);
    const active = new Float64Array(slots);
    const reactive = new Float64Array(slots);
    const flags = new Uint16Array(slots);
    let appliance = 0;
    let applianceSlots = 0;
    for (let slot = 0; slot < slots; slot++) {
      const hour = slot / 4;
      if (large) {
        const open = hour > 7 && hour < 18 ? 1 : 0.35;
        active[slot] = Math.round(base * open * (0.92 + random() * 0.16));
      } else {
        const peak = Math.exp(-((hour - 19.5) ** 2) / 5);
        if (applianceSlots === 0 && random() < 0.03) {
          appliance = 150 + random() * 450;
          applianceSlots = 1 + Math.floor(random() * 5);
        }
        if (applianceSlots > 0) applianceSlots--;
        else appliance = 0;
        active[slot] = Math.round(base * (0.7 + random() * 0.4) + evening * peak * 0.5 + appliance);
      }
      reactive[slot] = Math.round(active[slot]! * (0.15 + random() * 0.1));
    }
    if (random() < 0.01) spoil(random, active, reactive, flags);
    return { active, reactive, flags };
  });
}

function spoil(random: () => number, active: Float64Array, reactive: Float64Array, flags: Uint16Array): void {
  const from = Math.floor(random() * (active.length - 12));
  const count = 1 + Math.floor(random() * 12);
  const gap = random() < 0.5;
  for (let slot = from; slot < from + count; slot++) {
    if (gap) {
      active[slot] = Number.NaN;
      reactive[slot] = Number.NaN;
    } else {
      flags[slot] = 0x0080;
    }
  }
}

export const columns = [
  { obis: "1-0:1.29.0*255", kind: "delta", unit: "Wh", scale: 0 },
  { obis: "1-0:3.29.0*255", kind: "delta", unit: "varh", scale: 0 },
] as const;

/** Days of one meter, one after the other, as its device delivers them: profile, and the bytes that it came in (a COSEM array of structures). */
export function deliveryOf(
  meter: { meterId: number; deviceId: number },
  dates: readonly string[],
  curves: readonly MeterDayCurve[],
): Delivery {
  const first = marketDay(dates[0] ?? "", zone);
  const last = marketDay(dates.at(-1) ?? "", zone);
  const active = joinFloats(curves.map((curve) => curve.active));
  const profile: ProfileReading = {
    obis: "1-0:99.1.0*255",
    periodSeconds,
    columns,
    startsMs: Float64Array.from(active, (_, row) => first.startMs + row * periodSeconds * 1000),
    values: [active, joinFloats(curves.map((curve) => curve.reactive))],
    flags: Uint16Array.from(curves.flatMap((curve) => [...curve.flags])),
  };
  return {
    ...meter,
    receivedAtMs: last.endMs + 3_600_000,
    blocks: [{ kind: "dlms", bytes: encodeBuffer(profile) }],
    profiles: [profile],
    registers: [],
    events: [],
  };
}

function joinFloats(parts: readonly Float64Array[]): Float64Array {
  const joined = new Float64Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}

/** Rows of two double-long-unsigned each, as a meter sends them: 12 bytes a row. */
function encodeBuffer({ values }: ProfileReading): Uint8Array {
  const [active, reactive] = values as [Float64Array, Float64Array];
  const bytes = new Uint8Array(4 + active.length * 12);
  const view = new DataView(bytes.buffer);
  bytes.set([0x01, 0x82]);
  view.setUint16(2, active.length);
  for (let row = 0; row < active.length; row++) {
    const at = 4 + row * 12;
    bytes.set([0x02, 0x02, 0x06], at);
    view.setUint32(at + 3, active[row] || 0);
    bytes[at + 7] = 0x06;
    view.setUint32(at + 8, reactive[row] || 0);
  }
  return bytes;
}

/** An embedded server of its own in a temporary folder, with the product's settings (fsync on), stopped and removed at the end. */
export async function withServer<Result>(
  work: (server: { url: string; open(connections: number): Database }) => Promise<Result>,
): Promise<Result> {
  const folder = temporaryFolder("bench");
  const server = await startEmbeddedPostgres({ folder: join(folder, "postgres") });
  const opened: Database[] = [];
  const open = (connections: number) => {
    const db = openDatabase({ url: server.url, connectionsMax: connections, statementTimeoutMs: 600_000 });
    holdKeyRing(db, testKeyRing(db));
    opened.push(db);
    return db;
  };
  try {
    await migrate(open(2));
    return await work({ url: server.url, open });
  } finally {
    await Promise.all(opened.map((db) => db.close()));
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Makes points with meters and devices; those without an installation have the meter layer only. */
export async function makeMeters(
  db: Database,
  prefix: string,
  count: number,
  { installed, ctRatio = "1" }: { installed: boolean; ctRatio?: string },
): Promise<{ meterId: number; deviceId: number }[]> {
  await importInventory(db, {
    branches: [],
    points: Array.from({ length: count }, (_, index) => ({
      pod: `${prefix}${index}`,
      name: "",
      address: "",
      branch: ["bench"],
      phases: 3,
      meter: {
        serial: `${prefix}${index}`,
        manufacturer: "BEN",
        model: "generic-dlms",
        phases: 3,
        maxCurrentA: 120,
      },
      installedAt: "2020-01-01T00:00:00Z",
      ctRatio,
      device: {
        identity: `${prefix}${index}`,
        model: "generic-dlms",
        url: "dlms+tcp://127.0.0.1:4059",
        direction: "dial",
      },
    })),
  });
  const like = `${prefix}%`;
  if (!installed) {
    await db.query(sql`
      delete from installation where meter_id in (select meter_id from meter where serial like ${like})`);
  }
  const { rows } = await db.query<{ meter_id: number; device_id: number }>(sql`
    select meter_id, device_id from meter join device using (meter_id) where serial like ${like} order by meter_id`);
  return rows.map(({ meter_id, device_id }) => ({ meterId: meter_id, deviceId: device_id }));
}

export async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
}
