import type { Database, Queryable } from "../database.ts";
import { StoreError } from "../errors.ts";
import { notify } from "../live.ts";
import { branchInScope, gatewayInScope, type Scope } from "../scope.ts";
import { sql } from "../sql.ts";
import { appendGatewayAct, type GatewayState, gatewayModel, gatewayUrl } from "./registry.ts";

interface Owned {
  readonly gatewayId: number;
  readonly identity: string;
  readonly state: GatewayState;
  readonly deviceId: number | null;
}

/** Locks concentrators of the scope, by number. @throws StoreError `gateway.not-found` when one is not there, or not theirs */
async function lockGateways(db: Queryable, scope: Scope, gatewayIds: readonly number[]): Promise<Owned[]> {
  const { rows } = await db.query<Owned>(sql`
    select g.gateway_id as "gatewayId", g.identity, g.state, g.device_id as "deviceId" from gateway as g
    where g.gateway_id = any(${gatewayIds}::int[]) and ${gatewayInScope(scope)} order by g.gateway_id for update`);
  return gatewayIds.map((gatewayId) => {
    const found = rows.find((row) => row.gatewayId === gatewayId);
    if (!found) throw new StoreError("gateway.not-found", `no concentrator ${gatewayId}`);
    return found;
  });
}

/** Locks one concentrator that is adopted. @throws StoreError `gateway.not-found`, `gateway.not-adopted` */
export async function lockAdopted(
  db: Queryable,
  scope: Scope,
  gatewayId: number,
): Promise<Owned & { deviceId: number }> {
  const [found] = await lockGateways(db, scope, [gatewayId]);
  if (found?.state !== "adopted" || found.deviceId === null)
    throw new StoreError("gateway.not-adopted", `concentrator ${gatewayId} is not adopted`);
  return { ...found, deviceId: found.deviceId };
}

/** The head-ends look at their lines again when the transaction commits. */
export const tellGatewayChanged = (db: Queryable, gatewayId: number): Promise<void> =>
  notify(db, "energsys_work", { type: "gateway-changed", gatewayId });

export interface Adoption {
  readonly by: string;
  readonly name?: string;
  readonly branchId?: number;
  readonly locationId?: number;
  /** Takes back one that was retired; without it such a one is refused. */
  readonly again?: boolean;
}

/**
 * Adopts a concentrator: gives it a device of its own, so that it is admitted to a line and its journal is read. Calling it for one that is
 * adopted changes its name and place.
 * @throws StoreError `gateway.not-found`, `gateway.retired`, `branch.not-found` for a branch beyond the scope
 */
export async function adoptGateway(
  db: Database,
  scope: Scope,
  gatewayId: number,
  adoption: Adoption,
): Promise<void> {
  const { by, name, branchId, locationId, again } = adoption;
  await db.transaction(async (transaction) => {
    const [row] = await lockGateways(transaction, scope, [gatewayId]);
    if (row!.state === "retired" && !again)
      throw new StoreError("gateway.retired", `${row!.identity} was retired: say that it is taken back`);
    if (branchId !== undefined && !(await branchInScope(transaction, scope, branchId)))
      throw new StoreError("branch.not-found", `no branch ${branchId}`);
    const deviceId = await makeGatewayDevice(transaction, row!.identity);
    await transaction.query(sql`
      update gateway set state = 'adopted', device_id = ${deviceId}::int, name = coalesce(${name ?? null}, name),
        branch_id = coalesce(${branchId ?? null}::int, branch_id),
        location_id = coalesce(${locationId ?? null}::int, location_id),
        adopted_by = case when state = 'adopted' then adopted_by else ${by} end,
        adopted_at = case when state = 'adopted' then adopted_at else now() end,
        retired_by = null, retired_at = null, replaced_by = null
      where gateway_id = ${gatewayId}::int`);
    await tellGatewayChanged(transaction, gatewayId);
  });
}

async function makeGatewayDevice(db: Queryable, identity: string): Promise<number> {
  const { rows } = await db.query<{ deviceId: number }>(sql`
    insert into device (identity, model, url, direction) values (${identity}, ${gatewayModel}, ${gatewayUrl}, 'call-in')
    on conflict (identity) do update set direction = 'call-in', enabled = true
    returning device_id as "deviceId"`);
  return rows[0]!.deviceId;
}

/**
 * Retires a concentrator: its line is closed, it is not admitted any more, and what was asked of it is cancelled. Its meters and all that
 * it brought stay. A stranger is turned away from then on.
 * @throws StoreError `gateway.not-found`, `gateway.retired`
 */
export async function retireGateway(
  db: Database,
  scope: Scope,
  gatewayId: number,
  by: string,
): Promise<void> {
  await db.transaction(async (transaction) => {
    const [row] = await lockGateways(transaction, scope, [gatewayId]);
    if (row!.state === "retired")
      throw new StoreError("gateway.retired", `${row!.identity} is retired already`);
    await retire(transaction, row!, by, null);
  });
}

