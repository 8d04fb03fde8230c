export type * from "./device-reading.ts";
export { errorCode, HeadendError } from "./errors.ts";
export type { Headend, HeadendOptions } from "./headend.ts";
export { type Limits, limits, lowerLimits } from "./limits.ts";
export { readDevice } from "./read-device.ts";
export { readReport } from "./read-report.ts";
export { realClock } from "./real-clock.ts";
export { type RunningHeadend, type StartHeadendOptions, startHeadend } from "./start-headend.ts";
export { type DeviceUrl, parseDeviceUrl, withoutSecrets } from "./url.ts";
