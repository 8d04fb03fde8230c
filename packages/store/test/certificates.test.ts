import { createPrivateKey, X509Certificate } from "node:crypto";
import { afterAll, expect, test } from "vitest";
import {
  findDeviceCertificate,
  identityInClear,
  issueCentreCertificate,
  issueDeviceCertificate,
  listDeviceCertificates,
  readAuthorities,
  readCentreAddress,
  recordCertificateUse,
  revokeDeviceCertificate,
  sql,
} from "../src/index.ts";
import { testDatabase, testKeyRing } from "../src/testing.ts";

const { db, drop } = await testDatabase();
afterAll(drop);
const ring = testKeyRing(db);
const nowMs = Date.UTC(2026, 10, 26, 12);
const dayMs = 86_400_000;
const address = "centre.example:4061";
const one = "ENC0000000000001";
const certificatesIn = (file: string) =>
  [...file.matchAll(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g)].map(
    ([pem]) => new X509Certificate(pem),
  );
const states = async (identity: string) =>
  (await listDeviceCertificates(db))
    .filter((each) => each.identity === identity)
    .sort((a, b) => a.certificateId - b.certificateId)
    .map(({ revokedAt }) => (revokedAt === null ? "good" : "revoked"));

test("one file holds the device's certificate, its key, the authority and the address", async () => {
  const wanted = { identity: one, days: 730, nowMs };
  await expect(issueDeviceCertificate(db, ring, wanted)).rejects.toMatchObject({
    code: "certificate.address-missing",
  });
  const made = await issueDeviceCertificate(db, ring, { ...wanted, address });
  expect(made.file).toContain(`# centre ${address}\n`);
  const [own, authority, ...more] = certificatesIn(made.file);
  expect(more).toEqual([]);
  expect(own!.subject).toContain(`CN=${one}`);
  expect(own!.subjectAltName).toBe(`DNS:${one}`);
  expect(own!.keyUsage).toEqual(["1.3.6.1.5.5.7.3.2"]);
  expect(own!.verify(authority!.publicKey) && own!.checkIssued(authority!)).toBe(true);
  expect(
    own!.checkPrivateKey(
      createPrivateKey(/-----BEGIN PRIVATE KEY-----[^-]+-----END PRIVATE KEY-----/.exec(made.file)![0]),
    ),
  ).toBe(true);
  expect(Date.parse(own!.validTo) - nowMs).toBeGreaterThan(729 * dayMs);
  expect(await readCentreAddress(db)).toBe(address);
  const found = await findDeviceCertificate(db, own!.fingerprint256.replaceAll(":", "").toLowerCase());
  expect(found).toMatchObject({ identity: one, firstUsedAt: null, revokedAt: null });

  // The key is nowhere: neither in clear nor sealed; that of the authority is sealed.
  const { rows } = await db.query<{ text: string }>(
    sql`select (select string_agg(a::text, '') from device_authority a) || (select string_agg(c::text, '') from device_certificate c) as text`,
  );
  expect(rows[0]!.text).not.toContain("PRIVATE KEY");

  await expect(issueDeviceCertificate(db, ring, wanted)).rejects.toMatchObject({
    code: "certificate.exists",
  });
  await expect(issueDeviceCertificate(db, ring, { ...wanted, identity: "NOBODY" })).rejects.toMatchObject({
    code: "certificate.device-unknown",
  });
});

test("the centre shows what the device's authority signed, under the names that it is called by", async () => {
  const shown = await issueCentreCertificate(db, ring, ["centre.example", "192.0.2.1"], nowMs);
  const certificate = new X509Certificate(shown.certificatePem);
  expect(certificate.checkHost("centre.example")).toBe("centre.example");
  expect(certificate.checkIP("192.0.2.1")).toBe("192.0.2.1");
  expect(shown.trusted).toHaveLength(1);
  expect(certificate.verify(new X509Certificate(shown.trusted[0]!).publicKey)).toBe(true);
});

test("a new certificate ends the one before when it is shown, and at once when that one never was", async () => {
  const issue = () => issueDeviceCertificate(db, ring, { identity: one, days: 730, nowMs, replace: true });
  const use = async (fingerprint: string) =>
    recordCertificateUse(db, (await findDeviceCertificate(db, fingerprint))!);
  const second = await issue();
  expect(await states(one)).toEqual(["revoked", "good"]);
  expect(await identityInClear(db, one, "203.0.113.5")).toBe("refused");
  expect(await use(second.fingerprint)).toBe(true);
  const third = await issue();
  expect(await states(one)).toEqual(["revoked", "good", "good"]);
  // The old one still is good, and its use ends nothing that is newer.
  expect(await use(second.fingerprint)).toBe(true);
  expect(await states(one)).toEqual(["revoked", "good", "good"]);
  expect(await use(third.fingerprint)).toBe(true);
  expect(await states(one)).toEqual(["revoked", "revoked", "good"]);
  expect(await use(second.fingerprint)).toBe(false);

  expect(await revokeDeviceCertificate(db, third.certificateId)).toBe(true);
  expect(await revokeDeviceCertificate(db, third.certificateId)).toBe(false);
});

test("a device may call in the clear until it has shown a certificate", async () => {
  const identity = "ENC0000000000002";
  expect(await identityInClear(db, identity, "203.0.113.5")).toBe("unproven");
  const { fingerprint } = await issueDeviceCertificate(db, ring, { identity, days: 1, nowMs });
  expect(await identityInClear(db, identity, "203.0.113.5")).toBe("unproven");
  await recordCertificateUse(db, (await findDeviceCertificate(db, fingerprint))!);
  expect(await identityInClear(db, identity, "203.0.113.5")).toBe("refused");
});

test("three years before the authority ends there is a second; devices learn it while the centre shows the first", async () => {
  const laterMs = nowMs + 8 * 365 * dayMs;
  const made = await issueDeviceCertificate(db, ring, {
    identity: "ENC0000000000003",
    days: 730,
    nowMs: laterMs,
  });
  const [own, first, second, ...more] = certificatesIn(made.file);
  expect(more).toEqual([]);
  expect(own!.verify(second!.publicKey)).toBe(true);
  const shown = await issueCentreCertificate(db, ring, ["centre.example"], laterMs);
  expect(new X509Certificate(shown.certificatePem).verify(first!.publicKey)).toBe(true);
  // When the first has ended, the second is shown.
  const lastMs = nowMs + 11 * 365 * dayMs;
  expect(await readAuthorities(db, lastMs)).toEqual([second!.toString()]);
  const then = await issueCentreCertificate(db, ring, ["centre.example"], lastMs);
  expect(new X509Certificate(then.certificatePem).verify(second!.publicKey)).toBe(true);
});
