import { dateTimeRules, parseDeviceUrl, usualTitle } from "@energsys/drivers";
import { type DeviceEvent, quality, type RegisterReading } from "@energsys/metering";
import {
  type DeviceWords,
  findMeterModel,
  genericModel,
  type MeterModel,
  recogniseModel,
} from "@energsys/metering/models";
import { DecodeError, type EpochMs, findObis, type ObisCode } from "@energsys/protocols";
import { type ExplainOptions, explain, type Reading, type Telegram } from "@energsys/protocols/decode";
import {
  apduTags,
  type Ciphered,
  cipheredTags,
  confirmationOf,
  type DataNotification,
  decodeApdu,
  decodeDateTime,
  type EventNotification,
  encodeApdu,
  type GeneralCiphering,
  integerOf,
  SecureChannel,
  textOf,
  toEpochMs,
} from "@energsys/protocols/dlms";
import { nodeCiphers } from "@energsys/protocols/node";
import { encodeWrapperFrame } from "@energsys/protocols/wrapper";
import { acceptHeard, type Delivery, type HeardCounter, keyIdOf } from "@energsys/store";
import type { CallInLine, ReceivedPush } from "./call-in-line.ts";
import type { DeliveryQueue } from "./delivery-queue.ts";
import { HeadendError } from "./errors.ts";
import { type KeySource, openDeviceKeys } from "./secrets.ts";

const registersMax = 200;

export interface PushContext extends KeySource {
  readonly zone: string;
  readonly queue: DeliveryQueue;
}

/**
 * Stores what a device sent of itself on its line: the bytes, and the registers and events in them. A push that wants to be confirmed is
 * confirmed after COMMIT and not before, since the device may then forget it; of numbers without a unit the bytes are kept. A heartbeat,
 * which holds nothing but names, is only confirmed. A
 * ciphered push is opened with the device's keys, and confirmed under them; its counter counts as heard together with its rows, so that
 * one whose rows were lost may come again as it was.
 * @throws LinkError those of `SecureChannel.open`: nothing of a message that does not open, or that came before, is used
 */
export async function storePush(push: ReceivedPush, line: CallInLine, context: PushContext): Promise<void> {
  const { device, lease } = line;
  const { apdu, seal, heard } = await openPush(push, line, context);
  const notification = findNotification(apdu);
  if (!notification) return;
  const { clock, queue, zone } = context;
  const receivedAtMs = clock.now();
  const model = findMeterModel(device.model);
  const options = { zone, ...(model ? { model } : {}) };
  const { registers, events, unknown } =
    notification.kind === "event-notification"
      ? { registers: [], events: eventsOfNotification(notification, receivedAtMs, options), unknown: 0 }
      : readPush(apdu, receivedAtMs, options);
  if (registers.length + events.length + unknown > 0 && device.meterId !== null) {
    const delivery: Delivery = {
      deviceId: device.deviceId,
      meterId: device.meterId,
      receivedAtMs,
      blocks: [{ kind: "dlms-push", bytes: apdu }],
      profiles: [],
      registers,
      events,
      fence: lease.fence,
      ...(heard ? { heard } : {}),
    };
    await (await queue.put(delivery)).committed;
  } else if (heard) {
    await acceptHeard(context.db, [{ deviceId: device.deviceId, heard }]);
  }
  if (heard) {
    line.counters.get(heard.keyId)?.note?.(heard.counter);
    line.pushed.set(heard.keyId, heard.counter);
  }
  const confirmation = notification.kind === "data-notification" ? confirmationOf(notification) : undefined;
  if (!confirmation) return;
  const answer = await seal(encodeApdu(confirmation));
  const { sourcePort, destinationPort } = push;
  line.line.write(
    encodeWrapperFrame({ sourcePort: destinationPort, destinationPort: sourcePort, apdu: answer }),
  );
}

interface OpenedPush {
  readonly apdu: Uint8Array;
  /** Protects an answer as the push was. */
  readonly seal: (answer: Uint8Array) => Uint8Array | Promise<Uint8Array>;
  /** The counter of a ciphered push: to be stored with what was in it. */
  readonly heard?: HeardCounter;
}

async function openPush(push: ReceivedPush, line: CallInLine, context: PushContext): Promise<OpenedPush> {
  const { apdu: bytes, heardBefore } = push;
  const plain = { apdu: bytes, seal: (answer: Uint8Array) => answer };
  const general = bytes[0] === apduTags["general-ciphering"];
  if (!general && !((bytes[0] as number) in cipheredTags)) return plain;
  const { deviceId, url } = line.device;
  const parsed = parseDeviceUrl(url);
  if (parsed.protocol !== "dlms") return plain;
  let fault: unknown = new HeadendError("read.key-missing", "a ciphered push of a device without keys");
  for (const { keys } of await openDeviceKeys({ ...context, counters: line.counters }, deviceId)) {
    const { encryptionKey, authenticationKey, openCounters } = keys;
    if (!encryptionKey || !authenticationKey || !openCounters) continue;
    const counters = await openCounters();
    const keyId = keyIdOf(encryptionKey);
    const before = Math.max(
      heardBefore.get(keyId) ?? counters.received() ?? -1,
      line.pushed.get(keyId) ?? -1,
    );
    let counter: number | undefined;
    const channel = new SecureChannel({
      suite: parsed.suite,
      encryptionKey,
      authenticationKey,
      systemTitle: parsed.title ?? usualTitle,
      ...(parsed.meterTitle ? { peerTitle: parsed.meterTitle } : {}),
      counters: {
        ...counters,
        received: () => before,
        accept: (received) => {
          counter = received;
        },
      },
      ciphers: nodeCiphers,
    });
    try {
      const opened = await (general ? openGeneral(bytes, channel) : openFormed(bytes, channel));
      const heard = counter;
      return {
        ...opened,
        ...(heard === undefined ? {} : { heard: { keyId, counter: heard } }),
      };
    } catch (error) {
      fault = error;
    }
  }
  throw fault;
}

