import { stat, statfs } from "node:fs/promises";
import { setTimeout as wait } from "node:timers/promises";
import { type Database, openDatabase } from "../database.ts";
import { StoreError } from "../errors.ts";
import { followPool, poolsOfPrograms } from "../pools.ts";
import { type BaseManifest, type Line, makePrivateFolder } from "./archive.ts";
import { takeBaseBackup } from "./base-backup.ts";
import { checkRestore, type RestoreCheckOutcome } from "./check.ts";
import { readServerFacts } from "./cluster-facts.ts";
import type { BackupKey } from "./key.ts";
import { endLine, findLine, readSlotLag, slotName } from "./line-of-database.ts";
import { ReplicationConnection, type SystemIdentity } from "./replication.ts";
import { removeExpired } from "./retention.ts";
import { beginRun, closeInterruptedRuns, endRun, readLastRuns, writeBackupState } from "./runs.ts";
import { WalArchiver } from "./wal-archiver.ts";
import { parseLsn } from "./wal-names.ts";

export interface BackupOptions {
  readonly url: string;
  readonly backups: string;
  readonly key: BackupKey;
  readonly server: "embedded" | "own";
  /** Folder of the data: the scratch server of the check is made there, and its disk is compared with that of the backups. */
  readonly dataFolder: string;
  readonly now: () => number;
  readonly onLog: (message: string, facts?: Readonly<Record<string, unknown>>) => void;
}

export interface BackupServiceOptions extends BackupOptions {
  /** Any moment of so many days back can be restored. */
  readonly keepDays: number;
  /** WAL that came is on the disk of the archive within this. */
  readonly flushMs: number;
  readonly stateEveryMs: number;
  readonly baseEveryMs: number;
  readonly checkEveryMs: number;
}

export const backupTimes = {
  flushMs: 5_000,
  stateEveryMs: 30_000,
  baseEveryMs: 24 * 3_600_000,
  checkEveryMs: 24 * 3_600_000,
} as const;

const retryPausesMs = [1_000, 2_000, 5_000, 15_000, 60_000];
const coveredWithinMs = 120_000;

/** Keeps the backups of a running database until `signal` aborts: WAL at once, base backup and restore check when they are due. */
export async function runBackups(options: BackupServiceOptions, signal: AbortSignal): Promise<void> {
  const db = openDatabase({
    url: options.url,
    ...poolsOfPrograms["energsys-backup"].usual,
    applicationName: "energsys-backup",
  });
  const following = followPool(db, "energsys-backup", {
    onChange: (settings) => options.onLog("the pool of connections has new settings", { ...settings }),
  });
  try {
    for (let failures = 0; !signal.aborted; ) {
      const startedMs = performance.now();
      try {
        await runOnce(db, options, signal);
        return;
      } catch (error) {
        if (signal.aborted) return;
        if (performance.now() - startedMs > 60_000) failures = 0;
        const code = codeOf(error);
        options.onLog("backups are interrupted", { code, error: (error as Error).message });
        await recordState(db, options, undefined, 0, code).catch(() => {}); // the database may be what is away: its state then shows by its age
        await wait(retryPausesMs[Math.min(failures++, retryPausesMs.length - 1)], undefined, {
          signal,
        }).catch(() => {});
      }
    }
  } finally {
    following.stop();
    await db.close();
  }
}

/** @throws StoreError `backup.busy` while another process does this work */
async function runOnce(db: Database, options: BackupServiceOptions, signal: AbortSignal): Promise<void> {
  const { archiver, line, identity } = await startArchiver(db, options, options.flushMs);
  const ended = archiver.ended.then(
    () => {
      if (!signal.aborted)
        throw new StoreError("backup.interrupted", "the server ended the stream of its WAL");
    },
    (error: unknown) => {
      throw error;
    },
  );
  ended.catch(() => {}); // awaited below
  const stopped = new Promise<void>((resolve) =>
    signal.addEventListener("abort", () => resolve(), { once: true }),
  );
  let failure: unknown;
  try {
    await closeInterruptedRuns(db);
    options.onLog("backups go on", { line: line.name, timeline: identity.timeline });
    let nextStateMs = 0;
    while (!signal.aborted) {
      const nowMs = options.now();
      if (nowMs >= nextStateMs) {
        await recordState(db, options, line, archiver.coveredMs);
        nextStateMs = nowMs + options.stateEveryMs;
      }
      const work = doDue(db, options, line, archiver, signal).then(() =>
        wait(Math.min(1_000, options.flushMs)),
      );
      await Promise.race([work, ended, stopped]);
      work.catch(() => {});
    }
  } catch (error) {
    failure = error;
  }
  await archiver.stop();
  if (failure) throw failure;
}

