import { createHash } from "node:crypto";
import { chmodSync, chownSync, closeSync, mkdirSync, openSync, writeSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { ServerUser } from "../embedded/owner.ts";
import { StoreError } from "../errors.ts";
import { type BaseManifest, checkManifest, type Line, readSealed } from "./archive.ts";
import type { BackupKey } from "./key.ts";
import { readTar } from "./tar.ts";
import { parseLsn, segmentName, segmentStart } from "./wal-names.ts";

interface ListedFile {
  readonly Path: string;
  readonly Size: number;
  readonly Checksum: string;
}

const writeAll = (file: number, bytes: Uint8Array): void => {
  for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
};

const giveTo = (user: ServerUser, path: string): void => {
  if (user.other) chownSync(path, user.uid, user.gid);
};

/**
 * Puts the files of a base backup into `data`, which it makes. Each file is compared with the hash that the server wrote when it
 * copied it, and the sealed files with the manifest.
 * @throws StoreError `backup.damaged`, `backup.key-wrong`, `backup.disk-full`
 */
export async function unpackBase(
  line: Line,
  base: BaseManifest,
  key: BackupKey,
  data: string,
  user: ServerUser,
): Promise<void> {
  checkManifest(line, base.id, key);
  const folder = line.baseFolder(base.id);
  const listed = new Map((await readList(line, base, key)).map((file) => [file.Path, file]));
  mkdirSync(data, { mode: 0o700 });
  giveTo(user, data);
  const hashes = new Map<string, string>();
  let file = -1;
  let path = "";
  let hash = createHash("sha256");
  const work = (plain: AsyncIterable<Uint8Array>) =>
    readTar(plain, {
      entry: (entry) => {
        path = entry.path;
        const full = join(data, entry.path);
        if (entry.kind === "folder") {
          mkdirSync(full, { recursive: true, mode: 0o700 });
          giveTo(user, full);
          return;
        }
        hash = createHash("sha256");
        file = openSync(full, "w", 0o600);
      },
      body: (bytes) => {
        hash.update(bytes);
        writeAll(file, bytes);
      },
      fileEnd: () => {
        closeSync(file);
        giveTo(user, join(data, path));
        hashes.set(path, hash.digest("hex"));
      },
    });
  try {
    await readChecked(line, base, "data.sealed", "data", key, work);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === "ENOSPC" || code === "EDQUOT")
      throw new StoreError("backup.disk-full", `no space left for ${data}`, cause);
    throw cause;
  }
  chmodSync(data, 0o700);
  for (const { Path, Checksum } of listed.values()) {
    if (hashes.get(Path) !== Checksum)
      throw new StoreError("backup.damaged", `${Path} of ${folder} is not what the server sent`);
  }
}

async function readList(line: Line, base: BaseManifest, key: BackupKey): Promise<readonly ListedFile[]> {
  const parts: Uint8Array[] = [];
  await readChecked(line, base, "files.sealed", "files", key, async (plain) => {
    for await (const part of plain) parts.push(part);
  });
  return (JSON.parse(Buffer.concat(parts).toString("utf8")) as { Files: ListedFile[] }).Files;
}

async function readChecked(
  line: Line,
  base: BaseManifest,
  name: string,
  context: string,
  key: BackupKey,
  work: (plain: AsyncIterable<Uint8Array>) => Promise<void>,
): Promise<void> {
  const hash = createHash("sha256");
  const path = join(line.baseFolder(base.id), name);
  try {
    await readSealed(path, key, `${line.name}/base/${base.id}/${context}`, work, (bytes) =>
      hash.update(bytes),
    );
  } catch (cause) {
    throw asDamage(path, cause);
  }
  const expected = base.files.find((file) => file.name === name)?.sha256;
  if (hash.digest("hex") !== expected) throw new StoreError("backup.damaged", `${path} was changed`);
}

/** What the decompression says of broken bytes, or the system of a file that is gone, is damage to whoever restores. */
function asDamage(path: string, cause: unknown): unknown {
  const { code = "" } = cause as { code?: string };
  if (/^(ERR_|Z|ENOENT)/.test(code)) return new StoreError("backup.damaged", `${path} is damaged`, cause);
  return cause;
}

/**
 * Puts the WAL from the base backup on into pg_wal; the end of the segment that was being written is filled with zeros, as the
 * server does. Returns how many segments.
 * @throws StoreError `backup.wal-gap` when one is missing
 */
export async function unpackWal(
  line: Line,
  base: BaseManifest,
  key: BackupKey,
  data: string,
  user: ServerUser,
): Promise<number> {
  const { timeline, segmentBytes } = base;
  const present = new Set(line.segments());
  const covered = line.covered();
  let lsn = segmentStart(parseLsn(base.startLsn), segmentBytes);
  const needed = parseLsn(base.endLsn);
  let count = 0;
  for (; ; lsn += BigInt(segmentBytes)) {
    const name = segmentName(timeline, lsn, segmentBytes);
    // A complete segment may have just replaced its unfinished state, whose removal a power cut prevented.
    const sealed = [`${name}.sealed`, `${name}.partial.sealed`].find((candidate) => present.has(candidate));
    if (!sealed) break;
    const target = join(data, "pg_wal", name);
    const file = openSync(target, "w", 0o600);
    let written = 0;
    try {
      await readSealed(join(line.walFolder, sealed), key, `${line.name}/wal/${name}`, async (plain) => {
        for await (const bytes of plain) {
          writeAll(file, bytes);
          written += bytes.length;
        }
      });
      if (written < segmentBytes) writeAll(file, new Uint8Array(segmentBytes - written));
    } catch (cause) {
      await rm(target, { force: true });
      throw asDamage(join(line.walFolder, sealed), cause);
    } finally {
      closeSync(file);
    }
    giveTo(user, target);
    count++;
  }
  const reached = covered ? parseLsn(covered.lsn) : needed;
  if (lsn < needed || lsn < segmentStart(reached, segmentBytes)) {
    throw new StoreError(
      "backup.wal-gap",
      `segment ${segmentName(timeline, lsn, segmentBytes)} is missing in ${line.walFolder}`,
    );
  }
  return count;
}
