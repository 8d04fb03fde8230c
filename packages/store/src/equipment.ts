import { branchWithin, readBranches } from "./branches.ts";
import type { Queryable } from "./database.ts";
import type { GatewayStatus } from "./gateways/registry.ts";
import { type ConcentratorState, gatewayContactAt, gatewayStanding } from "./gateways/standing.ts";
import { type GatewayVersion, readGatewayVersions } from "./gateways/versions.ts";
import { openLocations } from "./personal/place-of-point.ts";
import { withPointNames } from "./personal/with-names.ts";
import { gatewayInScope, type Scope } from "./scope.ts";
import { searchText } from "./search-text.ts";
import { keyRingOf } from "./secrets/ring-of.ts";
import { joined, sql } from "./sql.ts";

export type Supply = "mains" | "backup" | "battery-low" | "shutting-down" | "unknown";
export type MeterState = "new" | "known" | "missing" | "moved" | "exchanged" | "removed";

/** One line of the list of concentrators. Instants are epoch ms. */
export interface ConcentratorRow {
  readonly gatewayId: number;
  readonly deviceId: number | null;
  readonly identity: string;
  readonly name: string;
  readonly branch: readonly string[];
  readonly address: string | null;
  readonly state: ConcentratorState;
  readonly lastContactAt: number | null;
  readonly shutdownAt: number | null;
  readonly supply: Supply;
  readonly firmware: string;
  readonly remoteAddress: string | null;
  readonly meters: number;
  /** Of these, missing. */
  readonly missing: number;
  /** Differences that nobody has looked at. */
  readonly differences: number;
  /** Entries of its journal that are not stored here yet. */
  readonly entriesWaiting: number;
  readonly lastHandOverAt: number | null;
  readonly lastErrorCode: string | null;
}

export interface ConcentratorFilter {
  readonly text?: string;
  readonly branchId?: number;
  readonly state?: ConcentratorState;
}

const contactAt = gatewayContactAt;
const state = gatewayStanding;

const rowColumns = sql`
  g.gateway_id as "gatewayId", g.device_id as "deviceId", g.identity, g.name, g.branch_id as "branchId", l.location_id as "locationId", l.sealed as place,
  ${state} as state, ${contactAt} as "lastContactAt", g.shutdown_announced_at as "shutdownAt", g.supply, g.firmware,
  g.remote_address as "remoteAddress", greatest(g.newest - g.cursor, 0)::int as "entriesWaiting",
  d.last_success_at as "lastHandOverAt", d.last_error_code as "lastErrorCode",
  coalesce(m.meters, g.meters_announced) as meters, coalesce(m.missing, 0) as missing, coalesce(o.open, 0) as differences`;
const rowTables = sql`
  gateway as g left join device as d on d.device_id = g.device_id left join location as l on l.location_id = g.location_id
  left join lateral (select count(*)::int as meters, (count(*) filter (where gm.state = 'missing'))::int as missing
    from gateway_meter as gm where gm.gateway_id = g.gateway_id and gm.state <> 'removed' having count(*) > 0) as m on true
  left join lateral (select count(*)::int as open from gateway_difference as gd
    where gd.gateway_id = g.gateway_id and gd.state = 'open') as o on true`;

type Flat = Omit<ConcentratorRow, "branch" | "address"> & {
  branchId: number | null;
  locationId: number | null;
  place: Buffer | null;
};

const withBranch = async (db: Queryable, rows: readonly Flat[]): Promise<ConcentratorRow[]> => {
  const branches = await readBranches(db);
  const places = await openLocations(
    keyRingOf(db),
    rows.map(({ locationId, place }) => ({ locationId: locationId ?? 0, sealed: place })),
  );
  return rows.map(({ branchId, locationId, place: _, ...row }, nth) => ({
    ...row,
    branch: branches.get(branchId ?? -1)?.path ?? [],
    address: locationId === null ? null : places[nth]!.address,
  }));
};

