import { appendActs } from "../audit/append.ts";
import type { Database, Queryable } from "../database.ts";
import { StoreError, sqlState } from "../errors.ts";
import { type GroupsOnMove, leaveGroups, returnToGroups } from "../groups/leave.ts";
import { openLocations, sealLocations } from "../personal/place-of-point.ts";
import { branchInScope, type Scope } from "../scope.ts";
import { keyRingOf } from "../secrets/ring-of.ts";
import { instant, sql } from "../sql.ts";
import { lockLocation } from "./scope.ts";

/** What a location is. Degrees have six digits behind the point. */
export interface LocationFacts {
  /** The operator's own code; null: none. */
  readonly code: string | null;
  readonly branchId: number;
  readonly address: string;
  readonly note: string;
  readonly latitude: number | null;
  readonly longitude: number | null;
}

interface Said {
  readonly reason: string;
  readonly by: string;
}

/**
 * A location at which no point stands yet.
 * @throws StoreError `branch.not-found` outside the scope, `location.code-used`
 */
export async function addLocation(db: Database, scope: Scope, facts: LocationFacts): Promise<number> {
  if (!(await branchInScope(db, scope, facts.branchId)))
    throw new StoreError("branch.not-found", "there is no such branch");
  const { rows } = await db.query<{ id: number }>(
    sql`select nextval(pg_get_serial_sequence('location', 'location_id'))::int as id`,
  );
  const locationId = rows[0]!.id;
  const [row] = await sealLocations(keyRingOf(db), [{ ...facts, locationId }]);
  await told(() =>
    db.query(sql`
      insert into location (location_id, branch_id, code, sealed, personal_hash) overriding system value
      values (${locationId}::int, ${facts.branchId}::int, ${facts.code}, ${row!.sealed}, ${row!.personalHash})`),
  );
  return locationId;
}

/**
 * What a location is from an instant on; what it was until then stays to be seen. `false` when nothing is different.
 * @throws StoreError `location.not-found`, `branch.not-found` outside the scope, `location.code-used`, `location.too-early` when what
 *   holds now began at that instant or later, `point.leaves-groups` for a move out of the branch of groups of its points, when nobody
 *   said what becomes of them there
 */
export async function changeLocation(
  db: Database,
  scope: Scope,
  locationId: number,
  facts: LocationFacts,
  given: Said & { readonly fromMs: number; readonly groups?: GroupsOnMove | undefined },
): Promise<boolean> {
  const ring = keyRingOf(db);
  return told(() =>
    db.transaction(async (transaction) => {
      await lockLocation(transaction, scope, locationId);
      const { rows } = await transaction.query<{
        branchId: number;
        code: string | null;
        hash: Buffer | null;
        since: number | null;
      }>(sql`
        select branch_id as "branchId", code, personal_hash as hash,
          (select max(upper(during)) from location_version as v where v.location_id = l.location_id and not withdrawn) as since
        from location as l where location_id = ${locationId}::int`);
      const { branchId, code, hash, since } = rows[0]!;
      if (branchId !== facts.branchId && !(await branchInScope(transaction, scope, facts.branchId)))
        throw new StoreError("branch.not-found", "there is no such branch");
      const [row] = await sealLocations(ring.within(transaction), [{ ...facts, locationId }], [hash]);
      if (branchId === facts.branchId && code === facts.code && row!.sealed === null) return false;
      if (since !== null && since >= given.fromMs)
        throw new StoreError("location.too-early", `what holds now began ${instant(since)}`);
      await saying(transaction, given);
      await transaction.query(sql`
        update location set branch_id = ${facts.branchId}::int, code = ${facts.code}, sealed = coalesce(${row!.sealed}::bytea, sealed),
          personal_hash = ${row!.personalHash}
        where location_id = ${locationId}::int`);
      if (branchId !== facts.branchId) {
        const { rows: points } = await transaction.query<{ pointId: number }>(
          sql`select point_id as "pointId" from point where location_id = ${locationId}::int`,
        );
        await leaveGroups(
          transaction,
          scope,
          {
            pointIds: points.map(({ pointId }) => pointId),
            branchId: facts.branchId,
            fromMs: given.fromMs,
            toMs: Number.POSITIVE_INFINITY,
          },
          {
            ...given,
            groups: given.groups,
            cause: { locationVersionId: await lastVersion(transaction, locationId) },
          },
        );
      }
      return true;
    }),
  );
}

/** What it was until the last change, as the trigger has kept it. */
async function lastVersion(transaction: Queryable, locationId: number): Promise<number> {
  const { rows } = await transaction.query<{ versionId: number }>(sql`
    select location_version_id as "versionId" from location_version
    where location_id = ${locationId}::int and not withdrawn order by upper(during) desc limit 1`);
  return rows[0]!.versionId;
}

/** The trigger that keeps what was writes down who says since when, and why. */
const saying = (transaction: Queryable, given: Said & { readonly fromMs: number }) =>
  transaction.query(sql`select set_config('energsys.location_change',
    ${JSON.stringify({ from: instant(given.fromMs), by: given.by, reason: given.reason })}, true)`);

/**
 * Takes the last change of a location back: what was before it holds again, and what it gave stays to be seen as withdrawn.
 * @throws StoreError `location.not-found`, `location.no-change`, `branch.not-found` when it was in a branch outside the scope,
 *   `location.code-used`, `group.change-overtaken` when a group that its points left was changed on since
 */
export async function undoLocationChange(
  db: Database,
  scope: Scope,
  locationId: number,
  given: Said,
): Promise<void> {
  const ring = keyRingOf(db);
  await told(() =>
    db.transaction(async (transaction) => {
      await lockLocation(transaction, scope, locationId);
      const { rows } = await transaction.query<{
        versionId: number;
        branchId: number;
        code: string | null;
        sealed: Buffer | null;
        fromMs: number;
        untilMs: number;
      }>(sql`
        select location_version_id as "versionId", branch_id as "branchId", code, sealed, upper(during) as "fromMs",
          greatest(now(), upper(during) + interval '1 millisecond') as "untilMs" from location_version
        where location_id = ${locationId}::int and not withdrawn order by upper(during) desc limit 1 for update`);
      const [last] = rows;
      if (!last) throw new StoreError("location.no-change", "nothing of it was ever changed");
      if (!(await branchInScope(transaction, scope, last.branchId)))
        throw new StoreError("branch.not-found", "it was in another branch");
      const held = ring.within(transaction);
      const [place] = await openLocations(held, [{ locationId, sealed: last.sealed }]);
      const [row] = await sealLocations(held, [{ ...place!, locationId }]);
      await saying(transaction, { ...given, fromMs: last.untilMs });
      await transaction.query(sql`
        update location set branch_id = ${last.branchId}::int, code = ${last.code}, sealed = ${row!.sealed}, personal_hash = ${row!.personalHash}
        where location_id = ${locationId}::int`);
      // What was before holds since it did, as if there had been no change; both stay to be seen.
      await transaction.query(sql`
        update location_version set withdrawn = true
        where location_id = ${locationId}::int and not withdrawn and upper(during) >= ${instant(last.fromMs)}::timestamptz`);
      await returnToGroups(transaction, { locationVersionId: last.versionId }, given);
      await appendActs(transaction, [
        {
          action: "undo",
          objectType: "location",
          objectId: locationId,
          before: { change: instant(last.fromMs) },
        },
      ]);
    }),
  );
}

async function told<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (sqlState(error) === "23505")
      throw new StoreError("location.code-used", "another location has that code", error);
    throw error;
  }
}
