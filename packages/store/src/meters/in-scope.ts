import type { Queryable } from "../database.ts";
import { StoreError } from "../errors.ts";
import { pointInScope, type Scope } from "../scope.ts";
import { type Sql, sql } from "../sql.ts";

/** Condition on `meter as m`: it stands at one of the scope's points, or at none. What is in a store belongs to no branch. */
export const meterInScope = (scope: Scope): Sql => sql`not exists (
  select from installation as standing
  where standing.meter_id = m.meter_id and upper_inf(standing.during) and not (${pointInScope(scope, "standing.point_id")}))`;

/** @throws StoreError `meter.not-found` outside the scope */
export async function lockMeter(
  transaction: Queryable,
  scope: Scope,
  meterId: number,
): Promise<{ phases: number }> {
  const { rows } = await transaction.query<{ phases: number }>(sql`
    select phases from meter as m where meter_id = ${meterId}::int and ${meterInScope(scope)} for no key update`);
  if (!rows[0]) throw new StoreError("meter.not-found", "there is no such meter");
  return rows[0];
}
