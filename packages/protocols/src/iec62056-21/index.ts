export { computeBcc, crc16Arc } from "./checks.ts";
export { decodeDataSets } from "./data-sets.ts";
export * from "./identification.ts";
export type * from "./telegram.ts";
