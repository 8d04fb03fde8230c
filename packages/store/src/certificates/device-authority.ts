import { X509Certificate } from "node:crypto";
import type { Database, Queryable } from "../database.ts";
import type { KeyRing } from "../secrets/key-ring.ts";
import { sql } from "../sql.ts";
import { type Issued, issueCertificate, makeAuthority } from "./certificate.ts";

const dayMs = 86_400_000;
/** A lock for those who make an authority. */
const authorityLock = 0x44455631;
/** The next authority is made so long before the last one ends: longer than a device certificate lasts by default, so that each device has it in time. */
const succeedBeforeMs = 3 * 365 * dayMs;
const keyKind = "integration-password";

const fingerprintOf = (pem: string): string =>
  new X509Certificate(pem).fingerprint256.replaceAll(":", "").toLowerCase();

/** Certificates of the authorities that have not ended, the oldest first. */
export async function readAuthorities(db: Queryable, nowMs: number): Promise<string[]> {
  const { rows } = await db.query<{ certificate: string }>(sql`
    select certificate from device_authority where ends_at > to_timestamp(${nowMs}::float8 / 1000) order by made_at, ends_at`);
  return rows.map(({ certificate }) => certificate);
}

interface AuthorityRow {
  readonly fingerprint: string;
  readonly certificate: string;
  readonly sealed: Buffer;
  readonly endsAt: number;
}

const readRows = async (db: Queryable, nowMs: number): Promise<AuthorityRow[]> =>
  (
    await db.query<AuthorityRow>(sql`
      select fingerprint, certificate, sealed_key as sealed, ends_at as "endsAt" from device_authority
      where ends_at > to_timestamp(${nowMs}::float8 / 1000) order by made_at, ends_at`)
  ).rows;

/**
 * The authority of devices. It is made when it is first needed, and a second one three years before the first ends: that one issues from
 * then on, while the centre shows a certificate of the first, which every device knows.
 * @throws StoreError `secret.unreadable`
 */
export async function openDeviceAuthority(
  db: Database,
  ring: KeyRing,
  nowMs: number,
): Promise<{ readonly issuer: Issued; readonly oldest: Issued; readonly trusted: readonly string[] }> {
  const rows = await db.transaction(async (transaction) => {
    await transaction.query(sql`select pg_advisory_xact_lock(${authorityLock})`);
    const known = await readRows(transaction, nowMs);
    const newest = known.at(-1);
    if (newest && newest.endsAt - nowMs > succeedBeforeMs) return known;
    const made = makeAuthority(nowMs);
    const fingerprint = fingerprintOf(made.certificatePem);
    const sealed = await ring.sealField(
      { table: "device_authority", row: fingerprint, kind: keyKind },
      made.keyPem,
    );
    await transaction.query(sql`
      insert into device_authority (fingerprint, certificate, sealed_key, made_at, ends_at)
      values (${fingerprint}, ${made.certificatePem}, ${sealed}::bytea, to_timestamp(${nowMs}::float8 / 1000),
        ${new Date(new X509Certificate(made.certificatePem).validTo).toISOString()}::timestamptz)`);
    return readRows(transaction, nowMs);
  });
  const open = async ({ fingerprint, certificate, sealed }: AuthorityRow): Promise<Issued> => {
    const key = await ring.openField({ table: "device_authority", row: fingerprint, kind: keyKind }, sealed);
    return { certificatePem: certificate, keyPem: key.reveal() };
  };
  const [first, last] = [rows[0] as AuthorityRow, rows.at(-1) as AuthorityRow];
  return {
    issuer: await open(last),
    oldest: await open(first),
    trusted: rows.map(({ certificate }) => certificate),
  };
}

/** What the centre shows to devices under these names, and the authorities whose certificates it looks at. */
export async function issueCentreCertificate(
  db: Database,
  ring: KeyRing,
  names: readonly string[],
  nowMs: number,
): Promise<Issued & { readonly trusted: readonly string[] }> {
  const { oldest, trusted } = await openDeviceAuthority(db, ring, nowMs);
  return { ...issueCertificate(oldest, names, nowMs), trusted };
}
