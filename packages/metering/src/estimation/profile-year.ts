import { marketDay } from "../market-day.ts";
import { dayFactorOne, profileDay, type StandardProfileName } from "../profiles/standard-profile.ts";
import type { EstimationInput, SeriesDay } from "./series.ts";

/** Hours of a year × tenths of a watt × 10¹²: what 1000 kWh are in the weights below. */
const deciWattsOf1000kWh = 10_000_000n * BigInt(dayFactorOne);

/**
 * A standard profile as weights of intervals: power × hours, so that a year of 1000 kWh is the weight of a year whatever the calendar
 * gives. Days of 92 and 100 quarter-hours follow the clock.
 */
export function standardProfile(
  name: StandardProfileName,
  annual: number,
  { zone, periodSeconds }: { readonly zone: string; readonly periodSeconds: number },
): NonNullable<EstimationInput["profile"]> {
  return {
    annual,
    weightsOf(day: SeriesDay) {
      const { powerDeciW, factor } = profileDay(name, day.date, day.kind);
      const { startMs } = marketDay(day.date, zone);
      const weights = Array.from(day.values, (_, slot) => {
        const instant = Temporal.Instant.fromEpochMilliseconds(startMs + slot * periodSeconds * 1000);
        const { hour, minute } = instant.toZonedDateTimeISO(zone);
        return weightOf(powerDeciW, hour * 60 + minute, periodSeconds) * BigInt(factor);
      });
      // Weights are tenths of a watt × seconds; a year's are tenths of a watt × hours × 3600.
      return { weights, year: deciWattsOf1000kWh * 3600n };
    },
  };
}

/** Tenths of a watt × seconds of an interval that starts at a minute of the day; longer ones span several quarter-hours. */
function weightOf(powerDeciW: Int32Array, minute: number, periodSeconds: number): bigint {
  let weight = 0;
  for (let second = 0; second < periodSeconds; ) {
    const at = minute * 60 + second;
    const lasts = Math.min(900 - (at % 900), periodSeconds - second);
    weight += (powerDeciW[Math.floor(at / 900) % 96] ?? 0) * lasts;
    second += lasts;
  }
  return BigInt(weight);
}
