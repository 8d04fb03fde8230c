import type { RegisterReading } from "@energsys/metering";
import { recogniseModel } from "@energsys/metering/models";
import { findObis, type ObisCode } from "@energsys/protocols";
import {
  type DataSet,
  findStamp,
  IecReader,
  type IecTelegram,
  instantOf,
} from "@energsys/protocols/iec62056-21";
import type { DeviceReading, ReadOptions, ReadRequest } from "../device-reading.ts";
import type { IecUrl } from "../url.ts";
import { findDecimal, formatDecimal } from "./decimal.ts";
import { readIecEvents, readIecProfile } from "./iec-programming.ts";
import { ReadSession } from "./session.ts";
import { deviceOffset } from "./zone.ts";

/**
 * Reads an IEC 62056-21 mode C device: readout first, which says who it is; then, when profiles, logs or registers outside of
 * the readout are asked for, a second sign-on and the programming mode.
 */
export async function readIec(
  url: IecUrl,
  request: ReadRequest,
  options: ReadOptions,
): Promise<DeviceReading> {
  const session = await ReadSession.open(url, request, options);
  const quirks = session.model.quirks;
  const reader = new IecReader(session.stream, options.clock, {
    recorder: session.tape,
    responseTimeoutMs: session.limits.responseMs,
    characterTimeoutMs: Math.min(3000, session.limits.responseMs),
    ...(quirks.gapMs ? { turnaroundMs: quirks.gapMs.value } : {}),
  });
  return session.cancellable(async () => {
    try {
      if (quirks.breakBeforeSignOn?.value) await reader.signOff();
      const identification = await reader.signOn({ address: url.address });
      session.stage("associated");
      session.identification = identification.identification;
      session.manufacturer = identification.manufacturer;
      session.model = request.model ?? recogniseModel("iec62056-21", identification);

      const readout = await reader.readout();
      const atMs = session.now();
      session.identify(findIdentity(session, readout.dataSets));
      for (const fault of readout.faults.slice(0, 10)) session.warn(`${fault.code} at byte ${fault.offset}`);
      if (readout.check.bcc === "absent")
        session.warn("iec.bcc-absent: the readout came without its check byte");
      readClock(session, readout.dataSets, atMs);
      const registers = takeRegisters(session, readout.dataSets, atMs);
      if (request.objects) session.objects = listAddresses(readout.dataSets, session.limits.objectsListed);

      const confirm = session.model.quirks.confirmRegisters?.value ?? [];
      const missing = missingRegisters(request, registers);
      const programming =
        missing.length > 0 ||
        (request.registers !== undefined && request.registers !== false && confirm.length > 0) ||
        (request.profiles ?? []).some(
          (range) => range.obis !== undefined || session.model.profiles.length > 0,
        ) ||
        (request.events !== undefined && session.model.eventLogs.some((log) => log.iecAddress));
      let blocks = session.tape.cut("iec62056-21-readout");
      if (programming) {
        await enterProgramming(session, reader, url, request);
        if (request.registers) {
          await confirmRegisters(session, reader, registers, confirm);
          await readMissing(session, reader, registers, missing);
          blocks = [...blocks, ...session.tape.cut("iec62056-21-registers")];
        }
      }
      if (registers.length > 0) session.stage("registers");
      await session.hand("iec62056-21-readout", {
        blocks,
        registers,
        ...(session.clock ? { clockOffsetMs: session.clock.offsetMs } : {}),
      });
      await session.readProfiles((range) => readIecProfile(session, reader, range));
      if (request.events && programming) {
        session.stage("events");
        await readIecEvents(session, reader, request.events.fromMs);
      }
      return session.finish();
    } finally {
      await reader.close();
    }
  });
}

/** Signs on again and enters the programming mode; the password goes over the line only when the meter wants one. */
async function enterProgramming(
  session: ReadSession,
  reader: IecReader,
  url: IecUrl,
  request: ReadRequest,
): Promise<void> {
  session.check();
  const { quirks } = session.model;
  const pause = quirks.pauseBeforeSignOnMs?.value ?? 0;
  if (pause > 0) await new Promise<void>((resolve) => session.options.clock.after(pause, resolve));
  if (quirks.breakBeforeSignOn?.value) await reader.signOff();
  await reader.signOn({ address: url.address });
  const password = url.password ?? request.password;
  const given = password !== undefined && quirks.passwordNeeded?.value !== false;
  await reader.enterProgramming(given ? { password } : {});
  session.tape.drop();
}

function findIdentity(session: ReadSession, dataSets: readonly DataSet[]): string | undefined {
  for (const address of session.model.identity.readout) {
    const found = dataSets.find((set) => sameAddress(set.address, address))?.values[0]?.value.trim();
    if (found) return identityText(address, found).slice(0, 64);
  }
  return undefined;
}

/** Addresses may be sent in full or reduced: `0.0.0`, `1-0:0.0.0*255`. */
function sameAddress(sent: string, known: string): boolean {
  return sent === known || (findObis(sent) !== undefined && findObis(sent) === findObis(known));
}

/** DSMR meters send their equipment identifier (96.1.x) as hexadecimal text of letters and digits. */
function identityText(address: string, value: string): string {
  if (!address.includes("96.1.") || value.length < 16 || value.length % 2 === 1) return value;
  let text = "";
  for (let at = 0; at < value.length; at += 2) {
    const character = String.fromCharCode(Number.parseInt(value.slice(at, at + 2), 16));
    if (!/[0-9A-Z]/.test(character)) return value;
    text += character;
  }
  return text;
}

