import { createHash } from "node:crypto";
import type { Database, Queryable } from "./database.ts";
import { instant, sql } from "./sql.ts";

export interface SecondFactor {
  readonly factorId: number;
  readonly kind: "totp" | "webauthn";
  readonly label: string;
  readonly createdAt: number;
  readonly lastUsedAt: number | null;
}

/** Factors that count, the oldest first. */
export async function listFactors(db: Queryable, accountId: number): Promise<SecondFactor[]> {
  const { rows } = await db.query<SecondFactor>(sql`
    select factor_id as "factorId", kind, label, created_at as "createdAt", last_used_at as "lastUsedAt"
    from second_factor where account_id = ${accountId} and confirmed_at is not null order by factor_id`);
  return rows;
}

/** Puts down a TOTP secret that does not count yet: its owner must show a code of it first. An earlier one like it goes. */
export async function addTotp(
  db: Queryable,
  factor: { accountId: number; label: string; sealedSecret: Uint8Array; nowMs: number },
): Promise<number> {
  await db.query(sql`
    delete from second_factor where account_id = ${factor.accountId} and kind = 'totp' and confirmed_at is null`);
  const { rows } = await db.query<{ factorId: number }>(sql`
    insert into second_factor (account_id, kind, label, created_at, sealed_secret)
    values (${factor.accountId}, 'totp', ${factor.label}, ${instant(factor.nowMs)}, ${factor.sealedSecret})
    returning factor_id as "factorId"`);
  return rows[0]!.factorId;
}

export interface TotpSecret {
  readonly factorId: number;
  readonly sealedSecret: Buffer;
  readonly lastStep: number | null;
}

export async function findTotps(
  db: Queryable,
  { accountId, confirmed }: { accountId: number; confirmed: boolean },
): Promise<TotpSecret[]> {
  const { rows } = await db.query<TotpSecret>(sql`
    select factor_id as "factorId", sealed_secret as "sealedSecret", last_step as "lastStep" from second_factor
    where account_id = ${accountId} and kind = 'totp' and (confirmed_at is not null) = ${confirmed}
    order by factor_id desc`);
  return rows;
}

/** Uses the code of a time step up, and confirms the factor; false when that step or a later one was used before. */
export async function useTotpStep(
  db: Queryable,
  { factorId, step, nowMs }: { factorId: number; step: number; nowMs: number },
): Promise<boolean> {
  const { rowCount } = await db.query(sql`
    update second_factor set last_step = ${step}, last_used_at = ${instant(nowMs)},
      confirmed_at = coalesce(confirmed_at, ${instant(nowMs)})
    where factor_id = ${factorId} and coalesce(last_step, -1) < ${step}`);
  return rowCount === 1;
}

export interface WebAuthnKey {
  readonly factorId: number;
  readonly credentialId: string;
  readonly publicKey: Buffer;
  readonly signCount: number;
  readonly transports: readonly string[] | null;
}

export async function findKeys(db: Queryable, accountId: number): Promise<WebAuthnKey[]> {
  const { rows } = await db.query<WebAuthnKey>(sql`
    select factor_id as "factorId", credential_id as "credentialId", public_key as "publicKey", sign_count as "signCount",
           transports
    from second_factor where account_id = ${accountId} and kind = 'webauthn' order by factor_id`);
  return rows;
}

/** Adds a security key; false when the credential is known already, to this account or another. */
export async function addKey(
  db: Queryable,
  key: {
    accountId: number;
    label: string;
    credentialId: string;
    publicKey: Uint8Array;
    signCount: number;
    transports: readonly string[];
    nowMs: number;
  },
): Promise<boolean> {
  const { rowCount } = await db.query(sql`
    insert into second_factor (account_id, kind, label, created_at, confirmed_at, credential_id, public_key, sign_count,
                               transports)
    values (${key.accountId}, 'webauthn', ${key.label}, ${instant(key.nowMs)}, ${instant(key.nowMs)}, ${key.credentialId},
            ${key.publicKey}, ${key.signCount}, ${key.transports})
    on conflict (credential_id) do nothing`);
  return rowCount === 1;
}

/** Writes down that a key signed; false when its counter did not grow, as when the key was copied. */
export async function useKey(
  db: Queryable,
  { factorId, signCount, nowMs }: { factorId: number; signCount: number; nowMs: number },
): Promise<boolean> {
  const { rowCount } = await db.query(sql`
    update second_factor set sign_count = ${signCount}, last_used_at = ${instant(nowMs)}
    where factor_id = ${factorId} and (sign_count < ${signCount} or (sign_count = 0 and ${signCount} = 0))`);
  return rowCount === 1;
}

export async function removeFactor(
  db: Queryable,
  { accountId, factorId }: { accountId: number; factorId: number },
): Promise<boolean> {
  const { rowCount } = await db.query(
    sql`delete from second_factor where factor_id = ${factorId} and account_id = ${accountId}`,
  );
  return rowCount === 1;
}

/** Takes every factor and recovery code away, for somebody who has lost them all. */
export async function removeFactors(db: Database, accountId: number): Promise<void> {
  await db.transaction(async (transaction) => {
    await transaction.query(sql`delete from second_factor where account_id = ${accountId}`);
    await transaction.query(sql`delete from recovery_code where account_id = ${accountId}`);
  });
}

const hashed = (code: string) => createHash("sha256").update(code).digest();

/** Replaces the recovery codes of an account. They are random and long, so that a plain hash is enough. */
export async function replaceRecoveryCodes(
  db: Database,
  { accountId, codes }: { accountId: number; codes: readonly string[] },
): Promise<void> {
  await db.transaction(async (transaction) => {
    await transaction.query(sql`delete from recovery_code where account_id = ${accountId}`);
    await transaction.query(sql`
      insert into recovery_code (account_id, code_sha256)
      select ${accountId}, unnest(${codes.map(hashed)}::bytea[])`);
  });
}

/** Uses a recovery code up; false when there is no such one, or it was used. */
export async function useRecoveryCode(
  db: Queryable,
  { accountId, code, nowMs }: { accountId: number; code: string; nowMs: number },
): Promise<boolean> {
  const { rowCount } = await db.query(sql`
    update recovery_code set used_at = ${instant(nowMs)}
    where account_id = ${accountId} and code_sha256 = ${hashed(code)} and used_at is null`);
  return rowCount === 1;
}

export async function countRecoveryCodes(db: Queryable, accountId: number): Promise<number> {
  const { rows } = await db.query<{ count: number }>(
    sql`select count(*)::int as count from recovery_code where account_id = ${accountId} and used_at is null`,
  );
  return rows[0]!.count;
}
