import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { Session } from "node:inspector/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { lowerLimits, startHeadend } from "@energsys/headend";
import { type Database, type Inventory, importInventory, makePartitions, sql } from "@energsys/store";
import { testKeyProvider, testKeyRing } from "@energsys/store/testing";
import type { Bench, BenchContext, Metric } from "./bench.ts";
import { cpuOfProcess, cpuOfServer } from "./cpu-time.ts";
import { withServer, zone } from "./store-field.ts";

const devices = 200;
const days = 20;
/** Devices for the naive way, one after the other. */
const naiveDevices = 25;
const parallel = 64;
const limits = lowerLimits({ restartSpreadSeconds: 0.001, retryFirstMs: 500 });

export const bench: Bench = {
  name: "headend",
  about:
    "virtual devices of all kinds over TCP, read, decoded and committed; beside one device after the other",
  run: measure,
};

interface Run {
  readonly intervals: number;
  readonly attempts: number;
  readonly failed: number;
  readonly wallMs: number;
  readonly intervalsPerSecond: number;
  /** CPU seconds while it ran: this process, PostgreSQL, the simulator. */
  readonly cpu: { readonly headend: number; readonly database: number; readonly simulator: number };
}

async function measure(context: BenchContext): Promise<{ metrics: Metric[] }> {
  const town = await startTown();
  try {
    const naive = await withServer(({ open }) => readTown(open(4), town, naiveDevices, 1));
    context.log(`one after the other: ${Math.round(naive.intervalsPerSecond)} intervals/s`);
    const run = await withServer(({ open }) => readTown(open(6), town, devices, parallel));
    context.log(
      `${run.attempts} devices, ${parallel} at a time: ${run.intervals} intervals in ${Math.round(run.wallMs)} ms`,
    );
    const { shares } = await withServer(({ open }) =>
      profiled(() => readTown(open(6), town, devices, parallel)),
    );
    if (run.failed > 0) throw new Error(`${run.failed} attempts failed`);
    const perMillion = (seconds: number) => round((seconds / run.intervals) * 1e6, 2);
    return {
      metrics: [
        {
          name: "read, decoded and committed",
          value: Math.round(run.intervalsPerSecond),
          unit: "intervals/s",
        },
        {
          name: "devices read whole",
          value: round(run.attempts / (run.wallMs / 1000), 1),
          unit: "devices/s",
        },
        {
          name: "one device after the other",
          value: Math.round(naive.intervalsPerSecond),
          unit: "intervals/s",
        },
        {
          name: "ratio to one after the other",
          value: round(run.intervalsPerSecond / naive.intervalsPerSecond, 2),
          unit: "x",
        },
        { name: "head-end's CPU", value: perMillion(run.cpu.headend), unit: "s per million intervals" },
        { name: "PostgreSQL's CPU", value: perMillion(run.cpu.database), unit: "s per million intervals" },
        { name: "simulator's CPU", value: perMillion(run.cpu.simulator), unit: "s per million intervals" },
        ...Object.entries(shares).map(([name, share]) => ({
          name: `head-end's time: ${name}`,
          value: round(share * 100, 1),
          unit: "%",
        })),
      ],
    };
  } finally {
    town.stop();
  }
}

const round = (value: number, decimals: number): number =>
  Math.round(value * 10 ** decimals) / 10 ** decimals;

interface Town {
  readonly inventory: Inventory;
  readonly pid: number;
  stop(): void;
}

