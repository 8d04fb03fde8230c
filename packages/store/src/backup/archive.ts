import { createHash, createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import {
  createReadStream,
  createWriteStream,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
} from "node:fs";
import { open, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { createZstdCompress, createZstdDecompress, constants as zlib } from "node:zlib";
import { StoreError } from "../errors.ts";
import type { BackupKey } from "./key.ts";
import { seal, unseal } from "./sealed-stream.ts";

/*
 * One folder of backups holds lines; a line is the life of one running database, from which any of its moments can be restored:
 *
 *   <line>/base/<id>/manifest.json       what the base backup is, with the hash of each file and a code that only the key makes
 *                    data.sealed         the cluster's files: tar, zstd, AES-256-GCM
 *                    files.sealed        the server's list of those files, with their hashes
 *          wal/<segment>.sealed          16 MiB of WAL each
 *              <segment>.partial.sealed  the one that is being written
 *          covered.json                  up to which instant the WAL here is complete
 *
 * A restored database begins a line of its own, so that two that came from one backup never write over each other.
 */

export interface SealedFile {
  readonly name: string;
  readonly bytes: number;
  /** Of the sealed bytes, so that a copy can be checked where the key is not. */
  readonly sha256: string;
}

export interface BaseManifest {
  readonly format: 1;
  readonly line: string;
  readonly id: string;
  /** `embedded`: restored for `energsys start`; `own`: for the server that its owner runs. */
  readonly server: "embedded" | "own";
  readonly serverVersion: number;
  readonly systemIdentifier: string;
  readonly timeline: number;
  readonly startLsn: string;
  readonly endLsn: string;
  readonly segmentBytes: number;
  readonly startedAt: string;
  readonly finishedAt: string;
  readonly database: string;
  readonly user: string;
  readonly clusterBytes: number;
  /** Rows that never become fewer, counted before the backup began. */
  readonly rowsAtLeast: Readonly<Record<string, number>>;
  readonly files: readonly SealedFile[];
}

export interface Covered {
  readonly timeline: number;
  readonly lsn: string;
  /** All that was committed before this instant of the server's clock is in the archive. */
  readonly at: string;
}

const manifestName = "manifest.json";
const lineName = /^\d{8}T\d{6}Z-[0-9a-f]{8}$/;
const baseName = /^\d{8}T\d{6}Z$/;

const stamp = (ms: number): string => new Date(ms).toISOString().replace(/[-:]/g, "").replace(/\.\d+/, "");

export const newLine = (nowMs: number): string => `${stamp(nowMs)}-${randomBytes(4).toString("hex")}`;
export const baseId = stamp;

export class Line {
  readonly name: string;
  readonly folder: string;
  readonly walFolder: string;

  constructor(backups: string, name: string) {
    this.name = name;
    this.folder = join(backups, name);
    this.walFolder = join(this.folder, "wal");
  }

  /** @throws StoreError `backup.folder-unwritable` */
  prepare(): void {
    makePrivateFolder(this.walFolder);
    makePrivateFolder(join(this.folder, "base"));
  }

  baseFolder(id: string): string {
    return join(this.folder, "base", id);
  }

  /** Complete base backups, oldest first. */
  bases(): BaseManifest[] {
    return names(join(this.folder, "base"))
      .filter((id) => baseName.test(id) && existsSync(join(this.baseFolder(id), manifestName)))
      .sort()
      .map((id) => readManifest(join(this.baseFolder(id), manifestName)));
  }

  segments(): string[] {
    return names(this.walFolder)
      .filter((name) => /^[0-9A-F]{24}(\.partial)?\.sealed$/.test(name))
      .sort();
  }

  walBytes(): number {
    return this.segments().reduce((sum, name) => sum + statSync(join(this.walFolder, name)).size, 0);
  }

  covered(): Covered | undefined {
    try {
      return JSON.parse(readFileSync(join(this.folder, "covered.json"), "utf8")) as Covered;
    } catch {
      return undefined;
    }
  }

  async writeCovered(covered: Covered): Promise<void> {
    await replaceFile(join(this.folder, "covered.json"), `${JSON.stringify(covered)}\n`);
  }
}

export function findLines(backups: string): Line[] {
  return names(backups)
    .filter((name) => lineName.test(name))
    .sort()
    .map((name) => new Line(backups, name));
}

const names = (folder: string): string[] => {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
};

export function makePrivateFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === "ENOSPC" || code === "EDQUOT")
      throw new StoreError("backup.disk-full", `no space left for ${folder}`, cause);
    throw new StoreError("backup.folder-unwritable", `cannot write in ${folder} (${code})`, cause);
  }
}

