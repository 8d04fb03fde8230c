import { equalOverlays, type Finding, isEmptyOverlay, isGood, marksOf } from "@energsys/metering";
import { numbers, words } from "../arrays.ts";
import type { Database, Queryable } from "../database.ts";
import { lockStatement, pointWrites, repeatOnConflict } from "../deliveries.ts";
import { StoreError } from "../errors.ts";
import { writeDayRows } from "../load-day-rows.ts";
import { loadBarePoints, loadMeters, loadNewChannels, type Network } from "../network.ts";
import { monthOf, needMonths } from "../partitions.ts";
import { sql } from "../sql.ts";
import { Turns } from "../turns.ts";
import { type DueDay, noteForValidation, readChanges, readDependents, takeChanges } from "./change-list.ts";
import { type EstimatedOverlay, estimateDays, type MarkedDay } from "./estimate-days.ts";
import { storeFindings } from "./findings.ts";
import { channelOf, keyOf, type MeasuredDay, measuredDays } from "./measured-days.ts";
import { endsMonth, monthFinding } from "./month-sum.ts";
import { addOverlays, readOverlays } from "./overlays.ts";
import { checkedPoint } from "./point-classes.ts";
import { readReactive } from "./reactive-days.ts";
import { listRuleSettings, RulePlans } from "./rule-settings.ts";
import { findingsOf, outagesAt, readSurroundings, windowDaysMax } from "./surroundings.ts";

export interface ValidationContext {
  readonly nowMs: number;
  readonly zone: string;
  /** A day is estimated so long after its end; 12 h unless told (validated on the next day by noon). */
  readonly estimateAfterMs?: number;
}

/** What a round did; all zero but `changes`, `days` and `loadingMs` when everything was known already. */
export interface ValidationOutcome {
  /** Rows of the change list that were worked off. */
  readonly changes: number;
  /** Days of channels that were looked at. */
  readonly days: number;
  readonly findingsAdded: number;
  readonly findingsChanged: number;
  readonly findingsCleared: number;
  /** Days over which something else is laid now. */
  readonly overlaid: number;
  /** Days of load_day that have another version now. */
  readonly daysWritten: number;
  /** Time that it took to read its days, what is laid over them, the days around and before them, and what else rules look at. */
  readonly loadingMs: number;
}

const nothing: ValidationOutcome = {
  changes: 0,
  days: 0,
  findingsAdded: 0,
  findingsChanged: 0,
  findingsCleared: 0,
  overlaid: 0,
  daysWritten: 0,
  loadingMs: 0,
};
const estimateAfterMs = 12 * 3_600_000;

/**
 * One round of validation: takes the oldest changes off the list, runs the rules over their days and over the days that used them, keeps
 * what was found, estimates what is missing and writes it as a new version of the point's day. The changes are off the list when all of it
 * is durable: a round that fails is done again, and doing one twice changes nothing.
 */
export async function validateChanged(db: Database, context: ValidationContext): Promise<ValidationOutcome> {
  return repeatOnConflict(db, async (network) => {
    const { ids, days: changed } = await readChanges(db);
    if (ids.length === 0) return nothing;
    await loadPoints(db, network, changed);
    const days = joined(changed, await readDependents(db, network, changed, context));
    await needMonths(db, "load_day", monthsAround(days), context.nowMs);
    await loadPoints(db, network, days);
    const { version } = network;
    return db.transaction(
      async (transaction, first) => {
        if (days.length > 0 && first[0]?.version !== version) throw new StoreError("network.changed");
        // Somebody else works them off at this moment, or has done so.
        if ((await takeChanges(transaction, ids)) < ids.length) throw new StoreError("store.conflict");
        const outcome = await validateDays(transaction, network, days, context);
        return { ...outcome, changes: ids.length };
      },
      { first: lockStatement({ days: [] }) },
    );
  });
}

/**
 * Validates days and what used them at once, for somebody who waits: their changes stay on the list, and a round that meets them later
 * changes nothing.
 */
export async function validateNow(
  db: Database,
  due: readonly DueDay[],
  context: ValidationContext,
): Promise<ValidationOutcome> {
  return repeatOnConflict(db, async (network) => {
    await loadPoints(db, network, due);
    const days = joined(due, await readDependents(db, network, due, context));
    await needMonths(db, "load_day", monthsAround(days), context.nowMs);
    await loadPoints(db, network, days);
    const { version } = network;
    return db.transaction(
      async (transaction, first) => {
        if (first[0]?.version !== version) throw new StoreError("network.changed");
        return validateDays(transaction, network, days, context);
      },
      { first: lockStatement({ days: [] }) },
    );
  });
}

/** Months of days and of the days around them that a gap may reach. */
function monthsAround(days: readonly DueDay[]): string[] {
  const dates = new Set<string>();
  for (const date of new Set(days.map((day) => day.date))) {
    const day = Temporal.PlainDate.from(date);
    for (const off of [-windowDaysMax - 1, -15, 0, 15, windowDaysMax + 1])
      dates.add(day.add({ days: off }).toString());
  }
  return [...new Set([...dates].map(monthOf))];
}

/** Days and those that used them, none twice; the usual night has none of these. */
function joined(days: readonly DueDay[], dependents: readonly DueDay[]): readonly DueDay[] {
  if (dependents.length === 0) return days;
  return [...new Map([...days, ...dependents].map((day) => [keyOf(day.channelId, day.date), day])).values()];
}

