import { type Finding, hasSlot, isBilled, methodMark, type Overlay, type Severity } from "@energsys/metering";
import { ByteColumn, numbers, words } from "../arrays.ts";
import type { Queryable } from "../database.ts";
import type { DayKey } from "../load-day-rows.ts";
import { instant, sql } from "../sql.ts";

export const findingStates = ["open", "accepted", "estimated", "edited", "cleared"] as const;
export type FindingState = (typeof findingStates)[number];

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
  /** Account that looks after it. */
  readonly assignedTo: string | null;
  /** Intervals that it names; 0 where it is about the day. */
  readonly count: number;
  /** A bit for each interval, the lowest of a byte first; null where it is about the day. */
  readonly slots: Uint8Array | null;
  readonly measured: { readonly value: string; readonly unit: string } | null;
  readonly limit: { readonly value: string; readonly unit: string } | null;
  readonly figures: Readonly<Record<string, string>>;
}

/** A row of `finding`. */
export interface FindingRow {
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
  assigned_to: string | null;
  slots: Buffer | null;
  measured: string | null;
  measured_unit: string | null;
  limit_value: string | null;
  limit_unit: string | null;
  figures: Record<string, string>;
}

export const toFinding = (row: FindingRow): StoredFinding => ({
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
  assignedTo: row.assigned_to,
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
  if (!slots || !overlay) return "open";
  let edited = true;
  let settled = severity === "F";
  for (let slot = 0; slot < overlay.methods.length; slot++) {
    if (!hasSlot(slots, slot)) continue;
    const method = overlay.methods[slot]!;
    if (method === methodMark.none || Number.isNaN(overlay.values[slot])) settled = false;
    const byPerson = (method & (methodMark.edited | methodMark.verified | methodMark.refused)) !== 0;
    if (!byPerson || isBilled(method)) edited = false;
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
