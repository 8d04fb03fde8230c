import type { RegisterReading } from "@energsys/metering";
import { findObis, type ObisCode } from "@energsys/protocols";
import { type DataSet, findStamp, instantOf } from "@energsys/protocols/iec62056-21";
import { findDecimal, formatDecimal } from "./decimal.ts";
import type { DeviceReading, ReadRequest } from "./device-reading.ts";
import type { ReadSession } from "./session.ts";
import { deviceOffset } from "./zone.ts";

export function findIdentity(session: ReadSession, dataSets: readonly DataSet[]): string | undefined {
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

export function readClock(session: ReadSession, dataSets: readonly DataSet[], atMs: number): void {
  const sent = dataSets.find((set) => sameAddress(set.address, "0-0:1.0.0"))?.values[0];
  const sentStamp = sent && findStamp(sent.value);
  if (sentStamp) {
    // P1 telegrams carry the instant at which they were made.
    const deviceMs = instantOf(sentStamp, deviceOffset(session.zone));
    session.clock = { deviceMs, offsetMs: deviceMs - atMs };
    session.stage("clock");
    return;
  }
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

/** Some write `kVArh` for what is `kvarh` (Landis+Gyr E360). */
const spelled = (unit: string): string => unit.replace(/VAr/, "var");

/** A register reading of a data set, or `undefined` for texts, dates and historical values. */
export function registerOf(set: DataSet, atMs: number, zone?: string): RegisterReading | undefined {
  const obis = findObis(set.address);
  const [first, second] = set.values;
  if (obis === undefined || first === undefined) return undefined;
  // P1 telegrams write the instant of a value before it: 1-0:1.6.0(200509134558S)(02.589*kW).
  const stamp = zone !== undefined && second?.unit && p1Stamp.test(first.value) && findStamp(first.value);
  const sent = stamp ? second : first;
  const value = findDecimal(sent.value);
  if (!value) return undefined;
  const measuredAtMs = stamp ? instantOf(stamp, deviceOffset(zone)) : atMs;
  return { obis, measuredAtMs, value: formatDecimal(value), unit: spelled(sent.unit ?? ""), flags: 0 };
}

const p1Stamp = /^\d{12}[SW]$/;

export function takeRegisters(
  session: ReadSession,
  dataSets: readonly DataSet[],
  atMs: number,
): RegisterReading[] {
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
    const reading = registerOf(set, atMs, session.zone);
    if (!reading || taken.has(reading.obis)) continue;
    if (all ? quantity.test(reading.obis) && reading.unit !== "" : codes.has(reading.obis))
      taken.set(reading.obis, reading);
  }
  return [...taken.values()];
}

export function missingRegisters(request: ReadRequest, taken: readonly RegisterReading[]): ObisCode[] {
  if (typeof request.registers === "boolean" || !request.registers) return [];
  return request.registers.filter((obis) => !taken.some((reading) => reading.obis === obis));
}

export function listAddresses(
  dataSets: readonly DataSet[],
  most: number,
): NonNullable<DeviceReading["objects"]> {
  return dataSets.slice(0, most).flatMap((set) => {
    const obis = findObis(set.address);
    const value = set.values.map((each) => `${each.value}${each.unit === undefined ? "" : `*${each.unit}`}`);
    return obis === undefined ? [] : [{ obis, description: set.address, value: value.join(" ") }];
  });
}
