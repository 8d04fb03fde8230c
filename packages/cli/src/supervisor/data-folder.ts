import { randomBytes } from "node:crypto";
import { accessSync, constants, existsSync, mkdirSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { keyVariables } from "@energsys/store";
import { CliError } from "../cli-error.ts";

const freeBytesMin = 256 * 1024 * 1024;

/** Where this machine's system keeps everything: `--data`, `ENERGSYS_DATA`, or a folder of the user's own. */
export function dataFolder(option: string | undefined): string {
  const named = option ?? process.env.ENERGSYS_DATA;
  if (named) return resolve(named);
  // Below /root only root may enter, and PostgreSQL does not run as root.
  if (process.getuid?.() === 0) return "/var/lib/energsys";
  return join(process.env.XDG_DATA_HOME ?? join(homedir(), ".local", "share"), "energsys");
}

/** Makes the folder if need be and says plainly when it cannot serve. @throws CliError `data.unwritable`, `data.full` */
export function prepareDataFolder(folder: string): void {
  try {
    makeFolder(folder);
    accessSync(folder, constants.W_OK | constants.X_OK);
    const probe = join(folder, ".writable");
    writeFileSync(probe, "");
    rmSync(probe);
  } catch (cause) {
    const full = cause instanceof Error && "code" in cause && cause.code === "ENOSPC";
    if (full) throw new CliError("data.full", `no space left on the disk of ${folder}`, cause);
    throw new CliError("data.unwritable", `cannot write to ${folder}: ${(cause as Error).message}`, cause);
  }
  const free = freeBytes(folder);
  if (free < freeBytesMin) {
    throw new CliError(
      "data.full",
      `${folder} has ${Math.floor(free / 1e6)} MB free; 256 MB are needed to start`,
    );
  }
}

/** As mkdir -p. Node's own (26.10) tries for ever where a file system takes no folders, such as /proc. */
function makeFolder(folder: string): void {
  if (existsSync(folder)) return;
  if (dirname(folder) !== folder) makeFolder(dirname(folder));
  try {
    mkdirSync(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error; // another process was first
  }
}

/** Bytes that a user may still write on the disk of a folder. */
export function freeBytes(folder: string): number {
  const { bavail, bsize } = statfsSync(folder);
  return Number(bavail) * Number(bsize);
}

/** Stands in a folder that a database was restored into: its secrets were sealed with a key that no backup holds. */
const restoredMark = "RESTORED";

export function markRestored(folder: string, text: string): void {
  writeFileSync(join(folder, restoredMark), `${text}\n`);
}

/**
 * Where the master key of this installation is, as the environment of its processes: what is set, else a file of the data folder,
 * made once, 32 bytes as hex, readable by its owner alone.
 * @throws CliError `secret.key-missing` beside a restored database: a new key would open nothing that is in it
 */
export function masterKeyEnvironment(folder: string): Record<string, string> {
  const given = keyVariables.filter((name) => process.env[name]);
  if (given.length > 0) return Object.fromEntries(given.map((name) => [name, process.env[name] as string]));
  return { ENERGSYS_MASTER_KEY_FILE: ownKeyFile(folder, "master.key") };
}

/** The same for a command on a system that is there: no key is made. @throws CliError `secret.key-missing` */
export function presentKeyEnvironment(folder: string): Record<string, string> {
  const given = keyVariables.some((name) => process.env[name]);
  const file = join(folder, "master.key");
  if (!given && !existsSync(file))
    throw new CliError("secret.key-missing", `there is no ${file}; set one of ${keyVariables.join(", ")}`);
  return masterKeyEnvironment(folder);
}

/** A file with a key of its own, made once; never beside a restored database. */
export function ownKeyFile(folder: string, name: string): string {
  const file = join(folder, name);
  if (existsSync(file)) return file;
  if (existsSync(join(folder, restoredMark)))
    throw new CliError("secret.key-missing", `put the ${name} of the system that was restored into ${file}`);
  writeFileSync(file, `${randomBytes(32).toString("hex")}\n`, { mode: 0o400, flag: "wx" });
  return file;
}

/** The key that signs what leaves the activity log; the server makes it when it is missing. */
export const logKeyFile = (folder: string): string =>
  process.env.ENERGSYS_LOG_KEY_FILE ?? join(folder, "activity-log.key");

/** Where the signed heads of the activity log go; a folder of another machine proves more. */
export const logHeadsFolder = (folder: string): string =>
  process.env.ENERGSYS_LOG_HEADS ?? join(folder, "activity-log");
