import { DecodeError, type EpochMs } from "@energsys/protocols";
import {
  decodeReadout,
  findStamp,
  type IecTelegram,
  instantOf,
  type ZoneOffset,
} from "@energsys/protocols/iec62056-21";

/** Bits of the state of a module or supply unit. */
export const moduleState = {
  onBattery: 0x01,
  batteryLow: 0x02,
  clockNeverSet: 0x04,
  memoryError: 0x08,
  restarted: 0x10,
} as const;

export interface ModuleInput {
  readonly input: number;
  readonly count: number;
  /** Exact decimal. */
  readonly whPerPulse: string;
  /** Name of the meter; empty when none was entered. */
  readonly name: string;
  /** 01 tamper open, 02 wrong wiring, 04 pulse line broken, 08 not used. */
  readonly state: number;
  /** Absent: no relay. */
  readonly closed?: boolean;
}

export interface ModuleEvent {
  readonly sequence: number;
  readonly atMs: EpochMs;
  readonly code: number;
  readonly input: number;
}

/** What a local module or a power supply unit says (docs/protocols/module-concentrator.md, sections 2 and 4). */
export interface ModuleBlock {
  readonly kind: "module" | "supply";
  readonly model: string;
  readonly serial: string;
  readonly shortAddress: string;
  readonly clockMs: EpochMs | undefined;
  readonly state: number;
  readonly starts: number;
  readonly contacts: number;
  readonly inputs: readonly ModuleInput[];
  readonly events: readonly ModuleEvent[];
  /** Of a supply unit. */
  readonly chargePercent: number;
}

/** The block of a module, or `undefined` when its CRC is wrong or it is none: noise, or the end of one whose beginning nobody heard. */
export function findModuleBlock(bytes: Uint8Array, offset: ZoneOffset): ModuleBlock | undefined {
  let telegram: IecTelegram;
  try {
    telegram = decodeReadout(bytes);
  } catch (error) {
    if (error instanceof DecodeError) return undefined;
    throw error;
  }
  return telegram.check.crc === "good" ? blockOf(telegram, offset) : undefined;
}

function blockOf(telegram: IecTelegram, offset: ZoneOffset): ModuleBlock | undefined {
  const { manufacturer, identification = "" } = telegram.identification ?? {};
  if (manufacturer !== "ENS" || !/^(LM|PS)\d\d-/.test(identification)) return undefined;
  const sets = new Map(telegram.dataSets.map((set) => [set.address, set.values.map(({ value }) => value)]));
  const text = (address: string) => sets.get(address)?.[0] ?? "";
  const hex = (address: string) => Number.parseInt(text(address) || "0", 16) || 0;
  const instant = (stamp: string): EpochMs | undefined => {
    const season = stamp.endsWith("S") ? "daylight" : "standard";
    const found = findStamp(stamp.replace(/[WS]$/, ""));
    return found && instantOf({ ...found, season }, offset);
  };
  const inputs: ModuleInput[] = [];
  for (let input = 1; input <= Number(identification.slice(2, 4)); input++) {
    const count = text(`1-${input}:82.8.0`);
    if (!/^\d{1,10}$/.test(count)) continue;
    const relay = text(`0-${input}:96.3.10`);
    inputs.push({
      input,
      count: Number(count),
      whPerPulse: text(`1-${input}:0.3.3`),
      name: text(`0-${input}:96.1.0`),
      state: hex(`0-${input}:96.5.1`),
      ...(relay === "0" || relay === "1" ? { closed: relay === "1" } : {}),
    });
  }
  const events = telegram.dataSets.flatMap(({ address, values }) => {
    if (address !== "0-0:99.98.0" || values.length < 4) return [];
    const [sequence = "", at = "", code = "", input = ""] = values.map(({ value }) => value);
    const atMs = instant(at);
    return atMs === undefined
      ? []
      : [{ sequence: Number(sequence), atMs, code: Number.parseInt(code, 16), input: Number(input) }];
  });
  return {
    kind: identification.startsWith("PS") ? "supply" : "module",
    model: identification,
    serial: text("0-0:96.1.0"),
    shortAddress: text("0-0:96.1.1"),
    clockMs: instant(text("0-0:1.0.0")),
    state: hex("0-0:96.5.0"),
    starts: Number(text("0-0:96.7.0")) || 0,
    contacts: hex("0-0:96.3.1"),
    inputs,
    events,
    chargePercent: Number(text("0-0:96.6.0")) || 0,
  };
}
