import type { Queryable } from "./database.ts";
import { instant, type Sql, sql } from "./sql.ts";

export type Language = "ro" | "en";

export interface Account {
  readonly accountId: number;
  readonly name: string;
  readonly displayName: string;
  readonly language: Language;
}

/** Columns of an `Account`, for statements that join the table `account`. */
export const accountColumns: Sql = sql`account.account_id as "accountId", account.name as "name",
  account.display_name as "displayName", account.language as "language"`;

/** What a way in needs to know of the account beside who it is. */
export interface AccountStanding {
  readonly disabled: boolean;
  readonly breakGlass: boolean;
  /** The directory or provider that vouches for the person; `null` for accounts of this system. */
  readonly sourceId: number | null;
  readonly lastSignedInAt: number | null;
  readonly createdAt: number;
  /** Since when days without use are counted anew; `null` when nobody has renewed it. */
  readonly renewedAt: number | null;
}

const standingColumns = sql`account.disabled, account.break_glass as "breakGlass", account.source_id as "sourceId",
  account.last_signed_in_at as "lastSignedInAt", account.created_at as "createdAt",
  account.renewed_at as "renewedAt"`;

/** True once there is an account; from then on the first-run token is worth nothing. */
export async function hasAccounts(db: Queryable): Promise<boolean> {
  const { rows } = await db.query<{ some: boolean }>(sql`select exists (select from account) as some`);
  return rows[0]?.some ?? false;
}

export type LocalAccount = Account & AccountStanding & { readonly passwordHash: string };

/** The account of this system with that name, whatever the case, also when it is disabled: its standing says so. */
export async function findLocalAccount(db: Queryable, name: string): Promise<LocalAccount | undefined> {
  const { rows } = await db.query<LocalAccount>(sql`
    select ${accountColumns}, ${standingColumns}, password_hash as "passwordHash" from account
    where name = lower(${name}) and source_id is null`);
  return rows[0];
}

/** The same by its id; not for accounts of a directory or provider. */
export async function findLocalAccountById(
  db: Queryable,
  accountId: number,
): Promise<LocalAccount | undefined> {
  const { rows } = await db.query<LocalAccount>(sql`
    select ${accountColumns}, ${standingColumns}, password_hash as "passwordHash" from account
    where account_id = ${accountId} and source_id is null`);
  return rows[0];
}

/** The directory or provider that an account comes from, and who it is there; not for accounts of this system. */
export async function findAccountSource(
  db: Queryable,
  accountId: number,
): Promise<{ sourceId: number; subject: string; kind: "ldap" | "oidc" } | undefined> {
  const { rows } = await db.query<{ sourceId: number; subject: string; kind: "ldap" | "oidc" }>(sql`
    select source_id as "sourceId", subject, kind from account join identity_source using (source_id)
    where account_id = ${accountId}`);
  return rows[0];
}

/** Adds an account of this system; `undefined` when the name is taken. Names are kept in lower case. */
export async function addAccount(
  db: Queryable,
  account: {
    name: string;
    displayName: string;
    passwordHash: string;
    language: Language;
    breakGlass?: boolean;
  },
): Promise<Account | undefined> {
  const { rows } = await db.query<Account>(sql`
    insert into account (name, display_name, password_hash, language, break_glass)
    values (lower(${account.name}), ${account.displayName}, ${account.passwordHash}, ${account.language},
            ${account.breakGlass ?? false})
    on conflict (name) do nothing
    returning ${accountColumns}`);
  return rows[0];
}

/** Somebody for whom a directory or provider vouches. */
export interface SourcePerson {
  readonly sourceId: number;
  /** Never changes: objectGUID, entryUUID, or issuer and `sub`. */
  readonly subject: string;
  readonly name: string;
  readonly displayName: string;
  readonly groups: readonly string[];
}

/**
 * The account of a person that a source vouches for, made when there is none yet, with today's names and groups. A name that
 * somebody else has gets a number behind it: who one is hangs on the subject alone.
 */
