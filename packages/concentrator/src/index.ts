export * from "./bodies.ts";
export * from "./config.ts";
export { Database, type DatabaseOptions } from "./database.ts";
export * from "./edge.ts";
export { ConcentratorError } from "./errors.ts";
export * from "./journal.ts";
export * from "./own-clock.ts";
export { LocalTime } from "./zone.ts";
