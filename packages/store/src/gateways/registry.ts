import type { Announcement, SupplyState } from "@energsys/metering";
import { appendActs } from "../audit/append.ts";
import type { Queryable } from "../database.ts";
import { sql } from "../sql.ts";
import { type ConcentratorState, gatewayHasLine, gatewayStanding } from "./standing.ts";

export type GatewayState = "quarantine" | "adopted" | "retired";

/** A concentrator as pages and the head-end see it; instants are epoch ms. */
export interface Gateway {
  readonly gatewayId: number;
  readonly identity: string;
  readonly state: GatewayState;
  readonly deviceId: number | null;
  readonly name: string;
  readonly branchId: number | null;
  readonly locationId: number | null;
  readonly adoptedBy: string | null;
  readonly adoptedAtMs: number | null;
  readonly protocol: string;
  readonly firmware: string;
  readonly metersAnnounced: number;
  readonly newest: number;
  readonly oldest: number;
  readonly supply: SupplyState;
  readonly announcedAtMs: number | null;
  readonly remoteAddress: string | null;
  readonly shutdownAnnouncedAtMs: number | null;
  /** Newest journal entry committed here. */
  readonly cursor: number;
  readonly takenConfirmed: number;
  readonly poisonEntries: number;
  readonly status: GatewayStatus | null;
  readonly configuration: string | null;
  readonly configurationError: string | null;
  readonly firstSeenAtMs: number;
  /** How it stands, by the rule of all pages. */
  readonly standing: ConcentratorState;
  /** Whether it has a line to one of our head-ends at this moment. */
  readonly hasLine: boolean;
  readonly metersKnown: number;
  readonly metersAdopted: number;
  readonly differencesOpen: number;
}

/** What 0-128:96.10.0 said when it was read last. */
export interface GatewayStatus {
  readonly batteryPercent: number;
  readonly storeDaysLeft: number;
  readonly storeBytes: number;
  readonly entriesNotTaken: number;
  readonly starts: number;
  readonly lastStart: string | null;
  readonly modem: "off" | "searching" | "registered" | "connected" | "unknown";
  readonly signalDbm: number | null;
}

const columns = sql`
  g.gateway_id as "gatewayId", g.identity, g.state, g.device_id as "deviceId", g.name, g.branch_id as "branchId",
  g.location_id as "locationId", g.adopted_by as "adoptedBy", g.adopted_at as "adoptedAtMs", g.protocol, g.firmware,
  g.meters_announced as "metersAnnounced", g.newest, g.oldest, g.supply, g.announced_at as "announcedAtMs",
  g.remote_address as "remoteAddress", g.shutdown_announced_at as "shutdownAnnouncedAtMs", g.cursor,
  g.taken_confirmed as "takenConfirmed", g.poison_entries as "poisonEntries", g.status, g.configuration,
  g.configuration_error as "configurationError", g.first_seen_at as "firstSeenAtMs",
  ${gatewayStanding} as standing, ${gatewayHasLine} as "hasLine",
  (select count(*)::int from gateway_meter m where m.gateway_id = g.gateway_id and m.state <> 'removed') as "metersKnown",
  (select count(*)::int from gateway_meter m where m.gateway_id = g.gateway_id and m.device_id is not null) as "metersAdopted",
  (select count(*)::int from gateway_difference d where d.gateway_id = g.gateway_id and d.state = 'open') as "differencesOpen"`;

/** All concentrators, or those in some states, by identity. Whoever shows them applies the scope of the person by `branchIds`. */
export async function listGateways(
  db: Queryable,
  filter: { readonly states?: readonly GatewayState[]; readonly branchIds?: readonly number[] } = {},
): Promise<Gateway[]> {
  const { rows } = await db.query<Gateway>(sql`
    select ${columns} from gateway g left join device d on d.device_id = g.device_id
    where (${filter.states ?? null}::text[] is null or g.state = any(${filter.states ?? null}::text[]))
      and (${filter.branchIds ?? null}::int[] is null or g.branch_id = any(${filter.branchIds ?? null}::int[]))
    order by g.identity`);
  return rows;
}

export async function findGateway(db: Queryable, gatewayId: number): Promise<Gateway | undefined> {
  const { rows } = await db.query<Gateway>(
    sql`select ${columns} from gateway g left join device d on d.device_id = g.device_id where g.gateway_id = ${gatewayId}::int`,
  );
  return rows[0];
}

/** What admitting a caller needs to know of it. */
export interface GatewayLine {
  readonly gatewayId: number;
  readonly state: GatewayState;
  readonly deviceId: number | null;
  readonly cursor: number;
  readonly takenConfirmed: number;
  readonly newest: number;
}

export async function findGatewayLine(db: Queryable, identity: string): Promise<GatewayLine | undefined> {
  const { rows } = await db.query<GatewayLine>(sql`
    select gateway_id as "gatewayId", state, device_id as "deviceId", cursor, taken_confirmed as "takenConfirmed", newest
    from gateway where identity = ${identity}`);
  return rows[0];
}

