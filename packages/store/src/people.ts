import type { Language } from "./accounts.ts";
import type { Queryable } from "./database.ts";
import { accountSeen, accountWithin } from "./grants.ts";
import { podHashes } from "./personal/place-of-point.ts";
import type { Scope } from "./scope.ts";
import type { KeyRing } from "./secrets/key-ring.ts";
import { keyRingOf } from "./secrets/ring-of.ts";
import { instant, type Sql, sql } from "./sql.ts";

/** An account as administrators see it. Instants are epoch ms. */
export interface PersonRow {
  readonly accountId: number;
  readonly name: string;
  readonly displayName: string;
  readonly language: Language;
  readonly disabled: boolean;
  /** Kept sealed for the day on which nothing else works. */
  readonly breakGlass: boolean;
  /** The directory or provider that vouches; null for an account of this system. */
  readonly source: string | null;
  readonly createdAt: number;
  readonly lastSignedInAt: number | null;
  /** Since when days without use are counted anew; null when nobody has renewed it. */
  readonly renewedAt: number | null;
  /** Until when the newest invitation opens; null when there is none. */
  readonly invitedUntil: number | null;
}

const selectPeople = (where: Sql) => sql`
  select a.account_id as "accountId", a.name, a.display_name as "displayName", a.language, a.disabled,
         a.break_glass as "breakGlass", identity_source.label as source, a.created_at as "createdAt",
         a.last_signed_in_at as "lastSignedInAt", a.renewed_at as "renewedAt", invitation.expires_at as "invitedUntil"
  from account as a left join identity_source using (source_id) left join invitation using (account_id)
  where ${where} order by a.display_name collate "ro-x-icu", a.account_id limit 5000`;

/** People who hold something within the scope, or nothing anywhere. */
export async function listPeople(db: Queryable, scope: Scope, nowMs: number): Promise<PersonRow[]> {
  const { rows } = await db.query<PersonRow>(selectPeople(accountSeen(scope, nowMs)));
  return rows;
}

/** One of them; with `whole` only when nothing they hold reaches beyond the scope, so that one may act on the account. */
export async function findPerson(
  db: Queryable,
  scope: Scope,
  { accountId, nowMs, whole }: { accountId: number; nowMs: number; whole?: boolean },
): Promise<PersonRow | undefined> {
  const reach = whole ? accountWithin(scope, nowMs) : accountSeen(scope, nowMs);
  const { rows } = await db.query<PersonRow>(
    selectPeople(sql`a.account_id = ${accountId}::int and ${reach}`),
  );
  return rows[0];
}

/** Changes what is given. A disabled account loses its sessions with the same statement. */
export async function changePerson(
  db: Queryable,
  given: { accountId: number; displayName?: string | undefined; disabled?: boolean | undefined },
): Promise<void> {
  await db.query(sql`
    with ended as (delete from session where account_id = ${given.accountId} and ${given.disabled ?? false}::bool)
    update account set display_name = coalesce(${given.displayName ?? null}::text, display_name),
      disabled = coalesce(${given.disabled ?? null}::bool, disabled)
    where account_id = ${given.accountId}`);
}

/** Counts the days without use anew, from now on. */
export async function renewAccount(
  db: Queryable,
  { accountId, nowMs }: { accountId: number; nowMs: number },
): Promise<void> {
  await db.query(sql`update account set renewed_at = ${instant(nowMs)} where account_id = ${accountId}`);
}

/** Invites somebody to choose a password; an invitation before it is worth nothing any more. */
export async function storeInvitation(
  db: Queryable,
  given: { accountId: number; sha256: Uint8Array; madeBy: number | null; nowMs: number; endsAtMs: number },
): Promise<void> {
  await db.query(sql`
    insert into invitation (account_id, token_sha256, expires_at, made_by, made_at)
    values (${given.accountId}, ${given.sha256}, ${instant(given.endsAtMs)}, ${given.madeBy}, ${instant(given.nowMs)})
    on conflict (account_id) do update set token_sha256 = excluded.token_sha256, expires_at = excluded.expires_at,
      made_by = excluded.made_by, made_at = excluded.made_at`);
}

/** Whom an invitation is for, while it opens and the account may sign in. */
export async function findInvited(
  db: Queryable,
  { sha256, nowMs }: { sha256: Uint8Array; nowMs: number },
): Promise<{ accountId: number; name: string; displayName: string } | undefined> {
  const { rows } = await db.query<{ accountId: number; name: string; displayName: string }>(sql`
    select account_id as "accountId", name, display_name as "displayName" from invitation join account using (account_id)
    where token_sha256 = ${sha256} and expires_at > ${instant(nowMs)}::timestamptz and not disabled and source_id is null`);
  return rows[0];
}

/** Takes the invitation and sets the password, both or neither; all sessions of the account end. False when it opens no more. */
export async function takeInvitation(
  db: Queryable,
  given: { sha256: Uint8Array; passwordHash: string; nowMs: number },
): Promise<boolean> {
  const { rowCount } = await db.query(sql`
    with taken as (
      delete from invitation where token_sha256 = ${given.sha256} and expires_at > ${instant(given.nowMs)}::timestamptz
      returning account_id
    ), ended as (delete from session using taken where session.account_id = taken.account_id)
    update account set password_hash = ${given.passwordHash}, password_changed_at = ${instant(given.nowMs)}
    from taken where account.account_id = taken.account_id and not disabled and source_id is null`);
  return rowCount === 1;
}

