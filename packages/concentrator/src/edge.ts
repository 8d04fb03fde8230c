import type { RegisterReading } from "@energsys/metering";
import type { ByteStream, Clock, EpochMs, ObisCode } from "@energsys/protocols";
import type { Logger } from "pino";
import type { ConcentratorConfig, LineConfig, LinePlace } from "./config.ts";
import type { DatabaseOptions } from "./database.ts";
import type { Journal, JournalEntry } from "./journal.ts";
import type { OwnClock } from "./own-clock.ts";
import type { MeanwhileSource, PastSource } from "./past.ts";
import type { LocalTime } from "./zone.ts";

/** Supply by the enum of the state object; 255 where no supply unit is known. */
export const supplyStates = { mains: 0, backup: 1, low: 2, stopping: 3, unknown: 255 } as const;
export type SupplyState = keyof typeof supplyStates;

/** State of a meter by the enum of the topology (section 4). */
export const deviceStates = { new: 0, known: 1, missing: 2, moved: 3, exchanged: 4, removed: 5 } as const;
export type DeviceState = keyof typeof deviceStates;

/** A meter or module as the topology has it; its number is never given to another. */
export interface Device {
  readonly logicalDevice: number;
  readonly name: string;
  /** `input`: a meter that a module counts the pulses of. */
  readonly kind: "module" | "supply" | "input" | "iec" | "dlms";
  /** Name of a meter model, or the type of a module with its firmware. */
  readonly model: string;
  readonly line: string;
  readonly address: string;
  /** Logical device of the module, and its input; 0 where there is none. */
  readonly module: number;
  readonly input: number;
  readonly state: DeviceState;
  /** 0: never. */
  readonly lastContactMs: EpochMs;
  /** The commanded state of its output where an order was given: true is connected. */
  readonly commanded?: boolean;
  /** The output as last seen; absent where nothing can switch it. */
  readonly output?: boolean;
}

export type OrderKind = "disconnect" | "reconnect";

/** `confirmed`: the output was seen in that state. `waiting`: the meter did not answer in time, and the order stays. */
export interface OrderOutcome {
  readonly order: number;
  readonly outcome: "confirmed" | "failed" | "waiting" | "superseded";
  readonly output: boolean | undefined;
  readonly detail: string;
}

/** What client 2 may ask of a meter now. */
export interface ThroughRequest {
  /** These codes, or every register of its model. */
  readonly registers?: true | readonly ObisCode[];
  readonly clock?: boolean;
  readonly output?: boolean;
}

export interface ThroughAnswer {
  readonly registers: readonly RegisterReading[];
  readonly deviceMs?: EpochMs;
  readonly output?: boolean;
}

/** What stands in the state object of logical device 1, but for the modem, which is the link's to know. */
export interface EdgeState {
  readonly supply: SupplyState;
  /** 0 where it is not known. */
  readonly batteryPercent: number;
  /** By the growth of the last day; 65535 when nothing bounds it. */
  readonly storeDaysLeft: number;
  readonly storeBytes: number;
  readonly notTaken: number;
  readonly starts: number;
  readonly lastStartMs: EpochMs;
  readonly readingStopped: boolean;
}

/** Everything below the serving side, as the serving side and the console see it. */
export interface Edge {
  readonly config: ConcentratorConfig;
  readonly clock: OwnClock;
  readonly time: LocalTime;
  readonly journal: Journal;
  readonly log: Logger;
  readonly firmware: string;
  /** In order of their numbers, the removed ones as well. */
  devices(): readonly Device[];
  findDevice(logicalDevice: number): Device | undefined;
  /** How each line is: open, waiting to be tried again, since when. */
  lines(): readonly { readonly name: string; readonly broken: boolean; readonly waiting: number }[];
  state(): EdgeState;
  /**
   * Gives an order: written to the store, carried out, read back. Resolves after 30 s at the latest, with `waiting` when the
   * meter has not answered by then.
   * @throws ConcentratorError `order.no-output`, `concentrator.store-full`
   */
  giveOrder(logicalDevice: number, kind: OrderKind): Promise<OrderOutcome>;
  /** Asks the meter now, before everything of the schedule. @throws LinkError, DriverError, ConcentratorError `device.unknown`, `line.broken` */
  readThrough(logicalDevice: number, request: ThroughRequest): Promise<ThroughAnswer>;
  /** Hands an APDU to a DLMS meter as it is. @throws as `readThrough`; ConcentratorError `device.no-dlms` */
  passApdu(logicalDevice: number, apdu: Uint8Array): Promise<Uint8Array>;
  /** Scripts of 0-0:10.0.128*255; each resolves when it is done. */
  scan(): Promise<void>;
  readEverything(): Promise<void>;
  setClocks(): Promise<void>;
  /** Writes an event of the concentrator itself, such as 0x0402. */
  recordEvent(code: number, detail: string): void;
  /** Entries that are to be pushed at once (section 3), as they are appended. */
  onUrgent(listener: (entries: readonly JournalEntry[]) => void): void;
  /** Ends lines and store. `ordered` writes 0x0002. */
  stop(why?: "ordered" | "supply" | "configuration"): Promise<void>;
}

/** What a process or a simulation gives a concentrator. */
export interface ConcentratorOptions {
  readonly clock: Clock;
  readonly log: Logger;
  /** In [0, 1): spreads waits. */
  readonly random: () => number;
  /** Opens one of the configured lines. Rejects when it cannot be opened; it is tried again. */
  readonly openLine: (line: LineConfig) => Promise<ByteStream>;
  /** Calls one of the centre's addresses: TCP or TLS by the configuration. */
  readonly openCentre: (address: string) => Promise<ByteStream>;
  /** Opens the modem's own port, 8N1, for questions beside the call. */
  readonly openModem?: (place: LinePlace) => Promise<ByteStream>;
  readonly firmware?: string;
  /** Why it starts: the detail of 0x0001. */
  readonly startedBecause?: string;
  readonly store?: Pick<DatabaseOptions, "durability" | "reserveBytes" | "exclusive">;
  /** What it brings along from the concentrator whose place it takes; asked for only when its own store is new. */
  readonly past?: PastSource;
  /** What its counters showed while it was away; asked for only when its own store is not new. */
  readonly meanwhile?: MeanwhileSource;
  /** Called once when the supply unit was told to cut the supply: the machine should go down now. */
  readonly onShutdown?: () => void;
}
