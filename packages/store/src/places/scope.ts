import type { Queryable } from "../database.ts";
import { StoreError } from "../errors.ts";
import { isEverywhere, pointInScope, type Scope } from "../scope.ts";
import { type Sql, sql, trusted } from "../sql.ts";

/** Condition on `location as l`: it is of the scope's branches, or one of its points is of the scope. */
export function locationInScope(scope: Scope): Sql {
  if (isEverywhere(scope)) return trusted("true");
  const branchIds = scope.parts.flatMap((part) => (part.supplierId === null ? (part.branchIds ?? []) : []));
  return sql`(l.branch_id = any(${branchIds}::int[]) or exists (
    select from point as own where own.location_id = l.location_id and ${pointInScope(scope, "own.point_id")}))`;
}

/** Whether there is such a location, within the scope; held until the transaction ends. @throws StoreError `location.not-found` */
export async function lockLocation(transaction: Queryable, scope: Scope, locationId: number): Promise<void> {
  const { rows } = await transaction.query(sql`
    select from location as l where location_id = ${locationId}::int and ${locationInScope(scope)} for no key update`);
  if (rows.length === 0) throw new StoreError("location.not-found", "there is no such location");
}
