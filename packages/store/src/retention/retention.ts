import type { Database, Queryable } from "../database.ts";
import { isConflict, StoreError } from "../errors.ts";
import { monthAfter, type PartitionedTable, withoutMonth } from "../partitions.ts";
import { instant, type Sql, sql, trusted } from "../sql.ts";
import { keepGroupSums, keepMonthSums, monthVersion } from "./keep-sums.ts";

/** Data that are kept for one purpose, and equally long. */
export const retentionClasses = ["intervals", "registers", "events", "imports"] as const;
export type RetentionClass = (typeof retentionClasses)[number];

interface ClassFacts {
  /** Unless somebody set another. */
  readonly months: number;
  /** The least that can be set. */
  readonly monthsMin: number;
  readonly purpose: string;
  /** Tables whose months go as a whole. */
  readonly partitioned: readonly PartitionedTable[];
  /** Others, with the condition under which a row is older than the day `cutoff` (a local date, given as SQL). */
  readonly rows: readonly { readonly table: string; readonly older: (cutoff: Sql) => Sql }[];
}

/** What each table is split into months by; instants by months of UTC. */
const monthColumns: Readonly<Record<PartitionedTable, string>> = {
  load_day: "day",
  group_day: "day",
  block: "received_at",
  event: "at",
};

const byMonth = (cutoff: Sql) => sql`month < ${cutoff}`;
const byDay = (cutoff: Sql) => sql`day < ${cutoff}`;

/** Quarter-hours 3 years, registers 10 years, events and the history of communication 5 years, files of points 3 months. */
export const retentionFacts: Readonly<Record<RetentionClass, ClassFacts>> = {
  intervals: {
    months: 36,
    monthsMin: 13,
    purpose: "settlement, network operation, detection of losses",
    partitioned: ["load_day", "group_day", "block"],
    rows: [
      { table: "load_day_hist", older: byDay },
      { table: "point_overlay", older: byDay },
      { table: "estimate_source", older: byDay },
    ],
  },
  registers: {
    months: 120,
    monthsMin: 13,
    purpose: "billing and accounting",
    partitioned: [],
    rows: [
      { table: "register_reading", older: (cutoff) => sql`measured_at < ${cutoff}` },
      // Sums of months whose intervals are gone are of the same use, and kept as long.
      { table: "kept_month", older: byMonth },
      { table: "kept_group_month", older: byMonth },
    ],
  },
  events: {
    months: 60,
    monthsMin: 13,
    purpose: "network operation, security, evidence of interruptions",
    partitioned: ["event"],
    rows: [{ table: "attempt", older: (cutoff) => sql`requested_at < ${cutoff} and ended_at is not null` }],
  },
  // Full of names and addresses, and of use as long as somebody may take the import back.
  imports: {
    months: 3,
    monthsMin: 1,
    purpose: "taking an import of points back",
    partitioned: [],
    rows: [
      {
        table: "points_import",
        older: (cutoff) => sql`made_at < ${cutoff} and state in ('checked', 'done', 'undone')`,
      },
    ],
  },
};

export interface RetentionRule {
  readonly class: RetentionClass;
  readonly months: number;
  readonly purpose: string;
  readonly setBy: string | null;
  readonly setAt: number | null;
}

/** How long each class is kept, and for what. */
export async function listRetentionRules(db: Queryable): Promise<RetentionRule[]> {
  const { rows } = await db.query<RetentionRule>(sql`
    select class, months, purpose, set_by as "setBy", set_at as "setAt" from retention_rule`);
  return retentionClasses.map(
    (name) =>
      rows.find((row) => row.class === name) ?? {
        class: name,
        months: retentionFacts[name].months,
        purpose: retentionFacts[name].purpose,
        setBy: null,
        setAt: null,
      },
  );
}

export async function setRetentionRule(
  db: Queryable,
  rule: {
    readonly class: RetentionClass;
    readonly months: number;
    readonly purpose: string;
    readonly by: string;
    readonly nowMs: number;
  },
): Promise<void> {
  await db.query(sql`
    insert into retention_rule (class, months, purpose, set_by, set_at)
    values (${rule.class}, ${rule.months}, ${rule.purpose}, ${rule.by}, ${instant(rule.nowMs)}::timestamptz)
    on conflict (class) do update set months = excluded.months, purpose = excluded.purpose, set_by = excluded.set_by,
      set_at = excluded.set_at`);
}

