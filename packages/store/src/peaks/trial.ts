import type { Queryable } from "../database.ts";
import { StoreError } from "../errors.ts";
import type { Period } from "../query/frame.ts";
import { findCounted } from "../query/subjects.ts";
import { isEverywhere, type Scope } from "../scope.ts";
import { findCandidates } from "./candidates.ts";
import { type FoundPeak, findPeaks } from "./demand.ts";
import type { PeakCondition } from "./rules.ts";
import { portions } from "./watch.ts";

/** Days of points that a trial unpacks; beyond that it says that there are more. */
const candidatesMax = 5_000;

export interface PeakTrial {
  /** What it would have raised, the newest first. */
  readonly peaks: readonly FoundPeak[];
  /** False when only the newest days were looked at: there are more peaks than these, perhaps. */
  readonly isWhole: boolean;
}

/**
 * What a rule would have raised on days that are over or under way, with the values as they are known now. Nothing is written.
 * @throws StoreError `peak-rule.no-subject`
 */
export async function tryPeakRule(
  db: Queryable,
  scope: Scope,
  rule: PeakCondition,
  period: Period,
): Promise<PeakTrial> {
  await needSubject(db, scope, rule, period);
  const { fromDay, toDay, zone } = period;
  let candidates: readonly { readonly pointId: number | null; readonly day: string }[];
  let isWhole = true;
  if (rule.watched.kind === "approved") {
    const lastDay = Temporal.PlainDate.from(toDay).subtract({ days: 1 }).toString();
    const found = await findCandidates(
      db,
      rule,
      { fromDay, toDay: lastDay },
      { zone, limit: candidatesMax + 1 },
    );
    isWhole = found.length <= candidatesMax;
    candidates = found.slice(0, candidatesMax);
  } else {
    const pointId = rule.watched.kind === "point" ? rule.watched.pointId : null;
    const days: { pointId: number | null; day: string }[] = [];
    for (let day = fromDay; day < toDay; day = Temporal.PlainDate.from(day).add({ days: 1 }).toString())
      days.push({ pointId, day });
    candidates = days;
  }
  const peaks: FoundPeak[] = [];
  for (const part of portions(candidates, rule.watched.kind === "approved"))
    peaks.push(...(await findPeaks(db, rule, part, period)));
  return { peaks: peaks.sort((a, b) => b.startMs - a.startMs), isWhole };
}

async function needSubject(
  db: Queryable,
  scope: Scope,
  { watched }: PeakCondition,
  period: Period,
): Promise<void> {
  if (
    watched.kind === "approved" ? isEverywhere(scope) : (await findCounted(db, scope, [watched], period))[0]
  )
    return;
  throw new StoreError("peak-rule.no-subject", "what it shall watch is not there");
}
