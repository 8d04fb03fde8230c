import {
  type DaySlots,
  type GroupSlots,
  GroupSum,
  type MarketDay,
  marketDay,
  slotsOf,
  toQuarterHours,
  unpackDay,
} from "@energsys/metering";
import { binaryToDate, type CopyReader, copyOut } from "../copy-binary.ts";
import type { Queryable } from "../database.ts";
import type { Side } from "./rows.ts";
import {
  exportCode,
  importCode,
  isExpected,
  readSourceChannels,
  readSources,
  type Source,
  type SourceChannel,
} from "./sources.ts";

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

const quarterMs = 900_000;

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
  /** The only channel of its point and quantity; of several, the next fills what the one before lacks. */
  readonly alone: boolean;
}

/**
 * Sums groups from the days of their points, [fromDay, toDay), as the database is now: each slot of each source with its sign. Days on
 * which no source of a group has a value are left out.
 */
export async function sumGroupDays(
  db: Queryable,
  groupIds: readonly number[],
  fromDay: string,
  toDay: string,
  zone: string,
): Promise<GroupDay[]> {
  const sources = await readSources(db, groupIds, fromDay, toDay);
  const channels = await readSourceChannels(db, [...new Set(sources.map(({ pointId }) => pointId))]);
  const { quantities, byChannel } = arrange(sources, channels);
  const sums = new DaySums(zone);
  const later: { day: string; use: ChannelUse; slots: DaySlots }[] = [];
  if (byChannel.size > 0) {
    const ids = [...byChannel.keys()].sort((a, b) => a - b).join();
    // COPY takes no parameters; these are numbers and two days that are checked.
    const [from, to] = [marketDay(fromDay, zone).date, marketDay(toDay, zone).date];
    await copyOut(
      db,
      `copy (select channel_id, day, slots, v, q from load_day where channel_id = any('{${ids}}'::int[])
         and day >= '${from}' and day < '${to}') to stdout (format binary)`,
      (rows) => addRows(rows, byChannel, sums, later),
    );
  }
  for (const { day, use, slots } of mergeFilled(later)) sums.add(day, use, slots);
  return finish(sums, sources, quantities);
}

function arrange(sources: readonly Source[], channels: readonly SourceChannel[]) {
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
    const ofPoint = byPoint.get(pointId) ?? [];
    for (const channel of ofPoint) {
      const uses = own.map((source) => ({
        source,
        quantity: quantityOf(source, channel.obis, channel.unit, channel.scale),
        besides: !isExpected(source.direction, channel.obis),
      }));
      const alone = ofPoint.every(
        ({ obis, channelId }) => obis !== channel.obis || channelId === channel.channelId,
      );
      byChannel.set(channel.channelId, { channel, uses, alone });
    }
    for (const source of own) {
      for (const obis of [importCode, exportCode]) {
        if (isExpected(source.direction, obis)) quantityOf(source, obis, "Wh", 0);
      }
    }
  }
  return { quantities: [...quantities.values()], byChannel };
}

/** Slots of a day in which a source counts. */
function spanOf({ fromMs, toMs }: Source, day: MarketDay, slots: number): { from: number; to: number } {
  const from = Math.max(0, Math.ceil((fromMs - day.startMs) / quarterMs));
  const to = toMs >= day.endMs ? slots : Math.max(0, Math.ceil((toMs - day.startMs) / quarterMs));
  return { from: Math.min(from, slots), to };
}

/** Sums by group, day and quantity; what its sources should have is filled in at the end. */
class DaySums {
  readonly #zone: string;
  readonly byDay = new Map<string, { day: MarketDay; slots: number; sums: Map<Quantity, GroupSum> }>();

  constructor(zone: string) {
    this.#zone = zone;
  }

  of(date: string) {
    let entry = this.byDay.get(date);
    if (!entry) {
      const day = marketDay(date, this.#zone);
      entry = { day, slots: slotsOf(day, 900), sums: new Map() };
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
    if (use.channel.periodSeconds !== 900) return false;
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

/** Of several channels of one quantity the first one counts, and where it has no value the next. */
function* mergeFilled(rows: readonly { day: string; use: ChannelUse; slots: DaySlots }[]) {
  const groups = Map.groupBy(
    rows,
    ({ day, use: { channel } }) => `${channel.pointId} ${channel.obis} ${day}`,
  );
  for (const group of groups.values()) {
    const taken = new Uint8Array(group[0]!.slots.values.length);
    const order = group.toSorted(
      (a, b) =>
        b.use.channel.periodSeconds - a.use.channel.periodSeconds ||
        a.use.channel.channelId - b.use.channel.channelId,
    );
    for (const { day, use, slots } of order) {
      const values = slots.values.map((value, slot) => {
        if (taken[slot] || Number.isNaN(value)) return Number.NaN;
        taken[slot] = 1;
        return value;
      });
      yield { day, use, slots: { values, flags: slots.flags } };
    }
  }
}

function finish(sums: DaySums, sources: readonly Source[], quantities: readonly Quantity[]): GroupDay[] {
  const ofGroup = Map.groupBy(sources, ({ groupId }) => groupId);
  const quantitiesOf = Map.groupBy(quantities, ({ groupId }) => groupId);
  const days: GroupDay[] = [];
  for (const [date, { day, slots, sums: present }] of sums.byDay) {
    const known = new Set<number>();
    for (const [{ groupId }, sum] of present) if (sum.hasValues) known.add(groupId);
    for (const groupId of known) {
      for (const quantity of quantitiesOf.get(groupId) ?? []) {
        const sum = sums.sumOf(date, quantity);
        for (const source of ofGroup.get(groupId) ?? []) {
          if (source.side !== quantity.side || !isExpected(source.direction, quantity.obis)) continue;
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