async function openFormed(bytes: Uint8Array, channel: SecureChannel): Promise<OpenedPush> {
  const { apdu, form } = await channel.open(decodeApdu(bytes) as Ciphered);
  return { apdu, seal: (answer) => channel.protect(answer, form) };
}

async function openGeneral(bytes: Uint8Array, channel: SecureChannel): Promise<OpenedPush> {
  const message = decodeApdu(bytes) as GeneralCiphering;
  const apdu = await channel.openGeneral(message);
  return { apdu, seal: (answer) => channel.protectGeneral(answer, message) };
}

function findNotification(apdu: Uint8Array): DataNotification | EventNotification | undefined {
  try {
    const decoded = decodeApdu(apdu);
    const { kind } = decoded;
    return kind === "data-notification" || kind === "event-notification" ? decoded : undefined;
  } catch (error) {
    if (error instanceof DecodeError) return undefined;
    throw error;
  }
}

/** Objects whose value is the code of what happened just now. */
const eventCode = /^0-\d+:96\.11\.(\d+)\*255$/;

/** The table of a code: that of the log which stands at the same place (96.11.n belongs to 99.98.n), else of the first log. */
function tableOf(obis: string, { eventLogs }: MeterModel): string | undefined {
  const place = eventCode.exec(obis)?.[1];
  const log = eventLogs.find((each) => each.obis === `0-0:99.98.${place}*255`) ?? eventLogs[0];
  return log?.table;
}

/** An event that a device told at once; an object that is no event code is kept under its name, with its value. */
function eventsOfNotification(
  { dateTime, attribute, data }: EventNotification,
  receivedAtMs: EpochMs,
  { zone, model }: { readonly zone: string; readonly model?: MeterModel },
): DeviceEvent[] {
  const known = model ?? genericModel("dlms");
  const stamp = dateTime && toEpochMs(decodeDateTime(dateTime), dateTimeRules(known, zone));
  const value = integerOf(data)?.toString() ?? textOf(data) ?? "";
  const table = eventCode.test(attribute.obis) && value !== "" ? tableOf(attribute.obis, known) : undefined;
  const code = table ? `${table}:${value}` : `notification:${attribute.obis}`;
  const detail = table ? {} : { detail: { value: value.slice(0, 200) } };
  return [{ atMs: stamp ?? receivedAtMs, code, seq: 0, ...detail }];
}

const decimal = /^-?\d{1,18}(\.\d{1,9})?$/;
/** Logical device name, serial numbers, versions: a number there says who, and not how much. */
const nameCode = /^\d+-\d+:(42\.0|96\.1|0\.2)\./;

/** What a push says of its device, and the registers in it. */
export interface ReadPush {
  readonly words: DeviceWords;
  /** By the identity of the model: its objects in their order. */
  readonly identity?: string;
  readonly registers: RegisterReading[];
  readonly events: DeviceEvent[];
  /** Numbers with a code that are neither, for want of a unit. */
  readonly unknown: number;
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
  const identity = model.identity.cosem.flatMap((code) => wordOf(readings, code) ?? [])[0];
  const unchecked = telegrams.some((telegram) => telegram.authenticated === false);
  const registers = readings.flatMap((reading): RegisterReading[] => {
    const code = reading.obis === undefined ? undefined : findObis(standardCode(reading.obis, model));
    const unit = reading.unit || unitOf(code, model);
    if (code === undefined || !unit || !decimal.test(reading.value)) return [];
    const measuredAtMs = instantOf(reading.time, options.zone, model) ?? receivedAtMs;
    const flags = unchecked ? quality.unauthenticated : 0;
    return [{ obis: code, measuredAtMs, value: reading.value, unit, flags }];
  });
  const events = readings.flatMap(({ obis, value, time }): DeviceEvent[] => {
    const table = obis !== undefined && eventCode.test(obis) ? tableOf(obis, model) : undefined;
    if (!table || !/^\d{1,9}$/.test(value)) return [];
    const atMs = instantOf(time, options.zone, model) ?? receivedAtMs;
    return [{ atMs, code: `${table}:${value}`, seq: 0 }];
  });
  const numbers = readings.filter(
    ({ obis, value }) => obis !== undefined && !nameCode.test(obis) && decimal.test(value),
  );
  const unknown = Math.max(0, numbers.length - registers.length - events.length);
  return { words, registers, events, unknown, ...(identity === undefined ? {} : { identity }) };
}

const wordOf = (readings: readonly Reading[], code: string): string | undefined =>
  readings.find(({ obis }) => obis === code)?.value;

function wordsOf(telegrams: readonly Telegram[], readings: readonly Reading[]): DeviceWords {
  const title = telegrams.find(({ device }) => device?.systemTitle !== undefined)?.device?.systemTitle;
  const maker = title === undefined ? "" : Buffer.from(title.slice(0, 6), "hex").toString("latin1");
  const words = {
    logicalDeviceName: wordOf(readings, "0-0:42.0.0*255"),
    listName: wordOf(readings, "1-1:0.2.129*255"),
    product: wordOf(readings, "0-0:96.1.7*255") ?? wordOf(readings, "1-1:96.1.1*255"),
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