/** Locations of concentrators in whose address a text occurs: opened here, since the database cannot read them. */
async function locationsWith(db: Queryable, text: string): Promise<number[]> {
  const { rows } = await db.query<{ locationId: number; sealed: Buffer | null }>(sql`
    select location_id as "locationId", sealed from location
    where location_id in (select location_id from gateway where location_id is not null)`);
  const places = await openLocations(keyRingOf(db), rows);
  const folded = searchText(text);
  return rows.flatMap(({ locationId }, nth) =>
    searchText(places[nth]!.address).includes(folded) ? [locationId] : [],
  );
}

/** Concentrators: those in quarantine first, then the silent ones, then by name. There are thousands of them, not more. */
export async function listConcentrators(
  db: Queryable,
  scope: Scope,
  filter: ConcentratorFilter,
  window: { readonly offset: number; readonly limit: number },
): Promise<{ total: number; counts: Readonly<Record<ConcentratorState, number>>; rows: ConcentratorRow[] }> {
  const text = `%${(filter.text ?? "").toLowerCase().replaceAll(/[\\%_]/g, (letter) => `\\${letter}`)}%`;
  const conditions = [
    gatewayInScope(scope),
    sql`(lower(concat_ws(' ', g.identity, g.name, g.remote_address)) like ${text}
      or g.location_id = any(${filter.text ? await locationsWith(db, filter.text) : []}::int[]))`,
    ...(filter.branchId === undefined ? [] : [sql`g.branch_id in (${branchWithin(filter.branchId)})`]),
  ];
  const where = joined(conditions, " and ");
  const wanted = filter.state === undefined ? sql`g.state <> 'retired'` : sql`${state} = ${filter.state}`;
  const [counted, { rows }] = await Promise.all([
    db.query<{ state: ConcentratorState; count: number }>(
      sql`select ${state} as state, count(*)::int as count from ${rowTables} where ${where} group by 1`,
    ),
    db.query<Flat>(sql`
      select ${rowColumns} from ${rowTables} where ${where} and ${wanted}
      order by array_position(array['quarantine', 'silent', 'shutdown', 'online', 'retired'], ${state}), g.name, g.identity
      offset ${window.offset} limit ${window.limit}`),
  ]);
  const counts = { online: 0, silent: 0, shutdown: 0, quarantine: 0, retired: 0 };
  for (const { state: name, count } of counted.rows) counts[name] = count;
  const total =
    filter.state === undefined
      ? counts.online + counts.silent + counts.shutdown + counts.quarantine
      : counts[filter.state];
  return { total, counts, rows: await withBranch(db, rows) };
}

/** A meter or a local module behind a concentrator. */
export interface ConcentratorMeter {
  readonly logicalDevice: number;
  readonly name: string;
  readonly model: string;
  readonly line: string;
  readonly address: string;
  readonly module: number | null;
  readonly input: number | null;
  readonly state: MeterState;
  readonly lastContactAt: number | null;
  readonly deviceId: number | null;
  readonly pointId: number | null;
  readonly pod: string | null;
}

/** What the field says otherwise than we know. */
export interface TopologyDifference {
  readonly differenceId: number;
  readonly logicalDevice: number;
  readonly kind: "new" | "missing" | "found" | "moved" | "exchanged" | "removed";
  readonly at: number;
  readonly name: string;
  readonly detail: Readonly<Record<string, unknown>>;
}

export interface Concentrator extends ConcentratorRow {
  /** Null in quarantine. */
  readonly branchId: number | null;
  /** Whose it is, and since when this, name, branch and place are so. */
  readonly ownership: GatewayVersion["ownership"];
  readonly since: number;
  /** The newest first: the first of them holds. */
  readonly versions: readonly GatewayVersion[];
  /** What it said of itself when it was asked last; null before that. */
  readonly status: GatewayStatus | null;
  /** JSON as it was read last; null before that. */
  readonly configuration: string | null;
  readonly oldestEntry: number;
  readonly newestEntry: number;
  readonly storedEntry: number;
  readonly takenEntry: number;
  readonly poisonEntries: number;
  readonly adoptedBy: string | null;
  readonly adoptedAt: number | null;
  readonly retiredBy: string | null;
  readonly retiredAt: number | null;
  /** Which one took over its meters. */
  readonly replacedBy: number | null;
  readonly firstSeenAt: number;
  readonly meterList: readonly ConcentratorMeter[];
  readonly openDifferences: readonly TopologyDifference[];
}