function readClock(session: ReadSession, dataSets: readonly DataSet[], atMs: number): void {
  const known = session.model.readoutClock;
  if (!known) {
    if (session.request.clock) session.warn("clock.none: this model shows no clock in its readout");
    return;
  }
  const text = (address: string) =>
    dataSets.find((set) => sameAddress(set.address, address))?.values[0]?.value ?? "";
  const stamp = findStamp(joinClock(text(known.date), text(known.time)));
  if (!stamp) {
    if (session.request.clock) session.warn("clock.unreadable: the readout holds no date and time");
    return;
  }
  const deviceMs = instantOf(stamp, deviceOffset(session.zone));
  session.clock = { deviceMs, offsetMs: deviceMs - atMs };
  session.stage("clock");
}

/** Date `[z]YYMMDD` and time `[z]hhmmss`, with or without separators, as one stamp. */
function joinClock(date: string, time: string): string {
  const digits = (text: string) => text.replace(/[^0-9]/g, "");
  const day = digits(date);
  const hour = digits(time);
  const zoned = day.length === 7 ? day[0] : hour.length === 7 ? hour[0] : "";
  return `${zoned}${day.slice(-6)}${hour.slice(-6)}`;
}

const quantity = /^1-\d+:(?:\d|[1-9]\d)\.(?:\d|[1-9]\d)\.\d+\*255$/;

/** A register reading of a data set, or `undefined` for texts, dates and historical values. */
function registerOf(set: DataSet, atMs: number): RegisterReading | undefined {
  const obis = findObis(set.address);
  const [first] = set.values;
  if (obis === undefined || first === undefined) return undefined;
  const value = findDecimal(first.value);
  if (!value) return undefined;
  return { obis, measuredAtMs: atMs, value: formatDecimal(value), unit: first.unit ?? "", flags: 0 };
}

function takeRegisters(session: ReadSession, dataSets: readonly DataSet[], atMs: number): RegisterReading[] {
  const wanted = session.request.registers;
  if (!wanted) return [];
  const all = session.model.registers === "all" && wanted === true;
  const codes = new Set<string>(
    wanted === true
      ? session.model.registers === "all"
        ? []
        : session.model.registers.map((r) => r.obis)
      : wanted,
  );
  const taken = new Map<string, RegisterReading>();
  for (const set of dataSets) {
    const reading = registerOf(set, atMs);
    if (!reading || taken.has(reading.obis)) continue;
    if (all ? quantity.test(reading.obis) && reading.unit !== "" : codes.has(reading.obis))
      taken.set(reading.obis, reading);
  }
  return [...taken.values()];
}

function missingRegisters(request: ReadRequest, taken: readonly RegisterReading[]): ObisCode[] {
  if (typeof request.registers === "boolean" || !request.registers) return [];
  return request.registers.filter((obis) => !taken.some((reading) => reading.obis === obis));
}

function listAddresses(dataSets: readonly DataSet[], most: number): NonNullable<DeviceReading["objects"]> {
  return dataSets.slice(0, most).flatMap((set) => {
    const obis = findObis(set.address);
    const value = set.values.map((each) => `${each.value}${each.unit === undefined ? "" : `*${each.unit}`}`);
    return obis === undefined ? [] : [{ obis, description: set.address, value: value.join(" ") }];
  });
}

/** The address that a code is read by in programming mode: `1-0:1.8.0*255` is asked for as `1.8.0`. */
function shortAddress(obis: ObisCode): string {
  return obis.replace(/^\d+-\d+:/, "").replace(/\*255$/, "");
}

async function readOne(
  reader: IecReader,
  obis: ObisCode,
  atMs: number,
): Promise<RegisterReading | undefined> {
  const answer: IecTelegram = await reader.read("R1", shortAddress(obis));
  const [set] = answer.dataSets;
  if (answer.error !== undefined || !set) return undefined;
  return registerOf({ address: obis, values: set.values }, atMs);
}

/**
 * Reads registers that are billed a second time: the check byte of a readout lets about one wrong kilobyte in two thousand
 * pass on a bad line. A register only rises, so the second value must not be below the first.
 */
async function confirmRegisters(
  session: ReadSession,
  reader: IecReader,
  registers: RegisterReading[],
  codes: readonly ObisCode[],
): Promise<void> {
  for (const [index, first] of registers.entries()) {
    if (!codes.includes(first.obis)) continue;
    session.check();
    const second = await readOne(reader, first.obis, session.now());
    if (!second) continue;
    const [before, after] = [findDecimal(first.value), findDecimal(second.value)];
    const agrees = before && after && before.decimals === after.decimals && after.integer >= before.integer;
    if (!agrees || after.integer - before.integer > 10n ** BigInt(before.decimals + 1)) {
      session.warn(`register.unconfirmed: ${first.obis} was ${first.value}, then ${second.value}`);
      registers.splice(index, 1, { ...first, flags: first.flags | 0x0100 });
    }
  }
}

async function readMissing(
  session: ReadSession,
  reader: IecReader,
  registers: RegisterReading[],
  codes: readonly ObisCode[],
): Promise<void> {
  for (const obis of codes) {
    session.check();
    const reading = await readOne(reader, obis, session.now());
    if (reading) registers.push(reading);
    else session.warn(`register.none: the device has no ${obis}`);
  }
}
