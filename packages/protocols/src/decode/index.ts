export { explain } from "./explain.ts";
export type * from "./explanation.ts";
export { warn } from "./warning.ts";
