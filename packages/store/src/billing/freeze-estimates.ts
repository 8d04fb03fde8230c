import { billedMark, isBilled, methodMark, notGood, type Overlay, unpackDay } from "@energsys/metering";
import { channelsBeside } from "../counting-days.ts";
import type { Database, Queryable } from "../database.ts";
import { lockStatement, pointWrites, repeatOnConflict } from "../deliveries.ts";
import { StoreError } from "../errors.ts";
import { writeDayRows } from "../load-day-rows.ts";
import type { Network } from "../network.ts";
import { needMonths } from "../partitions.ts";
import { sql } from "../sql.ts";
import { noteForValidation } from "../validation/change-list.ts";
import { keyOf, measuredDays } from "../validation/measured-days.ts";
import { addOverlays, type OverlayWrite, readOverlays } from "../validation/overlays.ts";
import { loadPoints } from "../validation/validate-changed.ts";
import type { Month } from "./month-values.ts";

const isEstimate = (method: number): boolean =>
  (method & methodMark.number) !== 0 && (method & methodMark.edited) === 0;

/**
 * Estimates of a month that were billed stand from now on, whatever comes late: their intervals get a mark, as a version of what is laid over
 * the day. What is shown does not change.
 */
export async function freezeEstimates(
  db: Queryable,
  channelIds: readonly number[],
  month: Month,
  given: { readonly by: string; readonly nowMs: number },
): Promise<number> {
  const keys = await estimatedDays(db, channelIds, month, isEstimate);
  const stored = await readOverlays(db, keys);
  const writes: OverlayWrite[] = [];
  keys.forEach((key, nth) => {
    const overlay = stored[nth];
    if (!overlay) return;
    const methods = overlay.methods.map((method, slot) =>
      isEstimate(method) && key.shown[slot] === overlay.values[slot] ? billedMark(method) : method,
    );
    if (methods.every((method, slot) => method === overlay.methods[slot])) return;
    writes.push({
      channelId: key.channelId,
      date: key.date,
      ver: overlay.ver + 1,
      kind: "billed",
      by: given.by,
      overlay: { ...overlay, methods },
    });
  });
  await addOverlays(db, writes, given.nowMs);
  return writes.length;
}

/** Of all channels of the quantities of these: a month in which a meter was exchanged may count days of two. */
async function estimatedDays(
  db: Queryable,
  channelIds: readonly number[],
  month: Month,
  wanted: (method: number) => boolean,
): Promise<{ channelId: number; pointId: number; date: string; shown: Float64Array }[]> {
  const { rows } = await db.query<{
    channelId: number;
    pointId: number;
    date: string;
    slots: number;
    v: Buffer;
    q: Buffer | null;
    methods: Buffer;
  }>(sql`
    select stored.channel_id as "channelId", channel.point_id as "pointId", stored.day as date, stored.slots, stored.v, stored.q, last.methods
    from load_day as stored join channel using (channel_id) cross join lateral (
      select methods from point_overlay as laid where laid.channel_id = stored.channel_id and laid.day = stored.day
      order by ver desc limit 1) as last
    where stored.channel_id in (${channelsBeside(channelIds)}) and stored.day >= ${month.date}::date
      and stored.day < ${month.next}::date and last.methods is not null
    order by 1, 2`);
  return rows
    .filter(({ methods }) => methods.some(wanted))
    .map(({ slots, v, q, methods: _, ...key }) => ({ ...key, shown: unpackDay(v, q, slots).values }));
}

/** Intervals of a point's quantity that were billed as estimates and have a valid measured value by now. */
export interface HeldValues {
  readonly pointId: number;
  readonly obis: string;
  /** What the month would change by, in the finest integers of the quantity's channels. */
  readonly difference: number;
  readonly intervals: number;
}

