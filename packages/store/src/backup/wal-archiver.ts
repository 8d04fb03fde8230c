import { rm } from "node:fs/promises";
import { join } from "node:path";
import { StoreError } from "../errors.ts";
import { type Line, writeSealed } from "./archive.ts";
import type { BackupKey } from "./key.ts";
import { ReplicationConnection, type WalSink } from "./replication.ts";
import { formatLsn, type Lsn, segmentName, segmentStart } from "./wal-names.ts";

export interface WalArchiverOptions {
  readonly url: string;
  readonly slot: string;
  readonly line: Line;
  readonly key: BackupKey;
  readonly timeline: number;
  readonly segmentBytes: number;
  /** Where to begin: the segment of this position. */
  readonly from: Lsn;
  /** What came is written at least so often: what can be lost with the machine. */
  readonly flushMs: number;
}

/**
 * Receives the WAL and keeps it, sealed, segment by segment. A segment that is not full yet is written again with what it has;
 * the server is told what is on the disk, and keeps the rest.
 */
export class WalArchiver {
  readonly #options: WalArchiverOptions;
  readonly #connection: ReplicationConnection;
  #segment: Buffer;
  #segmentAt: Lsn;
  #filled = 0;
  #written = 0;
  #flushed: Lsn;
  /** The server's clock when it had nothing more to send. */
  #coveredMs = 0;
  #coveredLsn: Lsn;
  #pendingCoverMs = 0;
  #writing: Promise<void> = Promise.resolve();
  #segmentsWaiting = 0;
  #timer: NodeJS.Timeout | undefined;
  #stream: ReturnType<ReplicationConnection["streamWal"]> | undefined;

  private constructor(options: WalArchiverOptions, connection: ReplicationConnection) {
    this.#options = options;
    this.#connection = connection;
    this.#segment = Buffer.alloc(options.segmentBytes);
    this.#segmentAt = segmentStart(options.from, options.segmentBytes);
    this.#flushed = this.#segmentAt;
    this.#coveredLsn = this.#segmentAt;
  }

  static async start(options: WalArchiverOptions): Promise<WalArchiver> {
    const archiver = new WalArchiver(options, await ReplicationConnection.open(options.url));
    archiver.#run();
    return archiver;
  }

  /** Resolves after `stop`, rejects when the connection or the archive fails. */
  get ended(): Promise<void> {
    return this.#stream!.ended;
  }

  /** All WAL before this is in the archive. */
  get flushedLsn(): Lsn {
    return this.#flushed;
  }

  /** Everything that was committed before this instant of the server's clock is in the archive; 0 before the first time. */
  get coveredMs(): number {
    return this.#coveredMs;
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.flush().catch(() => {});
    this.#stream?.stop();
    const timer = setTimeout(() => this.#connection.destroy(), 3_000);
    await this.ended.catch(() => {});
    clearTimeout(timer);
    await this.#connection.close();
  }

  /** Asks the server how far it is. */
  ask(): void {
    this.#stream?.tell();
  }

  /** Writes what has come so far. */
  flush(): Promise<void> {
    // What there is now: by the time that the queue comes to it, the next segment may have begun.
    const segment = this.#segment;
    const at = this.#segmentAt;
    const filled = this.#filled;
    const isNew = filled > this.#written;
    this.#written = filled;
    const coveredMs = this.#coveredLsn === at + BigInt(filled) ? this.#pendingCoverMs : 0;
    return this.#queue(() =>
      this.#writePartial(at, isNew ? segment.subarray(0, filled) : undefined, filled, coveredMs),
    );
  }

  #run(): void {
    const { slot, timeline, flushMs } = this.#options;
    const sink: WalSink = {
      data: (lsn, bytes, sentAtMs, covers) => this.#receive(lsn, bytes, sentAtMs, covers),
      alive: (lsn, sentAtMs) => this.#cover(lsn, sentAtMs),
    };
    this.#stream = this.#connection.streamWal(slot, this.#segmentAt, timeline, sink, () => this.#flushed);
    this.#stream.ended.catch(() => clearInterval(this.#timer));
    this.#timer = setInterval(() => {
      this.flush().then(
        () => this.#stream?.tell(),
        () => this.#connection.destroy(),
      );
    }, flushMs);
  }

  #receive(lsn: Lsn, bytes: Uint8Array, sentAtMs: number, covers: boolean): Promise<void> | undefined {
    if (lsn !== this.#position()) {
      throw new StoreError(
        "backup.wal-gap",
        `the server sent WAL from ${formatLsn(lsn)}, expected ${formatLsn(this.#position())}`,
      );
    }
    let rest = bytes;
    while (rest.length > 0) {
      const taken = rest.subarray(0, this.#segment.length - this.#filled);
      this.#segment.set(taken, this.#filled);
      this.#filled += taken.length;
      rest = rest.subarray(taken.length);
      if (this.#filled === this.#segment.length) this.#completeSegment();
    }
    if (covers) this.#cover(lsn + BigInt(bytes.length), sentAtMs);
    // A disk slower than the server: it waits, and keeps its WAL meanwhile.
    return this.#segmentsWaiting > 2 ? this.#writing : undefined;
  }

  #position(): Lsn {
    return this.#segmentAt + BigInt(this.#filled);
  }

  #cover(lsn: Lsn, sentAtMs: number): void {
    if (lsn > this.#position()) return;
    this.#coveredLsn = lsn;
    this.#pendingCoverMs = sentAtMs;
  }

  #completeSegment(): void {
    const { line, key, timeline, segmentBytes } = this.#options;
    const [segment, at] = [this.#segment, this.#segmentAt];
    this.#segment = Buffer.alloc(segmentBytes);
    this.#segmentAt = at + BigInt(segmentBytes);
    this.#filled = 0;
    this.#written = 0;
    this.#segmentsWaiting++;
    const name = segmentName(timeline, at, segmentBytes);
    this.#queue(async () => {
      await writeSealed(line.walFolder, `${name}.sealed`, key, `${line.name}/wal/${name}`, [segment]);
      await rm(join(line.walFolder, `${name}.partial.sealed`), { force: true });
      this.#flushed = at + BigInt(segmentBytes);
      this.#segmentsWaiting--;
    }).catch(() => this.#connection.destroy());
  }

  async #writePartial(
    at: Lsn,
    bytes: Uint8Array | undefined,
    filled: number,
    coveredMs: number,
  ): Promise<void> {
    const { line, key, timeline, segmentBytes } = this.#options;
    const position = at + BigInt(filled);
    if (bytes) {
      const name = segmentName(timeline, at, segmentBytes);
      await writeSealed(line.walFolder, `${name}.partial.sealed`, key, `${line.name}/wal/${name}`, [bytes]);
    }
    this.#flushed = position;
    if (coveredMs === 0) return;
    await line.writeCovered({ timeline, lsn: formatLsn(position), at: new Date(coveredMs).toISOString() });
    this.#coveredMs = coveredMs;
  }

  #queue(work: () => Promise<void>): Promise<void> {
    const done = this.#writing.then(work);
    this.#writing = done.catch(() => {});
    return done;
  }
}
