import { type Account, accountColumns } from "./accounts.ts";
import type { Queryable } from "./database.ts";
import { instant, sql } from "./sql.ts";

/** `factor` waits for a second factor, `enrol` for one to be set up; only `full` is signed in. */
export type SessionStage = "factor" | "enrol" | "full";

/** How a person has shown who they are. `provider` and `provider-factor`: as an OpenID provider says. */
export type SignInWay =
  | "password"
  | "directory"
  | "provider"
  | "provider-factor"
  | "totp"
  | "webauthn"
  | "recovery";

export interface Session {
  readonly account: Account;
  readonly sessionId: number;
  readonly csrfToken: string;
  readonly stage: SessionStage;
  readonly ways: readonly SignInWay[];
  /** When the person last showed who they are; `null` when nobody may count on it. */
  readonly steppedUpAt: number | null;
  /** Whom the session looks as. */
  readonly seenAs: number | null;
}

export interface NewSession {
  readonly sha256: Uint8Array;
  readonly accountId: number;
  readonly csrfToken: string;
  readonly nowMs: number;
  readonly endsAtMs: number;
  readonly stage?: SessionStage;
  readonly ways?: readonly SignInWay[];
  readonly address?: string;
  readonly agent?: string;
  /** `null`: how it was opened is no proof that the person sits there now. */
  readonly steppedUpAt?: null;
}

/** Opens a session; only the hash of its id is kept. Sessions that ended are swept out on the way. */
export async function openSession(db: Queryable, session: NewSession): Promise<number> {
  const { rows } = await db.query<{ sessionId: number }>(sql`
    with swept as (delete from session where expires_at < ${instant(session.nowMs)}::timestamptz)
    insert into session (session_sha256, account_id, csrf_token, created_at, last_seen_at, expires_at, stage, ways, address,
                         agent, stepped_up_at)
    values (${session.sha256}, ${session.accountId}, ${session.csrfToken}, ${instant(session.nowMs)},
            ${instant(session.nowMs)}, ${instant(session.endsAtMs)}, ${session.stage ?? "full"},
            ${session.ways ?? ["password"]}, ${session.address ?? null}, ${session.agent?.slice(0, 300) ?? null},
            ${session.steppedUpAt === null ? null : instant(session.nowMs)})
    returning session_id as "sessionId"`);
  return rows[0]!.sessionId;
}

/** A session is written to at most once in this time: a page makes many calls. */
const touchEveryMs = 30_000;

const accountMayCall = sql`not account.disabled and account.source_refused_at is null`;

/**
 * The session with this id's hash, while it lasts and its account may sign in. Counts as a sign of life. A session that is still
 * in a step of its sign-in is found only when `stages` names it.
 */
export async function findSession(
  db: Queryable,
  {
    sha256,
    nowMs,
    idleMs,
    stages = ["full"],
  }: { sha256: Uint8Array; nowMs: number; idleMs: number; stages?: readonly SessionStage[] },
): Promise<Session | undefined> {
  const { rows } = await db.query<Account & Omit<Session, "account"> & { lastSeenAt: number }>(sql`
    select ${accountColumns}, session_id as "sessionId", csrf_token as "csrfToken", stage, ways,
           stepped_up_at as "steppedUpAt", seen_as as "seenAs", last_seen_at as "lastSeenAt"
    from session join account using (account_id)
    where session_sha256 = ${sha256} and ${accountMayCall} and stage = any(${stages}::text[])
      and expires_at > ${instant(nowMs)}::timestamptz and last_seen_at > ${instant(nowMs - idleMs)}::timestamptz`);
  const row = rows[0];
  if (!row) return undefined;
  if (nowMs - row.lastSeenAt >= touchEveryMs) {
    await db.query(sql`update session set last_seen_at = ${instant(nowMs)} where session_sha256 = ${sha256}`);
  }
  const { sessionId, csrfToken, stage, ways, steppedUpAt, seenAs, lastSeenAt: _, ...account } = row;
  return { account, sessionId, csrfToken, stage, ways, steppedUpAt, seenAs };
}

/**
 * Goes on with a session under a new id and CSRF token: the next step of a sign-in, or a step-up. `undefined` when it was closed
 * or renewed meanwhile, so that of two calls at once one wins.
 */
export async function renewSession(
  db: Queryable,
  renewed: {
    from: Uint8Array;
    to: Uint8Array;
    csrfToken: string;
    stage: SessionStage;
    ways: readonly SignInWay[];
    nowMs: number;
    endsAtMs: number | undefined;
  },
): Promise<boolean> {
  const { rowCount } = await db.query(sql`
    update session set session_sha256 = ${renewed.to}, csrf_token = ${renewed.csrfToken}, stage = ${renewed.stage},
      ways = ${renewed.ways}, stepped_up_at = ${instant(renewed.nowMs)}, last_seen_at = ${instant(renewed.nowMs)},
      expires_at = coalesce(${renewed.endsAtMs === undefined ? null : instant(renewed.endsAtMs)}::timestamptz, expires_at),
      challenge = null, challenge_at = null
    where session_sha256 = ${renewed.from}`);
  return rowCount === 1;
}

