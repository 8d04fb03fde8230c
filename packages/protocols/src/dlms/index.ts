export * from "./apdu-types.ts";
export * from "./bytes.ts";
export * from "./client.ts";
export * from "./data.ts";
export { decodeData } from "./data-decode.ts";
export { encodeData } from "./data-encode.ts";
export * from "./link.ts";
export * from "./names.ts";
export * from "./tags.ts";
