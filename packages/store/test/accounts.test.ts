import {
  addAccount,
  backOffMs,
  createFirstAccount,
  createFirstToken,
  findLocalAccount,
  findSession,
  forgetSignInFailures,
  hasAccounts,
  livingSessions,
  openSession,
  reserveSignIn,
  sql,
} from "@energsys/store";
import { testDatabase } from "@energsys/store/testing";
import { afterAll, expect, test } from "vitest";

const { db, drop } = await testDatabase();
afterAll(drop);
const nowMs = Date.parse("2026-11-23T10:00:00Z");
const given = { name: "Ana", displayName: "Ana Vior", passwordHash: "$argon2id$…", language: "ro" as const };

test("the first account takes the token with it, and there is no second first account", async () => {
  expect(await hasAccounts(db)).toBe(false);
  const token = await createFirstToken(db, nowMs);
  const late = await createFirstAccount(db, { ...given, token, nowMs: nowMs + 30 * 60_000 });
  expect(late).toEqual({ ok: false, reason: "token-refused" });
  const made = await createFirstAccount(db, { ...given, token, nowMs: nowMs + 29 * 60_000 });
  expect(made).toMatchObject({ ok: true, account: { name: "ana", displayName: "Ana Vior" } });
  const other = await createFirstToken(db, nowMs);
  expect(await createFirstAccount(db, { ...given, name: "ion", token: other, nowMs })).toEqual({
    ok: false,
    reason: "accounts-exist",
  });
  const { rows } = await db.query<{ token: string }>(
    sql`select encode(token_sha256, 'escape') as token from first_token`,
  );
  expect(rows[0]?.token).not.toContain(other);
});

test("names are one whatever their case, and a disabled account says so", async () => {
  expect(await addAccount(db, { ...given, name: "ANA" })).toBeUndefined();
  expect(await findLocalAccount(db, "aNa")).toMatchObject({ name: "ana", passwordHash: "$argon2id$…" });
  await db.query(sql`update account set disabled = true`);
  expect(await findLocalAccount(db, "ana")).toMatchObject({ disabled: true });
  await db.query(sql`update account set disabled = false`);
});

test("a session lives by its hash while it is used and not past its end", async () => {
  const { accountId } = (await findLocalAccount(db, "ana"))!;
  const sha256 = Buffer.alloc(32, 7);
  await openSession(db, { sha256, accountId, csrfToken: "token", nowMs, endsAtMs: nowMs + 3_600_000 });
  const at = (ms: number) => findSession(db, { sha256, nowMs: nowMs + ms, idleMs: 600_000 });
  expect(await at(599_999)).toMatchObject({ account: { name: "ana" }, csrfToken: "token" });
  expect(await at(1_199_998)).toBeDefined();
  expect(await at(1_800_000)).toBeUndefined();
  const living = (ms: number) =>
    livingSessions(db, { sha256s: [sha256, Buffer.alloc(32)], nowMs: nowMs + ms, idleMs: 600_000 });
  expect([...(await living(1_200_000)).keys()]).toEqual(["07".repeat(32)]);
  expect(await living(3_600_000)).toEqual(new Map());
  // The next session sweeps the one that ended out.
  await openSession(db, {
    sha256: Buffer.alloc(32, 8),
    accountId,
    csrfToken: "t",
    nowMs: nowMs + 3_600_001,
    endsAtMs: nowMs * 2,
  });
  expect((await db.query(sql`select from session`)).rowCount).toBe(1);
});

test("waits double up to five minutes", () => {
  expect([0, 1, 2, 3, 9, 10, 1_000].map((failures) => backOffMs(failures))).toEqual([
    0, 1_000, 2_000, 4_000, 256_000, 300_000, 300_000,
  ]);
});

test("failures count for the account and for the address, and success takes back only its own at the address", async () => {
  const from = (account: string, address: string, ms: number) =>
    reserveSignIn(db, { subjects: [`account ${account}`, `address ${address}`], nowMs: nowMs + ms });
  expect(await from("ana", "a", 0)).toEqual({ waitMs: 0 });
  expect(await from("ana", "b", 100)).toEqual({ waitMs: 900 });
  expect(await from("ion", "a", 100)).toEqual({ waitMs: 900 });
  expect(await from("ion", "c", 100)).toEqual({ waitMs: 0 });
  expect(await from("eva", "a", 1_000)).toEqual({ waitMs: 0 });
  await forgetSignInFailures(db, {
    account: "account eva",
    address: "address a",
    reservedAtMs: nowMs + 1_000,
  });
  expect(await from("eva", "d", 1_001)).toEqual({ waitMs: 0 });
  const { rows } = await db.query<{ count: number }>(
    sql`select count(*)::int as count from sign_in_failure where subject = 'address a'`,
  );
  expect(rows[0]?.count).toBe(1);
  expect(await from("ana", "a", 3_600_001)).toEqual({ waitMs: 0 });
});
