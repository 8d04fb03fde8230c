import { createHash, randomBytes } from "node:crypto";
import {
  chmodSync,
  chownSync,
  closeSync,
  existsSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  unlinkSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { StoreError } from "../errors.ts";
import { findWalkableFolder } from "./binaries.ts";
import { canWalkTo, type ServerUser } from "./owner.ts";
import { findServerProcesses, findStart } from "./running.ts";

/** Where one embedded server keeps what. */
export interface ServerFolder {
  /** The folder itself; another one than asked for when the server's user could not have entered that. */
  readonly root: string;
  readonly data: string;
  readonly socketFolder: string;
  readonly passwordFile: string;
  readonly logFolder: string;
  readonly startLog: string;
}

/** A unix socket's path is at most 107 bytes (103 on macOS), and `/.s.PGSQL.5432` comes after the folder. */
const socketFolderLengthMax = 85;

const unwritable = (folder: string, cause: unknown): StoreError => {
  const code = (cause as { code?: string }).code ?? "";
  if (code === "ENOSPC" || code === "EDQUOT") {
    return new StoreError("postgres.disk-full", `no space left for ${folder}`, cause);
  }
  return new StoreError("postgres.folder-unwritable", `cannot write in ${folder} (${code})`, cause);
};

/**
 * Makes a folder with those above it. Not by `recursive`: where a file system says "no such entry" to a new folder (as /proc does),
 * Node then asks again for ever.
 */
function makeFolder(path: string): void {
  if (!existsSync(path)) {
    if (!existsSync(dirname(path))) makeFolder(dirname(path));
    mkdirSync(path, { mode: 0o700 });
  } else if (!statSync(path).isDirectory()) {
    throw Object.assign(new Error(`${path} is not a folder`), { code: "ENOTDIR" });
  }
}

/**
 * Makes the folder, gives it to the server's user, and finds a place for the socket.
 * @throws StoreError `postgres.folder-unwritable`, `postgres.disk-full`, `postgres.folder-unreachable`
 */
export function prepareFolder(asked: string, user: ServerUser): ServerFolder {
  const wanted = resolve(asked);
  try {
    makeFolder(wanted);
    let root = realpathSync(wanted);
    if (!canWalkTo(user, dirname(root))) {
      const elsewhere = findWalkableFolder(root, user);
      removeOrphans(dirname(elsewhere));
      writeFileSync(
        join(root, "WHERE"),
        `PostgreSQL does not run as root, and its user ${user.name} may not enter this folder.\nThe database is in ${elsewhere}\n`,
      );
      mkdirSync(elsewhere, { recursive: true, mode: 0o700 });
      writeFileSync(join(elsewhere, "FOR"), root);
      root = elsewhere;
    }
    const logFolder = join(root, "log");
    mkdirSync(logFolder, { recursive: true, mode: 0o700 });
    tryWrite(root);
    if (user.other) {
      chownSync(root, user.uid, user.gid);
      chownSync(logFolder, user.uid, user.gid);
    }
    return {
      root,
      data: join(root, "data"),
      socketFolder: makeSocketFolder(root, user),
      passwordFile: join(root, "password"),
      logFolder,
      startLog: join(logFolder, "start.log"),
    };
  } catch (cause) {
    if (cause instanceof StoreError) throw cause;
    throw unwritable(wanted, cause);
  }
}

/**
 * Databases of temporary folders that are gone. Of any other folder that is missing the database stays: its disk may only not be
 * mounted.
 */
function removeOrphans(shared: string): void {
  const temporary = `${realpathSync(tmpdir())}/`;
  for (const name of readdirSync(shared)) {
    const path = join(shared, name);
    try {
      const origin = readFileSync(join(path, "FOR"), "utf8");
      const gone = origin.startsWith(temporary) && !existsSync(origin);
      if (gone && findServerProcesses(join(path, "data")).length === 0) rmSync(path, { recursive: true });
    } catch {
      // Not a database of ours, or somebody else is removing it.
    }
  }
}

/** Root may write anywhere, so only a real byte shows a read-only or full disk. */
function tryWrite(folder: string): void {
  const path = join(folder, `.write-${process.pid}`);
  const file = openSync(path, "w", 0o600);
  try {
    writeSync(file, new Uint8Array(4096));
  } finally {
    closeSync(file);
    unlinkSync(path);
  }
}

function makeSocketFolder(root: string, user: ServerUser): string {
  const near = join(root, "run");
  const short = Buffer.byteLength(near) <= socketFolderLengthMax;
  const hash = createHash("sha256").update(root).digest("hex").slice(0, 12);
  const folder = short ? near : join(tmpdir().length <= 40 ? tmpdir() : "/tmp", `energsys-${hash}`);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const stats = lstatSync(folder);
  const ours = stats.isDirectory() && (stats.uid === process.getuid?.() || stats.uid === user.uid);
  if (!ours) throw new StoreError("postgres.folder-unwritable", `${folder} belongs to somebody else`);
  chmodSync(folder, 0o700);
  if (user.other) chownSync(folder, user.uid, user.gid);
  return folder;
}

/** The password of the server's account, made once; only this user can read it. */
export function findPassword(folder: ServerFolder): string {
  if (!existsSync(folder.passwordFile)) {
    writeFileSync(folder.passwordFile, randomBytes(24).toString("base64url"), { mode: 0o600, flag: "wx" });
  }
  return readFileSync(folder.passwordFile, "utf8").trim();
}

/**
 * Claims the folder for this process. Two supervisors of one folder would both restart the server; the second one only
 * uses it. A claim of a process that is gone counts for nothing.
 */
export function claimFolder(folder: ServerFolder): { mine: boolean; holder: number; release(): void } {
  const path = join(folder.root, "supervisor");
  const claim = `${process.pid} ${findStart(process.pid) ?? ""}`;
  const holder = findHolder(path);
  if (holder !== undefined) return { mine: false, holder, release: () => {} };
  const own = `${path}.${process.pid}`;
  writeFileSync(own, claim, { mode: 0o600 });
  renameSync(own, path);
  return {
    mine: true,
    holder: process.pid,
    release: () => {
      try {
        if (readFileSync(path, "utf8") === claim) rmSync(path, { force: true });
      } catch {
        // Removed with the whole folder: nothing left to give back.
      }
    },
  };
}

function findHolder(path: string): number | undefined {
  try {
    const [pid = "", start = ""] = readFileSync(path, "utf8").split(" ", 2);
    const alive = findStart(Number(pid));
    return alive !== undefined && (start === "" || alive === start) ? Number(pid) : undefined;
  } catch {
    return undefined;
  }
}
