import type { Socket } from "node:net";
import pg from "pg";
import { isConnectionLost, StoreError, sqlState } from "../errors.ts";
import { formatLsn, type Lsn, parseLsn } from "./wal-names.ts";

export interface SystemIdentity {
  readonly systemIdentifier: string;
  readonly timeline: number;
  readonly lsn: Lsn;
}

export interface BaseBackupEnds {
  readonly timeline: number;
  readonly startLsn: Lsn;
  readonly endLsn: Lsn;
}

/** Where the parts of a base backup go. A promise that is returned holds the server back until it resolves. */
export interface BaseBackupSink {
  /** A new archive begins: the files of the cluster as tar, or the server's list of them with their checksums. */
  begin(part: "data" | "manifest"): void;
  write(bytes: Uint8Array): Promise<void> | undefined;
}

export interface WalSink {
  /** `covers` is true when this is all that the server had at `sentAtMs`. */
  data(lsn: Lsn, bytes: Uint8Array, sentAtMs: number, covers: boolean): Promise<void> | undefined;
  /** Nothing new, and all up to `lsn` was sent at `sentAtMs`. */
  alive(lsn: Lsn, sentAtMs: number): void;
}

interface PgConnection {
  readonly stream: Socket;
  query(text: string): void;
  sendCopyFromChunk(bytes: Buffer): void;
  endCopyFrom(): void;
}

/** Stamps of the protocol count microseconds from here. */
const epochMs = Date.UTC(2000, 0, 1);

/** What `pg` expects of a statement that it hands the server's messages to. */
class Running {
  readonly #text: string;
  readonly #resolve: (rows: (string | null)[][][]) => void;
  readonly #reject: (error: Error) => void;
  readonly #onCopyData: (bytes: Buffer, connection: PgConnection) => void;
  readonly #results: (string | null)[][][] = [];
  #error: Error | undefined;
  connection: PgConnection | undefined;

  constructor(
    text: string,
    onCopyData: (bytes: Buffer, connection: PgConnection) => void,
    resolve: (rows: (string | null)[][][]) => void,
    reject: (error: Error) => void,
  ) {
    this.#text = text;
    this.#onCopyData = onCopyData;
    this.#resolve = resolve;
    this.#reject = reject;
  }

