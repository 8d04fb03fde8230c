import type { Queryable } from "../database.ts";
import { keyRingOf } from "../secrets/ring-of.ts";
import { sql } from "../sql.ts";
import { openPoints, type PointNames } from "./place-of-point.ts";

interface SealedNames {
  readonly pointId: number | null;
  readonly sealed: Buffer | null;
}
type Named<Row> = Omit<Row, "sealed"> & (PointNames | { readonly pod: null; readonly name: null });

/** Rows of a statement with the point's code and name in place of its `sealed`; null where a row is of no point. */
export async function withPointNames<Row extends SealedNames>(
  db: Queryable,
  rows: readonly Row[],
): Promise<Named<Row>[]> {
  if (rows.length === 0) return [];
  const names = await openPoints(
    keyRingOf(db),
    rows.map(({ pointId, sealed }) => ({ pointId: pointId ?? 0, sealed })),
  );
  return rows.map(({ sealed, ...row }, nth) =>
    row.pointId === null ? { ...row, pod: null, name: null } : { ...row, ...names[nth]! },
  );
}

/** Codes and names of points by their numbers. Whoever asks has made sure that the points are of the scope. */
export async function pointNames(
  db: Queryable,
  pointIds: readonly number[],
): Promise<ReadonlyMap<number, PointNames>> {
  const { rows } = await db.query<{ pointId: number; sealed: Buffer | null }>(sql`
    select point_id as "pointId", sealed from point where point_id = any(${[...new Set(pointIds)]}::int[])`);
  const names = await openPoints(keyRingOf(db), rows);
  return new Map(rows.map(({ pointId }, nth) => [pointId, names[nth]!]));
}
