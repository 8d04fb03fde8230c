import { connect } from "node:net";
import { setImmediate } from "node:timers/promises";
import { type DataValue, type DeviceResult, data, decodeData, encodeApdu } from "@energsys/protocols/dlms";
import { encodeWrapperFrame, takeWrapperFrame } from "@energsys/protocols/wrapper";
import { dateTimeBytes } from "./date-time.ts";
import type { MeterDevice, PushOptions } from "./meter-device.ts";
import { MeterObjects } from "./meter-objects.ts";
import { objectModelOf } from "./object-model.ts";
import { pushChannel, pushClient, takeConfirmation } from "./push-channel.ts";
import { obisIn } from "./values.ts";

const managementDevice = 1;
/** Bit 30: the receiver is asked to confirm. */
const confirmed = 0x4000_0000;
const confirmLengthMax = 64;

/** Values of the attributes that a list {class, logical name, attribute, index} names; what is not there is null. */
function valuesOf(device: MeterDevice, list: DataValue): DataValue[] {
  const model = objectModelOf(device.meter.description);
  const objects = new MeterObjects(
    {
      device,
      role: "manager",
      client: pushClient,
      mechanism: 0,
      ciphered: false,
      objects: model.all,
      baseOf: () => undefined,
      clientTitle: () => undefined,
      agreed: () => ({ conformance: 0, clientMaxReceivePduLength: 0 }),
    },
    model.byName,
  );
  const items = list.type === "array" ? list.items : [];
  return items.map((item) => {
    const [classId, name, attribute] = item.type === "structure" ? item.items : [];
    const obis = obisIn(name);
    if (classId?.type !== "uint16" || obis === undefined || attribute?.type !== "int8") return data.null;
    return dataOf(objects.get({ attribute: { classId: classId.value, obis, attribute: attribute.value } }));
  });
}

function dataOf(result: DeviceResult): DataValue {
  if (!result.ok) return data.null;
  return "encoded" in result ? decodeData(result.encoded) : result.data;
}

/** A DataNotification, ciphered in the general form where the meter ciphers. */
async function notificationOf(
  device: MeterDevice,
  longInvokeId: number,
  body: DataValue,
): Promise<Uint8Array> {
  const { meter } = device;
  const apdu = encodeApdu({
    kind: "data-notification",
    longInvokeId,
    dateTime: dateTimeBytes(meter.local(meter.now())),
    body,
  });
  return pushChannel(device)?.protect(apdu, { general: true, dedicated: false }) ?? apdu;
}

/**
 * Pushes the listed attributes (IEC 62056-6-2, class 40), over the line that the meter called in on or to the address of its
 * set-up, and again until it is confirmed or the retries are used up.
 * @returns whether there was a way out
 */
export function pushFrom(device: MeterDevice, list: DataValue, options: PushOptions): boolean {
  if (!options.address && !device.hasLine) return false;
  const number = device.nextPush();
  void (async () => {
    // The answer to whoever asked for the push goes first.
    await setImmediate();
    const body = data.structure(list, ...valuesOf(device, list));
    for (let attempt = 0; attempt <= options.retries && !device.isConfirmed(number); attempt++) {
      const apdu = await notificationOf(device, number | confirmed, body);
      await (options.address ? sendTo(device, options, apdu, number) : sendOnLine(device, options, apdu));
    }
  })();
  return true;
}

async function sendOnLine(device: MeterDevice, { repeatMs }: PushOptions, apdu: Uint8Array): Promise<void> {
  device.sendOnLine(apdu);
  await new Promise((resolve) => {
    setTimeout(resolve, repeatMs).unref();
  });
}

/** One connection for one attempt; it ends with the confirmation, or when that does not come in time. */
function sendTo(
  device: MeterDevice,
  { address, repeatMs }: PushOptions,
  apdu: Uint8Array,
  number: number,
): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect({ ...address, host: address?.host ?? "", port: address?.port ?? 0 });
    const timer = setTimeout(() => socket.destroy(), repeatMs).unref();
    let received: Uint8Array = new Uint8Array(0);
    const confirm = async () => {
      const apdu = confirmationIn(received);
      if (!apdu) return;
      await takeConfirmation(device, apdu);
      if (!device.isConfirmed(number)) return;
      clearTimeout(timer);
      socket.end();
    };
    socket.on("connect", () => {
      socket.write(encodeWrapperFrame({ sourcePort: managementDevice, destinationPort: pushClient, apdu }));
    });
    socket.on("data", (chunk: Uint8Array) => {
      received = Buffer.concat([received, chunk]);
      void confirm();
    });
    socket.on("error", () => socket.destroy());
    socket.on("close", () => {
      // Nobody there: the next attempt is due after the same time.
      if (device.isConfirmed(number)) resolve();
      else setTimeout(resolve, repeatMs).unref();
    });
  });
}

function confirmationIn(received: Uint8Array): Uint8Array | undefined {
  try {
    return takeWrapperFrame(received, confirmLengthMax)?.frame.apdu;
  } catch {
    return undefined;
  }
}
