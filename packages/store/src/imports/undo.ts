import type { ChannelKind } from "@energsys/metering";
import { digestOf, packDay, unpackDay } from "@energsys/metering";
import { queueAttempt } from "../attempts.ts";
import type { Database, Queryable } from "../database.ts";
import { rederivePoints, type StoreContext } from "../deliveries.ts";
import { StoreError } from "../errors.ts";
import { changeOf, type DayWrite, readDayRows, writeDayRows } from "../load-day-rows.ts";
import { sql } from "../sql.ts";
import { type ImportView, importUndoable } from "./record.ts";

/** What an undo did. */
export interface ImportUndone {
  /** Intervals that are as they were before the import. */
  readonly intervals: number;
  readonly registers: number;
  /** Intervals and readings that somebody changed since: they stay. */
  readonly kept: number;
}

interface KeptDay {
  readonly channelId: number;
  readonly date: string;
  readonly slots: number;
  readonly kind: ChannelKind;
  readonly vBefore: Buffer | null;
  readonly qBefore: Buffer | null;
  readonly vAfter: Buffer | null;
  readonly qAfter: Buffer | null;
}

const daysAtOnce = 2_000;

/**
 * Takes an import back: each interval that still is as the file made it gets its value of before, as a new version; what was changed since
 * stays. Readings that the file added go. What a concentrator's own line has brought in the meantime is asked of it again. Events stay: they
 * are what the devices said.
 * @throws StoreError `import.not-found` also when it wrote to meters that stand outside the scope, `import.undone`
 */
export async function undoImport(
  db: Database,
  view: ImportView,
  importId: number,
  given: { readonly reason: string },
  context: StoreContext,
): Promise<ImportUndone> {
  const { rows } = await db.query<{
    undone: boolean;
    deviceId: number | null;
    first: number | null;
    last: number | null;
  }>(sql`
    select r.undone_at is not null as undone, g.device_id as "deviceId", r.first_entry as first,
      least(r.last_entry, g.cursor) as last
    from reading_import as r left join gateway as g on g.gateway_id = r.gateway_id and g.state = 'adopted'
    where r.reading_import_id = ${importId}::int and ${importUndoable(view)}`);
  const [found] = rows;
  if (!found) throw new StoreError("import.not-found", "no such import");
  if (found.undone) throw new StoreError("import.undone", "somebody took it back already");
  const sum = { intervals: 0, registers: 0, kept: 0 };
  const touched = new Map<number, { fromDay: string; toDay: string }>();
  for (let offset = 0; ; offset += daysAtOnce) {
    const part = await undoDays(db, importId, offset, context);
    sum.intervals += part.intervals;
    sum.kept += part.kept;
    for (const { meterId, date } of part.days) {
      const span = touched.get(meterId);
      touched.set(meterId, {
        fromDay: span && span.fromDay < date ? span.fromDay : date,
        toDay: span && span.toDay > date ? span.toDay : date,
      });
    }
    if (part.seen < daysAtOnce) break;
  }
  await derivePoints(db, touched, context);
  await db.transaction(async (transaction) => {
    const { rows: gone } = await transaction.query<{ gone: number; all: number }>(sql`
      with gone as (
        delete from register_reading as stored using reading_import_register as kept
        where kept.reading_import_id = ${importId}::int and (stored.meter_id, stored.obis, stored.measured_at, stored.version)
            = (kept.meter_id, kept.obis, kept.measured_at, kept.version)
          and not exists (select from register_reading as later where later.meter_id = stored.meter_id and later.obis = stored.obis
            and later.measured_at = stored.measured_at and later.version > stored.version)
        returning 1
      )
      select (select count(*)::int from gone) as gone,
        (select count(*)::int from reading_import_register where reading_import_id = ${importId}::int) as all`);
    sum.registers = gone[0]!.gone;
    sum.kept += gone[0]!.all - gone[0]!.gone;
    await transaction.query(sql`
      update reading_import set undone_by = ${view.by}, undone_at = now(), undo_reason = ${given.reason},
        undone_intervals = ${sum.intervals}::int, undone_registers = ${sum.registers}::int, undo_kept = ${sum.kept}::int
      where reading_import_id = ${importId}::int`);
    if (found.deviceId !== null && found.first !== null && found.last !== null && found.last >= found.first)
      await queueAttempt(transaction, {
        deviceId: found.deviceId,
        cause: "gateway",
        request: { gateway: { action: "reread", from: found.first, to: found.last } },
        requestedBy: view.by,
      });
  });
  return sum;
}

