import { collectDefaultMetrics, Gauge, Registry } from "prom-client";
import type { Headend } from "./headend.ts";

/** What Prometheus reads of a head-end. No label comes from outside: states and codes are lists of the program. */
export function headendMetrics(headend: Headend): () => Promise<{ contentType: string; text: string }> {
  const register = new Registry();
  collectDefaultMetrics({ register, prefix: "energsys_" });
  const registers = [register];
  const gauge = (name: string, help: string) => new Gauge({ name: `energsys_${name}`, help, registers });
  const attempts = new Gauge({
    name: "energsys_attempts_ended",
    help: "Attempts that ended since the start, by state",
    labelNames: ["state"] as const,
    registers,
  });
  const refused = new Gauge({
    name: "energsys_callers_refused",
    help: "Callers that were refused since the start, by code",
    labelNames: ["code"] as const,
    registers,
  });
  const intervals = gauge("intervals_stored", "Intervals stored since the start");
  const connections = gauge("connections", "Open connections of callers");
  const running = gauge("attempts_running", "Attempts under way");
  const queueRows = gauge("queue_rows", "Rows that wait for the database");
  const stored = gauge("deliveries_stored", "Deliveries committed since the start");
  const storeSeconds = gauge("store_seconds", "Time spent in transactions of deliveries since the start");
  return async () => {
    const { counts, queue, callIns } = headend;
    for (const state of ["done", "failed", "cancelled"] as const) attempts.set({ state }, counts[state]);
    for (const [code, count] of callIns.refused) refused.set({ code }, count);
    intervals.set(counts.intervals);
    connections.set(callIns.connections);
    running.set(headend.running);
    queueRows.set(queue.rows);
    stored.set(queue.spent.deliveries);
    storeSeconds.set(queue.spent.storeMs / 1_000);
    return { contentType: register.contentType, text: await register.metrics() };
  };
}