async function startArchiver(
  db: Database,
  options: BackupOptions,
  flushMs: number,
): Promise<{ archiver: WalArchiver; line: Line; identity: SystemIdentity }> {
  const { identity, segmentBytes } = await identify(db, options.url);
  makePrivateFolder(options.backups);
  const { line, from, active } = await findLine(db, options.backups, identity, options.key.id, options.now());
  if (active) throw new StoreError("backup.busy", "another process receives the WAL of this database");
  const archiver = await WalArchiver.start({
    url: options.url,
    slot: slotName,
    line,
    key: options.key,
    timeline: identity.timeline,
    segmentBytes,
    from,
    flushMs,
  });
  return { archiver, line, identity };
}

async function identify(
  db: Database,
  url: string,
): Promise<{ identity: SystemIdentity; segmentBytes: number }> {
  const { segmentBytes } = await readServerFacts(db);
  const connection = await ReplicationConnection.open(url);
  try {
    return { identity: await connection.identify(), segmentBytes };
  } finally {
    await connection.close();
  }
}

/** The base backup or the check whose time has come; a new line needs its base backup at once. */
async function doDue(
  db: Database,
  options: BackupServiceOptions,
  line: Line,
  archiver: WalArchiver,
  signal: AbortSignal,
): Promise<void> {
  const nowMs = options.now();
  const newest = line.bases().at(-1);
  const runs = await readLastRuns(db);
  const retryMs = Math.min(options.baseEveryMs, 600_000);
  const mayRetry = (last: { state: string; startedAt: number } | undefined) =>
    last?.state !== "failed" || nowMs - last.startedAt > retryMs;
  if (!newest || nowMs - Date.parse(newest.finishedAt) > options.baseEveryMs) {
    if (!mayRetry(runs.base.last)) return;
    const base = await recorded(db, options, "base", () => baseOf(db, options, line, archiver, signal)).catch(
      () => {},
    );
    if (base) {
      const removed = await removeExpired(options.backups, options.keepDays, options.now());
      if (removed.length > 0) options.onLog("old backups removed", { removed });
    }
    return;
  }
  const checked = runs.check.lastGood?.startedAt ?? 0;
  // The first check waits until there is something to lose: an hour after the base backup.
  const firstMs = Date.parse(newest.finishedAt) + Math.min(3_600_000, options.checkEveryMs / 2);
  if (nowMs > firstMs && nowMs - checked > options.checkEveryMs && mayRetry(runs.check.last))
    await recorded(db, options, "check", () => checkOf(options)).catch(() => {});
}

/** What is told of the WAL by whoever receives it. */
interface Receiver {
  readonly flushedLsn: bigint;
  readonly coveredMs: number;
  ask(): void;
  flush(): Promise<void>;
}

async function baseOf(
  db: Database,
  options: BackupOptions,
  line: Line,
  receiver: Receiver,
  signal?: AbortSignal,
): Promise<BaseManifest> {
  const base = await takeBaseBackup({ ...options, db, line });
  const deadline = performance.now() + coveredWithinMs;
  const finishedMs = Date.parse(base.finishedAt);
  while (receiver.flushedLsn < parseLsn(base.endLsn) || receiver.coveredMs < finishedMs) {
    if (performance.now() > deadline || signal?.aborted)
      throw new StoreError("backup.wal-late", "the WAL of the base backup did not reach the archive");
    receiver.ask();
    await wait(100);
    await receiver.flush();
  }
  return base;
}

