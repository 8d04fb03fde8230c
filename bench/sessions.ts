import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { startSimulator } from "@energsys/simulator";
import { atLeast, atMost, type Bench, type BenchContext, type Metric } from "./bench.ts";
import { heapUsed } from "./heap.ts";
import type { Called } from "./sessions-reader.ts";

const meters = 5_000;

export const bench: Bench = {
  name: "sessions",
  about:
    "5,000 virtual meters in this process, all with an open association: what a session costs idle, on both sides",
  run: measure,
};

async function measure({ log }: BenchContext): Promise<{ metrics: Metric[] }> {
  const town = await startSimulator({ points: meters, days: 1, shares: { "dlms-wrapper": 1 } });
  const called = town.inventory.points.map(({ device: { url, password } }): Called => {
    const { port, searchParams } = new URL(url);
    return { port: Number(port), client: Number(searchParams.get("client")), ...(password && { password }) };
  });
  log(`${meters} virtual meters listen`);
  const reader = fork(new URL("sessions-reader.ts", import.meta.url));
  try {
    const before = heapUsed();
    const start = performance.now();
    reader.send({ called });
    const { answered, perSession } = await reportOf(reader);
    const seconds = (performance.now() - start) / 1000;
    const deviceBytes = (heapUsed() - before) / answered;
    log(`${answered} associations open after ${seconds.toFixed(1)} s`);
    return {
      metrics: [
        atLeast("virtual meters that answered and stay associated", answered, "sessions", meters),
        { name: "associations opened and an energy read", value: answered / seconds, unit: "sessions/s" },
        atMost("reader: heap of an idle session, socket included", perSession, "bytes", 8_192),
        atMost("device: heap of an idle session, socket included", deviceBytes, "bytes", 8_192),
      ],
    };
  } finally {
    reader.kill();
    await town.stop();
  }
}

async function reportOf(reader: ChildProcess): Promise<{ answered: number; perSession: number }> {
  const [report] = await Promise.race([
    once(reader, "message"),
    once(reader, "exit").then(() => Promise.reject(new Error("the reader ended early"))),
  ]);
  return report;
}
