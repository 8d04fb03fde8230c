export { HeadendError } from "./errors.ts";
export type { Headend, HeadendOptions } from "./headend.ts";
export { type Limits, limits, lowerLimits } from "./limits.ts";
export { type PlainCallers, parsePlainCallers } from "./plain-callers.ts";
export { type RunningHeadend, type StartHeadendOptions, startHeadend } from "./start-headend.ts";
