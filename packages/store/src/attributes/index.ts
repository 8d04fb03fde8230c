export * from "./attributes.ts";
export * from "./change.ts";
