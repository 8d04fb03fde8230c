import type { Attempt } from "../api/client.ts";

/** The ways that every read goes through; one that failed stops in the middle of one. */
export const phaseNames = ["queued", "connecting", "reading", "storing"] as const;
export type PhaseName = (typeof phaseNames)[number];

/** What a driver tells while it reads, in the order of most meters. */
export const milestoneNames = [
  "connected",
  "associated",
  "identified",
  "clock",
  "registers",
  "profile",
  "events",
  "keys-sent",
  "keys-proven",
] as const;
export type MilestoneName = (typeof milestoneNames)[number];

export interface Milestone {
  readonly name: MilestoneName;
  /** From the start of the work to this one, ms. */
  readonly afterMs: number;
}

export interface Phase {
  readonly name: PhaseName;
  readonly state: "later" | "running" | "done" | "failed" | "cancelled";
  /** How long it took, or takes until now; absent where nobody noted its start. */
  readonly ms?: number;
}

export interface AttemptCourse {
  readonly phases: readonly Phase[];
  readonly milestones: readonly Milestone[];
}

type Told = Pick<Attempt, "stages" | "state" | "cause" | "requestedAt" | "startedAt" | "endedAt">;

const isMilestone = (stage: string): stage is MilestoneName =>
  (milestoneNames as readonly string[]).includes(stage);

/** The phase in which an attempt is, or ended. */
export function phaseReached(attempt: Pick<Attempt, "stages" | "startedAt">): PhaseName {
  if (attempt.stages.some(({ stage }) => stage === "storing")) return "storing";
  if (attempt.stages.some(({ stage }) => isMilestone(stage))) return "reading";
  return attempt.startedAt === null ? "queued" : "connecting";
}

/**
 * An attempt as it went. The stages that drivers tell are moments: between them lie the phases, whose ends are the next
 * one's beginning. What a trial brings is shown, not stored.
 */
export function courseOf(attempt: Told, nowMs: number): AttemptCourse {
  const ms = (at: string | null | undefined) => (at ? Date.parse(at) : undefined);
  const first = (found: (stage: string) => boolean) =>
    ms(attempt.stages.find(({ stage }) => found(stage))?.at);
  const startedMs = ms(attempt.startedAt);
  const starts: Record<PhaseName, number | undefined> = {
    queued: ms(attempt.requestedAt),
    connecting: startedMs,
    reading: first(isMilestone),
    storing: first((stage) => stage === "storing"),
  };
  const endMs = ms(attempt.endedAt) ?? nowMs;
  const names = attempt.cause === "trial" ? phaseNames.slice(0, -1) : phaseNames;
  const last = names.indexOf(phaseReached(attempt));
  const done = attempt.state === "done";
  const phases = names.map((name, index): Phase => {
    if (index > last && !done) return { name, state: "later" };
    const startMs = starts[name];
    const untilMs = names.slice(index + 1).flatMap((next) => starts[next] ?? [])[0] ?? endMs;
    const time = startMs === undefined ? {} : { ms: Math.max(0, untilMs - startMs) };
    if (index < last || done) return { name, state: "done", ...time };
    const { state } = attempt;
    return { name, state: state === "failed" || state === "cancelled" ? state : "running", ...time };
  });
  const fromMs = startedMs ?? starts.queued ?? endMs;
  const milestones = attempt.stages.flatMap(({ stage, at }) =>
    isMilestone(stage) ? [{ name: stage, afterMs: Math.max(0, Date.parse(at) - fromMs) }] : [],
  );
  return { phases, milestones };
}
