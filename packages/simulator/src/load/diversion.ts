import { type LocalDay, slotMs } from "../calendar.ts";
import { uniform } from "../random.ts";

/**
 * How energy passes a meter: a bridge over a part of it, a bridge at times, one of three phases bridged, a magnet that slows it, or a
 * cable that was tapped before it.
 */
export const diversionModes = ["part-bypass", "full-bypass", "phase-bypass", "magnet", "tap"] as const;
export type DiversionMode = (typeof diversionModes)[number];

export interface Diversion {
  readonly mode: DiversionMode;
  /** Part of what flows that the meter does not count; of a tap: energy beside it, as a part of what the meter counts. */
  readonly share: number;
  readonly fromMs: number;
  /** Infinity: it goes on. */
  readonly toMs: number;
}

export const touchesDay = ({ fromMs, toMs }: Diversion, { startMs, slots }: LocalDay): boolean =>
  fromMs < startMs + slots * slotMs && toMs > startMs;

/** Days on which a bridge at times is set, and its hours, [from, to) of the day's quarter-hours. */
function bridged(key: number, day: LocalDay): { readonly from: number; readonly to: number } | undefined {
  if (uniform(key, 0xb21, day.index) >= 0.55) return undefined;
  const from = Math.floor(uniform(key, 0xb22, day.index) * day.slots * 0.6);
  return { from, to: from + 8 + Math.floor(uniform(key, 0xb23, day.index) * 48) };
}

/**
 * What passes the meter in each quarter-hour of a day, whole Wh; takes it out of `meteredWh`, but for a tap, which the meter never saw.
 */
export function stolenOf(
  { key }: { readonly key: number },
  diversion: Diversion,
  day: LocalDay,
  meteredWh: Int32Array,
): Int32Array | undefined {
  if (!touchesDay(diversion, day)) return undefined;
  const { mode, share, fromMs, toMs } = diversion;
  const hours = mode === "full-bypass" ? bridged(key, day) : { from: 0, to: day.slots };
  const stolen = new Int32Array(day.slots);
  for (let i = hours?.from ?? day.slots; i < Math.min(day.slots, hours?.to ?? 0); i++) {
    const startMs = day.startMs + i * slotMs;
    const lasts = Math.min(toMs, startMs + slotMs) - Math.max(fromMs, startMs);
    if (lasts <= 0) continue;
    const passed = Math.floor((meteredWh[i] as number) * share * (lasts / slotMs));
    stolen[i] = passed;
    if (mode !== "tap") meteredWh[i] = (meteredWh[i] as number) - passed;
  }
  return stolen;
}
