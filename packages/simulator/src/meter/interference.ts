import type { Measuring } from "../load/curve.ts";

/** What somebody does to a meter, or what breaks at it. */
export const interferences = ["magnet", "wrong-wiring", "neutral-loss", "cover", "bypass"] as const;
export type Interference = (typeof interferences)[number];

/** A strong magnet at a static meter saturates its current transformer: it measures so much of what flows. */
export const magnetShare = 0.55;

/**
 * What a meter still measures. One phase: the wrong way round it counts in the other direction, without neutral it has no voltage
 * to measure with. Three phases: one transformer of three the wrong way round takes its phase off the other two; without neutral the
 * voltages shift against each other while the sum stays right.
 */
export function measuringUnder(
  active: ReadonlySet<Interference>,
  phases: 1 | 3,
  bypassedPart: number,
): Measuring {
  let share = active.has("bypass") ? 1 - bypassedPart : 1;
  if (active.has("magnet")) share *= magnetShare;
  if (active.has("neutral-loss") && phases === 1) share = 0;
  if (active.has("wrong-wiring") && phases === 3) share /= 3;
  return { share, reversed: active.has("wrong-wiring") && phases === 1 };
}

/** Voltages under an interference: the star point of three phases without neutral moves with the load. */
export function voltsUnder(active: ReadonlySet<Interference>, volts: readonly number[]): readonly number[] {
  if (!active.has("neutral-loss")) return volts;
  if (volts.length === 1) return [0];
  const factors = [0.82, 1.04, 1.15];
  return volts.map((volt, phase) => Math.round(volt * (factors[phase] as number) * 10) / 10);
}

/** State byte of a readout: 01 energy flows the other way, 02 wired wrongly, 04 magnet, 08 cover open, 10 no neutral. */
export function stateByte(active: ReadonlySet<Interference>, exports: boolean): string {
  const bits =
    (exports ? 0x01 : 0) |
    (active.has("wrong-wiring") ? 0x02 : 0) |
    (active.has("magnet") ? 0x04 : 0) |
    (active.has("cover") ? 0x08 : 0) |
    (active.has("neutral-loss") ? 0x10 : 0);
  return bits.toString(16).toUpperCase().padStart(2, "0");
}