/** First month that is kept, as its first day. */
export function cutoffOf(months: number, nowMs: number): string {
  const day = Temporal.Instant.fromEpochMilliseconds(nowMs).toZonedDateTimeISO("UTC").toPlainDate();
  return day.with({ day: 1 }).subtract({ months }).toString();
}

/** What a run would take of one class. */
export interface RetentionEffect {
  readonly class: RetentionClass;
  readonly cutoff: string;
  /** Months that would go, `YYYY-MM` with the table. */
  readonly months: readonly { readonly part: string; readonly rows: number; readonly bytes: number }[];
  readonly rows: readonly { readonly table: string; readonly rows: number }[];
  /** Months that are due and stay: a billed month whose late values wait for somebody. */
  readonly kept: readonly string[];
}

/** Months whose days somebody still has to decide about: they stay whatever their age. */
async function monthsInUse(db: Queryable): Promise<Set<string>> {
  const { rows } = await db.query<{ month: string }>(sql`
    select distinct to_char(month, 'YYYY-MM') as month from billing_correction where state = 'waiting'
    union
    select distinct to_char(day, 'YYYY-MM') from value_edit where state = 'waiting'`);
  return new Set(rows.map(({ month }) => month));
}

async function dueParts(
  db: Queryable,
  name: RetentionClass,
  cutoff: string,
): Promise<{ due: { part: string; parent: PartitionedTable; month: string }[]; kept: string[] }> {
  const tables: readonly string[] = retentionFacts[name].partitioned;
  if (tables.length === 0) return { due: [], kept: [] };
  const { rows } = await db.query<{ part: string; parent: PartitionedTable; month: string }>(sql`
    select child.relname as part, parent.relname as parent, replace(right(child.relname, 7), '_', '-') as month
    from pg_inherits join pg_class as child on child.oid = inhrelid join pg_class as parent on parent.oid = inhparent
    where parent.relname = any(${tables}::text[]) and child.relname ~ '_[0-9]{4}_[0-9]{2}$'
      and replace(right(child.relname, 7), '_', '-') < ${cutoff.slice(0, 7)} order by 2, 1`);
  const used = name === "intervals" ? await monthsInUse(db) : new Set<string>();
  return {
    due: rows.filter(({ month }) => !used.has(month)),
    kept: [...new Set(rows.flatMap(({ month }) => (used.has(month) ? [month] : [])))],
  };
}

const dateOf = (cutoff: string, kept: readonly string[]): Sql =>
  // What is kept of the months also keeps the rows beside them: with them the oldest that is kept is the border.
  sql`${kept.length === 0 ? cutoff : `${kept.toSorted()[0]}-01`}::date`;

/** What a run at this instant would take, counted. */
export async function readRetentionEffect(db: Queryable, nowMs: number): Promise<RetentionEffect[]> {
  const effects: RetentionEffect[] = [];
  for (const rule of await listRetentionRules(db)) {
    const cutoff = cutoffOf(rule.months, nowMs);
    const { due, kept } = await dueParts(db, rule.class, cutoff);
    const months: RetentionEffect["months"][number][] = [];
    for (const { part, parent, month } of due) {
      // Through the table as a whole: the roles of the processes have no rights on its months by themselves.
      const column = trusted(monthColumns[parent]);
      const [from, to] = [month, monthAfter(month)].map((each) => `${each}-01 00:00:00+00`);
      const { rows } = await db.query<{ rows: number; bytes: number }>(sql`
        select (select count(*) from ${trusted(parent)} where ${column} >= ${from} and ${column} < ${to}) as rows,
          pg_total_relation_size(${`public.${part}`}::regclass) as bytes`);
      months.push({ part, rows: Number(rows[0]!.rows), bytes: Number(rows[0]!.bytes) });
    }
    const rows: RetentionEffect["rows"][number][] = [];
    for (const { table, older } of retentionFacts[rule.class].rows) {
      const { rows: counted } = await db.query<{ rows: number }>(
        sql`select count(*) as rows from ${trusted(table)} where ${older(dateOf(cutoff, kept))}`,
      );
      rows.push({ table, rows: Number(counted[0]!.rows) });
    }
    effects.push({ class: rule.class, cutoff, months, rows, kept });
  }
  return effects;
}

