import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { appendActs } from "../audit/index.ts";
import { type Database, openDatabase } from "../database.ts";
import { type Binaries, findBinaries } from "../embedded/binaries.ts";
import { superuser } from "../embedded/cluster.ts";
import { findPassword, prepareFolder, type ServerFolder } from "../embedded/folder.ts";
import { findServerUser, type ServerUser } from "../embedded/owner.ts";
import { StoreError } from "../errors.ts";
import { raiseCounters } from "../key-counters.ts";
import { identifier, sql, trusted } from "../sql.ts";
import { type BaseManifest, findLines, type Line } from "./archive.ts";
import type { BackupKey } from "./key.ts";
import { startRecovery } from "./recovery-server.ts";
import { unpackBase, unpackWal } from "./unpack.ts";

export interface RestoreOptions {
  readonly backups: string;
  readonly key: BackupKey;
  /** The moment whose state is wanted; the newest possible when it is left out. */
  readonly toMs: number | undefined;
  /** Folder of the server, made here; it must not hold a database yet. */
  readonly folder: string;
  /** False for a scratch server, which is thrown away. */
  readonly durable: boolean;
  readonly onStep?: (step: string, facts: Readonly<Record<string, unknown>>) => void;
}

export interface RestoreOutcome {
  readonly base: BaseManifest;
  /** Up to where the archive goes. */
  readonly coveredAt: string | undefined;
  readonly segments: number;
  readonly dataFolder: string;
  readonly durationMs: number;
}

/** The newest base backup before a moment, in a line whose WAL goes on to it. @throws StoreError `restore.nothing`, `restore.too-early`, `restore.too-late` */
export function chooseBase(backups: string, toMs: number | undefined): { line: Line; base: BaseManifest } {
  const all = findLines(backups)
    .flatMap((line) => {
      const coveredMs = Date.parse(line.covered()?.at ?? "");
      return line.bases().map((base) => ({ line, base, coveredMs, finishedMs: Date.parse(base.finishedAt) }));
    })
    .filter(({ coveredMs, finishedMs }) => coveredMs >= finishedMs)
    .sort((a, b) => b.finishedMs - a.finishedMs);
  const newest = all[0];
  if (!newest) throw new StoreError("restore.nothing", `there is no complete backup in ${backups}`);
  if (toMs === undefined) return newest;
  const earlier = all.filter(({ finishedMs }) => finishedMs <= toMs);
  if (earlier.length === 0) {
    throw new StoreError(
      "restore.too-early",
      `the first moment that can be restored is ${all.at(-1)!.base.finishedAt}`,
    );
  }
  const found = earlier.find(({ coveredMs }) => coveredMs >= toMs);
  if (found) return found;
  const last = new Date(Math.max(...all.map(({ coveredMs }) => coveredMs))).toISOString();
  throw new StoreError("restore.too-late", `the last moment that can be restored is ${last}`);
}

/**
 * Restores the database to a moment in a new folder, from which `startEmbeddedPostgres` then starts it. `inside` works on the
 * restored database before it is stopped again.
 * @throws StoreError `restore.folder-used`, `backup.no-server`, and what `chooseBase`, `unpackBase`, `unpackWal` and `startRecovery` throw
 */
export async function restore(
  options: RestoreOptions,
  inside: (db: Database, base: BaseManifest) => Promise<void>,
): Promise<RestoreOutcome> {
  const started = performance.now();
  const step = options.onStep ?? (() => {});
  const { line, base } = chooseBase(options.backups, options.toMs);
  const user = findServerUser();
  const postgres = findServer(base, user);
  const folder = prepareFolder(options.folder, user);
  if (existsSync(folder.data))
    throw new StoreError("restore.folder-used", `${folder.data} holds a database already`);
  const unfinished = `${folder.data}.restoring`;
  rmSync(unfinished, { recursive: true, force: true });
  try {
    step("base", { line: line.name, base: base.id, clusterBytes: base.clusterBytes });
    await unpackBase(line, base, options.key, unfinished, user);
    const segments = await unpackWal(line, base, options.key, unfinished, user);
    step("wal", { segments });
    await recover(options, postgres, base, folder, unfinished, user, inside);
    // Only now is it a database that anybody may start.
    renameSync(unfinished, folder.data);
    return {
      base,
      coveredAt: line.covered()?.at,
      segments,
      dataFolder: folder.data,
      durationMs: performance.now() - started,
    };
  } catch (error) {
    rmSync(unfinished, { recursive: true, force: true });
    throw error;
  }
}