/** What billed estimates hold back, by point and quantity: only those that have some. */
export async function readHeldValues(
  db: Database,
  channelIds: readonly number[],
  month: Month,
  context: { readonly zone: string; readonly nowMs: number },
): Promise<HeldValues[]> {
  const due = await estimatedDays(db, channelIds, month, isBilled);
  if (due.length === 0) return [];
  return repeatOnConflict(db, async (network) => {
    await loadPoints(db, network, due);
    const measured = await measuredDays(db, network, due, context);
    const overlays = await readOverlays(db, due);
    const held = new Map<string, HeldValues>();
    due.forEach(({ channelId, pointId, date }, nth) => {
      const overlay = overlays[nth];
      const day = measured.get(keyOf(channelId, date));
      if (!overlay || !day) return;
      const { obis, scale } = day.channel;
      const weight = 10 ** (scale - finestScaleOf(network, pointId, obis));
      for (const slot of lateSlots(overlay, day.slots)) {
        const before = held.get(`${pointId} ${obis}`) ?? { pointId, obis, difference: 0, intervals: 0 };
        const difference = before.difference + (day.slots.values[slot]! - overlay.values[slot]!) * weight;
        held.set(`${pointId} ${obis}`, { ...before, difference, intervals: before.intervals + 1 });
      }
    });
    return [...held.values()];
  });
}

function lateSlots(
  { methods, marks }: Overlay,
  measured: { readonly values: Float64Array; readonly flags: Uint16Array },
): number[] {
  return [...methods.keys()].filter(
    (slot) =>
      isBilled(methods[slot]!) &&
      !Number.isNaN(measured.values[slot]) &&
      ((measured.flags[slot]! | marks[slot]!) & notGood) === 0,
  );
}

/**
 * Lets the late values of a month count instead of the estimates that were billed; each day gets a new version and is validated again.
 * `decide` writes down, in the same transaction, that somebody wanted it so.
 */
export async function takeLateValues(
  db: Database,
  channelId: number,
  month: Month,
  context: {
    readonly zone: string;
    readonly nowMs: number;
    readonly by: string;
    decide(transaction: Queryable): Promise<void>;
  },
): Promise<number> {
  const due = await estimatedDays(db, [channelId], month, isBilled);
  return repeatOnConflict(db, async (network) => {
    await loadPoints(db, network, due);
    await needMonths(db, "load_day", [month.date.slice(0, 7)], context.nowMs);
    const { version } = network;
    return db.transaction(
      async (transaction, first) => {
        if (due.length > 0 && first[0]?.version !== version) throw new StoreError("network.changed");
        await context.decide(transaction);
        const measured = await measuredDays(transaction, network, due, context);
        const overlays = await readOverlays(transaction, due);
        const writes: OverlayWrite[] = [];
        const changed: (typeof due)[number][] = [];
        due.forEach((key, nth) => {
          const overlay = overlays[nth];
          const day = measured.get(keyOf(key.channelId, key.date));
          const late = overlay && day ? lateSlots(overlay, day.slots) : [];
          if (!overlay || late.length === 0) return;
          const values = overlay.values.slice();
          const methods = overlay.methods.slice();
          for (const slot of late) {
            values[slot] = Number.NaN;
            methods[slot] = methodMark.none;
          }
          const laid = { values, methods, marks: overlay.marks };
          writes.push({ ...keyPart(key), ver: overlay.ver + 1, kind: "late", by: context.by, overlay: laid });
          changed.push(key);
        });
        await addOverlays(transaction, writes, context.nowMs);
        const days = changed.map((key) => ({
          ...measured.get(keyOf(key.channelId, key.date))!,
          delivery: 0,
        }));
        const rows = await pointWrites(transaction, days, () => undefined, context.nowMs);
        await writeDayRows(transaction, rows, context.nowMs);
        await noteForValidation(transaction, { days: changed });
        return writes.length;
      },
      { first: lockStatement({ days: [] }) },
    );
  });
}

/** The finest scale of the channels of a point's quantity. */
export const finestScaleOf = (network: Network, pointId: number, obis: string): number =>
  Math.min(
    ...[...(network.points.get(pointId)?.channels.values() ?? [])]
      .filter((channel) => channel.obis === obis)
      .map(({ scale }) => scale),
  );

const keyPart = ({ channelId, date }: { channelId: number; date: string }) => ({ channelId, date });
