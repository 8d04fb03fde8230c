import type { EpochMs } from "@energsys/protocols";
import type { CounterReading, Counters } from "./counters.ts";
import type { Devices, Seen } from "./devices.ts";
import type { Device } from "./edge.ts";
import type { NewEntry, SqliteJournal } from "./journal.ts";
import type { LocalTime } from "./zone.ts";

/** A meter or module as the concentrator before had it, under its number. */
export type PastDevice = Seen & {
  readonly logicalDevice: number;
  /** Of an input: Wh per pulse, exact. */
  readonly whPerPulse?: string;
  /** Of a meter with a profile: until when it is in the journal that is brought along. */
  readonly profileToMs?: EpochMs;
};

/** A meter that was found in the place of another one. */
export interface PastExchange {
  /** Number of the one that stood there before. */
  readonly old: number;
  readonly seenMs: EpochMs;
  readonly device: PastDevice;
}

/** What a concentrator brings with it that takes the place of another one. */
export interface Past {
  /** Told to the centre in one entry, as known: nobody has to look at them again. */
  readonly devices: readonly PastDevice[];
  /** Meters that were exchanged, in order of time: told as each was seen. */
  readonly exchanges?: readonly PastExchange[];
  /** What was read and not yet handed over, in order. */
  readonly entries: readonly NewEntry[];
  /** Counters at the last border of a quarter-hour, from which the intervals go on. */
  readonly counters: readonly CounterReading[];
}

/** Puts a past into a store that is new, in one transaction. */
export function bringPast(
  past: Past,
  store: { readonly journal: SqliteJournal; readonly devices: Devices; readonly counters: Counters },
): void {
  store.journal.together(() => {
    store.devices.bring(past.devices);
    for (const exchange of past.exchanges ?? []) store.devices.bringExchange(exchange);
    store.journal.append(past.entries);
    store.counters.keep(past.counters);
  });
}

/**
 * Counters at borders that a concentrator missed while it was away, as somebody else kept them: asked for the devices that it knows, with the
 * border of the last reading of each.
 */
export type MeanwhileSource = (
  devices: readonly Device[],
  lastMs: (logicalDevice: number) => EpochMs | undefined,
) => readonly CounterReading[];

/** Makes the past when the store turns out to be new; `time` encodes its instants. */
export type PastSource = (time: LocalTime) => Past;
