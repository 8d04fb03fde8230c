export * from "./planned-works.ts";
export * from "./supply-events.ts";
export * from "./voltage-limits.ts";
export * from "./voltages.ts";
