import { createHash } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import {
  type DeviceEvent,
  digestOf,
  isEmpty,
  overlaid,
  type ProfileReading,
  packDay,
  type RawBlock,
  type RegisterReading,
} from "@energsys/metering";
import {
  drawBlockIds,
  storableEvents,
  storeBlocks,
  storeClockDifferences,
  storeEvents,
  storeRegisters,
  touchDevices,
} from "./arriving-rows.ts";
import { originOf } from "./audit/acting.ts";
import type { Database, Queryable } from "./database.ts";
import { isConflict, StoreError } from "./errors.ts";
import { acceptHeard, type HeardCounter } from "./key-counters.ts";
import { checkFences } from "./links.ts";
import { changeOf, type DayWrite, readDayRows, writeDayRows } from "./load-day-rows.ts";
import {
  collectMeterDays,
  equalDays,
  findMissingMeterChannels,
  type IncomingDay,
  mergeMeterDay,
} from "./meter-days.ts";
import { forgetNetwork, loadMeters, makeChannels, type Network, networkLock, networkOf } from "./network.ts";
import { monthOf, needMonths } from "./partitions.ts";
import {
  derivePointDays,
  type Fed,
  findAnchoredTargets,
  findDerivable,
  findMissingPointChannels,
  findTargets,
  type MeterDay,
  type PointDay,
  type PointTarget,
} from "./point-days.ts";
import { refineChannel } from "./rescale.ts";
import { sql } from "./sql.ts";
import { noteForValidation } from "./validation/change-list.ts";
import { isSwitchEvent } from "./validation/device-states.ts";
import { isSupplyEvent } from "./validation/outages.ts";
import { readOverlays } from "./validation/overlays.ts";

/** What one exchange with a device brought, ready to be stored in one transaction. */
export interface Delivery {
  readonly deviceId: number;
  /** Null: no meter (a concentrator): then there are no profiles and no registers. */
  readonly meterId: number | null;
  readonly attemptId?: number;
  readonly receivedAtMs: number;
  readonly blocks: readonly RawBlock[];
  readonly profiles: readonly ProfileReading[];
  readonly registers: readonly RegisterReading[];
  readonly events: readonly DeviceEvent[];
  /** Clock of the device minus ours. */
  readonly clockOffsetMs?: number;
  /** Counter of the ciphered message that this is from: it counts as heard when the rest is stored, and not before. */
  readonly heard?: HeardCounter;
  /** Number under which the writer holds the device's link; absent for files, which come over no link. */
  readonly fence?: number;
  /** Whose link it came over, where that is another device: a meter behind a concentrator. */
  readonly linkDeviceId?: number;
}

/** What deliveries changed; all zero when everything was there already. */
export interface DeliveryOutcome {
  /** Slots of meter channels that are new or have another value now. */
  readonly intervals: number;
  /** Rows of load_day written, both layers. */
  readonly daysWritten: number;
  readonly registers: number;
  readonly events: number;
  /** How many of the events that a delivery holds were not there before. */
  readonly eventsOf: ReadonlyMap<Delivery, number>;
  /** Rows of profiles whose day is out of all reason (before 1990, after 2099); only the raw block keeps them. */
  readonly refused: number;
  /** Times that the transaction was done again because another writer had changed the same rows. */
  readonly repeats: number;
}

export interface StoreContext {
  readonly nowMs: number;
  /** Zone of the market days, such as Europe/Bucharest. The first write settles it for this database. */
  readonly zone: string;
  /** Writes more in the transaction that stores the deliveries: a cursor that moves with its rows. May run again after a conflict. */
  readonly also?: (transaction: Queryable) => Promise<void>;
}

const attemptsMax = 20;
/** A long import of installations changes what is known again and again; each time costs only the look at it. */
const networkChangesMax = 500;

/**
 * Stores deliveries in one transaction: raw blocks, merged days of meters and of points, registers, events, the devices' cursors.
 * When it resolves, all of it is durable and the devices may be told so. Delivering again changes nothing, in any order, from any
 * number of writers: no row is locked, a batch that met another writer is rolled back and done again.
 * @throws StoreError `meter.not-found`, `channel.unit-changed`, `link.fenced`, `store.zone-changed`, `store.conflict` when it met other writers
 *   20 times
 */
