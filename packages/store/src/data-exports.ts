import { promisify } from "node:util";
import { constants as zlib, zstdCompress, zstdDecompress } from "node:zlib";
import type { Language } from "./accounts.ts";
import type { Database, Queryable } from "./database.ts";
import { type JobState, queueJob } from "./jobs/index.ts";
import { drawFileKey, openFileKey, openPiece, sealPiece } from "./personal/kept-file.ts";
import type { Scope } from "./scope.ts";
import { keyRingOf } from "./secrets/ring-of.ts";
import { instant, sql } from "./sql.ts";

export const dataExportFormats = ["csv", "xlsx", "parquet"] as const;
export type DataExportFormat = (typeof dataExportFormats)[number];

/** Days after which a file is taken away again: it holds what its asker was allowed to see then. */
export const dataExportDays = 7;
const expiry = `${dataExportDays} days`;

/** Bytes of one stored piece of a file. */
const pieceBytes = 1 << 20;
/** Formats that are text: what is packed by itself is stored as it is. A CSV becomes a sixteenth of itself, faster than it could be written as it is. */
const isText = (format: DataExportFormat): boolean => format === "csv";
const pack = (bytes: Uint8Array): Promise<Buffer> =>
  promisify(zstdCompress)(bytes, { params: { [zlib.ZSTD_c_compressionLevel]: 1 } });

/** What a file of values shall hold. Days are market-local, `toDay` is not included. */
export interface DataExportAsked {
  /** `p12`, `g4`, `m4`, `b3` or `s`. */
  readonly subject: string;
  readonly energy: string;
  readonly fromDay: string;
  readonly toDay: string;
  readonly format: DataExportFormat;
  readonly language: Language;
}

/** A file of values as lists show it. Instants are epoch ms; what it holds is null until the whole file is there. */
export interface DataExport extends DataExportAsked {
  readonly dataExportId: number;
  readonly jobId: number | null;
  readonly requestedBy: string;
  readonly requestedAt: number;
  readonly expiresAt: number;
  /** Of its job; null when the job is forgotten. */
  readonly state: JobState | null;
  readonly madeAt: number | null;
  readonly points: number | null;
  readonly valueRows: number | null;
  readonly fileBytes: number | null;
}

const columns = sql`
  e.data_export_id as "dataExportId", e.job_id as "jobId", subject, energy, from_day::text as "fromDay", to_day::text as "toDay", format, language,
  e.requested_by as "requestedBy", e.requested_at as "requestedAt", e.requested_at + ${expiry}::interval as "expiresAt", state,
  made_at as "madeAt", points, value_rows as "valueRows", file_bytes as "fileBytes"`;

/** Writes a wanted file down together with the job that will write it. */
export async function queueDataExport(
  transaction: Queryable,
  asked: DataExportAsked,
  of: { readonly by: string; readonly scope: Scope; readonly action: string; readonly label: string },
): Promise<{ readonly dataExportId: number; readonly jobId: number }> {
  const { rows } = await transaction.query<{ dataExportId: number }>(sql`
    insert into data_export (subject, energy, from_day, to_day, format, language, requested_by)
    values (${asked.subject}, ${asked.energy}, ${asked.fromDay}::date, ${asked.toDay}::date, ${asked.format},
      ${asked.language}, ${of.by})
    returning data_export_id as "dataExportId"`);
  const { dataExportId } = rows[0]!;
  const jobId = await queueJob(transaction, { ...of, kind: "write-values", input: { dataExportId } });
  await transaction.query(
    sql`update data_export set job_id = ${jobId}::bigint where data_export_id = ${dataExportId}`,
  );
  return { dataExportId, jobId };
}

/** Files that somebody asked for, the newest first. */
export async function listDataExports(db: Queryable, by: string, limit: number): Promise<DataExport[]> {
  const { rows } = await db.query<DataExport>(sql`
    select ${columns} from data_export as e left join job using (job_id)
    where e.requested_by = ${by} order by e.data_export_id desc limit ${limit}`);
  return rows;
}

export async function findDataExport(db: Queryable, dataExportId: number): Promise<DataExport | undefined> {
  const { rows } = await db.query<DataExport>(sql`
    select ${columns} from data_export as e left join job using (job_id) where e.data_export_id = ${dataExportId}`);
  return rows[0];
}

/**
 * Writes a file as it comes, sealed, one piece while the next is made, and says at the end that it is whole. A runner may have died in the
 * middle of it: what it left goes first. `false` when it was stopped; nothing of the file is kept then.
 * @throws StoreError `secret.key-missing`
 */
