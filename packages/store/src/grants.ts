import type { Database, Queryable } from "./database.ts";
import { grantGives, type RolesHolding } from "./rights.ts";
import { inScope, isEverywhere, type Scope } from "./scope.ts";
import { instant, type Sql, sql, trusted } from "./sql.ts";

/** A grant as an administrator and an access review see it. Instants are epoch ms. */
export interface GrantRow {
  readonly grantId: number;
  readonly accountId: number;
  readonly name: string;
  readonly displayName: string;
  readonly disabled: boolean;
  readonly roleId: number | null;
  readonly role: string | null;
  readonly ready: string | null;
  /** The one action of an exception. */
  readonly action: string | null;
  readonly branchId: number | null;
  readonly supplierId: number | null;
  readonly supplier: string | null;
  readonly validFrom: number;
  readonly validUntil: number | null;
  readonly reason: string;
  readonly grantedBy: string | null;
  readonly grantedAt: number;
  readonly lastUsedAt: number | null;
  readonly reviewedBy: string | null;
  readonly reviewedAt: number | null;
}

/** What somebody is to be given: a role or one action, somewhere, for a time. */
export interface NewGrant {
  readonly roleId: number | null;
  readonly action: string | null;
  readonly branchId: number | null;
  readonly supplierId: number | null;
  readonly validFromMs: number;
  readonly validUntilMs: number | null;
  readonly reason: string;
}

/** Branches of a scope for which people are administered: suppliers' parts are about points only. */
export const branchesOf = (scope: Scope): readonly number[] =>
  scope.parts.flatMap(({ branchIds, supplierId }) => (supplierId === null ? (branchIds ?? []) : []));

/** Condition on `role_grant as g`: it is for a branch of the scope. */
const grantInScope = (scope: Scope): Sql =>
  isEverywhere(scope) ? trusted("true") : sql`g.branch_id = any(${branchesOf(scope)}::int[])`;

const notOver = (nowMs: number): Sql =>
  sql`(g.valid_until is null or g.valid_until > ${instant(nowMs)}::timestamptz)`;

/** Condition on `account as a`: the scope holds one of its grants, or it has none anywhere. */
export const accountSeen = (scope: Scope, nowMs: number): Sql =>
  isEverywhere(scope)
    ? trusted("true")
    : sql`(exists (select from role_grant as g where g.account_id = a.account_id and ${notOver(nowMs)} and ${grantInScope(scope)})
        or not exists (select from role_grant as g where g.account_id = a.account_id and ${notOver(nowMs)}))`;

/** Condition on `account as a`: no grant of it reaches beyond the scope. */
export const accountWithin = (scope: Scope, nowMs: number): Sql =>
  isEverywhere(scope)
    ? trusted("true")
    : sql`not exists (select from role_grant as g where g.account_id = a.account_id and ${notOver(nowMs)}
          and (g.branch_id is null or not ${grantInScope(scope)}))`;

/** Grants that are not over, of one account or of all, within the scope; newest first for each person. */
export async function listGrants(
  db: Queryable,
  scope: Scope,
  { accountId, nowMs }: { accountId?: number; nowMs: number },
): Promise<GrantRow[]> {
  const { rows } = await db.query<GrantRow>(sql`
    select g.grant_id as "grantId", a.account_id as "accountId", a.name, a.display_name as "displayName", a.disabled,
           g.role_id as "roleId", role.name as role, role.ready, g.action, g.branch_id as "branchId",
           g.supplier_id as "supplierId", supplier.name as supplier, g.valid_from as "validFrom", g.valid_until as "validUntil",
           g.reason, giver.display_name as "grantedBy", g.granted_at as "grantedAt", g.last_used_at as "lastUsedAt",
           reviewer.display_name as "reviewedBy", g.reviewed_at as "reviewedAt"
    from role_grant as g
    join account as a using (account_id)
    left join role on role.role_id = g.role_id
    left join supplier on supplier.supplier_id = g.supplier_id
    left join account as giver on giver.account_id = g.granted_by
    left join account as reviewer on reviewer.account_id = g.reviewed_by
    where ${notOver(nowMs)} and ${grantInScope(scope)}
      and (${accountId ?? null}::int is null or g.account_id = ${accountId ?? null}::int)
    order by a.display_name collate "ro-x-icu", a.account_id, g.grant_id desc
    limit 20000`);
  return rows;
}

