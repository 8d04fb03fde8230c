import { createPrivateKey, X509Certificate } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import { hostname, networkInterfaces } from "node:os";
import { join } from "node:path";
import { type Issued, issueCertificate, makeAuthority } from "@energsys/store";
import { ServerError } from "../server-error.ts";

export type TlsSource =
  /** Made here at the first start, and renewed by itself. */
  | { readonly kind: "own"; readonly folder: string; readonly names: readonly string[] }
  /** Somebody else's, who renews the files. */
  | { readonly kind: "files"; readonly certificateFile: string; readonly keyFile: string };

export interface TlsIdentity {
  readonly kind: TlsSource["kind"];
  readonly certificatePem: string;
  readonly keyPem: string;
  /** SHA-256 of the server's certificate, as browsers show it. */
  readonly fingerprint: string;
  readonly notBeforeMs: number;
  readonly notAfterMs: number;
  /** DNS names and addresses that it is for. */
  readonly names: readonly string[];
  /** What browsers of this installation may trust; of an own authority only. */
  readonly authorityFile: string | undefined;
  /** Issued by another, for a name that is not this machine's alone: browsers may be told to insist on it. */
  readonly isTrusted: boolean;
}

const renewBeforeMs = 30 * 86_400_000;

/** Names by which this machine may be called. */
const machineNames = (): string[] => [
  hostname(),
  "localhost",
  ...Object.values(networkInterfaces()).flatMap((addresses = []) =>
    addresses.filter(({ address }) => !address.startsWith("fe80")).map(({ address }) => address),
  ),
];

/**
 * The server's certificate and key as the files have them now; an own one is made when it is missing, and anew when it ends within 30
 * days or lacks a name.
 * @throws ServerError `tls.unreadable`, `tls.key-mismatch`, `tls.expired`
 */
export function loadIdentity(source: TlsSource, nowMs: number): TlsIdentity {
  if (source.kind === "files") {
    const identity = readIdentity(source.kind, source.certificateFile, source.keyFile, undefined);
    if (identity.notAfterMs < nowMs)
      throw new ServerError(
        "tls.expired",
        `${source.certificateFile} ended ${new Date(identity.notAfterMs).toISOString()}`,
      );
    return identity;
  }
  const { folder } = source;
  const authorityFile = join(folder, "authority.pem");
  const [certificateFile, keyFile] = [join(folder, "server.pem"), join(folder, "server.key")];
  const names = [...new Set([...source.names, ...machineNames()])].sort();
  const read = () => readIdentity("own", certificateFile, keyFile, authorityFile);
  if (existsSync(certificateFile)) {
    const identity = read();
    const lasting = identity.notAfterMs - nowMs > renewBeforeMs;
    if (lasting && source.names.every((wanted) => identity.names.includes(wanted))) return identity;
  }
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const authority = findAuthority(folder, authorityFile, nowMs);
    const issued = issueCertificate(authority, names, nowMs);
    replace(keyFile, issued.keyPem, 0o400);
    replace(certificateFile, issued.certificatePem + authority.certificatePem, 0o444);
  } catch (cause) {
    if (cause instanceof ServerError) throw cause;
    throw new ServerError("tls.unreadable", `cannot write in ${folder}: ${(cause as Error).message}`, cause);
  }
  return read();
}

function findAuthority(folder: string, certificateFile: string, nowMs: number): Issued {
  const keyFile = join(folder, "authority.key");
  if (existsSync(certificateFile) && existsSync(keyFile)) {
    const certificatePem = readFileSync(certificateFile, "utf8");
    const endsMs = Date.parse(new X509Certificate(certificatePem).validTo);
    if (endsMs - nowMs > 400 * 86_400_000) return { certificatePem, keyPem: readFileSync(keyFile, "utf8") };
  }
  const authority = makeAuthority(nowMs);
  replace(keyFile, authority.keyPem, 0o400);
  replace(certificateFile, authority.certificatePem, 0o444);
  return authority;
}

function replace(path: string, text: string, mode: number): void {
  writeFileSync(`${path}.new`, text, { mode, flush: true });
  renameSync(`${path}.new`, path);
}

function readIdentity(
  kind: TlsSource["kind"],
  certificateFile: string,
  keyFile: string,
  authorityFile: string | undefined,
): TlsIdentity {
  const read = (path: string): string => {
    try {
      return readFileSync(path, "utf8");
    } catch (cause) {
      throw new ServerError(
        "tls.unreadable",
        `${path} cannot be read (${(cause as NodeJS.ErrnoException).code})`,
        cause,
      );
    }
  };
  const certificatePem = read(certificateFile);
  const keyPem = read(keyFile);
  let certificate: X509Certificate;
  let matches: boolean;
  try {
    certificate = new X509Certificate(certificatePem);
    matches = certificate.checkPrivateKey(createPrivateKey(keyPem));
  } catch (cause) {
    throw new ServerError(
      "tls.unreadable",
      `${certificateFile} or ${keyFile} is no PEM file of a certificate and its key`,
      cause,
    );
  }
  if (!matches) throw new ServerError("tls.key-mismatch", `${keyFile} is not the key of ${certificateFile}`);
  const names = (certificate.subjectAltName ?? "")
    .split(", ")
    .map((entry) => entry.replace(/^(DNS|IP Address):/, "").toLowerCase());
  return {
    kind,
    certificatePem,
    keyPem,
    fingerprint: certificate.fingerprint256,
    notBeforeMs: Date.parse(certificate.validFrom),
    notAfterMs: Date.parse(certificate.validTo),
    names,
    authorityFile,
    isTrusted: kind === "files" && certificate.issuer !== certificate.subject,
  };
}

/** Tells whether files are other than before, without reading them. */
export function stampOf(source: TlsSource): string {
  const files =
    source.kind === "files"
      ? [source.certificateFile, source.keyFile]
      : [join(source.folder, "server.pem"), join(source.folder, "server.key")];
  return files
    .map((path) => {
      const stats = statSync(path, { throwIfNoEntry: false });
      return stats ? `${stats.mtimeMs} ${stats.size} ${stats.ino}` : "absent";
    })
    .join(" | ");
}
