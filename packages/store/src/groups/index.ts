export * from "./changes.ts";
export * from "./checks.ts";
export * from "./members.ts";
export * from "./plan.ts";
export * from "./registry.ts";
export type { Side } from "./rows.ts";
export * from "./rule.ts";
