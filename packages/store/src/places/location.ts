import { readBranches } from "../branches.ts";
import type { Queryable } from "../database.ts";
import { openLocations } from "../personal/place-of-point.ts";
import { withPointNames } from "../personal/with-names.ts";
import { inScope, type Scope } from "../scope.ts";
import { keyRingOf } from "../secrets/ring-of.ts";
import { instant, sql } from "../sql.ts";
import { type Fitting, listFittings } from "./fittings.ts";
import { locationInScope } from "./scope.ts";

/** What a location is or was. Instants are epoch ms. */
export interface LocationState {
  readonly code: string | null;
  readonly branchId: number;
  readonly branch: readonly string[];
  readonly address: string;
  readonly note: string;
  readonly latitude: number | null;
  readonly longitude: number | null;
  /** Null: as long as it is known. */
  readonly from: number | null;
}

/** What it was before a change. */
export interface LocationVersion extends LocationState {
  readonly to: number;
  /** Who made the change that ended it, and why. */
  readonly endedBy: string;
  readonly reason: string;
  /** Taken back: it never held, or holds again. */
  readonly withdrawn: boolean;
}

/** A point there, with the meter that stands at it, as far as they are of the scope. */
export interface LocationPoint {
  readonly pointId: number;
  readonly pod: string;
  readonly name: string;
  readonly meterId: number | null;
  readonly serial: string | null;
  readonly manufacturer: string | null;
  /** The concentrator that reads it, and the local module of the concentrator it hangs on. */
  readonly gatewayId: number | null;
  readonly gateway: string | null;
  readonly module: number | null;
}

export interface Location extends LocationState {
  readonly locationId: number;
  readonly fittings: readonly Fitting[];
  readonly points: readonly LocationPoint[];
  /** The newest first. */
  readonly versions: readonly LocationVersion[];
}

type Row = Omit<LocationState, "address" | "note" | "latitude" | "longitude" | "branch"> & {
  readonly sealed: Buffer | null;
};

/** One location, or `undefined` outside the scope. `onMs`: what it was, and what was fitted and stood there then. */
export async function findLocation(
  db: Queryable,
  scope: Scope,
  locationId: number,
  { onMs }: { readonly onMs?: number } = {},
): Promise<Location | undefined> {
  const { rows } = await db.query<Row>(sql`
    select code, branch_id as "branchId", sealed,
      (select max(upper(during)) from location_version as v where v.location_id = l.location_id and not withdrawn) as "from"
    from location as l where location_id = ${locationId}::int and ${locationInScope(scope)}`);
  if (!rows[0]) return undefined;
  const { rows: before } = await db.query<Row & Omit<LocationVersion, keyof LocationState>>(sql`
    select code, branch_id as "branchId", sealed, lower(during) as "from", upper(during) as "to", ended_by as "endedBy", reason, withdrawn
    from location_version where location_id = ${locationId}::int order by location_version_id desc`);
  const [branches, places, fittings, points] = await Promise.all([
    readBranches(db),
    openLocations(
      keyRingOf(db),
      [rows[0], ...before].map(({ sealed }) => ({ locationId, sealed })),
    ),
    listFittings(db, locationId),
    readPoints(db, scope, locationId, onMs),
  ]);
  const shown = <Each extends Row>({ sealed: _, ...row }: Each, nth: number) => ({
    ...row,
    ...places[nth]!,
    branch: branches.get(row.branchId)?.path ?? [],
  });
  const versions = before.map((row, nth) => shown(row, nth + 1));
  const now = shown(rows[0], 0);
  const { code, branchId, branch, address, note, latitude, longitude, from } =
    onMs === undefined
      ? now
      : (versions.find((one) => !one.withdrawn && one.to > onMs && (one.from === null || one.from <= onMs)) ??
        now);
  return {
    locationId,
    ...{ code, branchId, branch, address, note, latitude, longitude, from },
    fittings:
      onMs === undefined
        ? fittings
        : fittings.filter(
            (one) => one.withdrawnBy === null && one.from <= onMs && (one.to === null || one.to > onMs),
          ),
    points,
    versions,
  };
}

async function readPoints(
  db: Queryable,
  scope: Scope,
  locationId: number,
  onMs: number | undefined,
): Promise<LocationPoint[]> {
  const at = onMs === undefined ? "infinity" : instant(onMs);
  // One that was never moved has no dated place.
  const stood =
    onMs === undefined
      ? sql`l.location_id = ${locationId}::int`
      : sql`p.point_id in (
          select point_id from point where location_id = ${locationId}::int and not exists (
            select from point_attribute as a where a.point_id = point.point_id and attribute = 'location_id' and ended_by is null)
          union
          select point_id from point_attribute where attribute = 'location_id' and value = ${String(locationId)} and ended_by is null
            and during @> ${at}::timestamptz)`;
  const { rows } = await db.query<Omit<LocationPoint, "pod" | "name"> & { sealed: Buffer | null }>(sql`
    select p.point_id as "pointId", p.sealed, m.meter_id as "meterId", m.serial, m.manufacturer, g.gateway_id as "gatewayId",
      case when g.name = '' then g.identity else g.name end as gateway, gm.module
    from point as p join location as l using (location_id)
    left join installation as i on i.point_id = p.point_id
      and case when ${at} = 'infinity' then upper_inf(i.during) else i.during @> ${at}::timestamptz end
    left join meter as m using (meter_id)
    left join lateral (
      select device_id, gateway_id from device where device.meter_id = m.meter_id order by device_id desc limit 1) as d on true
    left join gateway as g on g.gateway_id = d.gateway_id
    left join gateway_meter as gm on gm.device_id = d.device_id and gm.gateway_id = g.gateway_id
    where ${stood} and ${inScope(scope)} order by p.point_id`);
  const named = await withPointNames(db, rows);
  return named.map(({ pod, name, ...row }) => ({ ...row, pod: pod ?? "", name: name ?? "" }));
}
