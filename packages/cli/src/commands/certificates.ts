import { existsSync, writeFileSync } from "node:fs";
import {
  type DeviceCertificate,
  issueDeviceCertificate,
  listDeviceCertificates,
  revokeDeviceCertificate,
} from "@energsys/store";
import type { Command } from "commander";
import { CliError } from "../cli-error.ts";
import { withKeys } from "./keyed-database.ts";
import { type Common, common, wholeNumber } from "./options.ts";
import { withDatabase } from "./with-database.ts";

interface IssueOptions extends Common {
  readonly address?: string;
  readonly days: number;
  readonly out?: string;
}

const issuing = (command: Command): Command =>
  common(command)
    .argument("<identity>", "the device, such as ENC0000000000017")
    .option(
      "--address <host:port>",
      "where devices call (ENERGSYS_LISTEN_TLS as they reach it); kept for the next",
    )
    .option("--days <n>", "it ends after so many days", wholeNumber(1, 1095), 730)
    .option("--out <file>", "writes the file there, for its owner alone, and not to the output");

/** Certificates of devices that call in over TLS. */
export function addCertificates(program: Command): void {
  const certificates = program
    .command("certificates")
    .description("certificates by which concentrators that call in say who they are");
  issuing(
    certificates
      .command("issue")
      .description("a certificate for a device; its file with the key is given out once and kept nowhere"),
  ).action((identity: string, options: IssueOptions) => issue(identity, options, false));
  issuing(
    certificates
      .command("rotate")
      .description("a new certificate; the one in use stays good until the device shows the new one"),
  ).action((identity: string, options: IssueOptions) => issue(identity, options, true));
  common(certificates.command("revoke").description("ends a certificate and the line that stands on it"))
    .argument("<number>", "its number in `energsys certificates list`", wholeNumber(1, 2 ** 31 - 1))
    .action(revoke);
  common(certificates.command("list").description("certificates, with the last use of each")).action(list);
}

const tell = ({ json }: Common, result: object, text: string) =>
  process.stdout.write(json ? `${JSON.stringify(result, null, 2)}\n` : text);
const iso = (ms: number | null) => (ms === null ? null : new Date(ms).toISOString());

const issue = (identity: string, options: IssueOptions, replace: boolean): Promise<void> =>
  withKeys(options.data, async (db, ring) => {
    const { address, days, out } = options;
    if (address !== undefined && !/^(\[[0-9a-fA-F:.]+\]|[A-Za-z0-9.-]{1,253}):\d{1,5}$/.test(address))
      throw new CliError("certificate.address-invalid", `${address} is no host:port`);
    if (out !== undefined && existsSync(out))
      throw new CliError("certificate.file-exists", `${out} is there; nothing was issued`);
    const made = await issueDeviceCertificate(db, ring, {
      identity,
      days,
      replace,
      nowMs: Date.now(),
      ...(address === undefined ? {} : { address }),
    });
    const { file, endsAt, ...facts } = made;
    if (out !== undefined) writeFileSync(out, file, { mode: 0o600, flag: "wx", flush: true });
    tell(
      options,
      { identity, ...facts, endsAt: iso(endsAt), ...(out === undefined ? { file } : { out }) },
      out === undefined ? file : `${out}\n`,
    );
    process.stderr.write(
      `${identity}: certificate ${made.certificateId} until ${iso(endsAt)!.slice(0, 10)}. This is shown once.\n`,
    );
  });

const revoke = (certificateId: number, options: Common): Promise<void> =>
  withDatabase(options.data, async (db) => {
    if (!(await revokeDeviceCertificate(db, certificateId)))
      throw new CliError(
        "certificate.unknown",
        `there is no certificate ${certificateId}, or it was revoked before`,
      );
    tell(options, { certificateId, revoked: true }, `certificate ${certificateId} is revoked\n`);
  });

function stateOf({ revokedAt, endsAt, firstUsedAt }: DeviceCertificate): string {
  if (revokedAt !== null) return "revoked";
  if (endsAt <= Date.now()) return "ended";
  return firstUsedAt === null ? "not used" : "in use";
}

const list = (options: Common): Promise<void> =>
  withDatabase(options.data, async (db) => {
    const rows = (await listDeviceCertificates(db)).map((certificate) => ({
      ...certificate,
      state: stateOf(certificate),
      issuedAt: iso(certificate.issuedAt),
      endsAt: iso(certificate.endsAt),
      firstUsedAt: iso(certificate.firstUsedAt),
      lastUsedAt: iso(certificate.lastUsedAt),
      revokedAt: iso(certificate.revokedAt),
    }));
    const lines = rows.map(
      ({ certificateId, identity, state, endsAt, lastUsedAt }) =>
        `${String(certificateId).padStart(5)}  ${identity.padEnd(16)}  ${state.padEnd(8)}  until ${endsAt!.slice(0, 10)}  last ${lastUsedAt ?? "never"}\n`,
    );
    tell(options, { certificates: rows }, lines.join("") || "no certificates\n");
  });
