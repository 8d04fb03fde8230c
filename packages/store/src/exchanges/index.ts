export * from "./check.ts";
export * from "./effect.ts";
export * from "./exchange.ts";
export * from "./list.ts";
export * from "./make.ts";
export * from "./photos.ts";
export * from "./preview.ts";
export * from "./undo.ts";
