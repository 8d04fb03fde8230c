import type { EpochMs, ObisCode } from "@energsys/protocols";

// What the logical devices show is kept elsewhere: the store, the lines, the orders. This is all that they need of it.

/** Kinds of journal entries by their number in the agreement. */
export const entryKinds = { profile: 1, registers: 2, events: 3, meters: 4, outcome: 5 } as const;

export type EntryKind = (typeof entryKinds)[keyof typeof entryKinds];

export interface JournalEntry {
  readonly number: number;
  readonly writtenMs: EpochMs;
  /** 1 the concentrator, else a meter or module. */
  readonly logicalDevice: number;
  readonly kind: EntryKind;
  /** The body as it goes over the line: one Data of A-XDR. */
  readonly body: Uint8Array;
}

export interface ServedJournal {
  /** 0 where nothing was written yet. */
  readonly newest: number;
  readonly oldest: number;
  readonly taken: number;
  /** False beyond the newest. */
  setTaken(number: number): boolean;
  /** Entries `from` to `to`, encoded one behind the other, as many as fit and at least one. */
  read(from: number, to: number, bytesMax: number): { readonly count: number; readonly bytes: Uint8Array };
  entries(from: number, to: number): Iterable<JournalEntry>;
  /** Entries of one logical device whose span touches [fromMs, toMs), in order of number. */
  readOf(logicalDevice: number, kind: EntryKind, fromMs: EpochMs, toMs: EpochMs): readonly JournalEntry[];
  findLast(logicalDevice: number, kind: EntryKind): JournalEntry | undefined;
  /** An entry as a structure of its five columns. */
  encode(entry: JournalEntry): Uint8Array;
}

/** Past every entry, and still an integer that SQLite holds. */
export const foreverMs = 8.64e15;

/** States of a meter by their number in the agreement. */
export const meterStates = ["new", "known", "missing", "moved", "exchanged", "removed"] as const;

export interface ServedMeter {
  readonly logicalDevice: number;
  /** 3 letters of the maker and the serial number. */
  readonly name: string;
  readonly serial: string;
  readonly model: string;
  readonly line: string;
  readonly address: string;
  /** Logical device of the module that it is wired to; 0 where it stands on a line itself. */
  readonly module: number;
  readonly input: number;
  readonly state: (typeof meterStates)[number];
  readonly lastContactMs: EpochMs | undefined;
  readonly isModule: boolean;
  readonly hasSwitch: boolean;
}

export interface ServedState {
  /** 0 mains, 1 backup, 2 battery low, 3 shutting down, 255 unknown. */
  readonly supply: number;
  readonly batteryPercent: number;
  readonly daysLeft: number;
  readonly storeBytes: number;
  readonly entriesNotTaken: number;
  readonly starts: number;
  readonly lastStartMs: EpochMs;
  /** 0 off, 1 searching, 2 registered, 3 connected, 255 unknown. */
  readonly modem: number;
  readonly signalDbm: number;
}

export interface SwitchState {
  /** Whether the output gives current. */
  readonly output: boolean;
  /** The order that waits, if one does. */
  readonly waiting: "disconnect" | "reconnect" | undefined;
}

export type ReadThrough =
  | { readonly what: "clock" }
  | { readonly what: "switch" }
  | { readonly what: "register"; readonly obis: ObisCode };

/** A register as it was read: its exact value is `value` x 10^`scaler` in `unit` (IEC 62056-6-2, units). */
export interface RegisterValue {
  readonly value: bigint;
  readonly scaler: number;
  readonly unit: number;
}

export type ThroughAnswer =
  | { readonly ok: true; readonly clockMs: EpochMs }
  | { readonly ok: true; readonly output: boolean }
  | { readonly ok: true; readonly register: RegisterValue }
  /** The meter did not answer, or has no such thing. */
  | { readonly ok: false; readonly refused: "temporary-failure" | "object-undefined" };

export type Script = "scan" | "read" | "clocks";

export interface ServedCore {
  /** `ENC` and 13 digits. */
  readonly identity: string;
  readonly serial: string;
  readonly firmware: string;
  readonly zone: string;
  readonly journal: ServedJournal;
  now(): EpochMs;
  setClock(ms: EpochMs, by: "centre" | "console"): void;
  state(): ServedState;
  /** Meters and modules, in the order of their logical devices. */
  meters(): readonly ServedMeter[];
  meter(logicalDevice: number): ServedMeter | undefined;
  /** Starts one of the scripts and does not wait for its end. */
  run(script: Script): void;
  /** The state as the store has it. */
  switchOf(logicalDevice: number): SwitchState | undefined;
  /** Gives an order and waits for its outcome. */
  order(
    logicalDevice: number,
    order: "disconnect" | "reconnect",
  ): Promise<"confirmed" | "failed" | "waiting">;
  readThrough(logicalDevice: number, what: ReadThrough): Promise<ThroughAnswer>;
  /** Sends an APDU to a DLMS meter as it is; `undefined` where it does not answer or is none. */
  pass(logicalDevice: number, client: number, apdu: Uint8Array): Promise<Uint8Array | undefined>;
}

/** The configuration from the centre (section 4 of the agreement). */
export interface ServedConfiguration {
  /** JSON without secrets. */
  inForce(): string;
  proposed(): string;
  /** What is wrong with the proposal; empty when it is taken and takes effect 5 s later. */
  propose(json: string): string;
  confirmed(): boolean;
  /** Whether it could be confirmed: only over a line that is newer than it. */
  confirm(lineOpenedMs: EpochMs): boolean;
  problem(): string;
}
