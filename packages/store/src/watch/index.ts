export * from "./attempt-report.ts";
export * from "./event-report.ts";
export * from "./month-ends.ts";
export * from "./places.ts";
export * from "./planned-works.ts";
export * from "./supply-events.ts";
export * from "./voltage-limits.ts";
export * from "./voltages.ts";
