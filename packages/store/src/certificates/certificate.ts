import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
  sign,
  X509Certificate,
} from "node:crypto";
import { isIP } from "node:net";
import {
  bits,
  der,
  explicit,
  implicit,
  integer,
  octets,
  oid,
  sequence,
  set,
  time,
  utf8,
  yes,
} from "./der.ts";

export interface Issued {
  readonly certificatePem: string;
  readonly keyPem: string;
}

const dayMs = 86_400_000;
/** What browsers accept at most of a server is 398 days. */
const serverDays = 397;
export const authorityDays = 3_650;
/** A clock that is slow must not find a new certificate not valid yet. */
const backdatedMs = 3_600_000;

const ecdsaWithSha256 = sequence(oid("1.2.840.10045.4.3.2"));
const name = (commonName: string): Buffer =>
  sequence(
    set(sequence(oid("2.5.4.10"), utf8("ENERGSys"))),
    set(sequence(oid("2.5.4.3"), utf8(commonName.slice(0, 64)))),
  );
const extension = (id: string, critical: boolean, value: Buffer): Buffer =>
  sequence(oid(id), ...(critical ? [yes] : []), octets(value));

const newKey = (): KeyObject => generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey;
const keyPem = (key: KeyObject): string => key.export({ format: "pem", type: "pkcs8" }) as string;
const spki = (key: KeyObject): Buffer => createPublicKey(key).export({ format: "der", type: "spki" });
/** The bits of the public key are the last 65 bytes of its description (RFC 5280, 4.2.1.2, method 1). */
const keyId = (key: KeyObject): Buffer => createHash("sha1").update(spki(key).subarray(-65)).digest();

function certificate(fields: {
  readonly subject: string;
  readonly issuer: string;
  readonly key: KeyObject;
  readonly issuerKey: KeyObject;
  readonly fromMs: number;
  readonly days: number;
  readonly extensions: readonly Buffer[];
}): string {
  const serial = randomBytes(16);
  serial[0]! &= 0x7f;
  const body = sequence(
    explicit(0, integer(Buffer.of(2))),
    integer(serial),
    ecdsaWithSha256,
    name(fields.issuer),
    sequence(time(fields.fromMs - backdatedMs), time(fields.fromMs - backdatedMs + fields.days * dayMs)),
    name(fields.subject),
    spki(fields.key),
    explicit(
      3,
      sequence(
        ...fields.extensions,
        extension("2.5.29.14", false, octets(keyId(fields.key))),
        extension("2.5.29.35", false, sequence(implicit(0, keyId(fields.issuerKey)))),
      ),
    ),
  );
  const whole = sequence(body, ecdsaWithSha256, bits(sign("sha256", body, fields.issuerKey)));
  const base64 = whole.toString("base64").replace(/.{64}/g, "$&\n").trimEnd();
  return `-----BEGIN CERTIFICATE-----\n${base64}\n-----END CERTIFICATE-----\n`;
}

/** An authority of this installation alone: whoever trusts it trusts its server, also after the yearly renewal. */
export function makeAuthority(nowMs: number): Issued {
  const key = newKey();
  const subject = `ENERGSys authority ${randomBytes(4).toString("hex")}`;
  const certificatePem = certificate({
    subject,
    issuer: subject,
    key,
    issuerKey: key,
    fromMs: nowMs,
    days: authorityDays,
    extensions: [
      extension("2.5.29.19", true, sequence(yes, integer(Buffer.of(0)))), // an authority, of servers only
      extension("2.5.29.15", true, bits(Buffer.of(0b0000_0110), 1)), // signs certificates and their revocation
    ],
  });
  return { certificatePem, keyPem: keyPem(key) };
}

/** A server's certificate for these names and addresses (P-256, 397 days). */
export const issueCertificate = (authority: Issued, names: readonly string[], nowMs: number): Issued =>
  issue(authority, serverPurpose, names, nowMs, serverDays);

/** What a device shows when it calls: its identity is the common name and the one alternative name. */
export const issueClientCertificate = (
  authority: Issued,
  identity: string,
  nowMs: number,
  days: number,
): Issued => issue(authority, clientPurpose, [identity], nowMs, days);

const serverPurpose = "1.3.6.1.5.5.7.3.1";
const clientPurpose = "1.3.6.1.5.5.7.3.2";

function issue(
  authority: Issued,
  purpose: string,
  names: readonly string[],
  nowMs: number,
  days: number,
): Issued {
  const key = newKey();
  const issuer = new X509Certificate(authority.certificatePem).subject.match(/CN=(.*)/)?.[1] ?? "";
  const certificatePem = certificate({
    subject: names[0] ?? "localhost",
    issuer,
    key,
    issuerKey: createPrivateKey(authority.keyPem),
    fromMs: nowMs,
    days,
    extensions: [
      extension("2.5.29.19", true, sequence()),
      extension("2.5.29.15", true, bits(Buffer.of(0b1000_0000), 7)), // signs handshakes
      extension("2.5.29.37", false, sequence(oid(purpose))),
      extension("2.5.29.17", false, sequence(...names.map(alternativeName))),
    ],
  });
  return { certificatePem, keyPem: keyPem(key) };
}

function alternativeName(text: string): Buffer {
  const version = isIP(text);
  if (version === 0) return der(0x82, Buffer.from(text, "ascii"));
  return der(0x87, version === 4 ? Buffer.from(text.split(".").map(Number)) : addressBytes(text));
}

/** The 16 bytes of an IPv6 address. */
function addressBytes(text: string): Buffer {
  const [head = "", tail] = text.toLowerCase().split("::");
  const groups = (part: string | undefined): number[] =>
    part ? part.split(":").map((group) => Number.parseInt(group, 16)) : [];
  const [first, last] = [groups(head), groups(tail)];
  const zeros = tail === undefined ? [] : new Array<number>(8 - first.length - last.length).fill(0);
  const bytes = Buffer.alloc(16);
  [...first, ...zeros, ...last].forEach((group, index) => {
    bytes.writeUInt16BE(group, index * 2);
  });
  return bytes;
}
