export * from "./announcement.ts";
export * from "./bodies.ts";
export * from "./dump.ts";
export * from "./entries.ts";