/** What must be known of the points before their days can be derived. */
export async function loadPoints(db: Database, network: Network, days: readonly DueDay[]): Promise<void> {
  const pointIds = [...new Set(days.map(({ pointId }) => pointId))].filter((pointId) => {
    const point = network.points.get(pointId);
    return !point || point.installations.some(({ meterId }) => !network.meters.get(meterId)?.whole);
  });
  if (pointIds.length > 0) {
    const { rows } = await db.query<{ meter_id: number }>(
      sql`select distinct meter_id from installation where point_id = any(${numbers(pointIds)}::int[])`,
    );
    await loadMeters(
      db,
      network,
      rows.map(({ meter_id }) => meter_id),
    );
    await loadBarePoints(db, network, pointIds);
  }
  // Whoever stores what was read, makes channels that this process does not know of.
  const grown = days.filter((day) => !channelOf(network, day)).map(({ pointId }) => pointId);
  if (grown.length > 0) await loadNewChannels(db, network, [...new Set(grown)]);
}

async function validateDays(
  db: Queryable,
  network: Network,
  due: readonly DueDay[],
  context: ValidationContext,
): Promise<ValidationOutcome> {
  const beganMs = performance.now();
  const measured = await measuredDays(db, network, due, context);
  if (measured.size === 0) return nothing;
  const days = [...measured.values()];
  const surroundings = await readSurroundings(db, network, days, context);
  const reactive = await readReactive(db, network, measured, context);
  const plans = new RulePlans(await listRuleSettings(db));
  const stored = await readOverlays(db, days.map(keyOfDay));
  const readMs = performance.now() - beganMs;
  const found: Finding[][] = [];
  const turns = new Turns();
  for (const day of days) {
    if (turns.isLong) await turns.next();
    const ofDay = findingsOf(day, network, surroundings, plans, context.nowMs, reactive(day));
    found.push(ofDay);
    if (!endsMonth(day.day.date)) continue;
    const pointClass =
      checkedPoint(surroundings.points, day.pointId, day.day.startMs)?.pointClass ?? "household";
    const plan = plans.of(pointClass, day.day.date);
    const ofMonth = monthFinding(day, network, surroundings, plan, context.zone);
    if (ofMonth) ofDay.push(ofMonth);
  }
  const marked: MarkedDay[] = [];
  days.forEach((day, nth) => {
    const findings = found[nth]!;
    const outages = outagesAt(surroundings, network, day.pointId, day.day) ?? [];
    // Most days are whole and good: nothing is laid over them.
    if (!stored[nth] && outages.length === 0 && isGood(day.slots) && !findings.some(refuses)) return;
    const { startMs } = day.day;
    const { periodSeconds } = day.channel;
    marked.push({
      ...day,
      stored: stored[nth],
      marks: marksOf({ startMs, periodSeconds, ...day.slots }, findings, outages),
    });
  });
  const { overlays, loadingMs } = await estimateDays(db, network, marked, surroundings, {
    estimateAfterMs,
    ...context,
  });
  const daysWritten = await layOver(db, overlays, context.nowMs);
  const byKey = new Map(overlays.map((day) => [keyOf(day.channel.channelId, day.day.date), day.overlay]));
  const { added, changed, cleared } = await storeFindings(
    db,
    days.map((day, nth) => ({
      ...keyOfDay(day),
      findings: found[nth]!,
      overlay: found[nth]!.length === 0 ? undefined : byKey.get(keyOf(day.channel.channelId, day.day.date)),
    })),
    context.nowMs,
  );
  return {
    changes: 0,
    days: days.length,
    findingsAdded: added,
    findingsChanged: changed,
    findingsCleared: cleared,
    ...daysWritten,
    loadingMs: readMs + loadingMs,
  };
}

const refuses = ({ severity, slots }: Finding): boolean => severity === "F" && slots !== null;

const keyOfDay = ({ channel, day }: MeasuredDay) => ({ channelId: channel.channelId, date: day.date });

/** Adds versions of overlays that differ from what is stored, and versions of the days that then differ. */
async function layOver(
  db: Queryable,
  days: readonly EstimatedOverlay[],
  nowMs: number,
): Promise<{ overlaid: number; daysWritten: number }> {
  const differing = days.filter(({ stored, overlay }) =>
    stored ? !equalOverlays(stored, overlay) : !isEmptyOverlay(overlay),
  );
  await addOverlays(
    db,
    differing.map((day) => ({
      ...keyOfDay(day),
      ver: (day.stored?.ver ?? 0) + 1,
      kind: "validation",
      by: null,
      overlay: day.overlay,
    })),
    nowMs,
  );
  await storeSources(db, differing);
  const writes = await pointWrites(
    db,
    differing.map(({ channel, pointId, day, slots }) => ({ channel, pointId, day, slots, delivery: 0 })),
    () => undefined,
    nowMs,
  );
  await writeDayRows(db, writes, nowMs);
  // Rules compare a day with sums of others as they count, estimates included: those that follow are looked at once more. That ends,
  // since an estimate is made from what was measured alone, and nothing is refused for what other days hold.
  await noteForValidation(db, { days: writes });
  return { overlaid: differing.length, daysWritten: writes.length };
}

async function storeSources(db: Queryable, days: readonly EstimatedOverlay[]): Promise<void> {
  if (days.length === 0) return;
  await db.query(sql`
    delete from estimate_source using unnest(${numbers(days.map(({ channel }) => channel.channelId))}::int[],
      ${words(days.map(({ day }) => day.date))}::date[]) as gone (channel_id, day)
    where estimate_source.channel_id = gone.channel_id and estimate_source.day = gone.day`);
  const rows = days.flatMap(({ channel, day, sources }) =>
    [...sources].map((source) => ({ channelId: channel.channelId, date: day.date, source })),
  );
  if (rows.length === 0) return;
  await db.query(sql`
    insert into estimate_source (channel_id, day, source_day)
    select * from unnest(${numbers(rows.map(({ channelId }) => channelId))}::int[],
      ${words(rows.map(({ date }) => date))}::date[], ${words(rows.map(({ source }) => source))}::date[])`);
}
