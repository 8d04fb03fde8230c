import { quality, type RegisterReading } from "@energsys/metering";
import { type DeviceWords, findMeterModel, type MeterModel, recogniseModel } from "@energsys/metering/models";
import { type Clock, DecodeError, type EpochMs, findObis, type ObisCode } from "@energsys/protocols";
import { type ExplainOptions, explain, type Reading, type Telegram } from "@energsys/protocols/decode";
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
  const model = findMeterModel(line.device.model);
  const { registers } = readPush(apdu, receivedAtMs, { zone, ...(model ? { model } : {}) });
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

/** What a push says of its device, and the registers in it. */
export interface ReadPush {
  readonly words: DeviceWords;
  /** By the identity of the model: its objects in their order. */
  readonly identity?: string;
  readonly registers: RegisterReading[];
}

/**
 * Reads a push: an APDU, or frames of any kind around it. Numbers with a code and a unit are registers; names and states are
 * not. Without a model it is recognised by what the push says.
 */
export function readPush(
  bytes: Uint8Array,
  receivedAtMs: EpochMs,
  options: ExplainOptions & { readonly zone: string; readonly model?: MeterModel },
): ReadPush {
  const { telegrams } = explain(bytes, options);
  const readings = telegrams.flatMap((telegram) => telegram.readings ?? []).slice(0, registersMax);
  const words = wordsOf(telegrams, readings);
  const model = options.model ?? recogniseModel("dlms", words);
  const identity = model.identity.cosem.flatMap((code) => textOf(readings, code) ?? [])[0];
  const unchecked = telegrams.some((telegram) => telegram.authenticated === false);
  const registers = readings.flatMap((reading): RegisterReading[] => {
    const code = reading.obis === undefined ? undefined : findObis(standardCode(reading.obis, model));
    const unit = reading.unit || unitOf(code, model);
    if (code === undefined || !unit || !/^-?\d{1,18}(\.\d{1,9})?$/.test(reading.value)) return [];
    const measuredAtMs = instantOf(reading.time, options.zone, model) ?? receivedAtMs;
    const flags = unchecked ? quality.unauthenticated : 0;
    return [{ obis: code, measuredAtMs, value: reading.value, unit, flags }];
  });
  return { words, registers, ...(identity === undefined ? {} : { identity }) };
}

const textOf = (readings: readonly Reading[], code: string): string | undefined =>
  readings.find(({ obis }) => obis === code)?.value;

function wordsOf(telegrams: readonly Telegram[], readings: readonly Reading[]): DeviceWords {
  const title = telegrams.find(({ device }) => device?.systemTitle !== undefined)?.device?.systemTitle;
  const maker = title === undefined ? "" : Buffer.from(title.slice(0, 6), "hex").toString("latin1");
  const words = {
    logicalDeviceName: textOf(readings, "0-0:42.0.0*255"),
    listName: textOf(readings, "1-1:0.2.129*255"),
    product: textOf(readings, "0-0:96.1.7*255") ?? textOf(readings, "1-1:96.1.1*255"),
    titleMaker: /^[A-Z]{3}$/.test(maker) ? maker : undefined,
  };
  return Object.fromEntries(Object.entries(words).filter(([, word]) => word !== undefined));
}

/** The code that a code of this model's pushes stands for. */
function standardCode(obis: string, model: MeterModel): string {
  for (const [sent, meant] of Object.entries(model.quirks.pushedCodes?.value ?? {})) {
    if (obis.startsWith(sent)) return `${meant}${obis.slice(sent.length)}`;
  }
  return obis;
}

const unitOf = (code: ObisCode | undefined, model: MeterModel): string | undefined =>
  model.registers === "all" ? undefined : model.registers.find(({ obis }) => obis === code)?.unit;

/** A stamp without an offset, or whose offset the model does not mean, is wall time of the device's zone. */
function instantOf(time: string | undefined, zone: string, model: MeterModel): EpochMs | undefined {
  const parts = /^(\d{4}-\d\d-\d\dT[\d:.]+)(Z|[+-]\d\d:\d\d)?$/.exec(time ?? "");
  if (!parts) return undefined;
  const [, wall = "", offset] = parts;
  if (offset !== undefined && model.clockZone === "stamp") return Date.parse(`${wall}${offset}`);
  return Temporal.PlainDateTime.from(wall).toZonedDateTime(zone).epochMilliseconds;
}
