export * from "./datagram-link.ts";
export * from "./frame.ts";
export * from "./link.ts";
export * from "./mbus.ts";
