export * from "./change.ts";
export * from "./open.ts";
export * from "./tasks.ts";
