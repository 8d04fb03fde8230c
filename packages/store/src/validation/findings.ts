import { type Finding, hasSlot, methodMark, type Overlay, type Severity } from "@energsys/metering";
import { ByteColumn, numbers, words } from "../arrays.ts";
import { readBranches } from "../branches.ts";
import type { Queryable } from "../database.ts";
import { StoreError } from "../errors.ts";
import type { DayKey } from "../load-day-rows.ts";
import { inScope, type Scope } from "../scope.ts";
import { instant, sql } from "../sql.ts";

export type FindingState = "open" | "accepted" | "estimated" | "edited" | "cleared";

/** A finding as it is kept. Instants are epoch ms. */
export interface StoredFinding {
  readonly findingId: number;
  readonly channelId: number;
  readonly day: string;
  readonly rule: string;
  /** Code of the explanation, with `figures` as its parameters. */
  readonly words: string;
  readonly severity: Severity;
  readonly state: FindingState;
  readonly since: number;
  readonly changedAt: number;
  /** Account; null for the system. */
  readonly changedBy: string | null;
  readonly note: string;
  /** Intervals that it names; 0 where it is about the day. */
  readonly count: number;
  /** A bit for each interval, the lowest of a byte first; null where it is about the day. */
  readonly slots: Uint8Array | null;
  readonly measured: { readonly value: string; readonly unit: string } | null;
  readonly limit: { readonly value: string; readonly unit: string } | null;
  readonly figures: Readonly<Record<string, string>>;
}

interface FindingRow {
  finding_id: number;
  channel_id: number;
  day: string;
  count: number;
  rule: string;
  words: string;
  severity: Severity;
  state: FindingState;
  since: number;
  changed_at: number;
  changed_by: string | null;
  note: string;
  slots: Buffer | null;
  measured: string | null;
  measured_unit: string | null;
  limit_value: string | null;
  limit_unit: string | null;
  figures: Record<string, string>;
}

const toFinding = (row: FindingRow): StoredFinding => ({
  findingId: row.finding_id,
  channelId: row.channel_id,
  day: row.day,
  rule: row.rule,
  words: row.words,
  severity: row.severity,
  state: row.state,
  since: row.since,
  changedAt: row.changed_at,
  changedBy: row.changed_by,
  note: row.note,
  count: row.count,
  slots: row.slots && Uint8Array.from(row.slots),
  measured: row.measured === null ? null : { value: row.measured, unit: row.measured_unit ?? "" },
  limit: row.limit_value === null ? null : { value: row.limit_value, unit: row.limit_unit ?? "" },
  figures: row.figures,
});

/** Findings of these days, cleared ones too, in the order of the keys. */
export async function readFindings(db: Queryable, keys: readonly DayKey[]): Promise<StoredFinding[]> {
  if (keys.length === 0) return [];
  const { rows } = await db.query<FindingRow>(sql`
    select finding.* from unnest(${numbers(keys.map(({ channelId }) => channelId))}::int[],
      ${words(keys.map(({ date }) => date))}::date[]) as wanted (channel_id, day)
    join finding using (channel_id, day) order by channel_id, day, rule, words`);
  return rows.map(toFinding);
}

/** What a day's rules found, and what is laid over the day after estimating. */
export interface FoundDay extends DayKey {
  readonly findings: readonly Finding[];
  readonly overlay: Overlay | undefined;
}

export interface FindingChanges {
  readonly added: number;
  readonly changed: number;
  readonly cleared: number;
}

/** Where a finding stands by what is laid over its intervals. */
function stateOf({ severity, slots }: Finding, overlay: Overlay | undefined): FindingState {
  if (severity !== "F" || !slots || !overlay) return "open";
  let edited = true;
  let settled = true;
  for (let slot = 0; slot < overlay.methods.length; slot++) {
    if (!hasSlot(slots, slot)) continue;
    const method = overlay.methods[slot]!;
    if (method === methodMark.none) settled = false;
    if ((method & (methodMark.edited | methodMark.verified)) === 0) edited = false;
  }
  return edited ? "edited" : settled ? "estimated" : "open";
}