export async function storeSourceAccount(
  db: Queryable,
  person: SourcePerson,
  { language, nowMs }: { language: Language; nowMs: number },
): Promise<Account & AccountStanding> {
  for (let copy = 1; ; copy++) {
    const name = copy === 1 ? person.name : `${person.name}.${copy}`;
    const { rows } = await db.query<Account & AccountStanding>(sql`
      insert into account (name, display_name, language, source_id, subject, source_checked_at, source_groups)
      select lower(${name}::text), ${person.displayName}::text, ${language}::text, ${person.sourceId}::int,
             ${person.subject}::text, ${instant(nowMs)}::timestamptz, ${person.groups}::text[]
      where not exists (select from account where name = lower(${name}::text)
                        and (source_id, subject) is distinct from (${person.sourceId}::int, ${person.subject}::text))
      on conflict (source_id, subject) do update
      set name = excluded.name, display_name = excluded.display_name, source_checked_at = excluded.source_checked_at,
          source_groups = excluded.source_groups, source_refused_at = null
      returning ${accountColumns}, ${standingColumns}`);
    if (rows[0]) return rows[0];
  }
}

export async function changeLanguage(db: Queryable, accountId: number, language: Language): Promise<void> {
  await db.query(sql`update account set language = ${language} where account_id = ${accountId}`);
}

/** Replaces a hash that was made with other parameters; the password stays the same. */
export async function replacePasswordHash(
  db: Queryable,
  accountId: number,
  passwordHash: string,
): Promise<void> {
  await db.query(sql`update account set password_hash = ${passwordHash} where account_id = ${accountId}`);
}

/** Gives an account of this system another password. */
export async function changePassword(
  db: Queryable,
  { accountId, passwordHash, nowMs }: { accountId: number; passwordHash: string; nowMs: number },
): Promise<void> {
  await db.query(sql`
    update account set password_hash = ${passwordHash}, password_changed_at = ${instant(nowMs)}
    where account_id = ${accountId} and source_id is null`);
}

/** Writes down that the person is in: accounts that nobody uses can so be told from others. */
export async function markSignedIn(db: Queryable, accountId: number, nowMs: number): Promise<void> {
  await db.query(
    sql`update account set last_signed_in_at = ${instant(nowMs)} where account_id = ${accountId}`,
  );
}

export interface BreakGlassAccount extends Account {
  readonly disabled: boolean;
  readonly lastSignedInAt: number | null;
  readonly passwordChangedAt: number;
}

/** The sealed accounts for the day on which no directory answers. */
export async function listBreakGlassAccounts(db: Queryable): Promise<BreakGlassAccount[]> {
  const { rows } = await db.query<BreakGlassAccount>(sql`
    select ${accountColumns}, disabled, last_signed_in_at as "lastSignedInAt", password_changed_at as "passwordChangedAt"
    from account where break_glass order by name`);
  return rows;
}

/** People of a source who have a live session or token and were last looked up before `beforeMs`. */
export async function findPeopleToCheck(
  db: Queryable,
  { sourceId, beforeMs, nowMs }: { sourceId: number; beforeMs: number; nowMs: number },
): Promise<{ accountId: number; subject: string; name: string }[]> {
  const { rows } = await db.query<{ accountId: number; subject: string; name: string }>(sql`
    select account_id as "accountId", subject, name from account
    where source_id = ${sourceId} and source_refused_at is null and not disabled
      and coalesce(source_checked_at, '-infinity') < ${instant(beforeMs)}::timestamptz
      and (exists (select from session where session.account_id = account.account_id
                   and expires_at > ${instant(nowMs)}::timestamptz)
        or exists (select from api_token where api_token.account_id = account.account_id
                   and expires_at > ${instant(nowMs)}::timestamptz))
    order by source_checked_at nulls first limit 1000`);
  return rows;
}

/** The directory no longer lets this person in: every session ends, and tokens stop, until it does again. */
export async function refuseSourceAccount(db: Queryable, accountId: number, nowMs: number): Promise<void> {
  await db.query(sql`
    with ended as (delete from session where account_id = ${accountId})
    update account set source_refused_at = ${instant(nowMs)} where account_id = ${accountId}`);
}
