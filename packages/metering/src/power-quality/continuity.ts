/** Why a supply was interrupted; each kind has indices of its own. */
export const interruptionCauses = ["planned", "unplanned", "force-majeure"] as const;
export type InterruptionCause = (typeof interruptionCauses)[number];

/** Customers that were restored together, after so long. */
export interface RestorationStep {
  readonly customers: number;
  readonly durationMs: number;
}
export interface Incident {
  readonly cause: InterruptionCause;
  readonly steps: readonly RestorationStep[];
}

export interface ContinuityIndices {
  /** Long interruptions by customer. */
  readonly saifi: number;
  /** Minutes without supply by customer, of long interruptions. */
  readonly saidiMinutes: number;
  /** Minutes of one interruption; absent where there was none. */
  readonly caidiMinutes: number | undefined;
  /** Short interruptions by customer. */
  readonly maifi: number;
  /** Availability, 0 to 1. */
  readonly asai: number;
  readonly customersInterrupted: number;
}

/** Three minutes: longer is a long interruption. */
export const shortInterruptionMaxMs = 180_000;

/** Indices of continuity (IEEE 1366 names) of some incidents. */
export function continuityOf(
  incidents: readonly Pick<Incident, "steps">[],
  customers: number,
  periodMs: number,
  shortMaxMs = shortInterruptionMaxMs,
): ContinuityIndices {
  let long = 0;
  let short = 0;
  let minutes = 0;
  for (const { steps } of incidents) {
    for (const { customers: count, durationMs } of steps) {
      if (durationMs > shortMaxMs) {
        long += count;
        minutes += (count * durationMs) / 60_000;
      } else short += count;
    }
  }
  const by = (value: number) => (customers === 0 ? 0 : value / customers);
  const saidiMinutes = by(minutes);
  return {
    saifi: by(long),
    saidiMinutes,
    caidiMinutes: long === 0 ? undefined : minutes / long,
    maifi: by(short),
    asai: 1 - saidiMinutes / (periodMs / 60_000),
    customersInterrupted: long,
  };
}

/** What one meter says of its supply. */
export interface PowerEvent {
  readonly kind: "failed" | "restored";
  readonly atMs: number;
}

export interface SupplyInterruption {
  readonly startMs: number;
  /** Absent: it goes on. */
  readonly endMs: number | undefined;
  /** The meter never said when it began; it was heard of last at `startMs`. */
  readonly startAssumed: boolean;
}

/** Supply that comes back for less than this has not come back. */
export const bounceMs = 60_000;

/**
 * Pairs what one meter wrote of its supply, in order of time: failed with the next restored. Without a beginning it began when the meter was last
 * heard of; without an end it goes on. What lies less than a minute apart is one.
 */
export function pairPowerEvents(
  events: readonly PowerEvent[],
  lastHeardBefore: (ms: number) => number | undefined = () => undefined,
): SupplyInterruption[] {
  const pairs: { startMs: number; endMs: number | undefined; startAssumed: boolean }[] = [];
  let open: number | undefined;
  for (const { kind, atMs } of events) {
    if (kind === "failed") {
      open ??= atMs;
      continue;
    }
    const startMs = open ?? lastHeardBefore(atMs);
    if (startMs === undefined || startMs > atMs) continue;
    pairs.push({ startMs, endMs: atMs, startAssumed: open === undefined });
    open = undefined;
  }
  if (open !== undefined) pairs.push({ startMs: open, endMs: undefined, startAssumed: false });
  const joined: typeof pairs = [];
  for (const pair of pairs) {
    const last = joined.at(-1);
    if (last?.endMs !== undefined && pair.startMs - last.endMs < bounceMs) last.endMs = pair.endMs;
    else joined.push({ ...pair });
  }
  return joined;
}

export interface PointInterruption<Id> extends SupplyInterruption {
  readonly point: Id;
  /** The transformer or feeder that the point hangs on. */
  readonly cell: string;
}

export interface FoundIncident<Id> extends Incident {
  readonly cell: string;
  readonly startMs: number;
  readonly points: readonly Id[];
}

/** Beginnings so near each other behind one transformer are one incident. */
export const incidentWithinMs = 120_000;

/** Groups interruptions of points into incidents of their transformer or feeder; what goes on lasts until `nowMs`. */
export function incidentsOf<Id>(
  interruptions: readonly PointInterruption<Id>[],
  nowMs: number,
  causeOf: (startMs: number, cell: string) => InterruptionCause = () => "unplanned",
): FoundIncident<Id>[] {
  const sorted = [...interruptions].sort((a, b) => a.startMs - b.startMs);
  const open = new Map<string, { startMs: number; points: Id[]; durations: number[] }>();
  const found: { cell: string; startMs: number; points: Id[]; durations: number[] }[] = [];
  for (const { point, cell, startMs, endMs } of sorted) {
    let incident = open.get(cell);
    if (!incident || startMs - incident.startMs > incidentWithinMs) {
      incident = { startMs, points: [], durations: [] };
      open.set(cell, incident);
      found.push(Object.assign(incident, { cell }));
    }
    incident.points.push(point);
    incident.durations.push((endMs ?? nowMs) - startMs);
  }
  return found.map(({ cell, startMs, points, durations }) => {
    const steps = new Map<number, number>();
    for (const durationMs of durations) steps.set(durationMs, (steps.get(durationMs) ?? 0) + 1);
    return {
      cell,
      startMs,
      points,
      cause: causeOf(startMs, cell),
      steps: [...steps].map(([durationMs, customers]) => ({ customers, durationMs })),
    };
  });
}
