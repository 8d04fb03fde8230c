export * from "./continuity.ts";
export * from "./detectors.ts";
export * from "./events.ts";
export * from "./limits.ts";
export * from "./logged-events.ts";
export * from "./unbalance.ts";
export * from "./week.ts";
