import { readMigrations } from "@energsys/store";
import { collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import type { Services } from "../services.ts";
import type { HealthObserver } from "./observer.ts";
import type { Traffic } from "./traffic.ts";

export interface ServerMetrics {
  readonly observeCall: (operation: string, status: number, seconds: number) => void;
  readonly text: () => Promise<{ contentType: string; text: string }>;
}

/**
 * What Prometheus reads: figures of the process and those of the health page. No label comes from outside: operations, statuses,
 * codes and measures are lists of the program.
 */
export function serverMetrics(traffic: Traffic, observer: HealthObserver): ServerMetrics {
  const register = new Registry();
  collectDefaultMetrics({ register, prefix: "energsys_" });
  const registers = [register];
  const seconds = new Histogram({
    name: "energsys_http_call_seconds",
    help: "Time of calls of the API, by operation and status class",
    labelNames: ["operation", "status"] as const,
    buckets: [0.01, 0.05, 0.1, 0.3, 1, 3, 10],
    registers,
  });
  const counters = new Gauge({
    name: "energsys_http_bytes",
    help: "Bytes of the HTTP side since the start",
    labelNames: ["direction"] as const,
    registers,
  });
  const refused = new Gauge({
    name: "energsys_http_refused",
    help: "Calls that were refused since the start, by code",
    labelNames: ["code"] as const,
    registers,
  });
  const health = new Gauge({
    name: "energsys_health",
    help: "Measures of the health page, in their unit",
    labelNames: ["measure", "unit"] as const,
    registers,
  });
  const levels = new Gauge({
    name: "energsys_health_level",
    help: "0 good, 1 warning, 2 bad",
    labelNames: ["measure"] as const,
    registers,
  });
  return {
    observeCall: (operation, status, duration) =>
      seconds.observe({ operation, status: `${Math.floor(status / 100)}xx` }, duration),
    text: async () => {
      counters.set({ direction: "in" }, traffic.bytesIn);
      counters.set({ direction: "out" }, traffic.bytesOut);
      for (const [code, count] of traffic.refused) refused.set({ code }, count);
      health.reset();
      levels.reset();
      // With the database away the figures of the process still come.
      for (const { name, unit, value, level } of await observer.measures().catch(() => [])) {
        if (value !== null) health.set({ measure: name, unit }, value);
        if (level !== "none") levels.set({ measure: name }, ["good", "warning", "bad"].indexOf(level));
      }
      return { contentType: register.contentType, text: await register.metrics() };
    },
  };
}

/** What keeps the server from its work, in words for whoever watches. */
export async function notReadyReasons(
  { availability }: Services,
  probeWriting: () => Promise<number>,
  diskFreePercent: () => Promise<number | null>,
): Promise<string[]> {
  if (!availability.up) return ["database away"];
  const reasons: string[] = [];
  const migrations = await probeWriting().catch(() => undefined);
  if (migrations === undefined) reasons.push("database does not take a write");
  else if (migrations !== (await readMigrations()).length)
    reasons.push("the database belongs to another release");
  const disk = await diskFreePercent();
  if (disk !== null && disk < 5) reasons.push("disk almost full");
  return reasons;
}
