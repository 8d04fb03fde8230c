export * from "./energies.ts";
export type { Period } from "./frame.ts";
export * from "./peaks.ts";
export { ResultCache } from "./result-cache.ts";
export * from "./series.ts";
export * from "./subjects.ts";
export * from "./totals.ts";
