export { explain } from "./explain.ts";
export type * from "./explanation.ts";
export { findSession } from "./material.ts";
export * from "./session-file.ts";
export { warn } from "./warning.ts";
