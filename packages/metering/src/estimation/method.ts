import type { Fractions } from "./fractions.ts";
import type { Gap, Series } from "./series.ts";

export interface BaseEstimate extends Fractions {
  /** Dates of the days that it was made from. */
  readonly used?: readonly string[];
}

/** A way to estimate a stretch of intervals within one day; `undefined` where it does not apply. */
export interface EstimationMethod {
  readonly code: `E${number}`;
  readonly about: string;
  /** The value is no estimate but what was: nothing flowed. */
  readonly actual?: true;
  estimate(gap: Gap, series: Series): BaseEstimate | undefined;
}

/** Mean of several stretches, interval by interval. */
export const meanOf = (stretches: readonly (readonly bigint[])[], used: readonly string[]): BaseEstimate => ({
  tops: (stretches[0] ?? []).map((_, at) => stretches.reduce((sum, stretch) => sum + stretch[at]!, 0n)),
  bottom: BigInt(stretches.length),
  used,
});