/** The simulator in a process of its own, as devices are. */
async function startTown(): Promise<Town> {
  const folder = mkdtempSync(join(tmpdir(), "energsys-bench-town-"));
  const file = join(folder, "inventory.json");
  const main = fileURLToPath(import.meta.resolve("@energsys/simulator/main"));
  const flags = ["--points", devices, "--seed", 1, "--days", days, "--base-port", 0, "--inventory", file].map(
    String,
  );
  const child: ChildProcess = spawn(process.execPath, [main, ...flags], {
    env: { ...process.env, ENERGSYS_LOG_LEVEL: "warn" },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const stop = () => {
    child.kill("SIGTERM");
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await new Promise<void>((resolve, reject) => {
      createInterface(child.stdout!).once("line", () => resolve());
      child.once("exit", (code) => reject(new Error(`the simulator ended with ${code}`)));
    });
    return { inventory: JSON.parse(readFileSync(file, "utf8")) as Inventory, pid: child.pid!, stop };
  } catch (error) {
    stop();
    throw error;
  }
}

/** Reads each device once, whole, into an empty database; the clock runs from the import to the last commit. */
async function readTown(db: Database, town: Town, count: number, atOnce: number): Promise<Run> {
  const today = Temporal.Now.plainDateISO(zone);
  await makePartitions(db, {
    from: today.subtract({ days: days + 2 }).toString(),
    to: today.add({ days: 2 }).toString(),
  });
  const inventory = { ...town.inventory, points: town.inventory.points.slice(0, count) };
  await importInventory(db, inventory, { keyRing: testKeyRing(db) });
  const { rows: backends } = await db.query<{ folder: string }>(
    sql`select current_setting('data_directory') as folder`,
  );
  const cpuOf = () => ({
    headend: process.cpuUsage().user / 1e6 + process.cpuUsage().system / 1e6,
    database: cpuOfServer(backends[0]!.folder),
    simulator: cpuOfProcess(town.pid),
  });
  const before = cpuOf();
  const startedMs = performance.now();
  const running = await startHeadend({
    database: db,
    keyProvider: testKeyProvider,
    zone,
    parallel: atOnce,
    limits,
  });
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, 50));
    const { done, failed } = running.headend.counts;
    if (done + failed >= count) break;
  }
  const wallMs = performance.now() - startedMs;
  const after = cpuOf();
  const { done, failed, intervals } = running.headend.counts;
  await running.stop();
  return {
    intervals,
    attempts: done,
    failed,
    wallMs,
    intervalsPerSecond: intervals / (wallMs / 1000),
    cpu: {
      headend: after.headend - before.headend,
      database: after.database - before.database,
      simulator: after.simulator - before.simulator,
    },
  };
}

/** Where a function's time is counted, by the file that it stands in. */
const places: readonly (readonly [RegExp, string])[] = [
  [/\/packages\/protocols\//, "decoding (protocols)"],
  [/\/packages\/headend\//, "drivers, planner and queue"],
  [/\/packages\/metering\//, "packing and the point layer"],
  [/\/packages\/store\/|\/node_modules\/pg|postgres/, "store and database driver"],
];

interface ProfileNode {
  readonly id: number;
  readonly callFrame: { readonly functionName: string; readonly url: string };
}

/** Runs `work` under the profiler of V8, and gives the share of each part of the code in the time. */
async function profiled(work: () => Promise<unknown>): Promise<{ shares: Record<string, number> }> {
  const session = new Session();
  session.connect();
  await session.post("Profiler.enable");
  await session.post("Profiler.setSamplingInterval", { interval: 500 });
  await session.post("Profiler.start");
  await work();
  const { profile } = await session.post("Profiler.stop");
  session.disconnect();
  const nodes = new Map((profile.nodes as ProfileNode[]).map((node) => [node.id, node]));
  const times = new Map<string, number>();
  let total = 0;
  for (const [index, id] of (profile.samples ?? []).entries()) {
    const spent = profile.timeDeltas?.[index] ?? 0;
    const name = placeOf(nodes.get(id)!);
    total += spent;
    times.set(name, (times.get(name) ?? 0) + spent);
  }
  const sorted = [...times].sort((a, b) => b[1] - a[1]);
  return { shares: Object.fromEntries(sorted.map(([name, spent]) => [name, spent / total])) };
}

function placeOf({ callFrame }: ProfileNode): string {
  const { functionName, url } = callFrame;
  if (functionName === "(idle)") return "waiting for devices and the database";
  if (functionName === "(garbage collector)") return "garbage collection";
  const place = places.find(([pattern]) => pattern.test(url));
  return place?.[1] ?? "Node (sockets, timers, system calls)";
}