/** Records in quarantine at most: beyond it a stranger is sent away unrecorded, or anybody could fill the table. */
export const quarantineMax = 500;

/**
 * Notes what a concentrator announced. An unknown one becomes a record in quarantine; `undefined` when there are too many of these.
 * A supply that says that it is going is kept until it announces itself otherwise.
 */
export async function recordAnnouncement(
  db: Queryable,
  announcement: Announcement,
  caller: { readonly remoteAddress: string; readonly atMs: number },
): Promise<GatewayLine | undefined> {
  const { identity, protocol, firmware, meters, newest, oldest, supply } = announcement;
  const at = new Date(caller.atMs).toISOString();
  const { rows } = await db.query<GatewayLine>(sql`
    insert into gateway (identity, protocol, firmware, meters_announced, newest, oldest, supply, announced_at, remote_address,
      shutdown_announced_at)
    select ${identity}, ${protocol}, ${firmware}, ${Math.min(meters, 65_535)}::int, ${newest}::bigint, ${oldest}::bigint, ${supply},
      ${at}::timestamptz, ${caller.remoteAddress}, case when ${supply} = 'shutting-down' then ${at}::timestamptz end
    where exists (select from gateway where identity = ${identity})
      or (select count(*) from gateway where state = 'quarantine') < ${quarantineMax}
    on conflict (identity) do update
      set protocol = excluded.protocol, firmware = excluded.firmware, meters_announced = excluded.meters_announced,
          newest = excluded.newest, oldest = excluded.oldest, supply = excluded.supply, announced_at = excluded.announced_at,
          remote_address = excluded.remote_address, shutdown_announced_at = excluded.shutdown_announced_at
    returning gateway_id as "gatewayId", state, device_id as "deviceId", cursor, taken_confirmed as "takenConfirmed", newest`);
  return rows[0];
}

export const gatewayUrl = "dlms+tcp://?client=1&server=1";
export const gatewayModel = "generic-dlms";

/** Registers concentrators ahead of their first call, adopted; returns their ids in order. Repeating it changes nothing. */
export async function registerGateways(
  db: Queryable,
  gateways: readonly { readonly identity: string; readonly name?: string; readonly branchId?: number }[],
  by: string,
): Promise<number[]> {
  if (gateways.length === 0) return [];
  const identities = gateways.map(({ identity }) => identity);
  const { rows } = await db.query<{ gatewayId: number; identity: string }>(sql`
    with wanted as (
      select * from unnest(${identities}::text[], ${gateways.map(({ name }) => name ?? "")}::text[],
        ${gateways.map(({ branchId }) => branchId ?? null)}::int[]) as wanted (identity, name, branch_id)
    ), devices as (
      insert into device (identity, model, url, direction)
      select identity, ${gatewayModel}, ${gatewayUrl}, 'call-in' from wanted
      on conflict (identity) do update set direction = 'call-in', enabled = true
      returning device_id, identity
    )
    insert into gateway (identity, state, device_id, name, branch_id, adopted_by, adopted_at)
    select wanted.identity, 'adopted', device_id, name, branch_id, ${by}, now() from wanted join devices using (identity)
    on conflict (identity) do update set state = 'adopted', device_id = excluded.device_id,
      name = case when excluded.name = '' then gateway.name else excluded.name end,
      branch_id = coalesce(excluded.branch_id, gateway.branch_id),
      adopted_by = coalesce(gateway.adopted_by, excluded.adopted_by), adopted_at = coalesce(gateway.adopted_at, now())
    returning gateway_id as "gatewayId", identity`);
  const byIdentity = new Map(rows.map(({ identity, gatewayId }) => [identity, gatewayId]));
  return identities.map((identity) => byIdentity.get(identity)!);
}

/** The concentrator was told that it may forget up to here. */
export async function recordTaken(db: Queryable, gatewayId: number, taken: number): Promise<void> {
  await db.query(sql`
    update gateway set taken_confirmed = greatest(taken_confirmed, ${taken}::bigint)
    where gateway_id = ${gatewayId}::int and cursor >= ${taken}::bigint`);
}

/** Keeps what was read of its state and configuration. */
export async function recordGatewayState(
  db: Queryable,
  gatewayId: number,
  read: {
    readonly status?: GatewayStatus;
    readonly configuration?: string;
    readonly configurationError?: string;
  },
): Promise<void> {
  await db.query(sql`
    update gateway set status = coalesce(${read.status ? JSON.stringify(read.status) : null}::jsonb, status),
      configuration = coalesce(${read.configuration ?? null}, configuration),
      configuration_error = coalesce(${read.configurationError ?? null}, configuration_error)
    where gateway_id = ${gatewayId}::int`);
}

/** Puts an act on a concentrator into the log, for what no trigger writes. */
export const appendGatewayAct = (
  db: Queryable,
  gatewayId: number,
  action: string,
  after: Readonly<Record<string, unknown>>,
): Promise<void> =>
  appendActs(db, [{ kind: "parametrisation", action, objectType: "gateway", objectId: gatewayId, after }]);
