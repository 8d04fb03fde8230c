import type { Clock, EpochMs } from "../io.ts";
import type { IecReader, WriteCommand } from "./reader.ts";
import { findStamp, formatZonedStamp, instantOf, type Season, type ZoneOffset } from "./stamp.ts";

/** How a meter's clock is read and written; what makers do differently is a setting of the meter model. */
export interface IecClockForm {
  /** `0.9.1` and `0.9.2` unless told. The same address for both means one value `[z]YYMMDDhhmmss`. */
  readonly timeAddress?: string;
  readonly dateAddress?: string;
  /** Which of the values begin with a zone digit; both unless told. */
  readonly zoneDigit?: "both" | "date" | "time" | "none";
  readonly readCommand?: "R1" | "R2" | "R5";
  readonly writeCommand?: Extract<WriteCommand, "W1" | "W2" | "W5">;
  /** Offset of the meter's clock to UTC, and its season at an instant. */
  readonly offset: ZoneOffset;
  readonly seasonAt: (instant: EpochMs) => Season;
}

export interface IecClockPolicy {
  /** Below it nothing is written; 2 s unless told. */
  readonly toleranceMs?: number;
  /** The clock is moved by this much at most, since many meters refuse more from afar; 30 s unless told. */
  readonly shiftMaxMs?: number;
  /** Beyond it nothing is written at all: something else is wrong; 1 h unless told. */
  readonly deviationMaxMs?: number;
  /** Period of the load profile: a setting that crosses its border would spoil two values; 15 min unless told. */
  readonly periodMs?: number;
  /** How far from a border both the old and the new time have to be; 10 s unless told. */
  readonly marginMs?: number;
}

export type IecClockOutcome =
  | { readonly kind: "good"; readonly beforeMs: number }
  /** Written and read back: what was off before, and still is (a large deviation takes several shifts). */
  | { readonly kind: "set"; readonly beforeMs: number; readonly afterMs: number }
  | { readonly kind: "too-far"; readonly beforeMs: number }
  | { readonly kind: "period-border"; readonly beforeMs: number }
  | { readonly kind: "refused"; readonly beforeMs: number; readonly error: string }
  | { readonly kind: "unreadable" };

/**
 * How far the meter's clock is ahead of ours, in ms; `undefined` when it shows none. The answer is taken to be as old as
 * half of the exchange.
 */
export async function readIecClock(
  reader: IecReader,
  clock: Clock,
  form: IecClockForm,
): Promise<number | undefined> {
  const { timeAddress = "0.9.1", dateAddress = "0.9.2", readCommand = "R1" } = form;
  const read = async (address: string): Promise<string> =>
    (await reader.read(readCommand, address)).dataSets[0]?.values[0]?.value ?? "";
  const digits = (text: string): string => text.replace(/[^0-9]/g, "");
  for (let attempt = 0; attempt < 2; attempt++) {
    const dateBefore = timeAddress === dateAddress ? "" : digits(await read(dateAddress));
    const askedMs = clock.now();
    const time = digits(await read(timeAddress));
    const atMs = (askedMs + clock.now()) / 2;
    // A midnight between the two values would be a day's error.
    if (dateBefore !== "" && digits(await read(dateAddress)) !== dateBefore) continue;
    const zone = dateBefore.length === 7 ? dateBefore[0]! : time.length === 7 ? time[0]! : "";
    const stamp = findStamp(dateBefore === "" ? time : zone + dateBefore.slice(-6) + time.slice(-6));
    return stamp && instantOf(stamp, form.offset) - atMs;
  }
  return undefined;
}

function valuesFor(instant: EpochMs, form: IecClockForm): { time: string; both: string } {
  const season = form.seasonAt(instant);
  // The offset is asked for by a wall time, which is found with it: one step is enough, for the season decides.
  const wallMs = instant + form.offset(instant, season);
  const stamp = formatZonedStamp({ wallMs, season });
  const { zoneDigit = "both" } = form;
  const time = stamp.slice(7);
  return {
    time: zoneDigit === "both" || zoneDigit === "time" ? stamp[0] + time : time,
    both: zoneDigit === "none" ? stamp.slice(1) : stamp,
  };
}

/**
 * Brings a meter's clock nearer to ours: reads it, writes at most a small shift, and reads it back. The meter is in the
 * programming mode, with its password given. Nothing is written twice: what the meter refuses is an outcome.
 */
export async function adjustIecClock(
  reader: IecReader,
  clock: Clock,
  form: IecClockForm,
  policy: IecClockPolicy = {},
): Promise<IecClockOutcome> {
  const { toleranceMs = 2000, shiftMaxMs = 30_000, deviationMaxMs = 3_600_000 } = policy;
  const { periodMs = 900_000, marginMs = 10_000 } = policy;
  const beforeMs = await readIecClock(reader, clock, form);
  if (beforeMs === undefined) return { kind: "unreadable" };
  if (Math.abs(beforeMs) <= toleranceMs) return { kind: "good", beforeMs };
  if (Math.abs(beforeMs) > deviationMaxMs) return { kind: "too-far", beforeMs };
  const shift = Math.max(-shiftMaxMs, Math.min(shiftMaxMs, -beforeMs));
  const now = clock.now();
  const old = now + beforeMs;
  const first = Math.min(old, old + shift) - marginMs;
  const last = Math.max(old, old + shift) + marginMs;
  if (Math.floor(first / periodMs) !== Math.floor(last / periodMs))
    return { kind: "period-border", beforeMs };

  const { timeAddress = "0.9.1", dateAddress = "0.9.2", writeCommand = "W1" } = form;
  const values = valuesFor(old + shift, form);
  // The date stays: midnight is a border of every period.
  const value = timeAddress === dateAddress ? values.both : values.time;
  const written = await reader.write(writeCommand, timeAddress, value);
  if (!written.ok) return { kind: "refused", beforeMs, error: written.error };
  const afterMs = await readIecClock(reader, clock, form);
  return afterMs === undefined ? { kind: "unreadable" } : { kind: "set", beforeMs, afterMs };
}
