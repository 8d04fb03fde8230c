import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { lowerLimits, startHeadend } from "@energsys/headend";
import {
  type Database,
  type Delivery,
  makePartitions,
  registerGateways,
  sql,
  storeDeliveries,
} from "@energsys/store";
import { testKeyProvider } from "@energsys/store/testing";
import { atMost, type Bench, type BenchContext, type Metric } from "./bench.ts";
import { type DrainPlan, dayValues, drainChannels, drainIdentity } from "./drain-plan.ts";
import { makeMeters, timed, withServer, zone } from "./store-field.ts";

const concentrators = 200;
const metersEach = 32;
const meters = concentrators * metersEach;
const intervals = 96;
const values = meters * intervals * drainChannels.length;
const points = 50_000;
const connections = 6;
/** Meters in one transaction of the bare store: 504 channel-days. */
const perBatch = 126;
const today = Temporal.Now.plainDateISO(zone);
const day = today.subtract({ days: 2 });

/** One head-end and its database, and concentrators that call it with a day each: to the last value committed and acknowledged. */
export const bench: Bench = {
  name: "concentrator-drain",
  about: "200 concentrators with a day of 32 meters each drained over TCP; beside the bare store",
  run: measure,
};

async function measure({ log }: BenchContext): Promise<{ metrics: Metric[] }> {
  const plan: DrainPlan = {
    concentrators,
    metersEach,
    intervals,
    startMs: day.toZonedDateTime(zone).epochMilliseconds,
    zone,
  };
  const bare = await withServer(async ({ open }) => {
    const db = open(connections);
    await prepare(db);
    const made = await makeMeters(db, "ENS", meters, { installed: true });
    return values / (await timed(() => storeBare(db, plan, made)));
  });
  log(`bare store: ${Math.round(bare)} values/s`);
  const field = startField(plan);
  try {
    await nextLine(field);
    const { seconds, cpu } = await withServer(({ open }) => drained(open(connections), field));
    const drain = values / seconds;
    log(`drained: ${values} values in ${seconds.toFixed(1)} s`);
    return {
      metrics: [
        { name: "read from concentrators and committed", value: Math.round(drain), unit: "values/s" },
        { name: "the same values into the bare store", value: Math.round(bare), unit: "values/s" },
        { name: "ratio to the bare store", value: drain / bare, unit: "x" },
        { name: "head-end's CPU", value: (cpu / values) * 1e6, unit: "s per million values" },
        atMost(`a day of ${points} points`, (points * intervals * drainChannels.length) / drain, "s", 600),
      ],
    };
  } finally {
    field.stdin!.end();
  }
}

const prepare = (db: Database) =>
  makePartitions(db, { from: day.subtract({ days: 2 }).toString(), to: today.add({ days: 2 }).toString() });

/** What the head-end would hand over, without the line and its protocol. */
async function storeBare(
  db: Database,
  plan: DrainPlan,
  made: readonly { readonly meterId: number; readonly deviceId: number }[],
): Promise<void> {
  const startsMs = Float64Array.from({ length: intervals }, (_, slot) => plan.startMs + slot * 900_000);
  const batches: Delivery[][] = [];
  for (let first = 0; first < made.length; first += perBatch) {
    batches.push(
      made.slice(first, first + perBatch).map((ids, nth) => {
        const columns = drainChannels.map((channel) => ({ ...channel, kind: "delta" as const, scale: 0 }));
        return {
          ...ids,
          receivedAtMs: Date.now(),
          blocks: [{ kind: "mc-journal", bytes: new Uint8Array(900) }],
          profiles: [
            {
              obis: "1-0:99.1.0*255",
              periodSeconds: 900,
              columns,
              startsMs,
              values: columns.map((_, channel) =>
                Float64Array.from(dayValues(first + nth, channel, intervals)),
              ),
              flags: new Uint16Array(intervals),
            },
          ],
          registers: [],
          events: [],
        };
      }),
    );
  }
  const work = async () => {
    for (let batch = batches.shift(); batch; batch = batches.shift())
      await storeDeliveries(db, batch, { nowMs: Date.now(), zone });
  };
  await Promise.all(Array.from({ length: connections - 2 }, work));
}

async function drained(db: Database, field: ChildProcess): Promise<{ seconds: number; cpu: number }> {
  await prepare(db);
  const made = await makeMeters(db, "ENS", meters, { installed: true });
  const gatewayIds = await registerGateways(
    db,
    Array.from({ length: concentrators }, (_, nth) => ({ identity: drainIdentity(nth) })),
    "bench",
  );
  const deviceIds = made.map(({ deviceId }) => deviceId);
  const gatewayOf = made.map((_, nth) => gatewayIds[Math.floor(nth / metersEach)]);
  const logicalOf = made.map((_, nth) => 16 + (nth % metersEach));
  await db.query(sql`
    insert into gateway_meter (gateway_id, logical_device, name, state, device_id)
    select wanted.gateway_id, logical_device, identity, 'known', device_id
    from unnest(${gatewayOf}::int[], ${logicalOf}::int[], ${deviceIds}::int[]) as wanted (gateway_id, logical_device, device_id)
    join device using (device_id)`);
  await db.query(sql`
    update device set gateway_id = wanted.gateway_id, direction = 'call-in'
    from unnest(${gatewayOf}::int[], ${deviceIds}::int[]) as wanted (gateway_id, device_id)
    where device.device_id = wanted.device_id`);
  const headend = await startHeadend({
    database: db,
    keyProvider: testKeyProvider,
    zone,
    listen: "127.0.0.1:0",
    limits: lowerLimits({ restartSpreadSeconds: 0.001 }),
  });
  try {
    const before = process.cpuUsage();
    const seconds = await timed(async () => {
      field.stdin!.write(`${headend.listen}\n`);
      await allTaken(db);
    });
    const { user, system } = process.cpuUsage(before);
    const { rows } = await db.query<{ stored: number }>(sql`
      select coalesce(sum(ok), 0)::int as stored from load_day join channel using (channel_id) where meter_id is not null`);
    if (rows[0]?.stored !== values) throw new Error(`${rows[0]?.stored} of ${values} values are there`);
    return { seconds, cpu: (user + system) / 1e6 };
  } finally {
    await headend.stop();
  }
}

/** Until each concentrator was told that all it had is taken. */
async function allTaken(db: Database): Promise<void> {
  for (let nth = 0; nth < 6000; nth++) {
    await wait(100);
    const { rows } = await db.query<{ done: number }>(sql`
      select count(*)::int as done from gateway where newest >= ${metersEach}::int and taken_confirmed >= newest`);
    if (rows[0]?.done === concentrators) return;
  }
  throw new Error("not everything was taken in ten minutes");
}

function startField(plan: DrainPlan): ChildProcess {
  const main = fileURLToPath(new URL("./drain-field.ts", import.meta.url));
  return spawn(process.execPath, [main, JSON.stringify(plan)], { stdio: ["pipe", "pipe", "inherit"] });
}

const nextLine = (child: ChildProcess): Promise<string> =>
  new Promise((resolve, reject) => {
    createInterface({ input: child.stdout! }).once("line", resolve);
    child.once("exit", (code) => reject(new Error(`the concentrators ended with ${code}`)));
  });