const checkOf = (options: BackupOptions): Promise<RestoreCheckOutcome> =>
  checkRestore({ backups: options.backups, key: options.key, scratch: options.dataFolder });

async function recorded<Outcome extends BaseManifest | RestoreCheckOutcome>(
  db: Database,
  options: BackupOptions,
  kind: "base" | "check",
  work: () => Promise<Outcome>,
): Promise<Outcome> {
  const startedMs = performance.now();
  const run = await beginRun(db, kind, options.now());
  try {
    const outcome = await work();
    await endRun(db, run, options.now(), describe(outcome));
    options.onLog(kind === "base" ? "base backup done" : "restore check done", {
      ...describe(outcome),
      durationMs: Math.round(performance.now() - startedMs),
    });
    return outcome;
  } catch (error) {
    const errorCode = codeOf(error);
    options.onLog(`${kind === "base" ? "base backup" : "restore check"} failed`, {
      code: errorCode,
      error: (error as Error).message,
    });
    await endRun(db, run, options.now(), { errorCode, detail: { message: (error as Error).message } });
    throw error;
  }
}

const describe = (outcome: BaseManifest | RestoreCheckOutcome) =>
  "files" in outcome
    ? {
        backup: `${outcome.line}/${outcome.id}`,
        bytes: outcome.files.reduce((sum, { bytes }) => sum + bytes, 0),
        detail: { clusterBytes: outcome.clusterBytes },
      }
    : { backup: outcome.backup, bytes: outcome.clusterBytes, detail: { ...outcome } };

async function recordState(
  db: Database,
  options: BackupOptions,
  line: Line | undefined,
  coveredMs: number,
  errorCode: string | null = null,
): Promise<void> {
  const archive = await stat(options.backups).catch(() => undefined);
  const disk = archive && (await statfs(options.backups));
  const data = await stat(options.dataFolder);
  await writeBackupState(db, {
    at: options.now(),
    folder: options.backups,
    line: line?.name ?? null,
    keyId: options.key.id,
    coveredAt: coveredMs || null,
    slotLagBytes: await readSlotLag(db),
    diskFreeBytes: disk ? Number(disk.bavail) * Number(disk.bsize) : null,
    sameDisk: archive?.dev === data.dev,
    errorCode,
  });
}

const codeOf = (error: unknown): string => {
  const { code } = error as { code?: unknown };
  return typeof code === "string" && code.includes(".") ? code : "backup.interrupted";
};

/**
 * One base backup now. While the service runs it receives the WAL; else this does, for as long as the base backup takes.
 * @throws StoreError `backup.*`
 */
export async function backUpOnce(options: BackupOptions): Promise<BaseManifest> {
  const db = openDatabase({ url: options.url, connectionsMax: 2, statementTimeoutMs: 600_000 });
  try {
    const { identity } = await identify(db, options.url);
    makePrivateFolder(options.backups);
    const found = await findLine(db, options.backups, identity, options.key.id, options.now());
    if (found.active) {
      const service: Receiver = {
        get flushedLsn() {
          return parseLsn(found.line.covered()?.lsn ?? "0/0");
        },
        get coveredMs() {
          return Date.parse(found.line.covered()?.at ?? "") || 0;
        },
        ask: () => {},
        flush: async () => {},
      };
      return await recorded(db, options, "base", () => baseOf(db, options, found.line, service));
    }
    const { archiver, line } = await startArchiver(db, options, 1_000);
    try {
      archiver.ended.catch(() => {});
      return await recorded(db, options, "base", () => baseOf(db, options, line, archiver));
    } finally {
      await archiver.stop();
      // Where no service is used, nobody would fetch what the server keeps from now on; a service that pauses goes on with its own slot.
      if (found.made) await endLine(db);
    }
  } finally {
    await db.close();
  }
}

/** A restore check now, with its row in the database when that is there. */
export async function checkOnce(options: BackupOptions): Promise<RestoreCheckOutcome> {
  const db = openDatabase({ url: options.url, connectionsMax: 1 });
  try {
    return await recorded(db, options, "check", () => checkOf(options));
  } finally {
    await db.close();
  }
}
