import { type ChannelKind, digestOf, missingBit, unpackDay } from "@energsys/metering";
import type { Database, Queryable } from "../database.ts";
import { StoreError } from "../errors.ts";
import { readMigrations } from "../migrate.ts";
import { identifier, sql, trusted } from "../sql.ts";
import type { BaseManifest } from "./archive.ts";
import { countGrowing } from "./cluster-facts.ts";
import type { BackupKey } from "./key.ts";
import { makeScratchFolder, restore } from "./restore.ts";

export interface RestoreCheckOutcome {
  readonly backup: string;
  /** The state that was restored: all that was committed before this instant. */
  readonly coveredAt: string | null;
  readonly clusterBytes: number;
  readonly segments: number;
  readonly tables: number;
  readonly rows: number;
  readonly days: number;
  readonly restoreMs: number;
  readonly checkMs: number;
}

/** Rows of `load_day` whose digest is computed again. */
const daysMax = 200_000;
const daysAtOnce = 5_000;

/**
 * Restores the newest backup into a scratch server, to the newest moment, and looks at what is in it: the migrations are those of
 * this release, every page of every table can be read, nothing that only grows has become less, the digests of the load days agree with
 * their values. The scratch server is removed, whatever comes of it.
 * @throws StoreError `restore-check.failed` with what is wrong, and what `restore` throws
 */
export async function checkRestore(options: {
  readonly backups: string;
  readonly key: BackupKey;
  /** Folder below which the scratch server is made; it needs the room of the cluster. */
  readonly scratch: string;
}): Promise<RestoreCheckOutcome> {
  const scratch = makeScratchFolder(options.scratch);
  const checked = { tables: 0, rows: 0, days: 0, checkMs: 0 };
  try {
    const outcome = await restore(
      { ...options, toMs: undefined, folder: scratch.folder, durable: false },
      async (db, base) => {
        const started = performance.now();
        await checkSchema(db);
        Object.assign(checked, await checkTables(db));
        await checkGrowth(db, base);
        checked.days = await checkDigests(db);
        checked.checkMs = performance.now() - started;
      },
    );
    return {
      backup: `${outcome.base.line}/${outcome.base.id}`,
      coveredAt: outcome.coveredAt ?? null,
      clusterBytes: outcome.base.clusterBytes,
      segments: outcome.segments,
      ...checked,
      checkMs: Math.round(checked.checkMs),
      restoreMs: Math.round(outcome.durationMs - checked.checkMs),
    };
  } finally {
    scratch.remove();
  }
}

const failed = (detail: string, cause?: unknown) => new StoreError("restore-check.failed", detail, cause);

async function checkSchema(db: Database): Promise<void> {
  const { rows } = await db.query<{ number: number; sha256: string }>(
    sql`select number, sha256 from schema_migration order by number`,
  );
  const known = await readMigrations();
  // A backup may be older than this release, never other than it.
  const different = rows.find(({ number, sha256 }) => known[number - 1]?.sha256 !== sha256);
  if (rows.length === 0 || different)
    throw failed(`the restored schema is not that of a release: migration ${different?.number ?? 1}`);
}

/** Reads every table from end to end: the server compares the checksum of each page. */
async function checkTables(db: Database): Promise<{ tables: number; rows: number }> {
  const { rows } = await db.query<{ schema: string; name: string }>(sql`
    select nspname as schema, relname as name from pg_class join pg_namespace on pg_namespace.oid = relnamespace
    where relkind in ('r', 'm') and relpersistence = 'p' and nspname not in ('pg_catalog', 'information_schema', 'pg_toast')
    order by 1, 2`);
  let total = 0;
  for (const { schema, name } of rows) {
    try {
      const counted = await db.query<{ count: number }>(
        sql`select count(*)::bigint as count from ${identifier(schema)}.${identifier(name)}`,
      );
      total += counted.rows[0]!.count;
    } catch (cause) {
      throw failed(`table ${schema}.${name}: ${(cause as Error).message}`, cause);
    }
  }
  return { tables: rows.length, rows: total };
}

async function checkGrowth(db: Database, base: BaseManifest): Promise<void> {
  const counts = await countGrowing(db);
  for (const [table, atLeast] of Object.entries(base.rowsAtLeast)) {
    const found = counts[table];
    if (found !== undefined && found < atLeast)
      throw failed(`${table} has ${found} rows, ${atLeast} when the backup began`);
  }
}

interface DayRow {
  readonly channel_id: number;
  readonly day: string;
  readonly kind: ChannelKind;
  readonly sum: number | null;
  readonly max: number | null;
  readonly max_at: number | null;
  readonly ok: number;
  readonly flags: number;
  readonly slots: number;
  readonly v: Buffer;
  readonly q: Buffer | null;
}

async function checkDigests(db: Database): Promise<number> {
  const { rows } = await db.query<{ count: number }>(sql`select count(*)::bigint as count from load_day`);
  const percent = Math.min(100, (daysMax / Math.max(1, rows[0]!.count)) * 100);
  return db.transaction(async (transaction) => {
    await transaction.query(
      trusted(`
        declare days no scroll cursor for
        select channel_id, day, kind, sum, max, max_at, ok, flags, slots, v, q
        from load_day tablesample system (${percent.toFixed(4)}) join channel using (channel_id)`),
    );
    let count = 0;
    for (;;) {
      const batch = await fetchDays(transaction);
      for (const row of batch) checkDay(row);
      count += batch.length;
      if (batch.length < daysAtOnce) return count;
    }
  });
}

const fetchDays = async (transaction: Queryable): Promise<DayRow[]> =>
  (await transaction.query<DayRow>(trusted(`fetch ${daysAtOnce} from days`))).rows;

function checkDay(row: DayRow): void {
  const name = `load_day of channel ${row.channel_id}, ${row.day}`;
  let digest: ReturnType<typeof digestOf>;
  try {
    const { values, flags } = unpackDay(row.v, row.q, row.slots);
    digest = digestOf(values, flags, row.kind);
  } catch (cause) {
    throw failed(`${name} cannot be unpacked`, cause);
  }
  const same =
    digest.sum === row.sum &&
    digest.max === row.max &&
    digest.maxAt === row.max_at &&
    digest.ok === row.ok &&
    digest.flags === (row.flags & (missingBit | 0x7fff));
  if (!same) throw failed(`${name} has another digest than its values`);
}
