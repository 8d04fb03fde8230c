export * from "./address.ts";
export * from "./control.ts";
export * from "./crc.ts";
export * from "./frame.ts";
export * from "./link.ts";
export * from "./llc.ts";
export * from "./parameters.ts";
export * from "./station.ts";