// ── manifests ───────────────────────────────────────────────────────────────────────────────────────────────────
const code = (key: BackupKey, body: string): Buffer =>
  createHmac("sha256", key.bytes).update("energsys backup manifest\0").update(body).digest();

export async function writeManifest(folder: string, key: BackupKey, manifest: BaseManifest): Promise<void> {
  const body = JSON.stringify(manifest);
  await replaceFile(
    join(folder, manifestName),
    `${JSON.stringify({ manifest, keyId: key.id, code: code(key, body).toString("hex") }, null, 1)}\n`,
  );
}

function readManifest(path: string): BaseManifest {
  try {
    return (JSON.parse(readFileSync(path, "utf8")) as { manifest: BaseManifest }).manifest;
  } catch (cause) {
    throw new StoreError("backup.damaged", `${path} cannot be read`, cause);
  }
}

/** @throws StoreError `backup.key-wrong`, `backup.damaged` when the manifest is not what was written with this key */
export function checkManifest(line: Line, id: string, key: BackupKey): void {
  const path = join(line.baseFolder(id), manifestName);
  const written = JSON.parse(readFileSync(path, "utf8")) as {
    manifest: BaseManifest;
    keyId: string;
    code: string;
  };
  if (written.keyId !== key.id) {
    throw new StoreError(
      "backup.key-wrong",
      `${path} was sealed with key ${written.keyId}, not with ${key.id}`,
    );
  }
  const expected = code(key, JSON.stringify(written.manifest));
  const found = Buffer.from(written.code, "hex");
  if (found.length !== expected.length || !timingSafeEqual(found, expected))
    throw new StoreError("backup.damaged", `${path} was changed`);
}

// ── sealed files ────────────────────────────────────────────────────────────────────────────────────────────────
const compression = () =>
  createZstdCompress({ params: { [zlib.ZSTD_c_compressionLevel]: 1 }, chunkSize: 1 << 18 });

/** Compresses, seals and writes; the file is whole or not there, also after a power cut. */
export async function writeSealed(
  folder: string,
  name: string,
  key: BackupKey,
  context: string,
  source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): Promise<SealedFile> {
  const path = join(folder, name);
  const hash = createHash("sha256");
  let bytes = 0;
  try {
    await pipeline(
      source,
      compression(),
      (compressed) => seal(key, context, compressed as AsyncIterable<Uint8Array>),
      async function* (sealed) {
        for await (const chunk of sealed as AsyncIterable<Uint8Array>) {
          hash.update(chunk);
          bytes += chunk.length;
          yield chunk;
        }
      },
      createWriteStream(`${path}.new`, { mode: 0o600, flush: true }),
    );
    await rename(`${path}.new`, path);
    await syncFolder(folder);
  } catch (cause) {
    await rm(`${path}.new`, { force: true });
    throw writeError(folder, cause);
  }
  return { name, bytes, sha256: hash.digest("hex") };
}

/** Opens what `writeSealed` wrote. `onSealed` sees the sealed bytes, for their hash. @throws StoreError `backup.damaged`, `backup.key-wrong` */
export async function readSealed(
  path: string,
  key: BackupKey,
  context: string,
  work: (plain: AsyncIterable<Uint8Array>) => Promise<void>,
  onSealed: (bytes: Uint8Array) => void = () => {},
): Promise<void> {
  await pipeline(
    createReadStream(path, { highWaterMark: 1 << 20 }),
    async function* (sealed) {
      for await (const chunk of sealed as AsyncIterable<Uint8Array>) {
        onSealed(chunk);
        yield chunk;
      }
    },
    (sealed) => unseal(key, context, sealed as AsyncIterable<Uint8Array>),
    createZstdDecompress(),
    (plain) => work(plain as AsyncIterable<Uint8Array>),
  );
}

function writeError(folder: string, cause: unknown): unknown {
  const { code: reason } = cause as NodeJS.ErrnoException;
  if (reason === "ENOSPC" || reason === "EDQUOT")
    return new StoreError("backup.disk-full", `no space left for ${folder}`, cause);
  if (["EACCES", "EROFS", "ENOENT", "EPERM", "EIO"].includes(String(reason)))
    return new StoreError("backup.folder-unwritable", `cannot write in ${folder} (${reason})`, cause);
  return cause;
}

async function replaceFile(path: string, text: string): Promise<void> {
  const folder = join(path, "..");
  try {
    await writeFile(`${path}.new`, text, { mode: 0o600, flush: true });
    await rename(`${path}.new`, path);
    await syncFolder(folder);
  } catch (cause) {
    throw writeError(folder, cause);
  }
}

/** A new name is on the disk only when its folder is. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
