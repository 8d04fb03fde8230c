export * from "./corrections.ts";
export * from "./month-values.ts";
export * from "./months.ts";