interface UndonePart {
  readonly seen: number;
  readonly intervals: number;
  readonly kept: number;
  /** All that were looked at: of those that are back already a run before this one may not have come to the points. */
  readonly days: readonly { readonly meterId: number; readonly date: string }[];
}

/** One part of the days, in a transaction. Doing it again changes nothing: what went back differs from what the file made. */
function undoDays(
  db: Database,
  importId: number,
  offset: number,
  context: StoreContext,
): Promise<UndonePart> {
  return db.transaction(async (transaction) => {
    const kept = await readKept(transaction, importId, offset);
    const stored = await readDayRows(transaction, kept);
    const writes: DayWrite[] = [];
    let [intervals, left] = [0, 0];
    kept.forEach((day, nth) => {
      const row = stored[nth];
      if (!row) return;
      const now = unpackDay(row.v, row.q, day.slots);
      // It broke off before this was written down: what stands there is what it made.
      const after = day.vAfter ? unpackDay(day.vAfter, day.qAfter, day.slots) : now;
      const before = day.vBefore ? unpackDay(day.vBefore, day.qBefore, day.slots) : undefined;
      let back = 0;
      for (let slot = 0; slot < day.slots; slot++) {
        const was = before ? before.values[slot]! : Number.NaN;
        const wasFlags = before?.flags[slot] ?? 0;
        const [made, madeFlags] = [after.values[slot]!, after.flags[slot]!];
        if (Object.is(was, made) && wasFlags === madeFlags) continue;
        if (!Object.is(now.values[slot], made) || now.flags[slot] !== madeFlags) {
          // Already back, or changed by somebody since.
          if (!Object.is(now.values[slot], was)) left++;
          continue;
        }
        now.values[slot] = was;
        now.flags[slot] = wasFlags;
        back++;
      }
      if (back === 0) return;
      intervals += back;
      const packed = packDay(now.values, now.flags);
      writes.push({
        channelId: day.channelId,
        date: day.date,
        ver: row.ver + 1,
        slots: day.slots,
        digest: digestOf(now.values, now.flags, day.kind),
        v: packed.v,
        q: packed.q,
        ...changeOf(day.date, row, now, context.nowMs),
        cause: null,
      });
    });
    await writeDayRows(transaction, writes, context.nowMs);
    return { seen: kept.length, intervals, kept: left, days: kept };
  });
}

async function readKept(db: Queryable, importId: number, offset: number) {
  const { rows } = await db.query<KeptDay & { meterId: number }>(sql`
    select k.channel_id as "channelId", k.day as date, k.slots, c.kind, c.meter_id as "meterId", k.v_before as "vBefore",
      k.q_before as "qBefore", k.v_after as "vAfter", k.q_after as "qAfter"
    from reading_import_day as k join channel as c using (channel_id)
    where k.reading_import_id = ${importId}::int order by k.channel_id, k.day offset ${offset}::int limit ${daysAtOnce}::int`);
  return rows;
}

/** The energy of the points that the meters stood at follows. */
async function derivePoints(
  db: Database,
  touched: ReadonlyMap<number, { readonly fromDay: string; readonly toDay: string }>,
  context: StoreContext,
): Promise<void> {
  if (touched.size === 0) return;
  const meterIds = [...touched.keys()];
  const { rows } = await db.query<{ pointId: number }>(sql`
    select distinct point_id as "pointId" from installation where meter_id = any(${meterIds}::int[])`);
  const spans = [...touched.values()];
  const fromDay = spans.map((span) => span.fromDay).reduce((a, b) => (a < b ? a : b));
  const toDay = spans.map((span) => span.toDay).reduce((a, b) => (a > b ? a : b));
  await rederivePoints(
    db,
    {
      pointIds: rows.map(({ pointId }) => pointId),
      // The quarter-hour before and the one after a day hang on it, where registers are subtracted.
      fromDay: Temporal.PlainDate.from(fromDay).subtract({ days: 1 }).toString(),
      toDay: Temporal.PlainDate.from(toDay).add({ days: 2 }).toString(),
    },
    context,
  );
}