/** Makes a session look as somebody else, or as itself again. */
export async function seeAs(
  db: Queryable,
  { sha256, accountId }: { sha256: Uint8Array; accountId: number | null },
): Promise<void> {
  await db.query(sql`update session set seen_as = ${accountId}::int where session_sha256 = ${sha256}`);
}

export async function displayNameOf(db: Queryable, accountId: number): Promise<string | null> {
  const { rows } = await db.query<{ name: string }>(
    sql`select display_name as name from account where account_id = ${accountId}::int`,
  );
  return rows[0]?.name ?? null;
}

export interface RoleRow {
  readonly roleId: number;
  readonly name: string;
  readonly ready: string | null;
  readonly forSupplier: boolean;
  /** Empty for a ready-made role: its actions stand in the program. */
  readonly actions: readonly string[];
  /** Accounts that hold it now. */
  readonly holders: number;
}

/** Roles, the ready-made ones first. */
export async function listRoles(db: Queryable, nowMs: number): Promise<RoleRow[]> {
  const { rows } = await db.query<RoleRow>(sql`
    select role_id as "roleId", name, ready, for_supplier as "forSupplier",
           array(select action from role_action where role_action.role_id = role.role_id order by action) as actions,
           (select count(distinct account_id)::int from role_grant
            where role_grant.role_id = role.role_id and valid_from <= ${instant(nowMs)}::timestamptz
              and (valid_until is null or valid_until > ${instant(nowMs)}::timestamptz)) as holders
    from role order by ready is null, role_id`);
  return rows;
}

/** Adds a role; `undefined` when the name is taken. */
export async function addRole(
  db: Queryable,
  role: { name: string; forSupplier: boolean; actions: readonly string[] },
): Promise<number | undefined> {
  const { rows } = await db.query<{ roleId: number }>(sql`
    with made as (
      insert into role (name, for_supplier) values (${role.name}, ${role.forSupplier}) on conflict (name) do nothing
      returning role_id
    ), listed as (
      insert into role_action (role_id, action) select role_id, action from made, unnest(${role.actions}::text[]) as action
    )
    select role_id as "roleId" from made`);
  return rows[0]?.roleId;
}

/** Gives a role that is a list another name or other actions. False when the name is another role's. */
export async function changeRole(
  db: Queryable,
  role: { roleId: number; name: string; actions: readonly string[] },
): Promise<boolean> {
  const { rowCount } = await db.query(sql`
    update role set name = ${role.name}, changed_at = now()
    where role_id = ${role.roleId} and ready is null
      and not exists (select from role as other where other.name = ${role.name} and other.role_id <> ${role.roleId})`);
  if (rowCount !== 1) return false;
  await db.query(sql`
    with gone as (delete from role_action where role_id = ${role.roleId} and action <> all(${role.actions}::text[]))
    insert into role_action (role_id, action) select ${role.roleId}, action from unnest(${role.actions}::text[]) as action
    on conflict do nothing`);
  return true;
}

/** Removes a role that nobody was ever given: what was granted stays readable. */
export async function removeRole(db: Queryable, roleId: number): Promise<boolean> {
  const { rowCount } = await db.query(sql`
    delete from role where role_id = ${roleId} and ready is null
      and not exists (select from role_grant where role_grant.role_id = role.role_id)`);
  return rowCount === 1;
}

export interface Supplier {
  readonly supplierId: number;
  readonly code: string;
  readonly name: string;
}

export async function listSuppliers(db: Queryable): Promise<Supplier[]> {
  const { rows } = await db.query<Supplier>(
    sql`select supplier_id as "supplierId", code, name from supplier order by name, supplier_id`,
  );
  return rows;
}

/**
 * Says which supplier points belong to from an instant on, by its market code; made when it is new. What was before ends then; a
 * relation that is the same already stays.
 */
export async function storePointSupplier(
  db: Queryable,
  given: {
    supplier: { code: string; name: string };
    pods: readonly string[];
    fromMs: number;
    keyRing?: KeyRing;
  },
): Promise<number> {
  const from = instant(given.fromMs);
  const { rows } = await db.query<{ supplierId: number }>(sql`
    insert into supplier (code, name) values (${given.supplier.code}, ${given.supplier.name})
    on conflict (code) do update set name = excluded.name returning supplier_id as "supplierId"`);
  const supplierId = rows[0]!.supplierId;
  const hashes = await podHashes(given.keyRing ?? keyRingOf(db), given.pods);
  const changing = sql`point.pod_hash = any(${hashes}::bytea[]) and not exists (
    select from point_supplier as same where same.point_id = point.point_id and same.supplier_id = ${supplierId}
      and same.during @> ${from}::timestamptz)`;
  // What would begin later is replaced, what runs ends where the new one begins.
  const { rows: points } = await db.query<{ pointId: number }>(
    sql`select point_id as "pointId" from point where ${changing}`,
  );
  const pointIds = points.map((row) => row.pointId);
  await db.query(sql`
    delete from point_supplier where point_id = any(${pointIds}::int[]) and lower(during) >= ${from}::timestamptz`);
  await db.query(sql`
    update point_supplier set during = tstzrange(lower(during), ${from}::timestamptz, '[)')
    where point_id = any(${pointIds}::int[]) and during @> ${from}::timestamptz`);
  await db.query(sql`
    insert into point_supplier (point_id, supplier_id, during)
    select point_id, ${supplierId}, tstzrange(${from}::timestamptz, null, '[)') from unnest(${pointIds}::int[]) as point_id`);
  return pointIds.length;
}