const keyOf = (day: { channelId: number }, date: string, rule: string, of: string): string =>
  `${day.channelId} ${date} ${rule} ${of}`;

/**
 * Brings the kept findings of days in line with what was found: new ones are added, others follow their figures and the state of their
 * intervals, what is no longer found is cleared. What a person accepted stays accepted as long as it says the same.
 */
export async function storeFindings(
  db: Queryable,
  days: readonly FoundDay[],
  nowMs: number,
): Promise<FindingChanges> {
  const before = new Map(
    (await readFindings(db, days)).map((finding) => [
      keyOf(finding, finding.day, finding.rule, finding.words),
      finding,
    ]),
  );
  const writes: {
    readonly day: FoundDay;
    readonly finding: Finding;
    readonly state: FindingState;
    fresh: boolean;
  }[] = [];
  let added = 0;
  for (const day of days) {
    for (const finding of day.findings) {
      const key = keyOf(day, day.date, finding.rule, finding.words);
      const known = before.get(key);
      before.delete(key);
      const same = known !== undefined && saysTheSame(known, finding);
      const state = same && known.state === "accepted" ? known.state : stateOf(finding, day.overlay);
      if (same && known.state === state) continue;
      const fresh = known === undefined || known.state === "cleared";
      if (fresh) added++;
      writes.push({ day, finding, state, fresh });
    }
  }
  const gone = [...before.values()].filter(({ state }) => state !== "cleared");
  await writeFindings(db, writes, nowMs);
  if (gone.length > 0) {
    await db.query(sql`
      update finding set state = 'cleared', changed_at = ${instant(nowMs)}::timestamptz, changed_by = null
      where finding_id = any(${numbers(gone.map(({ findingId }) => findingId))}::bigint[])`);
  }
  return { added, changed: writes.length - added, cleared: gone.length };
}

function saysTheSame(
  known: StoredFinding,
  { severity, slots, measured, limit, figures = {} }: Finding,
): boolean {
  const bits = (set: Uint8Array | null) => (set ? Buffer.from(set).toString("hex") : "");
  return (
    known.state !== "cleared" &&
    known.severity === severity &&
    bits(known.slots) === bits(slots) &&
    known.measured?.value === measured?.value &&
    known.limit?.value === limit?.value &&
    Object.keys(known.figures).length === Object.keys(figures).length &&
    Object.entries(figures).every(([name, value]) => known.figures[name] === value)
  );
}

async function writeFindings(
  db: Queryable,
  writes: readonly { day: FoundDay; finding: Finding; state: FindingState; fresh: boolean }[],
  nowMs: number,
): Promise<void> {
  if (writes.length === 0) return;
  const slots = new ByteColumn();
  for (const { finding } of writes) slots.push(finding.slots);
  const of = <Value>(take: (finding: Finding) => Value) => writes.map(({ finding }) => take(finding));
  const now = sql`${instant(nowMs)}::timestamptz`;
  await db.query(sql`
    insert into finding (channel_id, day, rule, words, severity, state, since, changed_at, count, slots, measured,
      measured_unit, limit_value, limit_unit, figures)
    select channel_id, day, rule, words, severity, state, ${now}, ${now}, count,
      substring(${slots.bytes}::bytea from s_start for s_length), measured, measured_unit, limit_value, limit_unit, figures
    from unnest(${numbers(writes.map(({ day }) => day.channelId))}::int[], ${words(writes.map(({ day }) => day.date))}::date[],
      ${of(({ rule }) => rule)}::text[], ${of((finding) => finding.words)}::text[], ${of(({ severity }) => severity)}::text[],
      ${writes.map(({ state }) => state)}::text[], ${numbers(of(({ count }) => count))}::smallint[],
      ${slots.starts}::int[], ${slots.lengths}::int[], ${of(({ measured }) => measured?.value ?? null)}::text[],
      ${of(({ measured }) => measured?.unit ?? null)}::text[], ${of(({ limit }) => limit?.value ?? null)}::text[],
      ${of(({ limit }) => limit?.unit ?? null)}::text[], ${of(({ figures }) => JSON.stringify(figures ?? {}))}::jsonb[])
      as incoming (channel_id, day, rule, words, severity, state, count, s_start, s_length, measured, measured_unit,
        limit_value, limit_unit, figures)
    on conflict (channel_id, day, rule, words) do update set
      severity = excluded.severity, state = excluded.state, count = excluded.count, slots = excluded.slots,
      measured = excluded.measured, measured_unit = excluded.measured_unit, limit_value = excluded.limit_value,
      limit_unit = excluded.limit_unit, figures = excluded.figures, changed_at = excluded.changed_at, changed_by = null,
      since = case when finding.state = 'cleared' then excluded.since else finding.since end`);
}

