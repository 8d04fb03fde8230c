import type { ByteStream, LineSettings } from "@energsys/protocols";
import type { ReadOptions } from "./device-reading.ts";
import { DriverError } from "./errors.ts";
import { openModemLine } from "./modem-line.ts";
import { openSerial } from "./serial-line.ts";
import { waitForTurn } from "./serial-turns.ts";
import { dial } from "./tcp-line.ts";
import { openUdp } from "./udp-line.ts";
import type { DeviceUrl } from "./url.ts";

/** How a protocol begins on a serial port. A sign-on of IEC 62056-21 sets its own rate. */
const firstSettings: Readonly<Record<DeviceUrl["protocol"], LineSettings>> = {
  dlms: { baudRate: 9600, dataBits: 8, parity: "none" },
  "iec62056-21": { baudRate: 300, dataBits: 7, parity: "even" },
  p1: { baudRate: 115_200, dataBits: 8, parity: "none" },
};

/** Dials a host or a number, or opens a serial port when it is its turn. @throws DriverError `dial.*`, `serial.*`, `modem.*`, `read.*` */
export async function openLine(
  url: DeviceUrl,
  options: Pick<ReadOptions, "clock" | "signal" | "limits" | "mayDial">,
): Promise<ByteStream> {
  const { line } = url;
  switch (line.kind) {
    case "udp":
      return openUdp(line, options.mayDial);
    case "tcp": {
      const { clock, signal, limits, mayDial } = options;
      return (await dial(line, clock, { signal, mayDial, ...(limits ? { limits } : {}) })).stream();
    }
    case "serial": {
      const first = firstSettings[url.protocol];
      // Mode D sends at 2400 baud.
      const usual = url.protocol === "iec62056-21" && url.mode === "D" ? 2400 : first.baudRate;
      const leave = await waitForTurn(line.path, options.signal);
      try {
        const settings = { ...first, baudRate: line.baudRate ?? usual };
        const stream = await openSerial(line.path, options.clock, { settings });
        void stream.released.then(leave);
        return stream;
      } catch (error) {
        leave();
        throw error;
      }
    }
    case "modem":
      return openModemLine(line, options);
    default:
      throw new DriverError("read.no-line", "this device calls in: it cannot be dialled");
  }
}
