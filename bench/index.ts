import type { Bench } from "./bench.ts";

/** Every measurement, loaded when it is run. */
export const benches: Readonly<Record<string, () => Promise<{ bench: Bench }>>> = {
  analysis: () => import("./analysis.ts"),
  audit: () => import("./audit.ts"),
  backtest: () => import("./backtest.ts"),
  "concentrators-in-process": () => import("./concentrators-in-process.ts"),
  "concentrator-drain": () => import("./concentrator-drain.ts"),
  "concentrator-handover": () => import("./concentrator-handover.ts"),
  "group-sums": () => import("./group-sums.ts"),
  edit: () => import("./edit.ts"),
  inventory: () => import("./inventory.ts"),
  "town-day": () => import("./town-day.ts"),
  "town-ledger": () => import("./town-ledger.ts"),
  "concentrator-memory": () => import("./concentrator-memory.ts"),
  "concentrator-store": () => import("./concentrator-store.ts"),
  decode: () => import("./decode.ts"),
  sessions: () => import("./sessions.ts"),
  "store-merge": () => import("./store-merge.ts"),
  "store-query": () => import("./store-query.ts"),
  "fault-proxy": () => import("./fault-proxy.ts"),
  headend: () => import("./headend.ts"),
  server: () => import("./server.ts"),
  "sign-in": () => import("./sign-in.ts"),
  validate: () => import("./validate.ts"),
  "validate-store": () => import("./validate-store.ts"),
  ux: () => import("./ux.ts"),
};
