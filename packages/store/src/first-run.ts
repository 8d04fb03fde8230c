import { createHash, randomBytes } from "node:crypto";
import { type Account, addAccount, hasAccounts, type Language } from "./accounts.ts";
import type { Database, Queryable } from "./database.ts";
import { grantReadyRole } from "./rights.ts";
import { instant, sql } from "./sql.ts";

const tokenValidMs = 30 * 60_000;
const sha256 = (token: string) => createHash("sha256").update(token).digest();

/**
 * A one-time token that makes the first account, valid 30 minutes; only its hash is kept. A new one ends those before it.
 */
export async function createFirstToken(db: Queryable, nowMs: number): Promise<string> {
  const token = randomBytes(24).toString("base64url");
  await db.query(sql`
    with old as (delete from first_token)
    insert into first_token (token_sha256, expires_at) values (${sha256(token)}, ${instant(nowMs + tokenValidMs)})`);
  return token;
}

/** Whether the token would be taken. Asked before the password is hashed, so that a wrong token costs no hash. */
export async function isFirstTokenValid(db: Queryable, token: string, nowMs: number): Promise<boolean> {
  const { rows } = await db.query<{ valid: boolean }>(sql`
    select exists (select from first_token where token_sha256 = ${sha256(token)}
                   and expires_at > ${instant(nowMs)}::timestamptz) as valid`);
  return rows[0]?.valid ?? false;
}

/** Makes the first account, administrator of the whole network, and uses the token up, both or neither; of two at once one wins. */
export async function createFirstAccount(
  db: Database,
  given: {
    token: string;
    name: string;
    displayName: string;
    passwordHash: string;
    language: Language;
    nowMs: number;
  },
): Promise<{ ok: true; account: Account } | { ok: false; reason: "token-refused" | "accounts-exist" }> {
  return db.transaction(async (transaction) => {
    await transaction.query(sql`select pg_advisory_xact_lock(hashtextextended('first account', 0))`);
    if (await hasAccounts(transaction)) return { ok: false, reason: "accounts-exist" };
    const used = await transaction.query(sql`
      delete from first_token where token_sha256 = ${sha256(given.token)}
        and expires_at > ${instant(given.nowMs)}::timestamptz`);
    if (used.rowCount !== 1) return { ok: false, reason: "token-refused" };
    await transaction.query(sql`delete from first_token`);
    const account = await addAccount(transaction, given);
    if (!account) return { ok: false, reason: "accounts-exist" };
    const { accountId } = account;
    await grantReadyRole(transaction, {
      accountId,
      ready: "administrator",
      reason: "first account",
      nowMs: given.nowMs,
    });
    return { ok: true, account };
  });
}

export interface Inventoried {
  readonly points: number;
  readonly devices: number;
  readonly readings: boolean;
}

/** What the system holds already. */
export async function countNetwork(db: Queryable): Promise<Inventoried> {
  const { rows } = await db.query<Inventoried>(sql`
    select (select count(*) from point)::int as points, (select count(*) from device)::int as devices,
           exists (select from register_reading) or exists (select from load_day) as readings`);
  return rows[0]!;
}

/** What the launcher says about the sample network, in the row `sample-network` of `setting`. */
export type SampleNetwork = "available" | "starting" | "running";

/** A failed start may be tried again, so it counts as available. */
export async function readSampleNetwork(db: Queryable): Promise<SampleNetwork> {
  const { rows } = await db.query<{ state: string | null }>(
    sql`select value ->> 'state' as state from setting where name = 'sample-network'`,
  );
  const state = rows[0]?.state;
  return state === "starting" || state === "running" ? state : "available";
}

/** The launcher renews its row every 10 s; one that is older than this is gone. */
const launcherSilentMs = 30_000;

export async function isLauncherThere(db: Queryable, nowMs: number): Promise<boolean> {
  const { rows } = await db.query<{ at: string | null }>(
    sql`select value ->> 'at' as at from setting where name = 'launcher'`,
  );
  const at = Date.parse(rows[0]?.at ?? "");
  return nowMs - at < launcherSilentMs;
}
