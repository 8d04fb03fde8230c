import { type HeadendOptions, lowerLimits, startHeadend } from "@energsys/headend";
import { unpackDay } from "@energsys/metering";
import { startSimulator } from "@energsys/simulator";
import { allowDevices, type Database, importInventory, sql } from "@energsys/store";
import { testDatabase, testKeyProvider, testKeyRing } from "@energsys/store/testing";

export const zone = "Europe/Bucharest";

/** Limits that let faults show in seconds and not in minutes. */
export const quick = lowerLimits({
  responseMs: 500,
  retryFirstMs: 200,
  retryMaxMs: 1000,
  restartSpreadSeconds: 0.001,
  identifyMs: 500,
  keepAliveMs: 60_000,
});

export type Simulation = Awaited<ReturnType<typeof startSimulator>>;
export { startSimulator, testDatabase };

/** A head-end of a test; its quick limits are in force. */
export function startTestHeadend(db: Database, more: Partial<HeadendOptions> = {}) {
  return startHeadend({
    database: db,
    keyProvider: testKeyProvider,
    zone,
    listen: "127.0.0.1:0",
    limits: quick,
    leaseSeconds: 3,
    ...more,
  });
}

/** The meters are on this machine, where a head-end that is a process of its own dials none unless told. */
export async function importTown(db: Database, sim: Simulation) {
  await allowDevices(db, "127.0.0.0/8");
  return importInventory(db, sim.inventory, { keyRing: testKeyRing(db) });
}

/** Makes every plan due now. */
export const makeAllDue = (db: Database) => db.query(sql`update device_plan set next_at = now()`);

export interface Comparison {
  /** Intervals that the meters hold and the tables lack, that the tables have and the meters do not, and that differ. */
  lost: number;
  extra: number;
  wrong: number;
  compared: number;
}

interface StoredChannel {
  serial: string;
  obis: string;
  kind: string;
  unit: string;
  scale: number;
  period_s: number;
  day: string;
  slots: number;
  v: Uint8Array;
  q: Uint8Array | null;
}

/**
 * Compares the ledger of a simulation with the tables, both ways, for the intervals of [fromMs, toMs): every interval of every
 * captured column of each meter that has a profile. ISKRA's meters have none.
 */
export async function compareTown(
  db: Database,
  sim: Simulation,
  fromMs: number,
  toMs: number,
): Promise<Comparison> {
  const { rows } = await db.query<StoredChannel>(sql`
    select m.serial, c.obis, c.kind, c.unit, c.scale, c.period_s, l.day, l.slots, l.v, l.q
    from channel c join meter m using (meter_id) join load_day l using (channel_id)
  `);
  const stored = new Map<string, Map<number, number>>();
  for (const row of rows) {
    const key = `${row.serial}/${row.obis}`;
    const channel = stored.get(key) ?? new Map<number, number>();
    stored.set(key, channel);
    const startMs = Temporal.PlainDate.from(row.day).toZonedDateTime(zone).epochMilliseconds;
    const { values } = unpackDay(row.v, row.q, row.slots);
    for (let slot = 0; slot < row.slots; slot++) {
      if (Number.isNaN(values[slot])) continue;
      const atMs = startMs + slot * row.period_s * 1000;
      if (atMs >= fromMs && atMs < toMs) channel.set(atMs, values[slot]! * 10 ** row.scale);
    }
  }
  const result: Comparison = { lost: 0, extra: 0, wrong: 0, compared: 0 };
  for (const [key, channel] of stored) {
    const [serial, obis] = key.split("/") as [string, string];
    const truth = truthOf(sim, serial, obis, fromMs, toMs);
    for (const [atMs, value] of truth) {
      const found = channel.get(atMs);
      result.compared++;
      if (found === undefined) result.lost++;
      else if (Math.abs(found - value) > 1e-6) result.wrong++;
    }
    for (const atMs of channel.keys()) if (!truth.has(atMs)) result.extra++;
  }
  // A meter of which nothing was stored has no channel that could miss anything.
  for (const { description } of sim.meters) {
    const { serial, kind } = description;
    if (kind === "iec-iskra" || [...stored.keys()].some((key) => key.startsWith(`${serial}/1-0:1.`)))
      continue;
    result.lost += truthOf(sim, serial, "1-0:1.29.0*255", fromMs, toMs).size;
  }
  return result;
}

/** What a meter holds of one captured column, in Wh, varh or W. */
function truthOf(
  sim: Simulation,
  serial: string,
  obis: string,
  fromMs: number,
  toMs: number,
): Map<number, number> {
  const [, c, d] = /:(\d+)\.(\d+)\./.exec(obis)!;
  // A mean power of a quarter of an hour is four times its energy.
  const asked = d === "5" ? `1-0:${c}.29.0*255` : obis;
  const { startsMs, energies, indexes } = sim.truth(serial, asked, fromMs, toMs);
  const values = d === "8" ? indexes : energies;
  return new Map(Array.from(startsMs, (startMs, n) => [startMs, values[n]! * (d === "5" ? 4 : 1)]));
}

/** Waits until `ready` says so. @throws Error with the last thing that it said */
export async function until(ready: () => Promise<unknown>, seconds = 30): Promise<void> {
  const end = Date.now() + seconds * 1000;
  let last: unknown;
  while (Date.now() < end) {
    last = await ready();
    if (last === true) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`still not after ${seconds} s: ${JSON.stringify(last)}`);
}

export async function countOf(db: Database, statement: ReturnType<typeof sql>): Promise<number> {
  const { rows } = await db.query<{ n: number }>(statement);
  return Number(rows[0]!.n);
}
