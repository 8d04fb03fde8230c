/** What tests of other packages borrow: recorded sessions that answer over sockets, and listeners of their own. */
export * from "./listening.ts";
export * from "./replay.ts";
