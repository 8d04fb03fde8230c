import { type ChildProcess, spawn } from "node:child_process";
import { PerformanceObserver } from "node:perf_hooks";
import { createInterface } from "node:readline";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { pacedClocks, startVirtualConcentrator, type VirtualConcentrator } from "@energsys/simulator";
import { atMost, type Bench, type BenchContext, type Metric } from "./bench.ts";
import { LongestTurn } from "./longest-turn.ts";

const count = 2000;
const modules = 4;
const metersEach = 32;
/** Logical devices of one: its modules and their meters; the supply line is not configured. */
const devicesEach = modules + metersEach;
const quarterMs = 900_000;
/** Started for nothing first: their pace tells when the border may come. */
const trial = 20;
/** No two gateways have the same time to the millisecond. */
const clockSpreadMs = 3000;
/** A round over four modules at 9600 Bd is about ten seconds. */
const roundMs = 30_000;

/** 2,000 concentrators with 32 meters each in one process, their lines to a centre open, over a border of a quarter-hour. */
export const bench: Bench = {
  name: "concentrators-in-process",
  about:
    "2,000 virtual concentrators with 32 meters each in one process: memory, and how long its loop is held",
  run: measure,
};

async function measure({ log }: BenchContext): Promise<{ metrics: Metric[] }> {
  const centre = await startCentre();
  const callIn = `127.0.0.1:${centre.port}`;
  const running: VirtualConcentrator[] = [];
  let shiftMs = 0;
  const clocks = pacedClocks();
  let turns: LongestTurn | undefined;
  const start = async (nth: number) => {
    const aheadMs = ((nth * 7919) % clockSpreadMs) - clockSpreadMs / 2;
    const clock = clocks(() => Date.now() + shiftMs + aheadMs);
    running.push(
      await startVirtualConcentrator({ clock, seed: nth + 1, callIn, modules, meters: 0, baudRate: 9600 }),
    );
    // One after the other, as a town is switched on: each has its turn of the loop.
    await wait(0);
  };
  try {
    const paceMs = await timedMs(async () => {
      for (let nth = 0; nth < trial; nth++) await start(nth);
    });
    await stopAll(running);
    const startMs = (paceMs / trial) * count * 1.5 + 40_000;
    const toBorderMs = quarterMs - (Date.now() % quarterMs);
    shiftMs = toBorderMs - startMs - clockSpreadMs;
    const borderAtMs = performance.now() + startMs + clockSpreadMs;
    const bare = process.memoryUsage().rss;

    turns = new LongestTurn();
    let collectionMs = 0;
    const collections = new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) collectionMs = Math.max(collectionMs, duration);
    });
    collections.observe({ entryTypes: ["gc"] });
    const startedMs = await timedMs(async () => {
      for (let nth = 0; nth < count; nth++) await start(nth);
      await foundAll(running);
    });
    const starting = turns.take();
    log(`started and found in ${(startedMs / 1000).toFixed(0)} s, longest turn ${starting.ms.toFixed(1)} ms`);
    if (performance.now() > borderAtMs - clockSpreadMs)
      throw new Error("the border came before all had started");
    const idleMs = Math.max(0, borderAtMs - clockSpreadMs - performance.now());
    turns.take();
    await wait(idleMs);
    const idle = turns.take();
    const before = newest(running);
    turns.take();
    collectionMs = 0;
    const cpu = process.cpuUsage();
    await wait(roundMs + 2 * clockSpreadMs);
    const round = turns.take();
    const spent = process.cpuUsage(cpu);
    const read = running.filter(({ running: { edge } }) =>
      edge
        .devices()
        .every(
          ({ kind, lastContactMs }) =>
            kind !== "module" || lastContactMs > edge.clock.now() - roundMs - 3 * clockSpreadMs,
        ),
    ).length;
    const lines = await centre.lines();
    const rss = process.memoryUsage().rss;
    log(
      `${read} read all modules after the border; ${lines} lines stand; ${newest(running) - before} entries`,
    );
    if (read < count || lines < count) throw new Error(`${read} read their modules, ${lines} have a line`);
    return {
      metrics: [
        atMost("memory of the process", rss / 1e9, "GB", 1.5),
        { name: "memory of one, with its 32 meters", value: (rss - bare) / count / 1000, unit: "kB" },
        // The goal is for what the process works: what other programs take of the machine is beside it.
        atMost("processor time of the longest turn, lines idle", idle.workedMs, "ms", 50),
        atMost("processor time of the longest turn, all read their modules", round.workedMs, "ms", 50),
        atMost("processor time of the longest turn while they start", starting.workedMs, "ms", 50),
        { name: "longest turn by the clock, lines idle", value: idle.ms, unit: "ms" },
        { name: "longest turn by the clock, all read their modules", value: round.ms, unit: "ms" },
        { name: "longest turn by the clock while they start", value: starting.ms, unit: "ms" },
        { name: "longest collection of garbage in it", value: collectionMs, unit: "ms" },
        { name: "start to all meters found, each", value: startedMs / count, unit: "ms" },
        {
          name: "processor time of a round, each",
          value: (spent.user + spent.system) / 1000 / count,
          unit: "ms",
        },
      ],
    };
  } finally {
    turns?.stop();
    await stopAll(running);
    centre.stop();
  }
}

const newest = (running: readonly VirtualConcentrator[]): number =>
  running.reduce((sum, { running: { edge } }) => sum + edge.journal.newest, 0);

async function timedMs(work: () => Promise<void>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

async function foundAll(running: readonly VirtualConcentrator[]): Promise<void> {
  for (let nth = 0; nth < 600; nth++) {
    if (running.every(({ running: { edge } }) => edge.devices().length >= devicesEach)) return;
    await wait(500);
  }
  throw new Error("not all meters were found");
}

async function stopAll(running: VirtualConcentrator[]): Promise<void> {
  await Promise.all(running.splice(0).map((one) => one.stop()));
}

/** A centre in a process of its own, so that its ends of the lines are not counted. */
async function startCentre(): Promise<{ port: number; lines(): Promise<number>; stop(): void }> {
  const main = fileURLToPath(new URL("./field-centre.ts", import.meta.url));
  const child: ChildProcess = spawn(process.execPath, [main], { stdio: ["pipe", "pipe", "inherit"] });
  const answers = createInterface({ input: child.stdout! })[Symbol.asyncIterator]();
  const { port } = JSON.parse(String((await answers.next()).value)) as { port: number };
  return {
    port,
    lines: async () => {
      child.stdin!.write("?");
      return (JSON.parse(String((await answers.next()).value)) as { lines: number }).lines;
    },
    stop: () => child.stdin!.end(),
  };
}
