import {
  type DaySlots,
  dayAfter,
  type GroupSlots,
  GroupSum,
  type MarketDay,
  marketDay,
  slotsOf,
  toQuarterHours,
  unpackDay,
} from "@energsys/metering";
import { binaryToDate, type CopyReader, copyOut } from "../copy-binary.ts";
import { periodRank } from "../counting-days.ts";
import type { Queryable } from "../database.ts";
import type { Side } from "../groups/rows.ts";
import { exportCode, importCode, type Source, type SourceChannel } from "../groups/sources.ts";
import { Turns } from "../turns.ts";

/** A group's quantity on one day, summed. */
export interface GroupDay {
  readonly groupId: number;
  readonly day: string;
  readonly side: Side;
  readonly obis: string;
  readonly unit: string;
  readonly scale: number;
  readonly slots: GroupSlots;
}

/** What is added up, and how. */
export interface Summing {
  readonly sources: readonly Source[];
  readonly channels: readonly SourceChannel[];
  readonly fromDay: string;
  /** Not included. */
  readonly toDay: string;
  readonly zone: string;
  /** Length of the slots of the sums: no channel has longer intervals, and theirs divide it. */
  readonly slotSeconds: number;
  /** Quantities that are asked for; all that there are unless told. */
  readonly codes?: readonly string[];
  /** Must a point have this quantity? Where nobody expects it, it is expected by being there. */
  readonly expects: (source: Source, obis: string) => boolean;
  /** Days on which nothing is known, too: they say what is missing. */
  readonly everyDay?: boolean;
}

/** One quantity of one side of one group: what is added up in it. */
interface Quantity {
  readonly groupId: number;
  readonly side: Side;
  readonly obis: string;
  readonly unit: string;
  scale: number;
}
interface Use {
  readonly quantity: Quantity;
  readonly source: Source;
  /** Nobody expects it of the point: it counts where it is. */
  readonly besides: boolean;
}
interface ChannelUse {
  readonly channel: SourceChannel;
  readonly uses: readonly Use[];
  /** The only channel of its point and quantity. */
  readonly alone: boolean;
}

/**
 * Sums the packed days of points, [fromDay, toDay), as the database is now: each slot of each source with its sign, by the group (or
 * whatever `groupId` stands for) that it counts in. The days come by one binary COPY and are unpacked here: 13 times faster than a
 * row per interval summed by the server. Days on which no source has a value are left out, unless every day is wanted.
 */
export async function sumSources(db: Queryable, summing: Summing): Promise<GroupDay[]> {
  const { quantities, byChannel } = arrange(summing);
  const sums = new DaySums(summing);
  const later: { day: string; use: ChannelUse; slots: DaySlots }[] = [];
  // COPY takes no parameters; these are numbers and two days that are checked.
  const [from, to] = [marketDay(summing.fromDay, summing.zone), marketDay(summing.toDay, summing.zone)];
  if (byChannel.size > 0) {
    const ids = [...byChannel.keys()].sort((a, b) => a - b).join();
    await copyOut(
      db,
      `copy (select channel_id, day, slots, v, q from load_day where channel_id = any('{${ids}}'::int[])
         and day >= '${from.date}' and day < '${to.date}') to stdout (format binary)`,
      (rows) => addRows(rows, byChannel, sums, later),
    );
  }
  const turns = new Turns();
  for (const { day, use, slots } of countingDays(later)) {
    sums.add(day, use, slots);
    if (turns.isLong) await turns.next();
  }
  if (summing.everyDay) {
    for (let day = from; day.date < to.date; day = dayAfter(day, summing.zone)) sums.of(day.date);
  }
  return finish(sums, summing, quantities);
}

function arrange({ sources, channels, codes, expects }: Summing) {
  const quantities = new Map<string, Quantity>();
  const byChannel = new Map<number, ChannelUse>();
  const byPoint = Map.groupBy(channels, ({ pointId }) => pointId);
  const sourcesOf = Map.groupBy(sources, ({ pointId }) => pointId);
  const quantityOf = (source: Source, obis: string, unit: string, scale: number): Quantity => {
    const key = `${source.groupId} ${source.side} ${obis}`;
    let quantity = quantities.get(key);
    if (!quantity) {
      quantity = { groupId: source.groupId, side: source.side, obis, unit, scale };
      quantities.set(key, quantity);
    }
    quantity.scale = Math.min(quantity.scale, scale);
    return quantity;
  };
  for (const [pointId, own] of sourcesOf) {
    const ofPoint = (byPoint.get(pointId) ?? []).filter(({ obis }) => codes?.includes(obis) ?? true);
    for (const channel of ofPoint) {
      const uses = own.map((source) => ({
        source,
        quantity: quantityOf(source, channel.obis, channel.unit, channel.scale),
        besides: !expects(source, channel.obis),
      }));
      const alone = ofPoint.every(
        ({ obis, channelId }) => obis !== channel.obis || channelId === channel.channelId,
      );
      byChannel.set(channel.channelId, { channel, uses, alone });
    }
    for (const source of own) {
      for (const obis of [importCode, exportCode]) {
        if ((codes?.includes(obis) ?? true) && expects(source, obis)) quantityOf(source, obis, "Wh", 0);
      }
    }
  }
  return { quantities: [...quantities.values()], byChannel };
}

/** Slots of a day in which a source counts. */
export function spanOf(
  { fromMs, toMs }: { readonly fromMs: number; readonly toMs: number },
  day: MarketDay,
  slots: number,
): { from: number; to: number } {
  const slotMs = (day.endMs - day.startMs) / slots;
  const from = Math.max(0, Math.ceil((fromMs - day.startMs) / slotMs));
  const to = toMs >= day.endMs ? slots : Math.max(0, Math.ceil((toMs - day.startMs) / slotMs));
  return { from: Math.min(from, slots), to };
}

