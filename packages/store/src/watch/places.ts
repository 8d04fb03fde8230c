import { numbers } from "../arrays.ts";
import { branchWithin } from "../branches.ts";
import type { Subject } from "../query/subjects.ts";
import { deviceInScopeAt, gatewayInScope, type Scope } from "../scope.ts";
import { type Sql, sql, trusted } from "../sql.ts";

/** Of which devices: all that the scope holds, those of a branch, or those at the points that a subject names. */
export interface DevicePlaces {
  readonly scope: Scope;
  readonly subject: Subject;
  /** Points of the subject, as `findCounted` gave them. */
  readonly pointIds: readonly number[];
}

/**
 * Condition that a device, at an instant, was of a subject: its meter stood at one of its points, or it is a concentrator of its branch. Device and
 * instant are given as SQL.
 */
export function deviceOfSubject(
  { scope, subject, pointIds }: DevicePlaces,
  deviceId: string,
  at: string,
): Sql {
  const inside = sql`(${deviceInScopeAt(scope, deviceId, at)}
    or exists (select from gateway as g where g.device_id = ${trusted(deviceId)} and ${gatewayInScope(scope)}))`;
  if (subject.kind === "system") return inside;
  const atPoints = sql`exists (
    select from device as placed join installation as i on i.meter_id = placed.meter_id and i.during @> ${trusted(at)}
    where placed.device_id = ${trusted(deviceId)} and i.point_id = any(${numbers(pointIds)}::int[]))`;
  if (subject.kind !== "branch") return sql`(${atPoints} and ${inside})`;
  return sql`(${inside} and (${atPoints} or exists (
    select from gateway as g where g.device_id = ${trusted(deviceId)} and g.branch_id in (${branchWithin(subject.branchId)}))))`;
}
