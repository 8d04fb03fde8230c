export * from "./ciphered-telegram.ts";
export * from "./ciphered-reader.ts";
