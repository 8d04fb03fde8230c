import { marketDay } from "@energsys/metering";
import { CopyWriter, copyIn, type Database, sql } from "@energsys/store";
import { columns, type MeterDayCurve, periodSeconds, timed, zone } from "./store-field.ts";

/**
 * The naive way: one row per interval, primary key (channel, instant), the same values and quality. As small as it can be: columns in
 * the order that wastes least, 32-bit values, no quality where all is well.
 */
export interface RowsOutcome {
  readonly bytesPerInterval: number;
  /** Intervals a second. */
  readonly upsert: number;
  readonly staged: number;
  readonly copied: number;
}

interface RowBatch {
  readonly channels: number[];
  readonly instants: number[];
  readonly values: (number | null)[];
  /** Null where all is well: it then takes no room. */
  readonly flags: (number | null)[];
}

const batchMax = 10_000;

/** Measures the naive table with the given meters and days: upsert by arrays, staged COPY with upsert, bare COPY. */
export async function measureRows(
  db: Database,
  curves: readonly (readonly MeterDayCurve[])[],
  dates: readonly string[],
): Promise<RowsOutcome> {
  const batches = rowBatches(curves, dates);
  const intervals = batches.reduce((sum, batch) => sum + batch.channels.length, 0);
  const upsert = await timed(async () => {
    for (const batch of batches) await upsertRows(db, batch);
  });
  // The best that can be said for it: rewritten, every page full.
  await db.query(sql`vacuum full interval_row`);
  const { rows } = await db.query<{ bytes: number }>(
    sql`select pg_total_relation_size('interval_row') as bytes`,
  );
  await makeTable(db);
  const staged = await timed(async () => {
    for (let start = 0; start < batches.length; start += 5)
      await stageRows(db, batches.slice(start, start + 5));
  });
  await makeTable(db);
  const copied = await timed(async () => {
    for (const batch of batches)
      await copyIn(db, "copy interval_row from stdin (format binary)", toCopy([batch]));
  });
  await db.query(sql`drop table interval_row`);
  return {
    bytesPerInterval: (rows[0]?.bytes ?? 0) / intervals,
    upsert: intervals / upsert,
    staged: intervals / staged,
    copied: intervals / copied,
  };
}

export async function makeTable(db: Database): Promise<void> {
  await db.query(sql`drop table if exists interval_row`);
  await db.query(sql`
    create table interval_row (starts_at timestamptz not null, channel_id int not null, value int, quality smallint,
      primary key (channel_id, starts_at))`);
}

/** In the order of a day's delivery: day by day, meter by meter. */
function rowBatches(curves: readonly (readonly MeterDayCurve[])[], dates: readonly string[]): RowBatch[] {
  const batches: RowBatch[] = [];
  let batch: RowBatch | undefined;
  dates.forEach((date, nth) => {
    const { startMs } = marketDay(date, zone);
    curves.forEach((days, meter) => {
      const day = days[nth];
      if (!day) return;
      for (const [column, values] of [day.active, day.reactive].entries()) {
        for (let slot = 0; slot < values.length; slot++) {
          if (!batch || batch.channels.length >= batchMax) {
            batch = { channels: [], instants: [], values: [], flags: [] };
            batches.push(batch);
          }
          const value = values[slot]!;
          batch.channels.push(meter * columns.length + column);
          batch.instants.push(startMs + slot * periodSeconds * 1000);
          batch.values.push(Number.isNaN(value) ? null : value);
          batch.flags.push(day.flags[slot] || null);
        }
      }
    });
  });
  return batches;
}

async function upsertRows(db: Database, batch: RowBatch): Promise<void> {
  await db.query(sql`
    insert into interval_row
    select to_timestamp(ms / 1000.0), channel_id, value, quality
    from unnest(${`{${batch.channels.join()}}`}::int[], ${`{${batch.instants.join()}}`}::bigint[],
      ${`{${batch.values.map((value) => value ?? "NULL").join()}}`}::int[],
      ${`{${batch.flags.map((flag) => flag ?? "NULL").join()}}`}::smallint[])
      as incoming (channel_id, ms, value, quality)
    on conflict (channel_id, starts_at) do update set value = excluded.value, quality = excluded.quality
      where (interval_row.value, interval_row.quality) is distinct from (excluded.value, excluded.quality)`);
}

function toCopy(batches: readonly RowBatch[]): CopyWriter {
  const rows = new CopyWriter();
  for (const { channels, instants, values, flags } of batches) {
    for (let row = 0; row < channels.length; row++) {
      rows.row(4);
      rows.instant(instants[row]!);
      rows.int4(channels[row]!);
      rows.int4(values[row]!);
      rows.int2(flags[row]!);
    }
  }
  return rows;
}

async function stageRows(db: Database, batches: readonly RowBatch[]): Promise<void> {
  await db.transaction(async (transaction) => {
    await transaction.query(sql`create temporary table staging (like interval_row) on commit drop`);
    await copyIn(transaction, "copy staging from stdin (format binary)", toCopy(batches));
    await transaction.query(sql`
      insert into interval_row select * from staging
      on conflict (channel_id, starts_at) do update set value = excluded.value, quality = excluded.quality
        where (interval_row.value, interval_row.quality) is distinct from (excluded.value, excluded.quality)`);
  });
}
