import type { EpochMs } from "@energsys/protocols";
import type { ChannelKind } from "../reading.ts";

/** One day of one channel as it arrives; a rule marks slots in `flags`, values are never touched. */
export interface ArrivingDay {
  readonly kind: ChannelKind;
  readonly values: Float64Array;
  readonly flags: Uint16Array;
  readonly startMs: EpochMs;
  readonly periodSeconds: number;
  readonly nowMs: EpochMs;
  /** Most that an interval may hold, in the channel's integers, where it is known. */
  readonly limit?: number;
}

/** A rule of validation on arrival (VEE). `layer` says whether it looks at what the meter gave or at the point's energy. */
export interface ArrivalRule {
  readonly code: "V04" | "V06" | "V12";
  readonly layer: "meter" | "point";
  readonly about: string;
  /** Marks what it refuses and returns the number of slots that it marked. */
  mark(day: ArrivingDay): number;
}
