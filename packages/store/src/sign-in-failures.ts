import type { Database, Queryable } from "./database.ts";
import { instant, sql } from "./sql.ts";

/** Failures older than this no longer slow anyone down. */
const failuresCountForMs = 3_600_000;

/** How long to wait after the n-th failure in a row: 1, 2, 4 … 300 s, or up to what the policy says. */
export const backOffMs = (failures: number, backOffMaxMs = 300_000): number =>
  failures === 0 ? 0 : Math.min(backOffMaxMs, 1_000 * 2 ** Math.min(failures - 1, 20));

/**
 * Asks whether somebody may try to sign in. When each subject's last failure is long enough ago, the try is written down
 * as a failure at once, and taken back by `forgetSignInFailures` when it succeeds: so of a thousand tries at one moment
 * one is let through. A try that is refused here does not count, so nobody can be locked out for good.
 */
export async function reserveSignIn(
  db: Database,
  { subjects, nowMs, backOffMaxMs }: { subjects: readonly string[]; nowMs: number; backOffMaxMs?: number },
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
    const waitMs = Math.max(
      0,
      ...rows.map((row) => row.lastAt + backOffMs(row.failures, backOffMaxMs) - nowMs),
    );
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