export async function storeDeliveries(
  db: Database,
  deliveries: readonly Delivery[],
  context: StoreContext,
): Promise<DeliveryOutcome> {
  if (deliveries.length === 0)
    return {
      intervals: 0,
      daysWritten: 0,
      registers: 0,
      events: 0,
      eventsOf: new Map(),
      refused: 0,
      repeats: 0,
    };
  await settleZone(db, context.zone);
  const sums = deliveries.flatMap(({ blocks }) =>
    blocks.map(({ bytes }) => createHash("sha256").update(bytes).digest()),
  );
  return repeatOnConflict(db, async (network, repeats) => {
    const prepared = await prepare(db, network, deliveries, context);
    const outcome = await db.transaction(
      async (transaction, first) => {
        if (first[0]?.version !== prepared.networkVersion) throw new StoreError("network.changed");
        return store(transaction, network, prepared, sums, context);
      },
      { first: lockStatement(prepared) },
    );
    return { ...outcome, repeats };
  });
}

/** Does work again from the start as long as another writer comes between, or installations change under it. */
export async function repeatOnConflict<Result>(
  db: Database,
  work: (network: Network, repeats: number) => Promise<Result>,
): Promise<Result> {
  let conflicts = 0;
  for (let repeats = 0; ; repeats++) {
    const network = networkOf(db);
    try {
      return await work(network, repeats);
    } catch (error) {
      const changed = error instanceof StoreError && error.code === "network.changed";
      if (changed) forgetNetwork(db, network);
      else if (!isConflict(error)) throw error;
      else conflicts++;
      if (conflicts >= attemptsMax || repeats >= networkChangesMax) {
        throw new StoreError("store.conflict", "other writers were faster each time", error);
      }
      // Two writers that met would meet again without a random pause.
      if (!changed && conflicts > 1) await wait(Math.random() * Math.min(5 * 2 ** conflicts, 200));
    }
  }
}

interface Prepared {
  readonly deliveries: readonly Delivery[];
  readonly days: readonly IncomingDay[];
  readonly refused: number;
  readonly networkVersion: number;
}

/** What must exist and be committed before the transaction: meters known, channels made, partitions there. */
async function prepare(
  db: Database,
  network: Network,
  deliveries: readonly Delivery[],
  context: StoreContext,
): Promise<Prepared> {
  const meterIds = deliveries.flatMap(({ meterId }) => (meterId === null ? [] : [meterId]));
  await loadMeters(db, network, [...new Set(meterIds)]);
  const ofMeters = findMissingMeterChannels(network, deliveries);
  await makeChannels(db, network, ofMeters.missing);
  await refine(db, ofMeters.coarse);

  const { days, refused } = collectMeterDays(network, deliveries, context);
  const ofPoints = findMissingPointChannels(network, fedBy(days));
  await makeChannels(db, network, ofPoints.missing);
  await refine(db, ofPoints.coarse);

  await needMonths(db, "load_day", distinct(days.map(({ date }) => monthOf(date))), context.nowMs);
  const received = deliveries.map(({ receivedAtMs }) => monthOf(new Date(receivedAtMs).toISOString()));
  await needMonths(db, "block", distinct(received), context.nowMs);
  const events = storableEvents(deliveries).map(({ event }) => monthOf(new Date(event.atMs).toISOString()));
  await needMonths(db, "event", distinct(events), context.nowMs);
  return { deliveries, days, refused, networkVersion: network.version };
}

const distinct = (list: readonly string[]): string[] => [...new Set(list)];

/** Which channels deliver, and for which time: only the installations of that time are of concern. */
function fedBy(days: readonly IncomingDay[]): Fed[] {
  const fed = new Map<number, Fed>();
  for (const { channelId, meterId, channel, day } of days) {
    const other = fed.get(channelId);
    const fromMs = Math.min(day.startMs, other?.fromMs ?? day.startMs);
    const toMs = Math.max(day.endMs, other?.toMs ?? day.endMs);
    if (other?.fromMs !== fromMs || other.toMs !== toMs)
      fed.set(channelId, { meterId, channel, fromMs, toMs });
  }
  return [...fed.values()];
}

/** @throws StoreError `network.changed` after it refined anything: integers prepared for a coarser channel must not be stored */
async function refine(db: Database, coarse: readonly { channelId: number; scale: number }[]): Promise<void> {
  for (const { channelId, scale } of coarse) await refineChannel(db, channelId, scale);
  if (coarse.length > 0) throw new StoreError("network.changed");
}

/** Advisory locks of the index meters are spread over so many numbers that a batch cannot fill the server's lock table. */
const meterLocks = 1024;
const meterLockClass = 0x454e4d;

