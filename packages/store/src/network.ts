import {
  type ChannelKind,
  type Decimal,
  findPointQuantity,
  type MeterLimits,
  type PointQuantity,
  parseDecimal,
} from "@energsys/metering";
import { originOf } from "./audit/acting.ts";
import type { Database, Queryable } from "./database.ts";
import { StoreError } from "./errors.ts";
import { prepared, sql } from "./sql.ts";

export interface Channel {
  readonly channelId: number;
  readonly obis: string;
  readonly kind: ChannelKind;
  readonly unit: string;
  readonly scale: number;
  readonly periodSeconds: number;
}

export interface MeterChannel extends Channel {
  /** What it says about the point, when it says anything. */
  readonly quantity: PointQuantity | undefined;
}

export interface Installation {
  readonly pointId: number;
  readonly meterId: number;
  readonly fromMs: number;
  /** Infinity while it lasts. */
  readonly toMs: number;
  readonly factor: Decimal;
}

export interface Meter {
  readonly meterId: number;
  readonly limits: MeterLimits;
  readonly channels: Map<string, MeterChannel>;
  readonly installations: readonly Installation[];
  /** False for a meter that is known only because it shares a point with another one. */
  readonly whole: boolean;
}

export interface Point {
  readonly installations: readonly Installation[];
  readonly channels: Map<string, Channel>;
}

export interface WantedChannel {
  readonly meterId: number | null;
  readonly pointId: number | null;
  readonly obis: string;
  readonly kind: ChannelKind;
  readonly unit: string;
  readonly scale: number;
  readonly periodSeconds: number;
}

/** Held in share mode by deliveries, exclusively by a change of installations or of a channel's scale (migration 0002). */
export const networkLock = 1162758734;

export const channelKey = (obis: string, periodSeconds: number, kind: ChannelKind): string =>
  `${obis} ${periodSeconds} ${kind}`;

/**
 * What a process remembers of meters, installations and channels at one `version` (table network_version). Only committed rows get
 * in, and nothing is taken out: when it is no longer true another one takes its place, and whoever still works with this one
 * finds what it began with. Each delivery's transaction reads the version and so learns that it must begin again.
 */
export class Network {
  version = -1;
  readonly meters = new Map<number, Meter>();
  readonly points = new Map<number, Point>();
}

const networks = new WeakMap<Database, Network>();

/** What is known at present; to be asked for anew after each `network.changed`. */
export function networkOf(db: Database): Network {
  const origin = originOf(db);
  let network = networks.get(origin);
  if (!network) {
    network = new Network();
    networks.set(origin, network);
  }
  return network;
}

/** This network is no longer true. Another that took its place meanwhile stays. */
export function forgetNetwork(db: Database, network: Network): void {
  const origin = originOf(db);
  if (networks.get(origin) === network) networks.delete(origin);
}

export async function readNetworkVersion(db: Queryable): Promise<number> {
  const { rows } = await db.query<{ version: number }>(
    prepared("network-version", sql`select version from network_version`),
  );
  return rows[0]?.version ?? 0;
}

/**
 * Loads the meters that are not known yet, with all that shares a point with them.
 * @throws StoreError `meter.not-found`, `network.changed` when what is known is of an older version
 */
export async function loadMeters(db: Database, network: Network, meterIds: readonly number[]): Promise<void> {
  if (network.version < 0) {
    const first = await readNetworkVersion(db);
    if (network.version < 0) network.version = first; // else another delivery was faster
  }
  const missing = meterIds.filter((meterId) => !network.meters.get(meterId)?.whole);
  if (missing.length === 0) return;
  if ((await readNetworkVersion(db)) !== network.version) throw new StoreError("network.changed");
  const installations = await readInstallations(db, missing);
  const all = [...new Set([...missing, ...installations.map(({ meterId }) => meterId)])];
  const pointIds = [...new Set(installations.map(({ pointId }) => pointId))];
  const meters = await readMeters(db, all);
  const channels = await readChannels(db, all, pointIds);
  for (const [pointId, atPoint] of Map.groupBy(installations, (installation) => installation.pointId)) {
    // Other deliveries load and make channels at the same time: what they remember must not be lost.
    if (!network.points.has(pointId))
      network.points.set(pointId, { installations: atPoint, channels: new Map() });
  }
  const asked = new Set(missing);
  const byMeter = Map.groupBy(installations, ({ meterId }) => meterId);
  for (const { meterId, limits } of meters) {
    const whole = asked.has(meterId);
    const known = network.meters.get(meterId);
    if (known && (known.whole || !whole)) continue;
    network.meters.set(meterId, {
      meterId,
      limits,
      channels: known?.channels ?? new Map(),
      installations: byMeter.get(meterId) ?? [],
      whole,
    });
  }
  for (const { meterId, pointId, channel } of channels) remember(network, meterId, pointId, channel);
  for (const meterId of missing) {
    if (!network.meters.has(meterId)) throw new StoreError("meter.not-found", `there is no meter ${meterId}`);
  }
}

/** Loads the channels of points at which no meter is or was: an installation taken back leaves days behind. */
export async function loadBarePoints(
  db: Database,
  network: Network,
  pointIds: readonly number[],
): Promise<void> {
  const bare = pointIds.filter((pointId) => !network.points.has(pointId));
  if (bare.length === 0) return;
  const channels = await readChannels(db, [], bare);
  for (const pointId of bare) {
    if (!network.points.has(pointId)) network.points.set(pointId, { installations: [], channels: new Map() });
  }
  for (const { meterId, pointId, channel } of channels) remember(network, meterId, pointId, channel);
}

