export * from "./checked-day.ts";
export * from "./figures.ts";
export * from "./point-class.ts";
export type { ArrivalCheck, ArrivingDay, Finding, Found, Rule, Severity, Threshold } from "./rule.ts";
export * from "./rules.ts";
export * from "./settings.ts";
export * from "./slot-set.ts";
export { fullyDark } from "./v19-outage.ts";
export * from "./validate.ts";