async function retire(
  db: Queryable,
  { gatewayId, deviceId }: Owned,
  by: string,
  replacedBy: number | null,
): Promise<void> {
  await db.query(sql`
    update gateway set state = 'retired', retired_by = ${by}, retired_at = now(), replaced_by = ${replacedBy}::int
    where gateway_id = ${gatewayId}::int`);
  if (deviceId !== null) {
    await db.query(sql`update device set enabled = false where device_id = ${deviceId}::int`);
    await db.query(sql`
      update attempt set state = 'cancelled', cancel_requested = true, ended_at = now(), error_code = 'attempt.cancelled'
      where device_id = ${deviceId}::int and state = 'queued'`);
  }
  await tellGatewayChanged(db, gatewayId);
}

/** What handing over does. */
export interface HandOver {
  /** Meters that are read through the new one from then on. */
  readonly meters: number;
  /** Of these, those that the new one has found already. */
  readonly found: number;
}

/** What a hand-over would do. @throws StoreError those of `handOverGateway` */
export const handOverEffect = (db: Database, scope: Scope, from: number, to: number): Promise<HandOver> =>
  db.transaction(async (transaction) => {
    await lockPair(transaction, scope, from, to);
    const { rows } = await transaction.query<HandOver>(sql`
      select count(*)::int as meters, (count(*) filter (where exists (
        select from gateway_meter as m where m.gateway_id = ${to}::int and m.name = device.identity
          and m.state not in ('exchanged', 'removed'))))::int as found
      from device where gateway_id = ${from}::int`);
    return rows[0]!;
  });

async function lockPair(db: Queryable, scope: Scope, from: number, to: number): Promise<[Owned, Owned]> {
  const [old, fresh] = (await lockGateways(db, scope, [from, to])) as [Owned, Owned];
  if (from === to) throw new StoreError("gateway.same", "a concentrator does not take over from itself");
  if (old.deviceId === null || fresh.state !== "adopted")
    throw new StoreError("gateway.not-adopted", "both must have been adopted, the new one still be");
  return [old, fresh];
}

/**
 * A concentrator takes another one's place: the meters of the old one are the new one's from now on, and the old one is retired. What the
 * new one has found by name is joined at once, the rest when it finds it. The old one's numbers stay explained: a dump of it can still
 * be taken in.
 * @throws StoreError `gateway.not-found`, `gateway.same`, `gateway.not-adopted`
 */
export async function handOverGateway(
  db: Database,
  scope: Scope,
  { from, to, by }: { readonly from: number; readonly to: number; readonly by: string },
): Promise<HandOver> {
  return db.transaction(async (transaction) => {
    const [old] = await lockPair(transaction, scope, from, to);
    const { rows } = await transaction.query<HandOver>(sql`
      with moved as (
        update device set gateway_id = ${to}::int, direction = 'call-in',
          url = coalesce((select 'dlms+tcp://?client=2&server=' || m.logical_device from gateway_meter as m
            where m.gateway_id = ${to}::int and m.name = device.identity and m.state not in ('exchanged', 'removed')
            order by m.entry desc limit 1), url)
        where gateway_id = ${from}::int returning device_id, identity
      ), joined as (
        update gateway_meter as m set device_id = moved.device_id from moved
        where m.gateway_id = ${to}::int and m.name = moved.identity and m.state not in ('exchanged', 'removed')
        returning m.logical_device
      ), settled as (
        update gateway_difference as d set state = 'adopted', settled_by = ${by}, settled_at = now() from joined
        where d.gateway_id = ${to}::int and d.logical_device = joined.logical_device and d.kind = 'new' and d.state = 'open'
        returning 1
      )
      select (select count(*)::int from moved) as meters, (select count(*)::int from joined) as found,
        (select count(*) from settled) as settled`);
    const { meters, found } = rows[0]!;
    await appendGatewayAct(transaction, from, "hand-over", { to, meters, found });
    await retire(transaction, old, by, to);
    await tellGatewayChanged(transaction, to);
    return { meters, found };
  });
}

/** Another name or branch for a concentrator. @throws StoreError `gateway.not-found`, `branch.not-found`, `gateway.not-adopted` */
export async function changeGateway(
  db: Database,
  scope: Scope,
  gatewayId: number,
  change: { readonly name?: string; readonly branchId?: number },
): Promise<void> {
  await db.transaction(async (transaction) => {
    await lockAdopted(transaction, scope, gatewayId);
    if (change.branchId !== undefined && !(await branchInScope(transaction, scope, change.branchId)))
      throw new StoreError("branch.not-found", `no branch ${change.branchId}`);
    await transaction.query(sql`
      update gateway set name = coalesce(${change.name ?? null}, name),
        branch_id = coalesce(${change.branchId ?? null}::int, branch_id)
      where gateway_id = ${gatewayId}::int`);
  });
}
