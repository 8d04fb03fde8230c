import { formatScaled } from "@energsys/metering";
import type { Database } from "../database.ts";
import { StoreError } from "../errors.ts";
import type { Scope } from "../scope.ts";
import { acceptFinding } from "./decisions.ts";
import { type FindingRowOfList, listFindings } from "./list-findings.ts";

/** Findings of one rule whose intervals are all estimated by one method. */
export interface LikeFindings {
  readonly rule: string;
  /** `E4`, `E4+S` */
  readonly method: string;
  readonly branchId?: number;
  readonly fromDay: string;
  readonly toDay: string;
}

export interface BulkPreview {
  readonly findingIds: readonly number[];
  readonly points: number;
  readonly intervals: number;
  /** What the estimates sum up to, by unit, as exact decimals. */
  readonly energy: readonly { readonly unit: string; readonly value: string }[];
  /** Ten of them at most, evenly spread over the list. */
  readonly sample: readonly FindingRowOfList[];
}

/** Findings in one acceptance at most. */
export const bulkMax = 10_000;
const sampleSize = 10;

/** What accepting all like findings would settle, before anybody does: exactly these, the whole energy, ten to look at. */
export async function previewAcceptance(
  db: Database,
  scope: Scope,
  like: LikeFindings,
): Promise<BulkPreview> {
  const { rows } = await listFindings(db, scope, {
    states: ["estimated"],
    rules: [like.rule],
    fromDay: like.fromDay,
    toDay: like.toDay,
    // What somebody goes there for is not decided in one go.
    waiting: false,
    ...(like.branchId === undefined ? {} : { branchId: like.branchId }),
    limit: bulkMax,
  });
  const alike = rows.filter(({ method }) => method === like.method);
  const energy = [...Map.groupBy(alike, ({ unit }) => unit)].map(([unit, of]) => {
    const scale = Math.min(...of.map((row) => row.scale));
    const sum = of.reduce(
      (total, row) => total + BigInt(row.estimate ?? 0) * 10n ** BigInt(row.scale - scale),
      0n,
    );
    return { unit, value: formatScaled(sum, scale) };
  });
  const step = Math.max(1, alike.length / sampleSize);
  const sample = Array.from(
    { length: Math.min(sampleSize, alike.length) },
    (_, nth) => alike[Math.floor(nth * step)]!,
  );
  return {
    findingIds: alike.map(({ findingId }) => findingId),
    points: new Set(alike.map(({ pointId }) => pointId)).size,
    intervals: alike.reduce((sum, { count }) => sum + count, 0),
    energy,
    sample,
  };
}

/**
 * Accepts the estimate of one finding of a bulk, if it still is what was previewed. Accepted by the same person already: nothing is left
 * to do, since a job may begin anew.
 * @throws StoreError `finding.not-found`, `finding.not-open`, `finding.method-differs`
 */
export async function acceptLike(
  db: Database,
  scope: Scope,
  item: { readonly findingId: number; readonly rule: string; readonly method: string; readonly by: string },
  context: { readonly nowMs: number; readonly zone: string },
): Promise<void> {
  const [row] = (
    await listFindings(db, scope, {
      states: ["open", "accepted", "estimated", "edited", "cleared"],
      findingIds: [item.findingId],
      fromDay: "1970-01-01",
      toDay: "9999-01-01",
      limit: 1,
    })
  ).rows;
  if (!row) throw new StoreError("finding.not-found", `there is no finding ${item.findingId}`);
  if (row.state === "accepted" && row.changedBy === item.by) return;
  if (row.state !== "estimated") throw new StoreError("finding.not-open", `it is ${row.state} by now`);
  if (row.rule !== item.rule || row.method !== item.method)
    throw new StoreError(
      "finding.method-differs",
      `it is estimated by ${row.method ?? "several methods"} by now`,
    );
  const { findingId, by } = item;
  await acceptFinding(db, scope, { findingId, stands: "estimate", note: "", by }, context);
}