/** A finding with where it is. */
export interface FindingRowOfList extends StoredFinding {
  readonly pointId: number;
  readonly obis: string;
  readonly branch: readonly string[];
}

export interface FindingFilter {
  readonly states: readonly FindingState[];
  readonly severities?: readonly Severity[];
  readonly rules?: readonly string[];
  readonly pointId?: number;
  /** `fromDay` (included) to `toDay` (not included). */
  readonly fromDay: string;
  readonly toDay: string;
  readonly limit: number;
}

/** The work list: the worst first, among these the newest day; `total` counts all that match. */
export async function listFindings(
  db: Queryable,
  scope: Scope,
  { states, severities, rules, pointId, fromDay, toDay, limit }: FindingFilter,
): Promise<{ total: number; rows: FindingRowOfList[] }> {
  const branches = await readBranches(db);
  const { rows } = await db.query<
    FindingRow & { point_id: number; obis: string; branch_id: number; total: number }
  >(sql`
    select finding.*, channel.point_id, channel.obis, l.branch_id, (count(*) over ())::int as total
    from finding join channel using (channel_id)
    join point as p on p.point_id = channel.point_id join location as l on l.location_id = p.location_id
    where finding.state = any(${[...states]}::text[]) and day >= ${fromDay}::date and day < ${toDay}::date
      and (${severities ? [...severities] : null}::text[] is null or severity = any(${severities ? [...severities] : null}::text[]))
      and (${rules ? [...rules] : null}::text[] is null or rule = any(${rules ? [...rules] : null}::text[]))
      and (${pointId ?? null}::int is null or p.point_id = ${pointId ?? null}::int)
      and ${inScope(scope)}
    order by case severity when 'F' then 0 when 'W' then 1 else 2 end, day desc, finding_id limit ${limit}`);
  return {
    total: rows[0]?.total ?? 0,
    rows: rows.map((row) => ({
      ...toFinding(row),
      pointId: row.point_id,
      obis: row.obis,
      branch: branches.get(row.branch_id)?.path ?? [],
    })),
  };
}

/** Open findings by rule and severity. */
export async function countFindings(
  db: Queryable,
  scope: Scope,
): Promise<{ rule: string; severity: Severity; count: number }[]> {
  const { rows } = await db.query<{ rule: string; severity: Severity; count: number }>(sql`
    select rule, severity, count(*)::int as count
    from finding join channel using (channel_id)
    join point as p on p.point_id = channel.point_id join location as l on l.location_id = p.location_id
    where state = 'open' and ${inScope(scope)} group by rule, severity order by rule, severity`);
  return rows;
}

/** @throws StoreError `finding.not-found` when there is none, or none that the scope sees */
export async function findingInScope(db: Queryable, scope: Scope, findingId: number): Promise<StoredFinding> {
  const { rows } = await db.query<FindingRow>(sql`
    select finding.* from finding join channel using (channel_id)
    join point as p on p.point_id = channel.point_id join location as l on l.location_id = p.location_id
    where finding_id = ${findingId}::bigint and ${inScope(scope)}`);
  if (!rows[0]) throw new StoreError("finding.not-found", `there is no finding ${findingId}`);
  return toFinding(rows[0]);
}