/**
 * The shared lock keeps installations and scales as they are while the transaction runs. A day of an index ends where the next one
 * starts, in another row: two writers with one such day each would both miss the slot between them, so one waits for the other.
 */
export function lockStatement({
  days,
}: {
  readonly days: readonly Pick<IncomingDay, "channel" | "meterId">[];
}): string {
  const indexMeters = new Set<number>();
  for (const { channel, meterId } of days)
    if (channel.kind === "index") indexMeters.add(meterId % meterLocks);
  const statements = [`select pg_advisory_xact_lock_shared(${networkLock})`];
  if (indexMeters.size > 0) {
    const ordered = [...indexMeters].sort((a, b) => a - b);
    const numbers = `unnest('{${ordered.join()}}'::int[])`;
    statements.push(`select pg_advisory_xact_lock(${meterLockClass}, n) from ${numbers} as n`);
  }
  // Read under the lock, by a statement of its own: one that waited would still see what was before.
  return [...statements, "select version from network_version"].join("; ");
}

async function store(
  db: Queryable,
  network: Network,
  { deliveries, days, refused }: Prepared,
  sums: readonly Uint8Array[],
  context: StoreContext,
): Promise<Omit<DeliveryOutcome, "repeats">> {
  await checkFences(
    db,
    deliveries.map(({ deviceId, linkDeviceId, fence }) => ({
      deviceId: linkDeviceId ?? deviceId,
      ...(fence === undefined ? {} : { fence }),
    })),
  );
  const registers = await storeRegisters(db, deliveries);
  const stored = await readDayRows(
    db,
    days,
    days.map(({ packed }) => packed),
  );
  const writes: (DayWrite & { readonly delivery: number })[] = [];
  const changed: MeterDay[] = [];
  const byMeterDay = new Map<MeterDay, DayWrite>();
  let intervals = 0;
  days.forEach((incoming, index) => {
    const merged = mergeMeterDay(incoming, stored[index], context.nowMs);
    if (!merged) return;
    intervals += merged.changed;
    writes.push(merged.write);
    changed.push(merged.meterDay);
    byMeterDay.set(merged.meterDay, merged.write);
  });
  const targets = findTargets(network, changed, context.zone);
  if (registers > 0) targets.push(...anchoredBesides(network, deliveries, targets, context.zone));
  const derived = await derivePointDays(db, network, targets, changed, context);
  writes.push(...(await pointWrites(db, derived, (meterDay) => byMeterDay.get(meterDay), context.nowMs)));
  await storeTrail(db, deliveries, sums, writes);
  await writeDayRows(db, writes, context.nowMs);
  const events = await storeEvents(db, storableEvents(deliveries));
  await noteForValidation(db, {
    days: derived.map(({ channel, day }) => ({ channelId: channel.channelId, date: day.date })),
    instants: instantsOf(deliveries, registers > 0),
  });
  await acceptHeard(db, deliveries);
  await touchDevices(db, deliveries);
  await storeClockDifferences(db, deliveries);
  await context.also?.(db);
  const sum = [...events.values()].reduce((total, count) => total + count, 0);
  return { intervals, daysWritten: writes.length, registers, events: sum, eventsOf: events, refused };
}

/** What came beside the curves and changes what rules say: registers, when there are new ones, and events of the supply. */
function instantsOf(
  deliveries: readonly Delivery[],
  registers: boolean,
): { meterId: number; atMs: number }[] {
  return deliveries.flatMap((delivery) => {
    const { meterId } = delivery;
    if (meterId === null) return [];
    const read = registers ? delivery.registers.map(({ measuredAtMs }) => measuredAtMs) : [];
    const supply = delivery.events
      .filter(({ code }) => isSupplyEvent(code) || isSwitchEvent(code))
      .map(({ atMs }) => atMs);
    return [...new Set([...read, ...supply])].map((atMs) => ({ meterId, atMs }));
  });
}

/** Stores the raw blocks; where a day replaces values of another version, it learns the id of its delivery's first block. */
async function storeTrail(
  db: Queryable,
  deliveries: readonly Delivery[],
  sums: readonly Uint8Array[],
  writes: readonly (DayWrite & { readonly delivery: number })[],
): Promise<void> {
  const replacing = writes.filter(({ replaces }) => replaces);
  if (replacing.length === 0 || sums.length === 0) return storeBlocks(db, deliveries, sums, undefined);
  const ids = await drawBlockIds(db, sums.length);
  const firstIds: (number | null)[] = [];
  let nth = 0;
  for (const { blocks } of deliveries) {
    firstIds.push(blocks.length > 0 ? (ids[nth] ?? null) : null);
    nth += blocks.length;
  }
  for (const write of replacing) write.cause = firstIds[write.delivery] ?? null;
  await storeBlocks(db, deliveries, sums, ids);
}