/** Keeps the challenge that this session's browser must sign; a newer one takes its place. */
export async function keepChallenge(
  db: Queryable,
  { sha256, challenge, nowMs }: { sha256: Uint8Array; challenge: string; nowMs: number },
): Promise<void> {
  await db.query(sql`
    update session set challenge = ${challenge}, challenge_at = ${instant(nowMs)} where session_sha256 = ${sha256}`);
}

const challengeValidMs = 5 * 60_000;

/** The challenge of the session, which is used up by asking; `undefined` when there is none or it is too old. */
export async function takeChallenge(
  db: Queryable,
  { sha256, nowMs }: { sha256: Uint8Array; nowMs: number },
): Promise<string | undefined> {
  const { rows } = await db.query<{ challenge: string }>(sql`
    update session set challenge = null, challenge_at = null
    from (select session_sha256, challenge, challenge_at from session where session_sha256 = ${sha256} for update) as kept
    where session.session_sha256 = kept.session_sha256
      and kept.challenge_at > ${instant(nowMs - challengeValidMs)}::timestamptz
    returning kept.challenge`);
  return rows[0]?.challenge;
}

/** Accounts of those of these sessions and tokens that still last, by the hex of their hashes. */
export async function livingSessions(
  db: Queryable,
  { sha256s, nowMs, idleMs }: { sha256s: readonly Uint8Array[]; nowMs: number; idleMs: number },
): Promise<ReadonlyMap<string, { accountId: number; seenAs: number | null }>> {
  if (sha256s.length === 0) return new Map();
  const { rows } = await db.query<{ hex: string; accountId: number; seenAs: number | null }>(sql`
    select encode(session_sha256, 'hex') as hex, account_id as "accountId", seen_as as "seenAs" from session join account using (account_id)
    where session_sha256 = any(${sha256s}::bytea[]) and ${accountMayCall} and stage = 'full'
      and expires_at > ${instant(nowMs)}::timestamptz and last_seen_at > ${instant(nowMs - idleMs)}::timestamptz
    union all
    select encode(token_sha256, 'hex'), account_id, null from api_token join account using (account_id)
    where token_sha256 = any(${sha256s}::bytea[]) and ${accountMayCall}
      and expires_at > ${instant(nowMs)}::timestamptz`);
  return new Map(rows.map(({ hex, ...whose }) => [hex, whose]));
}

export async function closeSession(db: Queryable, sha256: Uint8Array): Promise<void> {
  await db.query(sql`delete from session where session_sha256 = ${sha256}`);
}

export interface SessionRow {
  readonly sessionId: number;
  readonly createdAt: number;
  readonly lastSeenAt: number;
  readonly expiresAt: number;
  readonly address: string | null;
  readonly agent: string | null;
  readonly ways: readonly SignInWay[];
}

/** Sessions of an account that are signed in and not yet over, the last seen first. */
export async function listSessions(
  db: Queryable,
  { accountId, nowMs, idleMs }: { accountId: number; nowMs: number; idleMs: number },
): Promise<SessionRow[]> {
  const { rows } = await db.query<SessionRow>(sql`
    select session_id as "sessionId", created_at as "createdAt", last_seen_at as "lastSeenAt", expires_at as "expiresAt",
           address, agent, ways
    from session
    where account_id = ${accountId} and stage = 'full' and expires_at > ${instant(nowMs)}::timestamptz
      and last_seen_at > ${instant(nowMs - idleMs)}::timestamptz
    order by last_seen_at desc, session_id desc limit 200`);
  return rows;
}

/** Ends one session of an account; false when there is no such one. */
export async function revokeSession(
  db: Queryable,
  { accountId, sessionId }: { accountId: number; sessionId: number },
): Promise<boolean> {
  const { rowCount } = await db.query(
    sql`delete from session where session_id = ${sessionId} and account_id = ${accountId}`,
  );
  return rowCount === 1;
}

/** Ends all sessions of an account but one. Returns how many there were. */
export async function revokeSessions(
  db: Queryable,
  { accountId, exceptSessionId }: { accountId: number; exceptSessionId?: number },
): Promise<number> {
  const { rowCount } = await db.query(sql`
    delete from session where account_id = ${accountId} and session_id is distinct from ${exceptSessionId ?? null}::bigint`);
  return rowCount;
}
