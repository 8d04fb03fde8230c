import { encodeObis } from "@energsys/protocols";
import {
  concatBytes,
  type DataValue,
  data,
  dateTimeOf,
  encodeData,
  encodeDateTime,
} from "@energsys/protocols/dlms";
import type {
  EntryKind,
  JournalEntry,
  Script,
  ServedCore,
  ServedJournal,
  ServedMeter,
  ServedState,
  SwitchState,
  ThroughAnswer,
} from "../src/objects/served-core.ts";

/** A journal in memory. */
export class HeldJournal implements ServedJournal {
  readonly entriesHeld: JournalEntry[] = [];
  taken = 0;

  get newest(): number {
    return this.entriesHeld.at(-1)?.number ?? 0;
  }

  get oldest(): number {
    return this.entriesHeld[0]?.number ?? 1;
  }

  setTaken(number: number): boolean {
    if (number < 0 || number > this.newest) return false;
    this.taken = number;
    return true;
  }

  append(writtenMs: number, logicalDevice: number, kind: EntryKind, body: DataValue): JournalEntry {
    const entry = { number: this.newest + 1, writtenMs, logicalDevice, kind, body: encodeData(body) };
    this.entriesHeld.push(entry);
    return entry;
  }

  *entries(from: number, to: number): IterableIterator<JournalEntry> {
    for (const entry of this.entriesHeld) if (entry.number >= from && entry.number <= to) yield entry;
  }

  read(from: number, to: number, bytesMax: number): { count: number; bytes: Uint8Array } {
    const parts: Uint8Array[] = [];
    let length = 0;
    for (const entry of this.entries(from, to)) {
      const bytes = this.encode(entry);
      length += bytes.length;
      if (parts.length > 0 && length > bytesMax) break;
      parts.push(bytes);
    }
    return { count: parts.length, bytes: concatBytes(...parts) };
  }

  readOf(logicalDevice: number, kind: number): JournalEntry[] {
    return this.entriesHeld.filter((entry) => entry.logicalDevice === logicalDevice && entry.kind === kind);
  }

  findLast(logicalDevice: number, kind: number): JournalEntry | undefined {
    return this.readOf(logicalDevice, kind).at(-1);
  }

  encode({ number, writtenMs, logicalDevice, kind, body }: JournalEntry): Uint8Array {
    const head = data.structure(
      data.uint32(number),
      stamp(writtenMs),
      data.uint16(logicalDevice),
      data.enum(kind),
    );
    const bytes = concatBytes(encodeData(head), body);
    bytes[1] = 5;
    return bytes;
  }
}

const stamp = (ms: number): DataValue => data.octets(encodeDateTime(dateTimeOf(ms, 120, 0)));
const name = (obis: string): DataValue => data.octets(encodeObis(obis));

/** Body of kind 1: quarter-hours of 1-0:1.29.0 (Wh). */
export function profileBody(
  startMs: number,
  values: readonly number[],
  runs: readonly (readonly [number, number, number])[] = [],
): DataValue {
  return data.structure(
    name("1-0:99.1.0*255"),
    data.uint16(900),
    stamp(startMs),
    data.array(data.structure(name("1-0:1.29.0*255"), data.enum(0), data.int8(0), data.enum(30))),
    data.array({
      type: "compact-array",
      description: { type: "uint16" },
      items: values.map((value) => data.uint16(value)),
    }),
    data.array(
      ...runs.map(([first, count, quality]) =>
        data.structure(data.uint16(first), data.uint16(count), data.uint32(quality)),
      ),
    ),
  );
}

/** Body of kind 2 with the import register, Wh. */
export const registersBody = (ms: number, valueWh: number): DataValue =>
  data.structure(
    stamp(ms),
    data.array(data.structure(name("1-0:1.8.0*255"), data.uint32(valueWh), data.int8(0), data.enum(30))),
  );

/** Body of kind 3 with one event. */
export const eventBody = (ms: number, code: number, detail = ""): DataValue =>
  data.array(
    data.structure(
      stamp(ms),
      data.uint16(code),
      data.uint32(0),
      data.octets(new TextEncoder().encode(detail)),
    ),
  );

const meterOf = (logicalDevice: number, changed: Partial<ServedMeter> = {}): ServedMeter => ({
  logicalDevice,
  name: `ENS705000${String(logicalDevice).padStart(2, "0")}`,
  serial: `705000${String(logicalDevice).padStart(2, "0")}`,
  model: "ens-pulse",
  line: "rs485-1",
  address: String(logicalDevice),
  module: 0,
  input: 0,
  state: "known",
  lastContactMs: undefined,
  isModule: false,
  hasSwitch: false,
  ...changed,
});

/** A concentrator with what is told to it in the place of lines and store. */
export class HeldCore implements ServedCore {
  readonly identity = "ENC0000000000007";
  readonly serial = "0000000000007";
  readonly firmware = "1.0";
  readonly zone = "Europe/Bucharest";
  readonly journal = new HeldJournal();
  readonly ran: Script[] = [];
  readonly orders: string[] = [];
  readonly passed: { logicalDevice: number; client: number; apdu: Uint8Array }[] = [];
  nowMs: number;
  clockSetBy = "";
  held: ServedMeter[] = [meterOf(16), meterOf(17, { hasSwitch: true }), meterOf(18, { isModule: true })];
  switches = new Map<number, SwitchState>([[17, { output: true, waiting: undefined }]]);
  outcome: "confirmed" | "failed" | "waiting" = "confirmed";
  through: ThroughAnswer = { ok: false, refused: "temporary-failure" };

  constructor(nowMs: number) {
    this.nowMs = nowMs;
  }

  now(): number {
    return this.nowMs;
  }

  setClock(ms: number, by: string): void {
    this.clockSetBy = by;
    this.nowMs = ms;
  }

  state(): ServedState {
    return {
      supply: 0,
      batteryPercent: 100,
      daysLeft: 60,
      storeBytes: 1_000_000,
      entriesNotTaken: this.journal.newest - this.journal.taken,
      starts: 3,
      lastStartMs: this.nowMs - 60_000,
      modem: 3,
      signalDbm: -71,
    };
  }

  meters(): readonly ServedMeter[] {
    return this.held;
  }

  meter(logicalDevice: number): ServedMeter | undefined {
    return this.held.find((meter) => meter.logicalDevice === logicalDevice);
  }

  run(script: Script): void {
    this.ran.push(script);
  }

  switchOf(logicalDevice: number): SwitchState | undefined {
    return this.switches.get(logicalDevice);
  }

  async order(logicalDevice: number, order: "disconnect" | "reconnect") {
    this.orders.push(`${order} ${logicalDevice}`);
    if (this.outcome === "confirmed")
      this.switches.set(logicalDevice, { output: order === "reconnect", waiting: undefined });
    return this.outcome;
  }

  async readThrough(): Promise<ThroughAnswer> {
    return this.through;
  }

  async pass(logicalDevice: number, client: number, apdu: Uint8Array): Promise<Uint8Array | undefined> {
    this.passed.push({ logicalDevice, client, apdu });
    return this.meter(logicalDevice) ? Uint8Array.of(0xc4, 1, 0xc1, 0, 0) : undefined;
  }
}
