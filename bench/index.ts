import type { Bench } from "./bench.ts";

/** Every measurement, loaded when it is run. */
export const benches: Readonly<Record<string, () => Promise<{ bench: Bench }>>> = {
  decode: () => import("./decode.ts"),
  server: () => import("./server.ts"),
  ux: () => import("./ux.ts"),
};
