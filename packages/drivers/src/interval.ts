import type { EpochMs } from "@energsys/protocols";

/**
 * Start of the interval that a row's stamp means. Meters stamp some seconds late; a stamp well inside a period (after a power
 * failure, a clock change) belongs to the period that holds it.
 */
export function intervalStart(stampMs: EpochMs, periodMs: number, stamp: "end" | "start"): EpochMs {
  const floor = Math.floor(stampMs / periodMs) * periodMs;
  if (stamp === "start") return floor;
  const late = Math.min(periodMs / 10, 30_000);
  return stampMs - floor <= late ? floor - periodMs : floor;
}