export async function writeDataExport(
  db: Database,
  { dataExportId, format }: Pick<DataExport, "dataExportId" | "format">,
  chunks: AsyncIterable<Uint8Array>,
  {
    signal,
    held,
  }: { readonly signal: AbortSignal; readonly held: () => { points: number; valueRows: number } },
): Promise<boolean> {
  const clear = () => db.query(sql`delete from data_export_part where data_export_id = ${dataExportId}`);
  await clear();
  const { key, sealedKey } = await drawFileKey(keyRingOf(db), "data_export", dataExportId);
  await db.query(
    sql`update data_export set sealed_key = ${sealedKey} where data_export_id = ${dataExportId}`,
  );
  const pieces = new Pieces(db, dataExportId, key, isText(format));
  try {
    for await (const chunk of chunks) {
      for (let at = 0; at < chunk.length; ) at += await pieces.add(chunk.subarray(at));
      if (!signal.aborted) continue;
      await pieces.written();
      await clear();
      return false;
    }
    await pieces.flush();
  } finally {
    await pieces.written();
  }
  const { points, valueRows } = held();
  await db.query(sql`
    update data_export set made_at = now(), points = ${points}, value_rows = ${valueRows}::bigint, file_bytes = ${pieces.bytes}::bigint
    where data_export_id = ${dataExportId}`);
  return true;
}

/** Bytes of a file as rows of the database hold them well: gathered in one piece while the one before is written, in the same two again and again. */
class Pieces {
  readonly #db: Queryable;
  readonly #dataExportId: number;
  readonly #key: Uint8Array;
  readonly #isPacked: boolean;
  #filling = Buffer.allocUnsafeSlow(pieceBytes);
  #other = Buffer.allocUnsafeSlow(pieceBytes);
  #filled = 0;
  #part = 0;
  #writing: Promise<unknown> = Promise.resolve();
  /** Of the whole file so far. */
  bytes = 0;

  constructor(db: Queryable, dataExportId: number, key: Uint8Array, isPacked: boolean) {
    this.#db = db;
    this.#dataExportId = dataExportId;
    this.#key = key;
    this.#isPacked = isPacked;
  }

  /** Takes as many of these bytes as there is room for, and says how many. */
  async add(bytes: Uint8Array): Promise<number> {
    const taken = bytes.subarray(0, pieceBytes - this.#filled);
    this.#filling.set(taken, this.#filled);
    this.#filled += taken.length;
    this.bytes += taken.length;
    if (this.#filled === pieceBytes) await this.flush();
    return taken.length;
  }

  /** Writes what is gathered, once the piece before is written. */
  async flush(): Promise<void> {
    await this.#writing;
    if (this.#filled === 0) return;
    this.#writing = this.#write(this.#part++, this.#filling.subarray(0, this.#filled));
    // Whoever waits for it next hears of a failure; until then it is nobody's.
    this.#writing.catch(() => undefined);
    [this.#filling, this.#other] = [this.#other, this.#filling];
    this.#filled = 0;
  }

  /** When every piece that was begun is written. */
  async written(): Promise<void> {
    await this.#writing;
  }

  async #write(part: number, bytes: Buffer): Promise<void> {
    const stored = sealPiece(this.#key, part, this.#isPacked ? await pack(bytes) : bytes);
    await this.#db.query(sql`
      insert into data_export_part (data_export_id, part, bytes, is_packed)
      values (${this.#dataExportId}, ${part}, ${stored}, ${this.#isPacked})`);
  }
}

/** The pieces of a file in their order; nothing when it is not whole or was taken away. @throws StoreError `secret.unreadable` */
export async function* readDataExport(db: Queryable, dataExportId: number): AsyncGenerator<Buffer> {
  const { rows: files } = await db.query<{ sealedKey: Buffer | null }>(
    sql`select sealed_key as "sealedKey" from data_export where data_export_id = ${dataExportId}`,
  );
  const [file] = files;
  if (!file) return;
  // One of an earlier release lies in clear until the server has sealed it.
  const key =
    file.sealedKey && (await openFileKey(keyRingOf(db), "data_export", dataExportId, file.sealedKey));
  for (let part = 0; ; part++) {
    const { rows } = await db.query<{ bytes: Buffer; isPacked: boolean }>(sql`
      select bytes, is_packed as "isPacked" from data_export_part where data_export_id = ${dataExportId} and part = ${part}`);
    if (!rows[0]) return;
    const bytes = key ? openPiece(key, part, rows[0].bytes) : rows[0].bytes;
    yield rows[0].isPacked ? await promisify(zstdDecompress)(bytes) : bytes;
  }
}

/** Takes a file away before its days are over. */
export async function removeDataExport(db: Queryable, dataExportId: number): Promise<void> {
  await db.query(sql`delete from data_export where data_export_id = ${dataExportId}`);
}

/** Takes files away whose days are over. */
export async function expireDataExports(db: Queryable, nowMs: number): Promise<void> {
  await db.query(sql`
    delete from data_export where requested_at + ${expiry}::interval < ${instant(nowMs)}::timestamptz`);
}
