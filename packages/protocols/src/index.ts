export * from "./ciphers.ts";
export * from "./errors.ts";
export * from "./io.ts";
export * from "./obis.ts";
