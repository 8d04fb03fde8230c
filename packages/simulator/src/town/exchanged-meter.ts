import type { MeterDescription } from "../meter/description.ts";
import type { MeterCurve } from "../meter/virtual-meter.ts";
import type { Exchange } from "./grid-town.ts";

/** The meter that is put in at an exchange: its own numbers, registers that begin with 0, a profile that begins then. */
export function exchangedMeter(
  given: MeterDescription,
  { atMs, serial }: Exchange,
  curve: Pick<MeterCurve, "cumulatedAt">,
): MeterDescription {
  const { rate1Wh, rate2Wh, exportWh } = curve.cumulatedAt(atMs);
  return {
    ...given,
    serial,
    identity: exchangedIdentity(given, serial),
    startWh: { rate1: -rate1Wh, rate2: -rate2Wh, export: -exportWh },
    installedMs: atMs,
  };
}

export const exchangedIdentity = (
  { identity, serial: before }: Pick<MeterDescription, "identity" | "serial">,
  serial: string,
): string => identity.replace(before, serial);
