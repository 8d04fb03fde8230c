export * from "./ciphers.ts";