async function recover(
  options: RestoreOptions,
  postgres: string,
  base: BaseManifest,
  folder: ServerFolder,
  data: string,
  user: ServerUser,
  inside: (db: Database, base: BaseManifest) => Promise<void>,
): Promise<void> {
  const start = (targetMs: number | undefined) =>
    startRecovery({
      postgres,
      data,
      socketFolder: folder.socketFolder,
      logFile: folder.startLog,
      user,
      role: base.user,
      database: base.database,
      targetMs,
      durable: options.durable,
    });
  const server = await start(options.toMs).catch((error) => {
    // The archive goes beyond the moment (chooseBase looked), only nothing was committed after it: its end is that state.
    if ((error as StoreError).code === "restore.target-missed") return start(undefined);
    throw error;
  });
  try {
    const db = openDatabase({
      url: server.url,
      connectionsMax: 2,
      statementTimeoutMs: 3_600_000,
      applicationName: "energsys-restore",
    });
    try {
      await inside(db, base);
      if (base.server === "embedded") {
        await db.query(trusted("set password_encryption = 'scram-sha-256'"));
        const password = findPassword(folder);
        await db.query(
          trusted(`alter role ${identifier(superuser).text} password '${password.replaceAll("'", "''")}'`),
        );
      }
    } finally {
      await db.close();
    }
  } finally {
    await server.stop();
  }
}

/** The program that can run these files. @throws StoreError `backup.no-server` */
function findServer(base: BaseManifest, user: ServerUser): string {
  const major = String(Math.floor(base.serverVersion / 10_000));
  let embedded: Binaries | undefined;
  try {
    embedded = findBinaries(user);
  } catch {
    // No package for this machine: an installed server may do.
  }
  if (embedded?.major === major) return embedded.postgres;
  const debian = `/usr/lib/postgresql/${major}/bin/postgres`;
  if (existsSync(debian)) return debian;
  throw new StoreError(
    "backup.no-server",
    `PostgreSQL ${major} is needed to restore this backup, and is not installed here`,
  );
}

/**
 * What a restored system must not take for granted: who was signed in, what was under way, which counters of ciphered links were
 * used since, and that it still writes to the backups of the system that it was.
 */
export async function settleRestored(db: Database, base: BaseManifest): Promise<void> {
  await db.transaction(async (transaction) => {
    await transaction.query(sql`delete from session`);
    await transaction.query(sql`delete from first_token`);
    await transaction.query(
      sql`delete from setting where name in ('backup', 'launcher', 'database-address')`,
    );
    await raiseCounters(transaction);
    await transaction.query(
      sql`update backup_run set state = 'failed', ended_at = now(), error_code = 'backup.interrupted' where state = 'running'`,
    );
    await appendActs(transaction, [
      {
        severity: "security",
        action: "restore",
        objectType: "database",
        objectId: `${base.line}/${base.id}`,
      },
    ]);
  });
}

/**
 * A folder for a scratch server below `parent`; the returned function removes it. What a check that was killed left is removed: its
 * server ended with it.
 */
export function makeScratchFolder(parent: string): { folder: string; remove(): void } {
  mkdirSync(parent, { recursive: true });
  const user = findServerUser();
  // As root the server may have had to go elsewhere (prepareFolder): both places go.
  const remove = (folder: string) => {
    const { root, socketFolder } = prepareFolder(folder, user);
    for (const path of [root, socketFolder, folder]) rmSync(path, { recursive: true, force: true });
  };
  for (const name of readdirSync(parent)) if (name.startsWith("restore-check-")) remove(join(parent, name));
  const folder = join(parent, `restore-check-${randomBytes(4).toString("hex")}`);
  return { folder, remove: () => remove(folder) };
}
