export * from "./ciphered-reader.ts";
export * from "./ciphered-telegram.ts";