function anchoredBesides(
  network: Network,
  deliveries: readonly Delivery[],
  targets: readonly PointTarget[],
  zone: string,
): PointTarget[] {
  const keyOf = ({ channel, day }: PointTarget) => `${channel.channelId} ${day.date}`;
  const there = new Set(targets.map(keyOf));
  const readings = deliveries.flatMap(({ meterId, registers }, delivery) =>
    meterId === null ? [] : registers.map(({ measuredAtMs }) => ({ meterId, measuredAtMs, delivery })),
  );
  return findAnchoredTargets(network, readings, zone).filter((target) => !there.has(keyOf(target)));
}

/**
 * Rows of the point layer that differ from what is stored, with what validation and people laid over them. Where the factor is 1 the
 * meter's own row is used again.
 */
export async function pointWrites(
  db: Queryable,
  derived: readonly PointDay[],
  writeOf: (meterDay: MeterDay) => DayWrite | undefined,
  nowMs: number,
): Promise<(DayWrite & { readonly delivery: number })[]> {
  const keys = derived.map(({ channel, day }) => ({ channelId: channel.channelId, date: day.date }));
  const stored = await readDayRows(db, keys);
  // Read after the rows: whoever lays something over a day in between writes the day too, and this batch is done again.
  const overlays = await readOverlays(db, keys);
  const writes: (DayWrite & { readonly delivery: number })[] = [];
  derived.forEach(({ channel, day, slots: measured, same, delivery }, index) => {
    const before = stored[index];
    const overlay = overlays[index];
    const slots = overlay ? overlaid(measured, overlay) : measured;
    if (!before && isEmpty(slots)) return;
    const meterWrite = overlay ? undefined : same && writeOf(same);
    const packed = meterWrite ?? packDay(slots.values, slots.flags);
    if (before && equalDays(before, packed)) return;
    writes.push({
      channelId: channel.channelId,
      date: day.date,
      ver: (before?.ver ?? 0) + 1,
      slots: slots.values.length,
      digest: meterWrite?.digest ?? digestOf(slots.values, slots.flags, channel.kind),
      v: packed.v,
      q: packed.q,
      ...changeOf(day.date, before, slots, nowMs),
      cause: null,
      delivery,
    });
  });
  return writes;
}

/**
 * Derives the days of points again, from `fromDay` (included) to `toDay` (not included): after an exchange was entered, a factor
 * corrected, days imported. What comes out the same is not written. Returns the days that changed.
 */
export async function rederivePoints(
  db: Database,
  points: { readonly pointIds: readonly number[]; readonly fromDay: string; readonly toDay: string },
  context: StoreContext,
): Promise<number> {
  return repeatOnConflict(db, async (network) => {
    const { fed, targetsOf } = await findDerivable(db, network, points, context.zone);
    const missing = findMissingPointChannels(network, fed);
    await makeChannels(db, network, missing.missing);
    await refine(db, missing.coarse);
    const { version } = network;
    return db.transaction(
      async (transaction, first) => {
        if (first[0]?.version !== version) throw new StoreError("network.changed");
        const derived = await derivePointDays(transaction, network, targetsOf(), [], context);
        const writes = await pointWrites(transaction, derived, () => undefined, context.nowMs);
        await writeDayRows(transaction, writes, context.nowMs);
        await noteForValidation(transaction, { days: writes });
        return writes.length;
      },
      { first: lockStatement({ days: fed }) },
    );
  });
}

const zones = new WeakMap<Database, string>();

/** The zone of the market days is a fact of the database: days cut in another zone would be other days under the same dates. */
async function settleZone(db: Database, zone: string): Promise<void> {
  const origin = originOf(db);
  if (zones.get(origin) === zone) return;
  await db.query(sql`
    insert into setting (name, value) values ('zone', to_jsonb(${zone}::text)) on conflict (name) do nothing`);
  const { rows } = await db.query<{ zone: string }>(sql`select market_zone() as zone`);
  const settled = rows[0]?.zone;
  if (settled !== zone) {
    throw new StoreError("store.zone-changed", `the days of this database are of ${settled}, not of ${zone}`);
  }
  zones.set(origin, zone);
}