const removedAtOnce = 10_000;

export interface RetentionOutcome {
  readonly class: RetentionClass;
  readonly cutoff: string;
  readonly monthsDropped: readonly string[];
  readonly rowsRemoved: number;
  readonly bytesFreed: number;
  readonly kept: readonly string[];
}

const triesMax = 3;

/**
 * Takes a month of a table, after its sums are kept. Writers are not held up meanwhile: who wrote into it before its table was locked is
 * seen then, and it is begun again.
 */
async function dropMonth(
  db: Database,
  { part, parent, month }: { part: string; parent: PartitionedTable; month: string },
): Promise<number> {
  for (let tries = 1; ; tries++) {
    try {
      return await db.transaction(async (transaction) => {
        const before = await monthVersion(transaction, month);
        if (parent === "load_day") await keepMonthSums(transaction, month);
        if (parent === "group_day") await keepGroupSums(transaction, month);
        const { rows } = await transaction.query<{ freed: number }>(sql`select drop_month(${part}) as freed`);
        if (parent === "load_day" && (await monthVersion(transaction, month)) !== before)
          throw new StoreError("store.conflict", `days of ${month} were written while they were summed`);
        return Number(rows[0]!.freed);
      });
    } catch (error) {
      if (!isConflict(error) || tries === triesMax) throw error;
    }
  }
}

/**
 * Takes what is older than its class says: months as whole tables, other rows in small transactions. What it did is written down, class by class.
 * Begun again it goes on where it was.
 */
export async function runRetention(
  db: Database,
  given: { readonly by: string; readonly nowMs: number },
  mustStop: () => boolean = () => false,
): Promise<RetentionOutcome[]> {
  const outcomes: RetentionOutcome[] = [];
  for (const rule of await listRetentionRules(db)) {
    const cutoff = cutoffOf(rule.months, given.nowMs);
    const { due, kept } = await dueParts(db, rule.class, cutoff);
    const monthsDropped: string[] = [];
    let [rowsRemoved, bytesFreed] = [0, 0];
    for (const { part, parent, month } of due) {
      if (mustStop()) break;
      const freed = await dropMonth(db, { part, parent, month });
      withoutMonth(db, part);
      monthsDropped.push(part);
      bytesFreed += freed;
    }
    for (const { table, older } of retentionFacts[rule.class].rows) {
      while (!mustStop()) {
        const { rowCount } = await db.query(sql`
          delete from ${trusted(table)} where ctid = any(array(
            select ctid from ${trusted(table)} where ${older(dateOf(cutoff, kept))} limit ${removedAtOnce}))`);
        rowsRemoved += rowCount;
        if (rowCount < removedAtOnce) break;
      }
    }
    const outcome = { class: rule.class, cutoff, monthsDropped, rowsRemoved, bytesFreed, kept };
    outcomes.push(outcome);
    if (monthsDropped.length === 0 && rowsRemoved === 0) continue;
    await db.query(sql`
      insert into retention_run (class, cutoff, months_dropped, rows_removed, bytes_freed, kept, run_by, run_at)
      values (${rule.class}, ${cutoff}::date, ${monthsDropped}::text[], ${rowsRemoved}, ${bytesFreed}, ${kept}::text[], ${given.by},
        ${instant(given.nowMs)}::timestamptz)`);
  }
  return outcomes;
}

/** Runs that took something, the newest first. Instants are epoch ms. */
export async function listRetentionRuns(
  db: Queryable,
  limit: number,
): Promise<
  (RetentionOutcome & { readonly runId: number; readonly runBy: string; readonly runAt: number })[]
> {
  const { rows } = await db.query<RetentionOutcome & { runId: number; runBy: string; runAt: number }>(sql`
    select retention_run_id as "runId", class, cutoff, months_dropped as "monthsDropped", rows_removed as "rowsRemoved",
      bytes_freed as "bytesFreed", kept, run_by as "runBy", run_at as "runAt"
    from retention_run order by retention_run_id desc limit ${limit}`);
  return rows;
}
