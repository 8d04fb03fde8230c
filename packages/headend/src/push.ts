import type { RegisterReading } from "@energsys/metering";
import { type Clock, DecodeError, findObis } from "@energsys/protocols";
import { explain } from "@energsys/protocols/decode";
import { decodeApdu, encodeApdu } from "@energsys/protocols/dlms";
import { encodeWrapperFrame } from "@energsys/protocols/wrapper";
import type { Delivery } from "@energsys/store";
import type { CallInLine } from "./call-in-line.ts";
import type { DeliveryQueue } from "./delivery-queue.ts";

const confirmedBit = 0x4000_0000;
const registersMax = 200;

/**
 * Stores what a device pushed on its line: the bytes, and the registers in them. A push that wants to be confirmed is confirmed
 * after COMMIT and not before, since the device may then forget it. A heartbeat, which holds no value, is only confirmed.
 */
export async function storePush(
  apdu: Uint8Array,
  line: CallInLine,
  context: { readonly clock: Clock; readonly zone: string; readonly queue: DeliveryQueue },
): Promise<void> {
  const notification = findNotification(apdu);
  if (!notification) return;
  const { clock, queue, zone } = context;
  const receivedAtMs = clock.now();
  const registers = registersOf(apdu, receivedAtMs, zone);
  if (registers.length > 0 && line.device.meterId !== null) {
    const delivery: Delivery = {
      deviceId: line.device.deviceId,
      meterId: line.device.meterId,
      receivedAtMs,
      blocks: [{ kind: "dlms-push", bytes: apdu }],
      profiles: [],
      registers,
      events: [],
      fence: line.lease.fence,
    };
    await (await queue.put(delivery)).committed;
  }
  if ((notification.longInvokeId & confirmedBit) === 0) return;
  const answer = encodeApdu({ kind: "data-notification-confirm", longInvokeId: notification.longInvokeId });
  line.line.write(encodeWrapperFrame({ sourcePort: 1, destinationPort: 1, apdu: answer }));
}

function findNotification(apdu: Uint8Array) {
  try {
    const decoded = decodeApdu(apdu);
    return decoded.kind === "data-notification" ? decoded : undefined;
  } catch (error) {
    if (error instanceof DecodeError) return undefined;
    throw error;
  }
}

/** Numbers with a code and a unit; names and states of a push are no registers. */
function registersOf(apdu: Uint8Array, receivedAtMs: number, zone: string): RegisterReading[] {
  const { telegrams } = explain(apdu, { zone });
  return telegrams
    .flatMap((telegram) => telegram.readings ?? [])
    .slice(0, registersMax)
    .flatMap(({ obis, value, unit, time }) => {
      const code = obis === undefined ? undefined : findObis(obis);
      if (code === undefined || !unit || !/^-?\d{1,18}(\.\d{1,9})?$/.test(value)) return [];
      const atMs = time === undefined ? Number.NaN : Date.parse(time);
      const measuredAtMs = Number.isNaN(atMs) ? receivedAtMs : atMs;
      return [{ obis: code, measuredAtMs, value, unit, flags: 0 }];
    });
}
