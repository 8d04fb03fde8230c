export * from "./adoption.ts";
export * from "./dump-import.ts";
export * from "./journal.ts";
export * from "./meters.ts";
export * from "./registry.ts";
