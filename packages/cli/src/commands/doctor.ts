import { X509Certificate } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { type Database, readBackupState, readLastRuns, sql } from "@energsys/store";
import type { Command } from "commander";
import { CliError } from "../cli-error.ts";
import { describeError } from "../describe-error.ts";
import { dataFolder, freeBytes, prepareDataFolder } from "../supervisor/data-folder.ts";
import { findWebRoot } from "../supervisor/web-root.ts";
import { withDatabase } from "./with-database.ts";

interface Finding {
  readonly check: string;
  readonly ok: boolean;
  readonly detail: string;
}

type Check = readonly [name: string, run: () => Promise<string>];

const zone = process.env.ENERGSYS_ZONE ?? "Europe/Bucharest";

export function addDoctor(program: Command): void {
  program
    .command("doctor")
    .description("looks at this machine and says what would keep the system from running")
    .option("--data <folder>", "where everything is kept (ENERGSYS_DATA)")
    .option("--http <host:port>", "address of the web application", "127.0.0.1:8420")
    .option("--json", "the findings as JSON")
    .action(async (options: { data?: string; http: string; json?: boolean }) => {
      const findings: Finding[] = [];
      for (const [check, run] of checks(options)) findings.push(await find(check, run));
      process.stdout.write(options.json ? `${JSON.stringify({ findings }, null, 2)}\n` : format(findings));
      const bad = findings.filter(({ ok }) => !ok);
      if (bad.length > 0) throw new CliError("doctor.found", bad.map(({ check }) => check).join(", "));
    });
}

function checks(options: { data?: string; http: string }): Check[] {
  const folder = dataFolder(options.data);
  return [
    ["node", async () => checkNode()],
    ["time zones", async () => checkZone()],
    ["web application", async () => findWebRoot()],
    [
      "data folder",
      async () => {
        prepareDataFolder(folder);
        return `${folder}, ${(freeBytes(folder) / 1e9).toFixed(1)} GB free`;
      },
    ],
    ["http port", () => checkPort(options.http)],
    ["certificate", async () => checkCertificate(folder, Date.now())],
    ["database", () => withDatabase(options.data, checkDatabase)],
    ["backups", () => withDatabase(options.data, (db) => checkBackups(db, Date.now()))],
  ];
}

async function find(check: string, run: () => Promise<string>): Promise<Finding> {
  try {
    return { check, ok: true, detail: await run() };
  } catch (error) {
    const { code, message } = describeError(error);
    return { check, ok: false, detail: `${code}: ${message}` };
  }
}

function checkNode(): string {
  if (typeof Temporal === "undefined")
    throw new CliError("cli.node-missing", `Node ${process.version} has no Temporal`);
  return process.version;
}

/** The clocks of the market change twice a year: a runtime with the wrong rules would shift every reading. */
function checkZone(): string {
  const hoursOn = (day: string) => Temporal.PlainDate.from(day).toZonedDateTime(zone).hoursInDay;
  const [spring, autumn] = [hoursOn("2026-03-29"), hoursOn("2026-10-25")];
  if (zone === "Europe/Bucharest" && (spring !== 23 || autumn !== 25)) {
    throw new CliError("doctor.zone", `${zone} has ${spring} and ${autumn} hours on the days of change`);
  }
  return `${zone}: ${spring} h on 29 March 2026, ${autumn} h on 25 October 2026`;
}

function checkPort(address: string): Promise<string> {
  const [host, port] = [
    address.slice(0, address.lastIndexOf(":")),
    Number(address.slice(address.lastIndexOf(":") + 1)),
  ];
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", () => reject(new CliError("doctor.port-used", `${address} is in use`)));
    probe.listen(port, host, () => probe.close(() => resolve(`${address} is free`)));
  });
}

const dayMs = 86_400_000;

/** The certificate that browsers will be shown. @throws CliError `doctor.certificate` in the last week */
function checkCertificate(folder: string, nowMs: number): string {
  const file = process.env.ENERGSYS_TLS_CERTIFICATE ?? join(folder, "tls", "server.pem");
  if (!existsSync(file)) return "none yet: energsys start makes one";
  const { validTo, fingerprint256 } = new X509Certificate(readFileSync(file));
  const days = Math.floor((Date.parse(validTo) - nowMs) / dayMs);
  if (days <= 7) throw new CliError("doctor.certificate", `${file} ends in ${days} days`);
  return `ends in ${days} days, SHA-256 ${fingerprint256.slice(0, 11)}…`;
}

/** @throws CliError `doctor.backups` for what would be missed on the day that they are needed */
async function checkBackups(db: Database, nowMs: number): Promise<string> {
  const { rows } = await db.query<{ there: boolean }>(
    sql`select to_regclass('backup_state') is not null as there`,
  );
  const state = rows[0]?.there ? await readBackupState(db) : undefined;
  if (!state) return "none yet: energsys start makes them";
  const { base, check } = await readLastRuns(db);
  const wrong = [
    state.errorCode,
    base.last?.state === "failed" ? `the last base backup failed (${base.last.errorCode})` : null,
    check.last?.state === "failed" ? `the last restore check failed (${check.last.errorCode})` : null,
    nowMs - (base.lastGood?.endedAt ?? 0) > 2 * dayMs ? "no good base backup for two days" : null,
  ].filter((reason) => reason !== null);
  if (wrong.length > 0) throw new CliError("doctor.backups", wrong.join("; "));
  const covered = state.coveredAt === null ? "–" : new Date(state.coveredAt).toISOString();
  return `${state.folder}, complete up to ${covered}${state.sameDisk ? "; on the disk of the data: they do not outlive it" : ""}`;
}

async function checkDatabase(db: Database): Promise<string> {
  const { rows } = await db.query<{
    version: string;
    encoding: string;
    fsync: string;
    migrations: number;
  }>(sql`
    select current_setting('server_version') as version, current_setting('server_encoding') as encoding,
      current_setting('fsync') as fsync,
      (select count(*)::int from information_schema.tables where table_name = 'load_day') as migrations`);
  const { version, encoding, fsync, migrations } = rows[0]!;
  if (encoding !== "UTF8")
    throw new CliError("doctor.encoding", `the database is ${encoding}, it must be UTF8`);
  if (fsync !== "on")
    throw new CliError("doctor.fsync", "fsync is off: a power cut would lose acknowledged readings");
  return `PostgreSQL ${version}, ${migrations > 0 ? "migrated" : "empty: energsys db migrate"}`;
}

function format(findings: readonly Finding[]): string {
  return findings
    .map(({ check, ok, detail }) => `${ok ? "● ok      " : "■ problem "} ${check.padEnd(16)} ${detail}\n`)
    .join("");
}