  submit(connection: PgConnection): void {
    this.connection = connection;
    connection.query(this.#text);
  }
  handleRowDescription(): void {
    this.#results.push([]);
  }
  handleDataRow(message: { fields: (string | null)[] }): void {
    this.#results.at(-1)?.push(message.fields);
  }
  handleCopyData(message: { chunk: Buffer }, connection: PgConnection): void {
    if (!this.#error) this.#onCopyData(message.chunk, connection);
  }
  handleCommandComplete(): void {}
  handleEmptyQuery(): void {}
  handlePortalSuspended(): void {}
  handleCopyInResponse(): void {}
  handleError(error: Error): void {
    this.#error = error;
    this.#reject(error);
  }
  handleReadyForQuery(): void {
    if (!this.#error) this.#resolve(this.#results);
  }
}

/**
 * A connection that speaks PostgreSQL's replication protocol: what pg_basebackup and pg_receivewal do, which the embedded
 * server comes without.
 */
export class ReplicationConnection {
  readonly #client: pg.Client;

  private constructor(client: pg.Client) {
    this.#client = client;
  }

  /** @throws StoreError `backup.not-allowed` when the server does not let this user replicate */
  static async open(url: string): Promise<ReplicationConnection> {
    const config = { connectionString: url, replication: "true", connectionTimeoutMillis: 10_000 };
    const client = new pg.Client({ ...config, application_name: "energsys-backup" });
    client.on("error", () => {}); // each statement reports it
    try {
      await client.connect();
    } catch (cause) {
      throw refused(cause);
    }
    return new ReplicationConnection(client);
  }

  async close(): Promise<void> {
    await this.#client.end().catch(() => {});
  }

  /** Breaks off whatever runs. */
  destroy(): void {
    (this.#client as unknown as { connection: PgConnection }).connection.stream.destroy();
  }

  async identify(): Promise<SystemIdentity> {
    const [[row] = []] = await this.#run("IDENTIFY_SYSTEM");
    const [systemIdentifier, timeline, lsn] = row ?? [];
    return {
      systemIdentifier: systemIdentifier ?? "",
      timeline: Number(timeline),
      lsn: parseLsn(lsn ?? ""),
    };
  }

  /** Copies the whole cluster while it works. WAL is not part of it: from start to end it must be in the archive. */
  async baseBackup(label: string, sink: BaseBackupSink): Promise<BaseBackupEnds> {
    const stop = { failure: undefined as Error | undefined };
    const results = await this.#run(
      `BASE_BACKUP (LABEL '${label}', CHECKPOINT 'fast', WAIT false, MANIFEST 'yes', MANIFEST_CHECKSUMS 'SHA256')`,
      (bytes, connection) => {
        const body = bytes.subarray(1);
        switch (bytes[0]) {
          case 0x6e: // n: archive name, then the tablespace's place, empty for the cluster itself
            if (body.toString("latin1").split("\0")[1]) {
              stop.failure = new StoreError("backup.tablespaces", "the server has tablespaces of its own");
              connection.stream.destroy(stop.failure);
              return;
            }
            sink.begin("data");
            return;
          case 0x6d: // m
            sink.begin("manifest");
            return;
          case 0x64: // d
            hold(connection, sink.write(body), (error) => {
              stop.failure = error;
            });
        }
      },
    ).catch((error) => {
      throw stop.failure ?? error;
    });
    const [startLsn, timeline] = results[0]?.[0] ?? [];
    const [endLsn] = results.at(-1)?.[0] ?? [];
    return {
      timeline: Number(timeline),
      startLsn: parseLsn(startLsn ?? ""),
      endLsn: parseLsn(endLsn ?? ""),
    };
  }

  /**
   * Receives WAL from `from` on, until `stop` is called or the connection breaks. What `flushed` says is told to the server
   * every `statusMs`; up to there it may forget.
   */
  streamWal(
    slot: string,
    from: Lsn,
    timeline: number,
    sink: WalSink,
    flushed: () => Lsn,
    statusMs = 5_000,
  ): { readonly ended: Promise<void>; tell(): void; stop(): void } {
    let connection: PgConnection | undefined;
    let failure: Error | undefined;
    const tell = () => connection?.sendCopyFromChunk(statusMessage(flushed()));
    const timer = setInterval(tell, statusMs);
    const ended = this.#run(
      `START_REPLICATION SLOT "${slot}" PHYSICAL ${formatLsn(from)} TIMELINE ${timeline}`,
      (bytes, current) => {
        connection = current;
        if (bytes[0] === 0x77) {
          // w: start, end of the server's WAL, its clock, the bytes
          const start = bytes.readBigUInt64BE(1);
          const sentAtMs = epochMs + Number(bytes.readBigInt64BE(17) / 1000n);
          const body = bytes.subarray(25);
          const covers = start + BigInt(body.length) >= bytes.readBigUInt64BE(9);
          hold(current, sink.data(start, body, sentAtMs, covers), (error) => {
            failure = error;
          });
        } else if (bytes[0] === 0x6b) {
          // k: end of the server's WAL, its clock, whether it wants an answer
          sink.alive(bytes.readBigUInt64BE(1), epochMs + Number(bytes.readBigInt64BE(9) / 1000n));
          if (bytes[17] === 1) tell();
        }
      },
      (running) => {
        connection = running;
      },
    )
      .then(() => {})
      .catch((error) => {
        throw failure ?? error;
      })
      .finally(() => clearInterval(timer));
    return {
      ended,
      tell,
      stop: () => {
        tell();
        connection?.endCopyFrom();
      },
    };
  }

  #run(
    text: string,
    onCopyData: (bytes: Buffer, connection: PgConnection) => void = () => {},
    onSubmitted?: (connection: PgConnection) => void,
  ): Promise<(string | null)[][][]> {
    return new Promise<(string | null)[][][]>((resolve, reject) => {
      const running = new Running(text, onCopyData, resolve, reject);
      this.#client.query(running as unknown as pg.Submittable);
      if (running.connection) onSubmitted?.(running.connection);
    }).catch((cause) => {
      throw refused(cause);
    });
  }
}

/** Reads no further until what was handed over is done with. */
function hold(
  connection: PgConnection,
  done: Promise<void> | undefined,
  onError: (error: Error) => void,
): void {
  if (!done) return;
  connection.stream.pause();
  done.then(
    () => connection.stream.resume(),
    (error: Error) => {
      onError(error);
      connection.stream.destroy(error);
    },
  );
}

function statusMessage(flushed: Lsn): Buffer {
  const message = Buffer.alloc(34);
  message[0] = 0x72; // r
  message.writeBigUInt64BE(flushed, 1);
  message.writeBigUInt64BE(flushed, 9);
  message.writeBigUInt64BE(flushed, 17);
  message.writeBigInt64BE(BigInt(Date.now() - epochMs) * 1000n, 25);
  message[33] = 1; // answered at once by the server's clock and position: how far the archive is, also in a quiet hour
  return message;
}

function refused(cause: unknown): unknown {
  const state = sqlState(cause);
  const denied = state === "42501" || state === "28000" || state === "28P01" || state === "55000";
  if (!denied || isConnectionLost(cause)) return cause;
  return new StoreError(
    "backup.not-allowed",
    `the server does not let this user replicate: ${(cause as Error).message}`,
    cause,
  );
}
