import type { DeviceReading, ReadOptions, ReadRequest } from "./device-reading.ts";
import { readDlms } from "./dlms.ts";
import { readIecBinary } from "./iec-binary.ts";
import { readUnasked } from "./iec-unasked.ts";
import { readIec } from "./iec62056-21.ts";
import { type DeviceUrl, parseDeviceUrl } from "./url.ts";

/**
 * Reads one device, as a technician would: dial (or use the given stream), sign on, check the identity, read what is
 * asked for, sign off. Needs no database. Parts are handed to `onPortion` as they come, or kept in the result.
 * @throws DriverError `url.*`, `dial.*`, `identity.*`, `read.*`; LinkError and DecodeError of the protocols
 */
export async function readDevice(
  url: string | DeviceUrl,
  request: ReadRequest,
  options: ReadOptions,
): Promise<DeviceReading> {
  const device = typeof url === "string" ? parseDeviceUrl(url) : url;
  switch (device.protocol) {
    case "dlms":
      return readDlms(device, request, options);
    case "iec62056-21": {
      const { dlms } = device;
      if (device.mode === "D") return readUnasked(device, request, options);
      return dlms ? readIecBinary({ ...device, dlms }, request, options) : readIec(device, request, options);
    }
    case "p1":
      return readUnasked(device, request, options);
  }
}
