export * from "./cases.ts";
export * from "./figures.ts";
export * from "./read-losses.ts";
export * from "./suspects.ts";
export * from "./tree.ts";
