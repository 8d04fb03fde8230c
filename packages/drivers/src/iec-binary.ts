import { IecReader } from "@energsys/protocols/iec62056-21";
import type { DeviceReading, ReadOptions, ReadRequest } from "./device-reading.ts";
import { readDlms } from "./dlms.ts";
import { DriverError } from "./errors.ts";
import { readerOptions } from "./iec62056-21.ts";
import { readLimits } from "./limits.ts";
import { openLine } from "./open-line.ts";
import type { DlmsUrl, IecUrl } from "./url.ts";

/**
 * Reads a DLMS meter that is signed on by IEC 62056-21 (mode E): sign-on, hand-over, then HDLC on the same line.
 * What the sign-on says of the meter goes into the reading.
 */
export async function readIecBinary(
  url: IecUrl & { readonly dlms: DlmsUrl },
  request: ReadRequest,
  options: ReadOptions,
): Promise<DeviceReading> {
  const { clock, signal, recorder } = options;
  const stream = options.stream ?? (await openLine(url, options));
  const stop = (): void => stream.close();
  signal?.addEventListener("abort", stop, { once: true });
  try {
    const reader = new IecReader(stream, clock, {
      ...readerOptions(url, options.limits ?? readLimits),
      ...(recorder ? { recorder } : {}),
    });
    const identification = await reader.signOn({ address: url.address });
    const handedOver = await reader.enterBinary();
    const reading = await readDlms(url.dlms, request, { ...options, stream: handedOver });
    return { ...reading, identification: reading.identification || identification.identification };
  } catch (error) {
    if (signal?.aborted) throw new DriverError("read.cancelled", undefined, error);
    throw error;
  } finally {
    signal?.removeEventListener("abort", stop);
    if (!options.stream) stream.close();
  }
}
