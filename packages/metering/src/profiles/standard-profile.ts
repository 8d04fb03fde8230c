import { type DayKind, dayKindOf } from "../holidays.ts";
import { bdew1999 } from "./bdew-1999.ts";

export type StandardProfileName = keyof typeof bdew1999;
export const standardProfileNames = Object.keys(bdew1999) as readonly StandardProfileName[];

export type ProfileSeason = "winter" | "summer" | "transition";

/** Seasons of the 1999 profiles: winter from 1 November to 20 March, summer from 15 May to 14 September. */
export function profileSeasonOf(date: string): ProfileSeason {
  const { month, day } = Temporal.PlainDate.from(date);
  const at = month * 100 + day;
  if (at >= 1101 || at <= 320) return "winter";
  return at >= 515 && at <= 914 ? "summer" : "transition";
}

/**
 * Factor of the day for households (H0), in units of 10⁻¹²: published with the profiles as a polynomial of the day of the year, whose
 * coefficients make it an integer there.
 */
export function householdDayFactor(dayOfYear: number): number {
  const t = dayOfYear;
  return -392 * t ** 4 + 320_000 * t ** 3 - 70_200_000 * t ** 2 + 2_100_000_000 * t + 1_240_000_000_000;
}
/** One, in the units of `householdDayFactor`. */
export const dayFactorOne = 1_000_000_000_000;

const parsed = new Map<string, Int32Array>();

/** Mean power of the 96 quarter-hours of a typical day, tenths of a watt for 1000 kWh a year. */
export function typicalDay(name: StandardProfileName, season: ProfileSeason, kind: DayKind): Int32Array {
  const key = `${name} ${season} ${kind}`;
  let day = parsed.get(key);
  if (!day) {
    day = Int32Array.from(bdew1999[name][season][kind].split(" "), Number);
    parsed.set(key, day);
  }
  return day;
}

/** A profile on one date: power in tenths of a watt for 1000 kWh a year, times `factor` / 10¹². */
export function profileDay(
  name: StandardProfileName,
  date: string,
  kind: DayKind = dayKindOf(date),
): { readonly powerDeciW: Int32Array; readonly factor: number } {
  return {
    powerDeciW: typicalDay(name, profileSeasonOf(date), kind),
    factor: name === "H0" ? householdDayFactor(Temporal.PlainDate.from(date).dayOfYear) : dayFactorOne,
  };
}
