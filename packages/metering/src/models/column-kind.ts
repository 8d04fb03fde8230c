import type { ObisCode } from "@energsys/protocols";
import type { ChannelKind } from "../reading.ts";

const cumulative = new Set([8, 9, 10, 58]);
const perPeriod = new Set([29, 30]);
const mean = new Set([4, 5, 14, 15, 24, 25, 27, 28]);

/**
 * What a captured value is, by part D of its code (IEC 62056-61): time integral 1 to 4 is a register's standing, time
 * integral 5 the energy of the period, an average the mean of the period, all else a sample.
 */
export function kindOfColumn(obis: ObisCode): ChannelKind {
  const d = Number(obis.split(".")[1]);
  if (cumulative.has(d)) return "index";
  if (perPeriod.has(d)) return "delta";
  return mean.has(d) ? "demand" : "instant";
}
