/** What a meter or analyser says of one disturbance of a supply. */
export interface VoltageEvent {
  readonly startMs: number;
  readonly endMs: number;
  /** By phase: the lowest (of a dip) or highest (of a swell) voltage, V; absent where the phase was not touched. */
  readonly residualV: readonly (number | undefined)[];
}

export type EventKind = "dip" | "swell" | "interruption" | "outside";

/** Percent of the reference voltage; editions before 2010 end an interruption at 1 %. */
export interface EventThresholds {
  readonly referenceV: number;
  readonly dipPercent: number;
  readonly swellPercent: number;
  readonly interruptionPercent: number;
  /** Longer is a long interruption. */
  readonly shortMaxMs: number;
}

export const eventThresholds: EventThresholds = {
  referenceV: 230,
  dipPercent: 90,
  swellPercent: 110,
  interruptionPercent: 5,
  shortMaxMs: 180_000,
};

/** Residual voltage of the rows of the table of dips, percent: from, exclusive of the row above. */
export const dipDepths = [80, 70, 40, 5, 0] as const;
export const dipDurationsMs = [200, 500, 1000, 5000, 60_000] as const;
export const swellHeights = [120, 110] as const;
export const swellDurationsMs = [500, 5000, 60_000] as const;

export interface ClassifiedEvent {
  readonly kind: EventKind;
  /** Lowest or highest of the phases, percent of the reference. */
  readonly percent: number;
  readonly durationMs: number;
  /** Row and column of its table; absent for interruptions and what is longer than a minute. */
  readonly row?: number;
  readonly column?: number;
  /** Of an interruption. */
  readonly long?: boolean;
}

const placeIn = (limits: readonly number[], durationMs: number): number =>
  limits.findIndex((limit) => durationMs <= limit);

/**
 * One event of all phases together: of a dip the lowest voltage counts, an interruption is one only when no phase has any (EN 50160 with
 * IEC 61000-4-30). Events that one phase tells after another must have been joined before (`joinPhases`).
 */
export function classifyEvent(
  { startMs, endMs, residualV }: VoltageEvent,
  thresholds: EventThresholds = eventThresholds,
): ClassifiedEvent {
  const durationMs = endMs - startMs;
  const known = residualV.flatMap((volt) =>
    volt === undefined ? [] : [(100 * volt) / thresholds.referenceV],
  );
  const lowest = Math.min(...known);
  const highest = Math.max(...known);
  if (known.length === residualV.length && highest < thresholds.interruptionPercent)
    return { kind: "interruption", percent: lowest, durationMs, long: durationMs > thresholds.shortMaxMs };
  if (lowest < thresholds.dipPercent) {
    const column = placeIn(dipDurationsMs, durationMs);
    const row = dipDepths.findIndex((depth) => lowest >= depth);
    return { kind: "dip", percent: lowest, durationMs, ...(column >= 0 && { row, column }) };
  }
  if (highest > thresholds.swellPercent) {
    const column = placeIn(swellDurationsMs, durationMs);
    const row = swellHeights.findIndex((height) => highest >= height);
    return { kind: "swell", percent: highest, durationMs, ...(column >= 0 && { row, column }) };
  }
  return { kind: "outside", percent: lowest, durationMs };
}

/** Disturbances of single phases that overlap are one: from the first that falls to the last that is back. */
export function joinPhases(
  phases: readonly (readonly {
    readonly startMs: number;
    readonly endMs: number;
    readonly volts: number;
  }[])[],
): VoltageEvent[] {
  const all = phases
    .flatMap((events, phase) => events.map((event) => ({ ...event, phase })))
    .sort((a, b) => a.startMs - b.startMs);
  const joined: { startMs: number; endMs: number; residualV: (number | undefined)[] }[] = [];
  for (const { startMs, endMs, volts, phase } of all) {
    let last = joined.at(-1);
    if (!last || startMs > last.endMs) {
      last = { startMs, endMs, residualV: phases.map(() => undefined) };
      joined.push(last);
    }
    last.endMs = Math.max(last.endMs, endMs);
    const before = last.residualV[phase];
    const further = before === undefined || Math.abs(volts - 230) > Math.abs(before - 230);
    if (further) last.residualV[phase] = volts;
  }
  return joined;
}
