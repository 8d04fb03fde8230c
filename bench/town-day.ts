import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { lowerLimits, startHeadend } from "@energsys/headend";
import { type Database, type Inventory, importInventory, makePartitions, sql } from "@energsys/store";
import { testKeyProvider, testKeyRing } from "@energsys/store/testing";
import { atMost, type Bench, type BenchContext, type Metric } from "./bench.ts";
import { cpuOfProcess, cpuOfServer } from "./cpu-time.ts";
import { withServer, zone } from "./store-field.ts";
import { concentratorOf, metersPerConcentrator, nameOf, obisCodes } from "./town-day-names.ts";

/** Yesterday of a town, from the stores of its concentrators by call, DLMS and commit into the database. */
export const bench: Bench = {
  name: "town-day",
  about:
    "the day of 50,000 points, 4 channels each, from real concentrators by TCP and DLMS into the database",
  run: (context) => withServer(({ open }) => measure(open(8), context)),
};

async function measure(db: Database, { log, points = 50_000 }: BenchContext): Promise<{ metrics: Metric[] }> {
  const today = Temporal.Now.plainDateISO(zone);
  const yesterday = today.subtract({ days: 1 }).toString();
  await makePartitions(db, { from: yesterday, to: today.add({ days: 2 }).toString() });
  await importInventory(db, inventoryOf(points), { keyRing: testKeyRing(db) });
  log(`${points} points are in the inventory`);
  const running = await startHeadend({
    database: db,
    keyProvider: testKeyProvider,
    zone,
    listen: "127.0.0.1:0",
    limits: lowerLimits({ restartSpreadSeconds: 0.001 }),
  });
  const field = await startField(running.listen!, points, yesterday);
  try {
    const { rows: folders } = await db.query<{ folder: string }>(
      sql`select current_setting('data_directory') as folder`,
    );
    const cpuOf = () => ({
      headend: (process.cpuUsage().user + process.cpuUsage().system) / 1e6,
      database: cpuOfServer(folders[0]!.folder),
      field: cpuOfProcess(field.pid!),
    });
    const places = Math.ceil(points / metersPerConcentrator);
    log(`${places} concentrators hold the day; load of the machine ${loadOfMachine()}`);
    const before = cpuOf();
    const startedMs = performance.now();
    field.stdin!.write("call\n");
    for (let drained = 0; drained < places; ) {
      await new Promise((resolve) => setTimeout(resolve, 500));
      const { rows } = await db.query<{ n: number }>(sql`
        select count(*)::int as n from gateway where taken_confirmed > ${metersPerConcentrator}::int
          or (taken_confirmed > 1 and taken_confirmed >= newest)`);
      drained = rows[0]!.n;
    }
    const seconds = (performance.now() - startedMs) / 1000;
    const after = cpuOf();
    const { rows } = await db.query<{ slots: number }>(sql`
      select coalesce(sum(ok), 0)::int as slots from load_day join channel using (channel_id)
      where meter_id is not null and day = ${yesterday}::date`);
    const { slots } = rows[0]!;
    const wanted = points * obisCodes.length * slotsOf(yesterday);
    if (slots !== wanted) throw new Error(`${slots} of ${wanted} values are stored`);
    log(`${slots} values in ${seconds.toFixed(1)} s; load of the machine ${loadOfMachine()}`);
    return {
      metrics: [
        atMost("the day of all points is committed", Number(seconds.toFixed(1)), "s", 600),
        { name: "values", value: slots, unit: "values" },
        { name: "values a second", value: Math.round(slots / seconds), unit: "values/s" },
        { name: "head-end's CPU", value: after.headend - before.headend, unit: "s" },
        { name: "PostgreSQL's CPU", value: after.database - before.database, unit: "s" },
        { name: "concentrators' CPU", value: after.field - before.field, unit: "s" },
        { name: "head-end's memory, at most", value: peakMiB(process.pid), unit: "MiB" },
        { name: "concentrators' memory, at most", value: peakMiB(field.pid!), unit: "MiB" },
      ],
    };
  } finally {
    field.kill("SIGTERM");
    await running.stop();
  }
}

function inventoryOf(points: number): Inventory {
  const places = Math.ceil(points / metersPerConcentrator);
  const branchOf = (index: number) => ["bench", `PT ${Math.floor(index / (2 * metersPerConcentrator))}`];
  const names = Array.from({ length: points }, (_, index) => nameOf(index));
  return {
    branches: [],
    points: names.map((name, index) => ({
      pod: name,
      name,
      address: "",
      branch: branchOf(index),
      phases: 3,
      meter: { serial: name, manufacturer: "BEN", model: "generic-dlms", phases: 3 },
      installedAt: "2020-01-01T00:00:00Z",
      device: {
        identity: name,
        model: "generic-dlms",
        url: "dlms+tcp://?client=2&server=1",
        direction: "call-in",
      },
    })),
    gateways: Array.from({ length: places }, (_, n) => ({
      identity: concentratorOf(n),
      branch: branchOf(n * metersPerConcentrator),
      meters: names.slice(n * metersPerConcentrator, (n + 1) * metersPerConcentrator),
    })),
  };
}

/** The concentrators in a process of their own, as the field is. */
async function startField(callIn: string, points: number, begin: string): Promise<ChildProcess> {
  const main = fileURLToPath(new URL("./town-day-field.ts", import.meta.url));
  const child = spawn(process.execPath, [main, callIn, String(points), begin, zone], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  await new Promise<void>((resolve, reject) => {
    createInterface(child.stdout!).once("line", () => resolve());
    child.once("exit", (code) => reject(new Error(`the field ended with ${code}`)));
  });
  return child;
}

function slotsOf(day: string): number {
  const start = Temporal.PlainDate.from(day).toZonedDateTime(zone);
  return start.until(start.add({ days: 1 })).total("minutes") / 15;
}

/** Most memory that a process had, from /proc; 0 where there is no /proc. */
function peakMiB(pid: number): number {
  try {
    return Math.round(Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) / 1024);
  } catch {
    return 0;
  }
}

const loadOfMachine = () => readFileSync("/proc/loadavg", "utf8").split(" ")[0];
