import type { Database, Queryable } from "./database.ts";
import { instant, sql } from "./sql.ts";

export type Language = "ro" | "en";

export interface Account {
  readonly accountId: number;
  readonly name: string;
  readonly displayName: string;
  readonly language: Language;
}

const accountColumns = sql`account_id as "accountId", name, display_name as "displayName", language`;

/** True once there is an account; from then on the first-run token is worth nothing. */
export async function hasAccounts(db: Queryable): Promise<boolean> {
  const { rows } = await db.query<{ some: boolean }>(sql`select exists (select from account) as some`);
  return rows[0]?.some ?? false;
}

/** The account that signs in as `name`, whatever the case, with its password's hash; not when it is disabled. */
export async function findAccountToSignIn(
  db: Queryable,
  name: string,
): Promise<(Account & { passwordHash: string }) | undefined> {
  const { rows } = await db.query<Account & { passwordHash: string }>(sql`
    select ${accountColumns}, password_hash as "passwordHash" from account where name = lower(${name}) and not disabled`);
  return rows[0];
}

/** Adds an account; `undefined` when the name is taken. Names are kept in lower case. */
export async function addAccount(
  db: Queryable,
  account: { name: string; displayName: string; passwordHash: string; language: Language },
): Promise<Account | undefined> {
  const { rows } = await db.query<Account>(sql`
    insert into account (name, display_name, password_hash, language)
    values (lower(${account.name}), ${account.displayName}, ${account.passwordHash}, ${account.language})
    on conflict (name) do nothing
    returning ${accountColumns}`);
  return rows[0];
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

export interface Session {
  readonly account: Account;
  readonly csrfToken: string;
}

/** Opens a session; only the hash of its id is kept. Sessions that ended are swept out on the way. */
export async function openSession(
  db: Queryable,
  session: { sha256: Uint8Array; accountId: number; csrfToken: string; nowMs: number; endsAtMs: number },
): Promise<void> {
  await db.query(sql`
    with swept as (delete from session where expires_at < ${instant(session.nowMs)}::timestamptz)
    insert into session (session_sha256, account_id, csrf_token, created_at, last_seen_at, expires_at)
    values (${session.sha256}, ${session.accountId}, ${session.csrfToken}, ${instant(session.nowMs)},
            ${instant(session.nowMs)}, ${instant(session.endsAtMs)})`);
}

/** A session is written to at most once in this time: a page makes many calls. */
const touchEveryMs = 30_000;

/** The session with this id's hash, while it lasts and its account may sign in. Counts as a sign of life. */
export async function findSession(
  db: Queryable,
  { sha256, nowMs, idleMs }: { sha256: Uint8Array; nowMs: number; idleMs: number },
): Promise<Session | undefined> {
  const { rows } = await db.query<Account & { csrfToken: string; lastSeenAt: number }>(sql`
    select account_id as "accountId", name, display_name as "displayName", language, csrf_token as "csrfToken",
           last_seen_at as "lastSeenAt"
    from session join account using (account_id)
    where session_sha256 = ${sha256} and not disabled and expires_at > ${instant(nowMs)}::timestamptz
      and last_seen_at > ${instant(nowMs - idleMs)}::timestamptz`);
  const row = rows[0];
  if (!row) return undefined;
  if (nowMs - row.lastSeenAt >= touchEveryMs) {
    await db.query(sql`update session set last_seen_at = ${instant(nowMs)} where session_sha256 = ${sha256}`);
  }
  const { csrfToken, lastSeenAt: _, ...account } = row;
  return { account, csrfToken };
}

/** Accounts of those of these sessions that still last, by the hex of their hashes. */
export async function livingSessions(
  db: Queryable,
  { sha256s, nowMs, idleMs }: { sha256s: readonly Uint8Array[]; nowMs: number; idleMs: number },
): Promise<ReadonlyMap<string, number>> {
  if (sha256s.length === 0) return new Map();
  const { rows } = await db.query<{ hex: string; accountId: number }>(sql`
    select encode(session_sha256, 'hex') as hex, account_id as "accountId" from session join account using (account_id)
    where session_sha256 = any(${sha256s}::bytea[]) and not disabled
      and expires_at > ${instant(nowMs)}::timestamptz and last_seen_at > ${instant(nowMs - idleMs)}::timestamptz`);
  return new Map(rows.map(({ hex, accountId }) => [hex, accountId]));
}

export async function closeSession(db: Queryable, sha256: Uint8Array): Promise<void> {
  await db.query(sql`delete from session where session_sha256 = ${sha256}`);
}

/** Failures older than this no longer slow anyone down. */
const failuresCountForMs = 3_600_000;
const backOffMaxMs = 300_000;

/** How long to wait after the n-th failure in a row: 1, 2, 4 … 300 s. */
export const backOffMs = (failures: number): number =>
  failures === 0 ? 0 : Math.min(backOffMaxMs, 1_000 * 2 ** Math.min(failures - 1, 20));

/**
 * Asks whether somebody may try to sign in. When each subject's last failure is long enough ago, the try is written down
 * as a failure at once, and taken back by `forgetSignInFailures` when it succeeds: so of a thousand tries at one moment
 * one is let through. A try that is refused here does not count, so nobody can be locked out for good.
 */
export async function reserveSignIn(
  db: Database,
  { subjects, nowMs }: { subjects: readonly string[]; nowMs: number },
): Promise<{ waitMs: number }> {
  const sorted = [...new Set(subjects)].sort();
  return db.transaction(async (transaction) => {
    for (const subject of sorted) {
      await transaction.query(
        sql`select pg_advisory_xact_lock(hashtextextended(${`sign-in ${subject}`}, 0))`,
      );
    }
    await transaction.query(
      sql`delete from sign_in_failure where at < ${instant(nowMs - failuresCountForMs)}::timestamptz`,
    );
    const { rows } = await transaction.query<{ failures: number; lastAt: number }>(sql`
      select count(*)::int as failures, max(at) as "lastAt" from sign_in_failure
      where subject = any(${sorted}::text[]) group by subject`);
    const waitMs = Math.max(0, ...rows.map((row) => row.lastAt + backOffMs(row.failures) - nowMs));
    if (waitMs > 0) return { waitMs };
    await transaction.query(
      sql`insert into sign_in_failure (subject, at) select unnest(${sorted}::text[]), ${instant(nowMs)}::timestamptz`,
    );
    return { waitMs: 0 };
  });
}

/** Takes a try back that was not made after all, because the server was busy. */
export async function releaseSignIn(
  db: Queryable,
  { subjects, reservedAtMs }: { subjects: readonly string[]; reservedAtMs: number },
): Promise<void> {
  await db.query(sql`
    delete from sign_in_failure
    where subject = any(${subjects}::text[]) and at = ${instant(reservedAtMs)}::timestamptz`);
}

/**
 * Takes a try back that succeeded: the account's failures all, of the address only this one, since whoever owns one account
 * could else wash an address clean for guessing at others.
 */
export async function forgetSignInFailures(
  db: Queryable,
  { account, address, reservedAtMs }: { account: string; address: string; reservedAtMs: number },
): Promise<void> {
  await db.query(sql`
    delete from sign_in_failure
    where subject = ${account} or (subject = ${address} and at = ${instant(reservedAtMs)}::timestamptz)`);
}
