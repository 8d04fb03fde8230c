import type { Queryable } from "./database.ts";
import { joined, type Sql, sql, trusted } from "./sql.ts";

/** A part of the network: the points of these branches (null: of all) that this supplier supplies (null: whoever does). */
export interface ScopePart {
  readonly branchIds: readonly number[] | null;
  readonly supplierId: number | null;
}

/**
 * What of the network a call may touch: the union of its parts, nothing when there is none. Every statement that lists, searches,
 * counts or fetches takes one and puts it into its conditions, so that what is foreign is never read.
 */
export interface Scope {
  readonly parts: readonly ScopePart[];
}

/** The whole network: for processes of ours, which nobody's rights limit. */
export const everywhere: Scope = { parts: [{ branchIds: null, supplierId: null }] };

export const isEverywhere = (scope: Scope): boolean =>
  scope.parts.some((part) => part.branchIds === null && part.supplierId === null);

/** Condition on `point as p` and its `location as l`. */
export function inScope(scope: Scope): Sql {
  if (isEverywhere(scope)) return trusted("true");
  if (scope.parts.length === 0) return trusted("false");
  const parts = scope.parts.map(({ branchIds, supplierId }) =>
    joined(
      [
        ...(branchIds === null ? [] : [sql`l.branch_id = any(${branchIds}::int[])`]),
        ...(supplierId === null
          ? []
          : [
              sql`p.point_id in (
                select point_id from point_supplier where supplier_id = ${supplierId}::int and during @> now())`,
            ]),
      ],
      " and ",
    ),
  );
  return sql`((${joined(parts, ") or (")}))`;
}

/** Condition that a point's number, given as SQL, is one of the scope's. A null is none of them, unless the scope is everything. */
export const pointInScope = (scope: Scope, pointId: string): Sql =>
  isEverywhere(scope)
    ? trusted("true")
    : sql`${trusted(pointId)} in (
        select p.point_id from point as p join location as l using (location_id) where ${inScope(scope)})`;

/** Condition on `gateway as g`. One that nobody adopted is nowhere yet: it is for those who hold the right everywhere. */
export function gatewayInScope(scope: Scope): Sql {
  if (isEverywhere(scope)) return trusted("true");
  const branchIds = scope.parts.flatMap((part) => (part.supplierId === null ? (part.branchIds ?? []) : []));
  return sql`g.branch_id = any(${branchIds}::int[])`;
}

/** Whether there is such a branch, and the scope holds all of it. */
export async function branchInScope(db: Queryable, scope: Scope, branchId: number): Promise<boolean> {
  if (
    !isEverywhere(scope) &&
    !scope.parts.some((part) => part.supplierId === null && part.branchIds?.includes(branchId))
  )
    return false;
  const { rows } = await db.query(sql`select from branch where branch_id = ${branchId}::int`);
  return rows.length === 1;
}

/** Condition that a device's number, given as SQL, is that of a meter that now stands at one of the scope's points. */
export const deviceInScope = (scope: Scope, deviceId: string): Sql =>
  isEverywhere(scope)
    ? trusted("true")
    : sql`${trusted(deviceId)} in (
        select device.device_id from device
        join installation on installation.meter_id = device.meter_id and upper_inf(installation.during)
        join point as p using (point_id) join location as l using (location_id)
        where ${inScope(scope)})`;

/**
 * Condition that a device's meter stood at one of the scope's points at an instant, both given as SQL: what a meter did elsewhere
 * before it came belongs to others.
 */
export const deviceInScopeAt = (scope: Scope, deviceId: string, at: string): Sql =>
  isEverywhere(scope)
    ? trusted("true")
    : sql`exists (
        select from device as scoped
        join installation on installation.meter_id = scoped.meter_id and installation.during @> ${trusted(at)}
        join point as p using (point_id) join location as l using (location_id)
        where scoped.device_id = ${trusted(deviceId)} and ${inScope(scope)})`;
