import { readBranches } from "../branches.ts";
import type { Queryable } from "../database.ts";
import { openLocations } from "../personal/place-of-point.ts";
import { keyRingOf } from "../secrets/ring-of.ts";
import { instant, sql } from "../sql.ts";
import type { GatewayState } from "./registry.ts";

/** What people say of a concentrator, and for how long it held. Instants are epoch ms. */
export interface GatewayVersion {
  readonly ownership: GatewayState;
  readonly name: string;
  readonly branchId: number | null;
  readonly branch: readonly string[];
  /** Where it stood, by the address that the place had in the end, or at the instant that is asked for. */
  readonly address: string | null;
  readonly from: number;
  /** Null: it holds. */
  readonly to: number | null;
  /** Who made the change that ended it, and why. */
  readonly endedBy: string | null;
  readonly reason: string;
}

/** All that a concentrator was, the newest first: the first of them holds. */
export async function readGatewayVersions(
  db: Queryable,
  gatewayId: number,
  onMs?: number,
): Promise<GatewayVersion[]> {
  const on = onMs === undefined ? null : instant(onMs);
  const { rows } = await db.query<
    Omit<GatewayVersion, "branch" | "address"> & { locationId: number | null; sealed: Buffer | null }
  >(sql`
    with version as (
      select state, name, branch_id, location_id, lower(during) as since, upper(during) as until, ended_by, reason
      from gateway_version where gateway_id = ${gatewayId}::int
      union all
      select state, name, branch_id, location_id,
        coalesce((select max(upper(during)) from gateway_version as v where v.gateway_id = g.gateway_id), first_seen_at), null, null, ''
      from gateway as g where gateway_id = ${gatewayId}::int
    )
    select version.state as ownership, name, version.branch_id as "branchId", version.location_id as "locationId", since as "from",
      until as "to", version.ended_by as "endedBy", version.reason,
      case when former.location_version_id is null then l.sealed else former.sealed end as sealed
    from version left join location as l on l.location_id = version.location_id
    left join lateral (
      select location_version_id, lv.sealed from location_version as lv
      where lv.location_id = version.location_id and not withdrawn
        and during @> coalesce(${on}::timestamptz, until - interval '1 microsecond', 'infinity')) as former on true
    order by since desc`);
  const [branches, places] = await Promise.all([
    readBranches(db),
    openLocations(
      keyRingOf(db),
      rows.map(({ locationId, sealed }) => ({ locationId: locationId ?? 0, sealed })),
    ),
  ]);
  return rows.map(({ locationId, sealed: _, ...row }, nth) => ({
    ...row,
    branch: branches.get(row.branchId ?? -1)?.path ?? [],
    address: locationId === null ? null : places[nth]!.address,
  }));
}