/** Sums by group, day and quantity; what its sources should have is filled in at the end. */
class DaySums {
  readonly #zone: string;
  readonly #slotSeconds: number;
  readonly byDay = new Map<string, { day: MarketDay; slots: number; sums: Map<Quantity, GroupSum> }>();

  constructor({ zone, slotSeconds }: Summing) {
    this.#zone = zone;
    this.#slotSeconds = slotSeconds;
  }

  of(date: string) {
    let entry = this.byDay.get(date);
    if (!entry) {
      const day = marketDay(date, this.#zone);
      entry = { day, slots: slotsOf(day, this.#slotSeconds), sums: new Map() };
      this.byDay.set(date, entry);
    }
    return entry;
  }

  sumOf(date: string, quantity: Quantity): GroupSum {
    const { sums, slots } = this.of(date);
    let sum = sums.get(quantity);
    if (!sum) {
      sum = new GroupSum(slots);
      sums.set(quantity, sum);
    }
    return sum;
  }

  add(date: string, { channel, uses }: ChannelUse, values: DaySlots): void {
    const { day, slots } = this.of(date);
    for (const { quantity, source, besides } of uses) {
      const { from, to } = spanOf(source, day, slots);
      if (from >= to) continue;
      this.sumOf(date, quantity).add(values, weightOf(channel, quantity, source), from, to, besides);
    }
  }

  /** A whole and good day as its bytes; false when it has to be unpacked for one of its uses. */
  addWhole(date: string, use: ChannelUse, bytes: Uint8Array, start: number, end: number): boolean {
    const { day } = this.of(date);
    if (use.channel.periodSeconds !== this.#slotSeconds) return false;
    const covers = ({ source }: Use) => source.fromMs <= day.startMs && source.toMs >= day.endMs;
    if (!use.uses.every(covers)) return false;
    // The codec is the same for all uses: the first one refuses it before anything was added.
    return use.uses.every(({ quantity, source, besides }) =>
      this.sumOf(date, quantity).addWhole(
        bytes,
        start,
        end,
        weightOf(use.channel, quantity, source),
        besides,
      ),
    );
  }
}

const weightOf = (channel: SourceChannel, quantity: Quantity, source: Source): number =>
  source.sign * 10 ** (channel.scale - quantity.scale);

function addRows(
  rows: CopyReader,
  byChannel: ReadonlyMap<number, ChannelUse>,
  sums: DaySums,
  later: { day: string; use: ChannelUse; slots: DaySlots }[],
): void {
  let binaryDay = Number.NaN;
  let day = "";
  while (rows.next()) {
    const use = byChannel.get(rows.int4());
    const number = rows.int4();
    const count = rows.int2();
    const v = rows.skip();
    const q = rows.skip();
    if (!use) continue;
    if (number !== binaryDay) {
      binaryDay = number;
      day = binaryToDate(number);
    }
    if (use.alone && q.start < 0 && sums.addWhole(day, use, rows.bytes, v.start, v.end)) continue;
    const runs = q.start < 0 ? null : rows.bytes.subarray(q.start, q.end);
    const unpacked = unpackDay(rows.bytes.subarray(v.start, v.end), runs, count);
    const slots = toQuarterHours(unpacked, sums.of(day).slots);
    if (use.alone) sums.add(day, use, slots);
    else later.push({ day, use, slots });
  }
}

/** Of several channels of one quantity one counts on each day (`counting-days.ts`). */
function* countingDays(rows: readonly { day: string; use: ChannelUse; slots: DaySlots }[]) {
  const groups = Map.groupBy(
    rows,
    ({ day, use: { channel } }) => `${channel.pointId} ${channel.obis} ${day}`,
  );
  for (const group of groups.values()) {
    const ranked = group.map((row) => {
      const missing = row.slots.values.reduce((count, value) => count + (Number.isNaN(value) ? 1 : 0), 0);
      const gaps = missing === 0 ? 0 : missing < row.slots.values.length ? 1 : 2;
      return { row, gaps, rank: periodRank(row.use.channel.periodSeconds) };
    });
    yield ranked.toSorted((a, b) => a.gaps - b.gaps || a.rank - b.rank)[0]!.row;
  }
}

async function finish(
  sums: DaySums,
  { sources, expects, everyDay }: Summing,
  quantities: readonly Quantity[],
): Promise<GroupDay[]> {
  const turns = new Turns();
  const ofGroup = Map.groupBy(sources, ({ groupId }) => groupId);
  const quantitiesOf = Map.groupBy(quantities, ({ groupId }) => groupId);
  const days: GroupDay[] = [];
  for (const [date, { day, slots, sums: present }] of sums.byDay) {
    const known = new Set<number>(everyDay ? quantitiesOf.keys() : []);
    for (const [{ groupId }, sum] of present) if (sum.hasValues) known.add(groupId);
    for (const groupId of known) {
      if (turns.isLong) await turns.next();
      for (const quantity of quantitiesOf.get(groupId) ?? []) {
        const sum = sums.sumOf(date, quantity);
        for (const source of ofGroup.get(groupId) ?? []) {
          if (source.side !== quantity.side || !expects(source, quantity.obis)) continue;
          const { from, to } = spanOf(source, day, slots);
          sum.expect(from, to);
        }
        const finished = sum.finish();
        if (finished.expected.some((count) => count > 0)) {
          const { side, obis, unit, scale } = quantity;
          days.push({ groupId, day: date, side, obis, unit, scale, slots: finished });
        }
      }
    }
  }
  return days;
}
