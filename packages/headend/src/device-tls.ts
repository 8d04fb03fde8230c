import { constants, X509Certificate } from "node:crypto";
import type { Socket } from "node:net";
import { hostname, networkInterfaces } from "node:os";
import { createSecureContext, type SecureContext, TLSSocket } from "node:tls";
import {
  type Database,
  type DeviceCertificate,
  findDeviceCertificate,
  issueCentreCertificate,
  type KeyRing,
  readCentreAddress,
} from "@energsys/store";

const renewBeforeMs = 30 * 86_400_000;

/** What a caller showed, or why it is sent away. */
export type ShownCertificate =
  | { readonly ok: true; readonly certificate: DeviceCertificate }
  | { readonly ok: false; readonly code: string; readonly identity?: string };

/** Names by which this machine may be called. */
const machineNames = (): string[] => [
  hostname(),
  "localhost",
  ...Object.values(networkInterfaces()).flatMap((addresses = []) =>
    addresses.filter(({ address }) => !address.startsWith("fe80")).map(({ address }) => address),
  ),
];

/**
 * The centre's side of TLS to devices: the certificate that it shows, made by the authority of devices for the address that they were
 * given, and the question whose certificate a caller shows.
 */
export class DeviceTls {
  readonly #db: Database;
  readonly #ring: KeyRing;
  readonly #now: () => number;
  #shown: { readonly context: SecureContext; readonly names: string; readonly endsAtMs: number } | undefined;

  constructor(db: Database, ring: KeyRing, now: () => number) {
    this.#db = db;
    this.#ring = ring;
    this.#now = now;
  }

  /** Before the first caller, and from time to time: another address or authority, or an end that is near, needs another certificate. */
  async refresh(): Promise<void> {
    const nowMs = this.#now();
    const address = await readCentreAddress(this.#db);
    const host = address?.slice(0, address.lastIndexOf(":")).replace(/^\[(.*)\]$/, "$1");
    const names = [...new Set([...(host ? [host] : []), ...machineNames()])];
    const before = this.#shown;
    if (before && before.names === names.join(" ") && before.endsAtMs - nowMs > renewBeforeMs) return;
    const issued = await issueCentreCertificate(this.#db, this.#ring, names, nowMs);
    this.#shown = {
      context: createSecureContext({
        cert: issued.certificatePem,
        key: issued.keyPem,
        ca: [...issued.trusted],
        minVersion: "TLSv1.2",
        // Each call shows its certificate: a resumed session would outlive a revocation.
        secureOptions: constants.SSL_OP_NO_TICKET,
      }),
      names: names.join(" "),
      endsAtMs: Date.parse(new X509Certificate(issued.certificatePem).validTo),
    };
  }

  /** The handshake, in which the caller proves that the key of what it shows is its own. Rejects when there is none. */
  secure(socket: Socket): Promise<TLSSocket> {
    const secured = new TLSSocket(socket, {
      isServer: true,
      secureContext: this.#shown!.context,
      requestCert: true,
      // What is shown is looked up in our own list, so that a refusal can say why.
      rejectUnauthorized: false,
    });
    return new Promise((resolve, reject) => {
      secured.once("secure", () => resolve(secured));
      secured.once("error", reject);
      secured.once("close", () => reject(new Error("closed during the handshake")));
    });
  }

  /** Whose certificate it is: ours only what stands in the list of those that were given out. */
  async look(socket: TLSSocket): Promise<ShownCertificate> {
    const shown = socket.getPeerX509Certificate();
    if (!shown) return { ok: false, code: "call-in.no-certificate" };
    const fingerprint = shown.fingerprint256.replaceAll(":", "").toLowerCase();
    const certificate = await findDeviceCertificate(this.#db, fingerprint);
    if (!certificate) return { ok: false, code: "call-in.foreign-certificate" };
    const { identity, revokedAt, endsAt } = certificate;
    if (revokedAt !== null) return { ok: false, code: "call-in.certificate-revoked", identity };
    if (endsAt <= this.#now()) return { ok: false, code: "call-in.certificate-expired", identity };
    return { ok: true, certificate };
  }
}
