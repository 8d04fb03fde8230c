import type { EpochMs, ObisCode } from "@energsys/protocols";

/** Unit of a value as meters name it, before any power of ten: Wh, varh, W, var, V, A, Hz, VAh, VA, 1 … */
export type Unit = string;

/** How the values of a channel follow each other: energy of the interval, register at its end, mean power in it, or a sample at its end. */
export type ChannelKind = "delta" | "index" | "demand" | "instant";

export interface ProfileColumn {
  readonly obis: ObisCode;
  readonly kind: ChannelKind;
  readonly unit: Unit;
  /** Power of ten: value in `unit` = integer × 10^scale. */
  readonly scale: number;
}

/**
 * A piece of load profile as a driver hands it over: one row per period, intervals named by their **start** (the stamp
 * at the end, which most meters give, is converted where it is read). Values are integers, NaN where the meter has none.
 */
export interface ProfileReading {
  readonly obis: ObisCode;
  readonly periodSeconds: number;
  readonly columns: readonly ProfileColumn[];
  /** Starts of the intervals, ascending, each a multiple of the period. */
  readonly startsMs: Float64Array;
  /** One array per column, as long as `startsMs`. */
  readonly values: readonly Float64Array[];
  /** Bits of `quality`, one per row. */
  readonly flags: Uint16Array;
}

/** One register at one instant. `value` is an exact decimal in `unit`. */
export interface RegisterReading {
  readonly obis: ObisCode;
  readonly measuredAtMs: EpochMs;
  readonly value: string;
  readonly unit: Unit;
  readonly flags: number;
}

/** One entry of a device's event log, or of a push. `seq` tells apart equal events of one instant. */
export interface DeviceEvent {
  readonly atMs: EpochMs;
  /** Code of the event table of the meter model, such as `idis:1`; `system:…` for what the head-end saw itself. */
  readonly code: string;
  readonly seq: number;
  readonly detail?: Readonly<Record<string, string | number | boolean>>;
}

/** Raw bytes of one exchange, kept as the trail of what was read. */
export interface RawBlock {
  readonly kind: string;
  readonly bytes: Uint8Array;
}