/** Loads channels that others made since these points and their meters were loaded. */
export async function loadNewChannels(
  db: Database,
  network: Network,
  pointIds: readonly number[],
): Promise<void> {
  const meterIds = pointIds.flatMap((pointId) =>
    (network.points.get(pointId)?.installations ?? []).map(({ meterId }) => meterId),
  );
  for (const { meterId, pointId, channel } of await readChannels(db, [...new Set(meterIds)], pointIds))
    remember(network, meterId, pointId, channel);
}

function remember(network: Network, meterId: number | null, pointId: number | null, channel: Channel): void {
  const key = channelKey(channel.obis, channel.periodSeconds, channel.kind);
  if (meterId !== null) {
    network.meters.get(meterId)?.channels.set(key, { ...channel, quantity: findPointQuantity(channel) });
  } else if (pointId !== null) {
    network.points.get(pointId)?.channels.set(key, channel);
  }
}

/** Installations of every point at which one of these meters was, whichever meter they are of. */
async function readInstallations(db: Queryable, meterIds: readonly number[]): Promise<Installation[]> {
  const { rows } = await db.query<{
    point_id: number;
    meter_id: number;
    starts: number;
    ends: number | null;
    factor: string;
  }>(
    prepared(
      "network-installations",
      sql`
        select point_id, meter_id, lower(during) as starts, upper(during) as ends, factor
        from installation
        where point_id in (select point_id from installation where meter_id = any(${meterIds}::int[]))
        order by lower(during)`,
    ),
  );
  return rows.map((row) => ({
    pointId: row.point_id,
    meterId: row.meter_id,
    fromMs: row.starts,
    toMs: row.ends ?? Number.POSITIVE_INFINITY,
    factor: parseDecimal(row.factor),
  }));
}

async function readMeters(
  db: Queryable,
  meterIds: readonly number[],
): Promise<{ meterId: number; limits: MeterLimits }[]> {
  const { rows } = await db.query<{
    meter_id: number;
    phases: 1 | 3;
    max_current_a: string | null;
    index_digits: number;
  }>(
    prepared(
      "network-meters",
      sql`select meter_id, phases, max_current_a, index_digits from meter where meter_id = any(${meterIds}::int[])`,
    ),
  );
  return rows.map((row) => ({
    meterId: row.meter_id,
    limits: {
      phases: row.phases,
      indexDigits: row.index_digits,
      ...(row.max_current_a === null ? {} : { maxCurrentA: Number(row.max_current_a) }),
    },
  }));
}

interface ChannelRow {
  readonly channel_id: number;
  readonly meter_id: number | null;
  readonly point_id: number | null;
  readonly obis: string;
  readonly kind: ChannelKind;
  readonly unit: string;
  readonly scale: number;
  readonly period_s: number;
}

const toChannel = (row: ChannelRow): Channel => ({
  channelId: row.channel_id,
  obis: row.obis,
  kind: row.kind,
  unit: row.unit,
  scale: row.scale,
  periodSeconds: row.period_s,
});

async function readChannels(db: Queryable, meterIds: readonly number[], pointIds: readonly number[]) {
  const { rows } = await db.query<ChannelRow>(
    prepared(
      "network-channels",
      sql`
        select * from channel where meter_id = any(${meterIds}::int[])
        union all
        select * from channel where point_id = any(${pointIds}::int[])`,
    ),
  );
  return rows.map((row) => ({ meterId: row.meter_id, pointId: row.point_id, channel: toChannel(row) }));
}

/** A meter that shares its point with others has a channel they do not know of in other processes: those must look again. */
async function announceChannels(db: Queryable, meterIds: readonly (number | null)[]): Promise<void> {
  if (meterIds.every((meterId) => meterId === null)) return;
  await db.query(sql`
    update network_version set version = version + 1
    where exists (
      select from installation as own join installation as other on other.point_id = own.point_id
      where own.meter_id = any(${meterIds}::int[]) and other.meter_id <> own.meter_id)`);
}

/**
 * Makes channels that are missing, in a transaction of their own: a delivery that rolls back later leaves an empty channel, and
 * what is remembered here is never of a row that was rolled back.
 */
export async function makeChannels(
  db: Database,
  network: Network,
  wanted: readonly WantedChannel[],
): Promise<void> {
  if (wanted.length === 0) return;
  const columns = {
    meters: wanted.map(({ meterId }) => meterId),
    points: wanted.map(({ pointId }) => pointId),
    codes: wanted.map(({ obis }) => obis),
    kinds: wanted.map(({ kind }) => kind),
    units: wanted.map(({ unit }) => unit),
    scales: wanted.map(({ scale }) => scale),
    periods: wanted.map(({ periodSeconds }) => periodSeconds),
  };
  await db.query(sql`
    insert into channel (meter_id, point_id, obis, kind, unit, scale, period_s)
    select * from unnest(${columns.meters}::int[], ${columns.points}::int[], ${columns.codes}::text[], ${columns.kinds}::text[],
      ${columns.units}::text[], ${columns.scales}::smallint[], ${columns.periods}::int[])
    on conflict do nothing`);
  await announceChannels(db, columns.meters);
  const meterIds = [...new Set(columns.meters.filter((id) => id !== null))];
  const pointIds = [...new Set(columns.points.filter((id) => id !== null))];
  for (const { meterId, pointId, channel } of await readChannels(db, meterIds, pointIds)) {
    remember(network, meterId, pointId, channel);
  }
}
