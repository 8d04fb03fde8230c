/** What tests of other packages borrow: recorded sessions that answer over sockets, listeners of their own, and pseudo terminals. */
export * from "./listening.ts";
export * from "./pseudo-terminal.ts";
export * from "./replay.ts";
