import { join, resolve } from "node:path";
import {
  type BackupOptions,
  backUpOnce,
  checkOnce,
  findLines,
  restore,
  settleRestored,
} from "@energsys/store";
import type { Command } from "commander";
import { CliError } from "../cli-error.ts";
import { type BackupPlaces, backupPlaces, findBackupKey, openBackupKey } from "../supervisor/backups.ts";
import { dataFolder, markRestored, prepareDataFolder } from "../supervisor/data-folder.ts";
import { findOwnDatabase } from "../supervisor/own-database.ts";
import { withDatabaseUrl } from "./with-database.ts";

interface Places {
  readonly data?: string;
  readonly backups?: string;
  readonly key?: string;
  readonly json?: boolean;
}

const addPlaces = (command: Command): Command =>
  command
    .option("--data <folder>", "where everything is kept (ENERGSYS_DATA)")
    .option("--backups <folder>", "where the backups lie (ENERGSYS_BACKUP_FOLDER)")
    .option("--key <file>", "the key of the backups (ENERGSYS_BACKUP_KEY_FILE)")
    .option("--json", "the result as JSON");

const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`;
const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;

export function addBackup(program: Command): void {
  const backup = addPlaces(
    program
      .command("backup")
      .description("one base backup now; `energsys start` takes one a day, and all WAL at once"),
  ).action(async (options: Places) => {
    const started = performance.now();
    const { key, made } = findBackupKey(placesOf(options));
    const manifest = await withOptions(options, (rest) => backUpOnce({ ...rest, key }));
    const bytes = manifest.files.reduce((sum, file) => sum + file.bytes, 0);
    if (options.json) return print({ ...manifest, bytes });
    process.stdout.write(
      `${manifest.line}/${manifest.id}: ${megabytes(manifest.clusterBytes)} in ${megabytes(bytes)}, ${seconds(performance.now() - started)}\n`,
    );
    if (made)
      process.stdout.write(
        `Keep a copy of ${placesOf(options).keyFile} elsewhere: nothing else opens the backups.\n`,
      );
  });
  addPlaces(backup.command("list").description("what can be restored")).action(
    (options: Places, command: Command) => {
      // Options before the word "list" belong to the command above it.
      const lines = listLines(placesOf({ ...command.parent!.opts<Places>(), ...options }));
      if (options.json ?? command.parent!.opts<Places>().json) return print({ lines });
      if (lines.length === 0) process.stdout.write("no backups\n");
      for (const { line, until, bases, walBytes } of lines) {
        process.stdout.write(`${line}  restorable until ${until ?? "—"}, WAL ${megabytes(walBytes)}\n`);
        for (const { id, from, bytes } of bases)
          process.stdout.write(`  ${id}  from ${from}  ${megabytes(bytes)}\n`);
      }
    },
  );

  addPlaces(
    program
      .command("restore")
      .description("the database as it was at a moment, in a new folder; nothing that runs is touched"),
  )
    .requiredOption("--folder <folder>", "the new data folder; `energsys start --data` runs it")
    .option(
      "--to <time>",
      "2026-11-26T03:45:00Z, or 2026-11-26 05:45 of ENERGSYS_ZONE; the newest moment when left out",
    )
    .action(runRestore);

  addPlaces(
    program
      .command("restore-check")
      .description("restores the newest backup into a scratch server and looks at what is in it"),
  ).action(async (options: Places) => {
    const key = openBackupKey(placesOf(options));
    const outcome = await withOptions(options, (rest) => checkOnce({ ...rest, key }));
    if (options.json) return print(outcome);
    process.stdout.write(
      `good: ${outcome.backup}, state of ${outcome.coveredAt}; ${megabytes(outcome.clusterBytes)} and ${outcome.segments} WAL segments restored in ${seconds(outcome.restoreMs)}; ` +
        `${outcome.tables} tables with ${outcome.rows} rows and the digests of ${outcome.days} days checked in ${seconds(outcome.checkMs)}\n`,
    );
  });
}

async function runRestore(options: Places & { folder: string; to?: string }): Promise<void> {
  const places = placesOf(options);
  const key = openBackupKey(places);
  const toMs = options.to === undefined ? undefined : parseMoment(options.to);
  const folder = resolve(options.folder);
  prepareDataFolder(folder);
  const say = (line: string) => {
    if (!options.json) process.stdout.write(`  ${line}\n`);
  };
  const outcome = await restore(
    {
      backups: places.folder,
      key,
      toMs,
      folder: join(folder, "postgres"),
      durable: true,
      onStep: (step, facts) => say(`${step} ${JSON.stringify(facts)}`),
    },
    settleRestored,
  );
  markRestored(folder, `from ${outcome.base.line}/${outcome.base.id}`);
  const moment = toMs === undefined ? outcome.coveredAt : new Date(toMs).toISOString();
  if (options.json)
    return print({
      moment,
      base: outcome.base.id,
      line: outcome.base.line,
      segments: outcome.segments,
      dataFolder: outcome.dataFolder,
      durationMs: Math.round(outcome.durationMs),
    });
  say(`restored to ${moment} in ${seconds(outcome.durationMs)}, in ${outcome.dataFolder}`);
  process.stdout.write(
    outcome.base.server === "embedded"
      ? `Next: put master.key and dispatcher.key of that system into ${folder} (they are in no backup), then\n  energsys start --data ${folder}\n`
      : `Next: let your PostgreSQL run on ${outcome.dataFolder} (owner, postgresql.conf and pg_hba.conf as at your place).\n`,
  );
}

/** @throws CliError `restore.time-invalid` */
function parseMoment(text: string): number {
  const zone = process.env.ENERGSYS_ZONE ?? "Europe/Bucharest";
  try {
    if (/(Z|[+-]\d{2}:?\d{2})$/i.test(text))
      return Temporal.Instant.from(text.replace(" ", "T")).epochMilliseconds;
    return Temporal.PlainDateTime.from(text.replace(" ", "T")).toZonedDateTime(zone).epochMilliseconds;
  } catch (cause) {
    throw new CliError("restore.time-invalid", `${text} is no moment such as 2026-11-26T03:45:00Z`, cause);
  }
}

function listLines(places: BackupPlaces) {
  return findLines(places.folder).map((line) => ({
    line: line.name,
    until: line.covered()?.at,
    walBytes: line.walBytes(),
    bases: line.bases().map((base) => ({
      id: base.id,
      from: base.finishedAt,
      timeline: base.timeline,
      clusterBytes: base.clusterBytes,
      bytes: base.files.reduce((sum, file) => sum + file.bytes, 0),
    })),
  }));
}

const placesOf = (options: Places): BackupPlaces =>
  backupPlaces(dataFolder(options.data), options.backups, options.key);

async function withOptions<Result>(
  options: Places,
  work: (rest: Omit<BackupOptions, "key">) => Promise<Result>,
): Promise<Result> {
  const data = dataFolder(options.data);
  prepareDataFolder(data);
  return withDatabaseUrl(options.data, (url) =>
    work({
      url,
      backups: placesOf(options).folder,
      server: findOwnDatabase(data) === undefined ? "embedded" : "own",
      dataFolder: data,
      now: Date.now,
      onLog: () => {},
    }),
  );
}

function print(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
}
