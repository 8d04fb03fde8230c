export * from "./bill.ts";
export * from "./blocks.ts";
export * from "./calendar.ts";
export * from "./demand.ts";
export * from "./exact.ts";
export * from "./reactive.ts";
export * from "./versions.ts";
export * from "./zones.ts";
