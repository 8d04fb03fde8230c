import { rename, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Database } from "../database.ts";
import {
  type BaseManifest,
  baseId,
  type Line,
  makePrivateFolder,
  syncFolder,
  writeManifest,
  writeSealed,
} from "./archive.ts";
import { countGrowing, readServerFacts } from "./cluster-facts.ts";
import type { BackupKey } from "./key.ts";
import { ReplicationConnection } from "./replication.ts";
import { formatLsn } from "./wal-names.ts";

export interface BaseBackupOptions {
  readonly url: string;
  readonly db: Database;
  readonly line: Line;
  readonly key: BackupKey;
  readonly server: "embedded" | "own";
  readonly now: () => number;
}

/**
 * Copies the cluster into the line's folder, compressed and sealed. It can be restored once the WAL up to its end is in the
 * archive too. What an attempt that was broken off left is removed.
 */
export async function takeBaseBackup(options: BaseBackupOptions): Promise<BaseManifest> {
  const { line, key, now } = options;
  const startedMs = now();
  const id = baseId(startedMs);
  const folder = line.baseFolder(id);
  const unfinished = `${folder}.part`;
  makePrivateFolder(unfinished);
  const facts = await readServerFacts(options.db);
  const rowsAtLeast = await countGrowing(options.db);
  const connection = await ReplicationConnection.open(options.url);
  try {
    const identity = await connection.identify();
    const data = new Feed();
    const list = new Feed();
    const context = (name: string) => `${line.name}/base/${id}/${name}`;
    const written = Promise.all([
      writeSealed(unfinished, "data.sealed", key, context("data"), data),
      writeSealed(unfinished, "files.sealed", key, context("files"), list),
    ]);
    let current = data;
    let clusterBytes = 0;
    const copied = connection
      .baseBackup(`energsys ${id}`, {
        begin: (part) => {
          if (part === "manifest") data.end();
          current = part === "data" ? data : list;
        },
        write: (bytes) => {
          if (current === data) clusterBytes += bytes.length;
          // The bytes lie in a buffer that the next message overwrites.
          return current.push(Uint8Array.from(bytes));
        },
      })
      .finally(() => {
        data.end();
        list.end();
      });
    // A full disk ends the writing first; then the server must not go on sending.
    written.catch(() => connection.destroy());
    const [files, ends] = await Promise.allSettled([written, copied]);
    if (files.status === "rejected") throw files.reason;
    if (ends.status === "rejected") throw ends.reason;
    // By the server's clock, as what is said of the WAL.
    const { nowMs: finishedMs } = await readServerFacts(options.db);
    const manifest: BaseManifest = {
      format: 1,
      line: line.name,
      id,
      server: options.server,
      serverVersion: facts.version,
      systemIdentifier: identity.systemIdentifier,
      timeline: ends.value.timeline,
      startLsn: formatLsn(ends.value.startLsn),
      endLsn: formatLsn(ends.value.endLsn),
      segmentBytes: facts.segmentBytes,
      startedAt: new Date(startedMs).toISOString(),
      finishedAt: new Date(finishedMs).toISOString(),
      database: facts.database,
      user: facts.user,
      clusterBytes,
      rowsAtLeast,
      files: files.value,
    };
    await writeManifest(unfinished, key, manifest);
    await rename(unfinished, folder);
    await syncFolder(join(folder, ".."));
    return manifest;
  } catch (error) {
    await rm(unfinished, { recursive: true, force: true });
    throw error;
  } finally {
    await connection.close();
  }
}

/** Bytes handed from the connection to a file; `push` gives a promise while the file is behind. */
class Feed implements AsyncIterable<Uint8Array> {
  readonly #held: Uint8Array[] = [];
  #heldBytes = 0;
  #ended = false;
  #wake: (() => void) | undefined;
  #room: (() => void) | undefined;

  push(bytes: Uint8Array): Promise<void> | undefined {
    this.#held.push(bytes);
    this.#heldBytes += bytes.length;
    this.#wake?.();
    if (this.#heldBytes < feedBytesMax) return undefined;
    return new Promise((resolve) => {
      this.#room = resolve;
    });
  }

  end(): void {
    this.#ended = true;
    this.#wake?.();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    for (;;) {
      const next = this.#held.shift();
      if (next) {
        this.#heldBytes -= next.length;
        if (this.#heldBytes < feedBytesMax / 2) this.#room?.();
        yield next;
      } else if (this.#ended) {
        return;
      } else {
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
      }
    }
  }
}

const feedBytesMax = 4 * 1024 * 1024;
