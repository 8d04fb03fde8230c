import { spawn } from "node:child_process";
import { chownSync, closeSync, existsSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import pg from "pg";
import { runAs, serverEnvironment } from "../embedded/cluster.ts";
import type { ServerUser } from "../embedded/owner.ts";
import { findServerProcesses } from "../embedded/running.ts";
import { StoreError } from "../errors.ts";

export interface RecoveryServerOptions {
  /** The program `postgres` of the major version that made the files. */
  readonly postgres: string;
  readonly data: string;
  readonly socketFolder: string;
  readonly logFile: string;
  readonly user: ServerUser;
  readonly role: string;
  readonly database: string;
  readonly targetMs: number | undefined;
  /** False for a scratch server, which is thrown away. */
  readonly durable: boolean;
}

export interface RecoveryServer {
  readonly url: string;
  stop(): Promise<void>;
}

const goneWithinMs = 120_000;

/**
 * Starts a server that replays its WAL up to the target, promotes it and resolves when it answers. Only the server's own user
 * reaches its socket, so no password is asked: those of the backup belong to the system that was backed up.
 * @throws StoreError `restore.target-missed` when the WAL ends before the target, `restore.recovery-failed`
 */
export async function startRecovery(options: RecoveryServerOptions): Promise<RecoveryServer> {
  const { data, socketFolder, user, durable, targetMs } = options;
  const rules = join(data, "pg_hba.restore.conf");
  writeFileSync(rules, "local all all trust\n", { mode: 0o600 });
  writeFileSync(join(data, "recovery.signal"), "", { mode: 0o600 });
  for (const name of ["postgresql.conf", "pg_ident.conf"]) {
    // Debian keeps these outside of the cluster's folder.
    if (!existsSync(join(data, name))) writeFileSync(join(data, name), "", { mode: 0o600 });
    if (user.other) chownSync(join(data, name), user.uid, user.gid);
  }
  if (user.other)
    for (const path of [rules, join(data, "recovery.signal")]) chownSync(path, user.uid, user.gid);
  const settings: Record<string, string> = {
    listen_addresses: "",
    port: "5432",
    unix_socket_directories: socketFolder,
    unix_socket_permissions: "0700",
    hba_file: rules,
    ident_file: join(data, "pg_ident.conf"),
    logging_collector: "off",
    log_min_messages: "log",
    archive_mode: "off",
    ssl: "off",
    shared_preload_libraries: "",
    shared_buffers: "128MB",
    max_wal_size: "2GB",
    timezone: "UTC",
    log_timezone: "UTC",
    // The WAL lies in pg_wal already; nothing else is asked for it.
    restore_command: "false",
    hot_standby: "off",
    recovery_target_timeline: "current",
    recovery_target_action: "promote",
    ...(targetMs === undefined ? {} : { recovery_target_time: serverInstant(targetMs) }),
    ...(durable ? {} : { fsync: "off", synchronous_commit: "off", full_page_writes: "off" }),
  };
  const log = openSync(options.logFile, "w", 0o600);
  const child = spawn(
    options.postgres,
    ["-D", data, ...Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`])],
    { ...runAs(user), cwd: "/", env: serverEnvironment(), stdio: ["ignore", log, log], detached: true },
  );
  closeSync(log);
  let failure: Error | undefined;
  child.on("error", (error) => {
    failure = error;
  });
  const endWithUs = () => child.kill("SIGQUIT");
  process.on("exit", endWithUs);
  const url = `postgres://${encodeURIComponent(options.role)}@localhost/${encodeURIComponent(options.database)}?host=${encodeURIComponent(socketFolder)}`;
  const stop = async () => {
    child.kill("SIGINT");
    if (!(await gone(data))) child.kill("SIGQUIT");
    await gone(data);
    process.off("exit", endWithUs);
    rmSync(rules, { force: true });
  };
  let refusal: unknown;
  for (;;) {
    if (failure || child.exitCode !== null || child.signalCode !== null) {
      await stop();
      throw recoveryError(options.logFile, failure);
    }
    try {
      await ask(url);
      return { url, stop };
    } catch (error) {
      // What the server itself says stays the same however long we wait, but for "not yet"; a connection that breaks before it says
      // anything is no answer.
      const { code, severity } = error as { code?: string; severity?: string };
      if (severity !== undefined && code !== "57P03") refusal = error;
    }
    if (refusal) {
      await stop();
      throw new StoreError("restore.recovery-failed", (refusal as Error).message, refusal);
    }
    await wait(50);
  }
}

/** Read before the server knows names of zones, `Z` among them. */
const serverInstant = (ms: number): string =>
  new Date(ms).toISOString().replace("T", " ").replace("Z", "+00");

async function ask(url: string): Promise<void> {
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: 5_000,
    query_timeout: 60_000,
  });
  client.on("error", () => {});
  try {
    await client.connect();
    await client.query("select 1");
  } finally {
    await client.end().catch(() => {});
  }
}

async function gone(data: string): Promise<boolean> {
  const deadline = performance.now() + goneWithinMs;
  while (findServerProcesses(data).length > 0) {
    if (performance.now() > deadline) return false;
    await wait(20);
  }
  return true;
}

function recoveryError(logFile: string, cause: unknown): StoreError {
  const said = readFileSync(logFile, "utf8");
  const words = said
    .split("\n")
    .filter((line) => /FATAL|PANIC|DETAIL|HINT|error while loading/.test(line))
    .slice(-4)
    .join("\n");
  if (/before configured recovery target was reached/.test(said))
    return new StoreError(
      "restore.target-missed",
      "the WAL ends before the moment that was asked for",
      cause,
    );
  if (/No space left|Disk quota/i.test(said)) return new StoreError("backup.disk-full", words, cause);
  return new StoreError(
    "restore.recovery-failed",
    words || String(cause ?? "the server ended at once"),
    cause,
  );
}
