import { readFileSync } from "node:fs";
import { type DayType, dayTypes, type LocalDay, type Season, seasons } from "../calendar.ts";

export const profileNames = ["H0", "G0", "G1", "G2", "G3", "G4", "G5", "G6", "L0", "L1", "L2"] as const;
export type ProfileName = (typeof profileNames)[number];

/** One day of a standard profile: mean power in W of each of 96 quarter-hours, for 1000 kWh a year. */
export interface StandardDay {
  readonly powerW: Float64Array;
  /** Energy of the day in Wh. */
  readonly energyWh: number;
  /** Sum of `powerW` up to and with each quarter-hour, for drawing a time of day by likelihood. */
  readonly cumulated: Float64Array;
}

const table = readTable();

export const standardDay = (profile: ProfileName, season: Season, dayType: DayType): StandardDay =>
  table.get(`${profile}/${season}/${dayType}`) as StandardDay;

/**
 * Factor by which a household's day differs from its season's typical day. Published with the 1999 profiles for H0;
 * `dayOfYear` counts from 1.
 */
export function householdDayFactor(dayOfYear: number): number {
  const t = dayOfYear;
  return -3.92e-10 * t ** 4 + 3.2e-7 * t ** 3 - 7.02e-5 * t ** 2 + 2.1e-3 * t + 1.24;
}

/** Energy in Wh that the profile gives a customer of `annualWh` on a day of 96 quarter-hours. */
export function standardDayWh(profile: ProfileName, day: LocalDay, annualWh: number): number {
  const typical = (standardDay(profile, day.season, day.dayType).energyWh * annualWh) / 1e6;
  return profile === "H0" ? typical * householdDayFactor(day.dayOfYear) : typical;
}

function readTable(): Map<string, StandardDay> {
  const text = readFileSync(new URL("./bdew1999_slp_quarterhour.csv", import.meta.url), "latin1");
  const [header = "", ...lines] = text.split(/\r?\n/);
  const columns = header.split(",");
  const powers = new Map<string, Float64Array>();
  for (const season of seasons)
    for (const dayType of dayTypes)
      for (const profile of profileNames) powers.set(`${profile}/${season}/${dayType}`, new Float64Array(96));
  for (const line of lines) {
    const cells = line.split(",");
    for (const profile of profileNames) {
      const powerW = powers.get(`${profile}/${cells[0]}/${cells[1]}`);
      if (powerW) powerW[Number(cells[2])] = Number(cells[columns.indexOf(profile)]);
    }
  }
  return new Map([...powers].map(([name, powerW]) => [name, withSums(powerW)]));
}

function withSums(powerW: Float64Array): StandardDay {
  const cumulated = new Float64Array(96);
  let sum = 0;
  for (let i = 0; i < 96; i++) cumulated[i] = sum += powerW[i] as number;
  return { powerW, energyWh: sum / 4, cumulated };
}
