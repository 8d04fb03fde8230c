import type { LocalDay } from "../calendar.ts";
import { uniform, whole } from "../random.ts";
import type { Diversion, DiversionMode } from "./diversion.ts";

/**
 * How often somebody who passes a meter leaves a trace in it, where it can notice at all (docs/simulator.md): for a bridge its terminals are opened,
 * but seals and contacts are passed too; a static meter sees most magnets; a tap lies before the meter.
 */
const openedShare = 0.6;
const magnetSeenShare = 0.7;
const bridges: readonly DiversionMode[] = ["part-bypass", "full-bypass", "phase-bypass"];

export interface TamperTrace {
  readonly atMs: number;
  readonly kind: "terminal-cover-removed" | "terminal-cover-closed" | "magnet-on" | "magnet-off";
}

/** What a meter with a log of its own, or the contact on its terminals, says on a day of how it is passed. */
export function tracesOf(key: number, diversion: Diversion, day: LocalDay): TamperTrace[] {
  const { mode, fromMs, toMs } = diversion;
  const isToday = (ms: number) => ms >= day.startMs && ms < day.startMs + day.slots * 900_000;
  const found: TamperTrace[] = [];
  if (bridges.includes(mode) && uniform(key, 0x7ace) < openedShare) {
    const openedMs = fromMs - whole(5, 60, key, 0x7acf) * 60_000;
    if (isToday(openedMs)) found.push({ atMs: openedMs, kind: "terminal-cover-removed" });
    if (isToday(fromMs)) found.push({ atMs: fromMs, kind: "terminal-cover-closed" });
  }
  if (mode === "magnet" && uniform(key, 0x7ad0) < magnetSeenShare) {
    if (isToday(fromMs)) found.push({ atMs: fromMs, kind: "magnet-on" });
    if (isToday(toMs)) found.push({ atMs: toMs, kind: "magnet-off" });
  }
  return found;
}