/**
 * One concentrator with what is behind it, or `undefined`: one outside the scope is as if it were not there. `onMs`: what it was called then,
 * whose it was and where it stood; `undefined` before it was seen first. What it says of itself, and what is behind it, is of now.
 */
export async function findConcentrator(
  db: Queryable,
  scope: Scope,
  gatewayId: number,
  onMs?: number,
): Promise<Concentrator | undefined> {
  const { rows } = await db.query<
    Flat &
      Omit<
        Concentrator,
        keyof ConcentratorRow | keyof GatewayVersion | "since" | "versions" | "meterList" | "openDifferences"
      >
  >(sql`
    select ${rowColumns}, g.oldest::int as "oldestEntry", g.newest::int as "newestEntry", g.cursor::int as "storedEntry",
           g.taken_confirmed::int as "takenEntry", g.poison_entries as "poisonEntries", g.adopted_by as "adoptedBy",
           g.adopted_at as "adoptedAt", g.retired_by as "retiredBy", g.retired_at as "retiredAt", g.replaced_by as "replacedBy", g.status, g.configuration,
           g.first_seen_at as "firstSeenAt"
    from ${rowTables} where g.gateway_id = ${gatewayId}::int and ${gatewayInScope(scope)}`);
  const [found] = rows;
  if (!found) return undefined;
  const versions = await readGatewayVersions(db, gatewayId, onMs);
  const holds =
    onMs === undefined
      ? versions[0]
      : versions.find(({ from, to }) => from <= onMs && (to === null || to > onMs));
  if (!holds) return undefined;
  const [meters, differences, [row]] = await Promise.all([
    db.query<Omit<ConcentratorMeter, "pod"> & { sealed: Buffer | null }>(sql`
      select gm.logical_device as "logicalDevice", gm.name, gm.model, gm.line, gm.address, gm.module, gm.input, gm.state,
             gm.last_contact_at as "lastContactAt", gm.device_id as "deviceId", p.point_id as "pointId", p.sealed
      from gateway_meter as gm left join device as own on own.device_id = gm.device_id
      left join installation as i on i.meter_id = own.meter_id and upper_inf(i.during)
      left join point as p on p.point_id = i.point_id
      where gm.gateway_id = ${gatewayId}::int order by gm.line, coalesce(gm.module, gm.logical_device), gm.input nulls first, gm.logical_device`),
    db.query<TopologyDifference>(sql`
      select gd.gateway_difference_id as "differenceId", gd.logical_device as "logicalDevice", gd.kind, gd.at,
             coalesce(gm.name, gd.detail->>'name', '') as name, gd.detail
      from gateway_difference as gd left join gateway_meter as gm using (gateway_id, logical_device)
      where gd.gateway_id = ${gatewayId}::int and gd.state = 'open' order by gd.at desc, gd.gateway_difference_id desc limit 500`),
    withBranch(db, [found]),
  ]);
  const { locationId: _, place: __, ...columns } = found;
  const named = await withPointNames(
    db,
    meters.rows.map(({ name: meter, ...each }) => ({ ...each, meter })),
  );
  const meterList = named.map(({ meter, name: ___, ...each }) => ({ ...each, name: meter }));
  const { ownership, name, branchId, branch, address, from: since } = holds;
  return {
    ...columns,
    ...row!,
    ...{ ownership, name, branchId, branch, address, since },
    versions,
    meterList,
    openDifferences: differences.rows,
  };
}

/** Says that somebody has seen these differences. Gives those that were open and within the scope. */
export async function acknowledgeDifferences(
  db: Queryable,
  scope: Scope,
  given: { differenceIds: readonly number[]; by: string; note: string },
): Promise<number[]> {
  const { rows } = await db.query<{ differenceId: number }>(sql`
    update gateway_difference as gd set state = 'acknowledged', settled_by = ${given.by}, settled_at = now(), note = ${given.note}
    from gateway as g
    where g.gateway_id = gd.gateway_id and gd.state = 'open' and gd.gateway_difference_id = any(${given.differenceIds}::bigint[])
      and ${gatewayInScope(scope)} returning gd.gateway_difference_id as "differenceId"`);
  return rows.map(({ differenceId }) => differenceId);
}
