export * from "./frame.ts";
export * from "./link.ts";