/** Gives; returns the new grants' ids. */
export async function addGrants(
  db: Queryable,
  given: { accountId: number; grants: readonly NewGrant[]; grantedBy: number | null; nowMs: number },
): Promise<number[]> {
  const { grants } = given;
  const { rows } = await db.query<{ grantId: number }>(sql`
    insert into role_grant (account_id, role_id, action, branch_id, supplier_id, valid_from, valid_until, reason, granted_by, granted_at)
    select ${given.accountId}::int, role_id, action, branch_id, supplier_id, valid_from, valid_until, reason, ${given.grantedBy}::int,
           ${instant(given.nowMs)}::timestamptz
    from unnest(${grants.map((grant) => grant.roleId)}::int[], ${grants.map((grant) => grant.action)}::text[],
      ${grants.map((grant) => grant.branchId)}::int[], ${grants.map((grant) => grant.supplierId)}::int[],
      ${grants.map((grant) => instant(grant.validFromMs))}::timestamptz[],
      ${grants.map((grant) => (grant.validUntilMs === null ? null : instant(grant.validUntilMs)))}::timestamptz[],
      ${grants.map((grant) => grant.reason)}::text[])
      as incoming (role_id, action, branch_id, supplier_id, valid_from, valid_until, reason)
    returning grant_id as "grantId"`);
  return rows.map((row) => row.grantId);
}

/** Takes grants away that are within the scope; returns those that were. */
export async function endGrants(
  db: Queryable,
  scope: Scope,
  given: { grantIds: readonly number[]; endedBy: number | null; nowMs: number },
): Promise<number[]> {
  const { rows } = await db.query<{ grantId: number }>(sql`
    update role_grant as g
    set valid_until = greatest(g.valid_from, ${instant(given.nowMs)}::timestamptz), ended_by = ${given.endedBy}::int
    where g.grant_id = any(${given.grantIds}::int[]) and ${notOver(given.nowMs)} and ${grantInScope(scope)}
    returning g.grant_id as "grantId"`);
  return rows.map((row) => row.grantId);
}

/** Writes down that somebody looked at grants and left them; returns those that are within the scope and not one's own. */
export async function reviewGrants(
  db: Queryable,
  scope: Scope,
  given: { grantIds: readonly number[]; reviewedBy: number; nowMs: number },
): Promise<number[]> {
  const { rows } = await db.query<{ grantId: number }>(sql`
    update role_grant as g set reviewed_by = ${given.reviewedBy}::int, reviewed_at = ${instant(given.nowMs)}::timestamptz
    where g.grant_id = any(${given.grantIds}::int[]) and ${notOver(given.nowMs)} and ${grantInScope(scope)}
      and g.account_id <> ${given.reviewedBy}::int
    returning g.grant_id as "grantId"`);
  return rows.map((row) => row.grantId);
}

/**
 * Does something to rights and takes it back when nobody would be left who can give rights for the whole network, for good and
 * with an account that may sign in. Returns what `work` gave, or `undefined` when it was taken back.
 */
export async function keepingAdministrator<Result>(
  db: Database,
  holding: RolesHolding,
  work: (transaction: Queryable) => Promise<Result>,
): Promise<{ readonly result: Result } | undefined> {
  class NobodyLeft extends Error {}
  try {
    return await db.transaction(async (transaction) => {
      // Two at once could each take away the other's last one.
      await transaction.query(sql`select pg_advisory_xact_lock(hashtextextended('administrators', 0))`);
      const result = await work(transaction);
      const { rows } = await transaction.query<{ left: boolean }>(sql`
        select exists (
          select from role_grant as g left join role using (role_id) join account using (account_id)
          where ${grantGives(holding)} and g.branch_id is null and g.supplier_id is null and g.valid_until is null
            and not account.disabled and account.source_refused_at is null) as left`);
      if (!rows[0]?.left) throw new NobodyLeft();
      return { result };
    });
  } catch (error) {
    if (error instanceof NobodyLeft) return undefined;
    throw error;
  }
}

/** How many points come within reach and how many go when a scope changes. */
export async function comparePoints(
  db: Queryable,
  before: Scope,
  after: Scope,
): Promise<{ before: number; after: number; gained: number; lost: number }> {
  const { rows } = await db.query<{ before: number; after: number; gained: number; lost: number }>(sql`
    select (count(*) filter (where old))::int as before, (count(*) filter (where new))::int as after,
           (count(*) filter (where new and not old))::int as gained, (count(*) filter (where old and not new))::int as lost
    from (select ${inScope(before)} as old, ${inScope(after)} as new from point as p join location as l using (location_id)) as each`);
  return rows[0]!;
}
