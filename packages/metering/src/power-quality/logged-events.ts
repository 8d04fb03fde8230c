/** What a meter's log can say of one phase. Missing is below the threshold of an interruption. */
export const disturbanceKinds = ["under", "over", "missing"] as const;
export type DisturbanceKind = (typeof disturbanceKinds)[number];

/** An entry of a log by its name (`findEventName`), such as `under-voltage-l2`. */
export interface NamedEvent {
  readonly atMs: number;
  readonly name: string;
}

/** One phase out of its limits, as a log tells it: the log has no voltages. */
export interface PhaseDisturbance {
  readonly kind: DisturbanceKind;
  /** 0 to 2. */
  readonly phase: number;
  readonly startMs: number;
  /** Absent: it goes on. */
  readonly endMs: number | undefined;
}

const begins: Readonly<Record<string, DisturbanceKind>> = {
  "under-voltage": "under",
  "over-voltage": "over",
  "missing-voltage": "missing",
  "phase-outage": "missing",
};
const ends = new Set(["voltage-normal", "phase-returned"]);

const phased = /^(.+)-l([123])$/;

/** Names of entries that begin or end a disturbance of a phase. */
export const isVoltageEvent = (name: string): boolean => {
  const stem = phased.exec(name)?.[1];
  return stem !== undefined && (stem in begins || ends.has(stem));
};

/** Pairs what one meter wrote of its phases, in order of time: each beginning with the next entry that ends it or begins another kind. */
export function pairVoltageEvents(events: readonly NamedEvent[]): PhaseDisturbance[] {
  const pairs: PhaseDisturbance[] = [];
  const open: ({ kind: DisturbanceKind; startMs: number } | undefined)[] = [undefined, undefined, undefined];
  const close = (phase: number, endMs: number | undefined) => {
    const begun = open[phase];
    if (begun) pairs.push({ ...begun, phase, endMs });
    open[phase] = undefined;
  };
  for (const { atMs, name } of events) {
    const match = phased.exec(name);
    if (!match) continue;
    const phase = Number(match[2]) - 1;
    const kind = begins[match[1]!];
    if (kind === undefined) {
      if (ends.has(match[1]!)) close(phase, atMs);
      continue;
    }
    if (open[phase]?.kind === kind) continue;
    close(phase, atMs);
    open[phase] = { kind, startMs: atMs };
  }
  for (const phase of [0, 1, 2]) close(phase, undefined);
  return pairs.sort((a, b) => a.startMs - b.startMs || a.phase - b.phase);
}

/** A disturbance of all phases together, with the furthest voltage that is known of it, percent of the reference. */
export interface JoinedDisturbance {
  readonly kind: DisturbanceKind;
  readonly startMs: number;
  readonly endMs: number | undefined;
  readonly phases: readonly number[];
  readonly percent: number | undefined;
}

/**
 * Disturbances of one kind of a meter's phases that overlap are one, from the first phase that leaves to the last that is back
 * (IEC 61000-4-30, polyphase). A phase that is missing has less than the threshold of an interruption: that is known without a measurement.
 */
export function joinDisturbances(
  disturbances: readonly PhaseDisturbance[],
  percentOf: (disturbance: PhaseDisturbance) => number | undefined,
): JoinedDisturbance[] {
  const joined: {
    kind: DisturbanceKind;
    startMs: number;
    endMs: number | undefined;
    phases: number[];
    percent: number | undefined;
  }[] = [];
  for (const one of [...disturbances].sort((a, b) => a.startMs - b.startMs)) {
    const percent = one.kind === "missing" ? 0 : percentOf(one);
    const last = joined.findLast(({ kind }) => kind === one.kind);
    if (last && one.startMs <= (last.endMs ?? Number.POSITIVE_INFINITY)) {
      last.endMs =
        last.endMs === undefined || one.endMs === undefined ? undefined : Math.max(last.endMs, one.endMs);
      if (!last.phases.includes(one.phase)) last.phases.push(one.phase);
      if (percent !== undefined)
        last.percent =
          last.percent === undefined
            ? percent
            : one.kind === "over"
              ? Math.max(last.percent, percent)
              : Math.min(last.percent, percent);
    } else {
      joined.push({ kind: one.kind, startMs: one.startMs, endMs: one.endMs, phases: [one.phase], percent });
    }
  }
  return joined;
}
