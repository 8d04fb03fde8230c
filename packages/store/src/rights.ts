import type { Queryable } from "./database.ts";
import { instant, prepared, sql } from "./sql.ts";

/** A grant in force, with what it gives and where. */
export interface HeldGrant {
  /** Below zero where membership in a group of a directory gives it. */
  readonly grantId: number;
  /** Name of the ready-made role whose actions the program knows; null for a role that is a list, or for an exception. */
  readonly ready: string | null;
  readonly role: string | null;
  /** Actions of a role that is a list, or the one of an exception. */
  readonly actions: readonly string[];
  readonly branchId: number | null;
  /** The branch and all below it; null for the whole network. */
  readonly branchIds: readonly number[] | null;
  readonly supplierId: number | null;
  readonly validUntil: number | null;
}

/** The grants of an account that are in force at `nowMs`, those that membership in a directory's groups gives among them. */
export async function readGrants(
  db: Queryable,
  { accountId, nowMs }: { accountId: number; nowMs: number },
): Promise<readonly HeldGrant[]> {
  const grants = await readGrantsOfMany(db, { accountIds: [accountId], nowMs });
  return grants.get(accountId) ?? [];
}

/**
 * The same for several accounts, by their ids. The tree below a branch is walked each time: that takes a few milliseconds for
 * thousands of branches, and a closure table would have to be kept true.
 */
export async function readGrantsOfMany(
  db: Queryable,
  { accountIds, nowMs }: { accountIds: readonly number[]; nowMs: number },
): Promise<ReadonlyMap<number, readonly HeldGrant[]>> {
  const now = instant(nowMs);
  const { rows } = await db.query<HeldGrant & { accountId: number }>(
    prepared(
      "read-grants",
      sql`
    with recursive held as (
      select account_id, grant_id, role_id, action, branch_id, supplier_id, valid_until from role_grant
      where account_id = any(${accountIds}::int[]) and valid_from <= ${now}::timestamptz
        and (valid_until is null or valid_until > ${now}::timestamptz)
      union all
      select account_id, -source_grant_id, role_id, null, source_grant.branch_id, null, null
      from account join source_grant using (source_id)
      join role on role.ready = source_grant.role or role.name = source_grant.role
      where account_id = any(${accountIds}::int[]) and lower(source_grant.group_name) = any(select lower(unnest(account.source_groups)))
        and not role.for_supplier
    ), below as (
      select grant_id, branch_id from held where branch_id is not null
      union all
      select below.grant_id, branch.branch_id from below join branch on branch.parent_id = below.branch_id
    )
    select account_id as "accountId", grant_id as "grantId", role.ready, role.name as role,
           case when held.action is not null then array[held.action]
                else array(select action from role_action where role_action.role_id = held.role_id) end as actions,
           branch_id as "branchId",
           case when branch_id is not null
                then array(select below.branch_id from below where below.grant_id = held.grant_id order by 1) end as "branchIds",
           supplier_id as "supplierId", valid_until as "validUntil"
    from held left join role using (role_id)
    order by grant_id`,
    ),
  );
  const held = new Map<number, HeldGrant[]>(accountIds.map((accountId) => [accountId, []]));
  for (const { accountId, ...grant } of rows) held.get(accountId)?.push(grant);
  return held;
}

/** Notes that grants served to let a call in: an access review shows what nobody needs. At most once an hour each. */
export async function touchGrants(
  db: Queryable,
  { grantIds, nowMs }: { grantIds: readonly number[]; nowMs: number },
): Promise<void> {
  await db.query(sql`
    update role_grant set last_used_at = ${instant(nowMs)}
    where grant_id = any(${grantIds}::int[])
      and (last_used_at is null or last_used_at < ${instant(nowMs)}::timestamptz - interval '1 hour')`);
}

/** Gives an account a ready-made role for the whole network. */
export async function grantReadyRole(
  db: Queryable,
  given: { accountId: number; ready: string; reason: string; nowMs: number },
): Promise<void> {
  await db.query(sql`
    insert into role_grant (account_id, role_id, reason, valid_from, granted_at)
    select ${given.accountId}::int, role_id, ${given.reason}, ${instant(given.nowMs)}::timestamptz, ${instant(given.nowMs)}::timestamptz
    from role where ready = ${given.ready}`);
}

/** Roles that hold an action: those that are ready-made by name, the others by their list. */
export interface RolesHolding {
  readonly action: string;
  readonly ready: readonly string[];
}

/** Condition on `role_grant as g` left joined with `role`: the grant gives the action. */
export const grantGives = ({ action, ready }: RolesHolding) => sql`
  (g.action = ${action} or role.ready = any(${ready}::text[])
   or exists (select from role_action where role_action.role_id = g.role_id and role_action.action = ${action}))`;

/** Names of the people who may do something, in any branch, at most `limit`: whom to ask. */
export async function listHolders(
  db: Queryable,
  given: RolesHolding & { nowMs: number; limit: number },
): Promise<string[]> {
  const now = instant(given.nowMs);
  const { rows } = await db.query<{ name: string }>(sql`
    select distinct display_name as name
    from role_grant as g left join role using (role_id) join account using (account_id)
    where ${grantGives(given)} and not account.disabled and g.valid_from <= ${now}::timestamptz
      and (g.valid_until is null or g.valid_until > ${now}::timestamptz)
    order by name limit ${given.limit}`);
  return rows.map((row) => row.name);
}
