export type * from "./device-reading.ts";
export { errorCode, HeadendError } from "./errors.ts";
export { readDevice } from "./read-device.ts";
export { type DeviceUrl, parseDeviceUrl, withoutSecrets } from "./url.ts";
