import { X509Certificate } from "node:crypto";
import { gatewayIdentity } from "@energsys/metering";
import type { Database, Queryable } from "../database.ts";
import { StoreError } from "../errors.ts";
import { notify } from "../live.ts";
import type { KeyRing } from "../secrets/key-ring.ts";
import { sql } from "../sql.ts";
import { issueClientCertificate } from "./certificate.ts";
import { openDeviceAuthority } from "./device-authority.ts";
import { deviceFile } from "./device-file.ts";

export interface DeviceCertificate {
  readonly certificateId: number;
  readonly identity: string;
  /** SHA-256 of the certificate, hexadecimal. */
  readonly fingerprint: string;
  readonly issuedAt: number;
  readonly endsAt: number;
  readonly firstUsedAt: number | null;
  readonly lastUsedAt: number | null;
  readonly revokedAt: number | null;
}

const columns = sql`
  device_certificate_id as "certificateId", identity, fingerprint, issued_at as "issuedAt", ends_at as "endsAt",
  first_used_at as "firstUsedAt", last_used_at as "lastUsedAt", revoked_at as "revokedAt"`;
const settingName = "device-centre";
const instantOf = (ms: number) => new Date(ms).toISOString();

/** `host:port` where devices with certificates call, as the last file had it. */
export async function readCentreAddress(db: Queryable): Promise<string | undefined> {
  const { rows } = await db.query<{ value: string }>(
    sql`select value from setting where name = ${settingName}`,
  );
  return rows[0]?.value;
}

/**
 * Makes a key and a certificate for the device that announces itself by `identity`: a concentrator, also one that never called, or a device
 * that is entered. With `replace` the one in use stays good until the device shows the new one; one that was never shown ends at once. The
 * file is given out this once: the private key in it is kept nowhere. An `address` is remembered for the next.
 * @throws StoreError `certificate.device-unknown`, `certificate.exists`, `certificate.address-missing`, `secret.unreadable`
 */
export async function issueDeviceCertificate(
  db: Database,
  ring: KeyRing,
  wanted: {
    readonly identity: string;
    readonly days: number;
    readonly nowMs: number;
    readonly address?: string;
    readonly replace?: boolean;
  },
): Promise<{
  readonly certificateId: number;
  readonly fingerprint: string;
  readonly endsAt: number;
  readonly file: string;
}> {
  const { identity, nowMs } = wanted;
  const { issuer, trusted } = await openDeviceAuthority(db, ring, nowMs);
  const issued = issueClientCertificate(issuer, identity, nowMs, wanted.days);
  const parsed = new X509Certificate(issued.certificatePem);
  const fingerprint = parsed.fingerprint256.replaceAll(":", "").toLowerCase();
  const endsAt = Date.parse(parsed.validTo);
  return db.transaction(async (transaction) => {
    await transaction.query(sql`select pg_advisory_xact_lock(hashtext(${`certificate ${identity}`}))`);
    const address = wanted.address ?? (await readCentreAddress(transaction));
    if (address === undefined)
      throw new StoreError(
        "certificate.address-missing",
        "where devices call was never said; give it as host:port",
      );
    if (wanted.address !== undefined)
      await transaction.query(sql`
        insert into setting (name, value) values (${settingName}, ${JSON.stringify(address)}::jsonb)
        on conflict (name) do update set value = excluded.value, changed_at = now()`);
    const { rows } = await transaction.query<{ known: boolean; valid: number }>(sql`
      select exists (select from device where identity = ${identity}) as known,
        (select count(*)::int from device_certificate where identity = ${identity} and revoked_at is null
          and ends_at > ${instantOf(nowMs)}::timestamptz) as valid`);
    if (!rows[0]!.known && !gatewayIdentity.test(identity))
      throw new StoreError(
        "certificate.device-unknown",
        `${identity} is neither a concentrator's identity nor a device that is entered`,
      );
    if (rows[0]!.valid > 0 && !wanted.replace)
      throw new StoreError("certificate.exists", `${identity} has a certificate; rotate it for a new one`);
    await transaction.query(sql`
      update device_certificate set revoked_at = now()
      where identity = ${identity} and revoked_at is null and first_used_at is null`);
    const inserted = await transaction.query<{ id: number }>(sql`
      insert into device_certificate (identity, fingerprint, issued_at, ends_at)
      values (${identity}, ${fingerprint}, ${instantOf(nowMs)}::timestamptz, ${instantOf(endsAt)}::timestamptz)
      returning device_certificate_id as id`);
    const file = deviceFile({
      ...issued,
      identity,
      address,
      endsAt: instantOf(endsAt),
      authorityPems: trusted,
    });
    return { certificateId: inserted.rows[0]!.id, fingerprint, endsAt, file };
  });
}

/** Ends a certificate; a line that stands on it is closed within seconds. False when it was not there or had ended so before. */
export async function revokeDeviceCertificate(db: Database, certificateId: number): Promise<boolean> {
  return db.transaction(async (transaction) => {
    const { rows } = await transaction.query<{ identity: string; fingerprint: string }>(sql`
      update device_certificate set revoked_at = now()
      where device_certificate_id = ${certificateId}::int and revoked_at is null returning identity, fingerprint`);
    const [row] = rows;
    if (!row) return false;
    await notify(transaction, "energsys_work", { type: "certificate-revoked", ...row });
    return true;
  });
}

/** All of them, those in force first. */
export async function listDeviceCertificates(db: Queryable): Promise<DeviceCertificate[]> {
  const { rows } = await db.query<DeviceCertificate>(sql`
    select ${columns} from device_certificate order by revoked_at is not null, identity, device_certificate_id desc`);
  return rows;
}

/** The certificate that a caller showed, if it is one of ours, in whatever state. */
export async function findDeviceCertificate(
  db: Queryable,
  fingerprint: string,
): Promise<DeviceCertificate | undefined> {
  const { rows } = await db.query<DeviceCertificate>(
    sql`select ${columns} from device_certificate where fingerprint = ${fingerprint}`,
  );
  return rows[0];
}

/**
 * A device is admitted by this certificate: those that it had before have done their work and end. False when it was revoked since it was
 * looked at.
 */
export async function recordCertificateUse(db: Database, certificate: DeviceCertificate): Promise<boolean> {
  const { certificateId, identity } = certificate;
  return db.transaction(async (transaction) => {
    const { rowCount } = await transaction.query(sql`
      update device_certificate set first_used_at = coalesce(first_used_at, now()), last_used_at = now()
      where device_certificate_id = ${certificateId}::int and revoked_at is null`);
    if (rowCount > 0)
      await transaction.query(sql`
        update device_certificate set revoked_at = now()
        where identity = ${identity} and device_certificate_id < ${certificateId}::int and revoked_at is null`);
    return rowCount > 0;
  });
}

/**
 * Whether somebody who shows no certificate may be the device: not once it has shown one, nor after one of its was revoked; from its own
 * tunnel it may.
 */
export async function identityInClear(
  db: Queryable,
  identity: string,
  remoteAddress: string,
): Promise<"tunnel" | "unproven" | "refused"> {
  const address = remoteAddress.replace(/^::ffff:/i, "");
  const { rows } = await db.query<{ tunnel: boolean; certified: boolean }>(sql`
    select exists (select from vpn_peer join device using (device_id)
        where identity = ${identity} and revoked_at is null and host(address) = ${address}) as tunnel,
      exists (select from device_certificate
        where identity = ${identity} and (first_used_at is not null or revoked_at is not null)) as certified`);
  const { tunnel, certified } = rows[0]!;
  return tunnel ? "tunnel" : certified ? "refused" : "unproven";
}
