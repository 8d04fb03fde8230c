import {
  type DeviceCertificate,
  issueDeviceCertificate,
  listDeviceCertificates,
  readCentreAddress,
  revokeDeviceCertificate,
} from "@energsys/store";
import type { Handlers } from "../handlers.ts";
import { iso } from "../instants.ts";
import { Problem } from "../problem.ts";

const isoOrNull = (ms: number | null) => (ms === null ? null : iso(ms));

function stateOf({ revokedAt, endsAt, firstUsedAt }: DeviceCertificate, nowMs: number) {
  if (revokedAt !== null) return "revoked";
  if (endsAt <= nowMs) return "ended";
  return firstUsedAt === null ? "not-used" : "in-use";
}

/** Certificates of devices; the private key of one leaves with the answer that makes it, and is nowhere afterwards. */
export const certificateHandlers: Handlers<
  "listDeviceCertificates" | "issueDeviceCertificate" | "revokeDeviceCertificate"
> = {
  async listDeviceCertificates({ services: { db, now } }) {
    const rows = await listDeviceCertificates(db);
    return {
      address: (await readCentreAddress(db)) ?? null,
      rows: rows.map((certificate) => ({
        ...certificate,
        state: stateOf(certificate, now()),
        issuedAt: iso(certificate.issuedAt),
        endsAt: iso(certificate.endsAt),
        firstUsedAt: isoOrNull(certificate.firstUsedAt),
        lastUsedAt: isoOrNull(certificate.lastUsedAt),
        revokedAt: isoOrNull(certificate.revokedAt),
      })),
    };
  },

  async issueDeviceCertificate({ body, services: { db, keyRing, now } }) {
    if (!keyRing) throw new Problem("device.no-key");
    const made = await issueDeviceCertificate(db, keyRing, { ...body, nowMs: now() });
    return { ...made, endsAt: iso(made.endsAt) };
  },

  async revokeDeviceCertificate({ params: { certificateId }, services: { db } }) {
    if (!(await revokeDeviceCertificate(db, certificateId))) throw new Problem("certificate.unknown");
    return { accepted: true };
  },
};
