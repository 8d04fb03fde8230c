import { marketDay, marketDayOf, methodMark, methodOf, unpackArrivals, unpackDay } from "@energsys/metering";
import type { Database, Queryable } from "./database.ts";
import { networkOf } from "./network.ts";
import { instant, sql } from "./sql.ts";
import { standingAt } from "./validation/measured-days.ts";
import { loadPoints } from "./validation/validate-changed.ts";

/** Bytes of a block that a story shows; a longer one says how long it is. */
const shownBytesMax = 4_096;
const blocksMax = 20;
/** A delivery is written soon after it was received: further back it is another one's. */
const deliveryWaitMs = 3_600_000;

/** How one version of a value came about. */
export type ValueOrigin = "measured" | "estimated" | "edited" | "verified";

/** Raw bytes of a delivery. */
export interface StoryBlock {
  readonly blockId: number;
  readonly kind: string;
  readonly sha256: Buffer;
  /** The first bytes; null when only the hash is still kept. */
  readonly bytes: Buffer | null;
  readonly length: number | null;
}

/** What brought a value: the exchange with the device, and what came over the line. */
export interface StoryDelivery {
  readonly receivedAt: number;
  readonly deviceId: number | null;
  readonly identity: string | null;
  /** Address of the device, without secrets. */
  readonly url: string | null;
  readonly attemptId: number | null;
  readonly cause: string | null;
  readonly requestedBy: string | null;
  readonly startedAt: number | null;
  readonly endedAt: number | null;
  readonly blocks: readonly StoryBlock[];
}

/** A person's edit as a story tells it. */
export interface StoryEdit {
  readonly editId: number;
  readonly reason: string;
  readonly comment: string;
  readonly requestedBy: string;
  readonly requestedAt: number;
  readonly decidedBy: string | null;
  readonly undoneBy: string | null;
  readonly undoneAt: number | null;
  readonly undoComment: string | null;
}

/** A value while it counted. Instants are epoch ms; `knownFrom` null: before it was written down when values come. */
export interface ValueVersion {
  readonly version: number;
  /** The channel's integer; null where the interval had no value. */
  readonly value: number | null;
  readonly flags: number;
  readonly knownFrom: number | null;
  /** Null: it counts. */
  readonly knownTo: number | null;
  readonly origin: ValueOrigin;
  /** Method of the estimate, such as `E4+S`. */
  readonly method: string | null;
  readonly edit: StoryEdit | null;
  readonly delivery: StoryDelivery | null;
}

/** All that is known of one interval of one channel. */
export interface ChannelStory {
  readonly channelId: number;
  readonly obis: string;
  readonly unit: string;
  readonly scale: number;
  /** Of a meter's channel. */
  readonly meter: { readonly serial: string; readonly model: string; readonly factor: string } | null;
  /** The newest first. */
  readonly versions: readonly ValueVersion[];
}

/** What rules say about the interval. */
export interface StoryFinding {
  readonly rule: string;
  readonly words: string;
  readonly severity: string;
  readonly state: string;
  readonly since: number;
  readonly changedBy: string | null;
  readonly note: string;
}

/** An interval that explains itself. */
export interface IntervalStory {
  readonly fromMs: number;
  readonly toMs: number;
  readonly day: string;
  readonly own: ChannelStory;
  /** Channels of the meter that it was derived from; none for a meter's own. */
  readonly sources: readonly ChannelStory[];
  readonly findings: readonly StoryFinding[];
}

interface ChannelRow {
  readonly channelId: number;
  readonly obis: string;
  readonly unit: string;
  readonly scale: number;
  readonly periodSeconds: number;
  readonly pointId: number | null;
  readonly serial: string | null;
  readonly model: string | null;
  readonly factor: string | null;
  readonly deviceIds: readonly number[];
}

/** The interval of a channel that holds an instant, with everything that made its value; `undefined` when nothing was ever stored of it. */
export async function tellInterval(
  db: Database,
  { pointId, channelId, atMs, zone }: { pointId: number; channelId: number; atMs: number; zone: string },
): Promise<IntervalStory | undefined> {
  const date = marketDayOf(atMs, zone).date;
  const day = marketDay(date, zone);
  const channel = await readChannel(db, pointId, channelId, atMs);
  if (!channel) return undefined;
  const periodMs = channel.periodSeconds * 1000;
  const slot = Math.floor((atMs - day.startMs) / periodMs);
  const own = await tellChannel(db, channel, date, slot);
  if (!own) return undefined;
  const sources: ChannelStory[] = [];
  if (channel.pointId !== null) {
    const network = networkOf(db);
    await loadPoints(db, network, [{ channelId, pointId, date }]);
    const feeding = standingAt(network, pointId, {
      date,
      startMs: day.startMs + slot * periodMs,
      endMs: day.startMs + (slot + 1) * periodMs,
    }).flatMap(({ meter }) =>
      [...meter.channels.values()].filter(
        ({ quantity, periodSeconds }) =>
          quantity?.obis === channel.obis && periodSeconds === channel.periodSeconds,
      ),
    );
    for (const source of feeding) {
      const row = await readChannel(db, pointId, source.channelId, atMs);
      const story = row && (await tellChannel(db, row, date, slot));
      if (story) sources.push(story);
    }
  }
  return {
    day: date,
    fromMs: day.startMs + slot * periodMs,
    toMs: day.startMs + (slot + 1) * periodMs,
    own,
    sources,
    findings: await findingsOf(db, channelId, date, slot),
  };
}

async function readChannel(
  db: Queryable,
  pointId: number,
  channelId: number,
  atMs: number,
): Promise<ChannelRow | undefined> {
  const { rows } = await db.query<ChannelRow>(sql`
    select channel_id as "channelId", obis, unit, scale, period_s as "periodSeconds", channel.point_id as "pointId", meter.serial,
      meter.model, installation.factor::text as factor,
      coalesce((select array_agg(device_id) from device where device.meter_id = coalesce(channel.meter_id, installation.meter_id)), '{}')
        as "deviceIds"
    from channel
    left join installation on installation.point_id = ${pointId}::int and installation.during @> ${instant(atMs)}::timestamptz
      and (channel.meter_id is null or installation.meter_id = channel.meter_id)
    left join meter on meter.meter_id = channel.meter_id
    where channel_id = ${channelId}::int`);
  return rows[0];
}

interface DayVersion {
  readonly ver: number;
  readonly slots: number;
  readonly v: Buffer;
  readonly q: Buffer | null;
  readonly arrivals: Buffer | null;
  readonly replacedAt: number | null;
  readonly cause: number | null;
}

async function tellChannel(
  db: Queryable,
  channel: ChannelRow,
  date: string,
  slot: number,
): Promise<ChannelStory | undefined> {
  const { rows } = await db.query<DayVersion>(sql`
    select old.ver, stored.slots, old.v, old.q, old.arrivals, old.replaced_at as "replacedAt", old.cause
    from load_day_hist as old join load_day as stored using (channel_id, day)
    where old.channel_id = ${channel.channelId}::int and old.day = ${date}::date
    union all
    select ver, slots, v, q, arrivals, null, null from load_day
    where channel_id = ${channel.channelId}::int and day = ${date}::date
    order by 1`);
  const newest = rows.at(-1);
  if (!newest || slot < 0 || slot >= newest.slots) return undefined;
  const laid = channel.pointId === null ? [] : await readLaid(db, channel.channelId, date, slot);
  const versions: ValueVersion[] = [];
  let [since, cause]: [number | null, number | null] = [null, null];
  for (const row of rows) {
    const { values, flags } = unpackDay(row.v, row.q, row.slots);
    const value = Number.isNaN(values[slot]) ? null : values[slot]!;
    const arrivedS = unpackArrivals(date, row.slots, row.arrivals)[slot]!;
    const arrivedMs = Number.isFinite(arrivedS) && arrivedS > 0 ? arrivedS * 1000 : null;
    // What filled the interval came after the version began; what replaced it began the version.
    const filled = arrivedMs !== null && (since === null || arrivedMs > since);
    const knownFrom = filled ? arrivedMs : since;
    const before = versions.at(-1);
    if (before && before.value === value && before.flags === flags[slot]) {
      versions[versions.length - 1] = { ...before, version: row.ver, knownTo: row.replacedAt };
    } else if (value !== null || before) {
      const made = madeBy(laid, value, flags[slot]!, knownFrom);
      const delivery =
        made.origin === "measured" ? await readDelivery(db, channel, filled ? null : cause, knownFrom) : null;
      versions.push({
        version: row.ver,
        value,
        flags: flags[slot]!,
        knownFrom,
        knownTo: row.replacedAt,
        ...made,
        delivery,
      });
    }
    since = row.replacedAt;
    cause = row.cause;
  }
  const { channelId, obis, unit, scale, serial, model, factor } = channel;
  const meter = serial === null ? null : { serial, model: model ?? "", factor: factor ?? "1" };
  return { channelId, obis, unit, scale, meter, versions: versions.reverse() };
}

interface Laid {
  readonly at: number;
  readonly value: number;
  readonly method: number;
  readonly edit: StoryEdit | null;
}

/** What was laid over the interval, version by version, with the edit that it came from. */
async function readLaid(db: Queryable, channelId: number, date: string, slot: number): Promise<Laid[]> {
  const { rows } = await db.query<{
    ver: number;
    at: number;
    slots: number;
    v: Buffer;
    q: Buffer | null;
    methods: Buffer | null;
  }>(sql`
    select ver, at, slots, v, q, methods from point_overlay
    where channel_id = ${channelId}::int and day = ${date}::date order by ver`);
  const { rows: edits } = await db.query<
    StoryEdit & { slots: number; v: Buffer; q: Buffer | null; ver: number }
  >(sql`
    select value_edit_id as "editId", reason, comment, requested_by as "requestedBy", requested_at as "requestedAt",
      decided_by as "decidedBy", undone_by as "undoneBy", undone_at as "undoneAt", undo_comment as "undoComment", slots, v, q,
      overlay_ver as ver
    from value_edit where channel_id = ${channelId}::int and day = ${date}::date and overlay_ver is not null order by overlay_ver`);
  return rows.map(({ ver, at, slots, v, q, methods }) => {
    const value = unpackDay(v, q, slots).values[slot]!;
    const method = methods?.[slot] ?? methodMark.none;
    const edit = edits.findLast(
      (given) => given.ver <= ver && !Number.isNaN(unpackDay(given.v, given.q, given.slots).values[slot]),
    );
    if ((method & methodMark.edited) === 0 || !edit) return { at, value, method, edit: null };
    const { slots: _slots, v: _v, q: _q, ver: _ver, ...told } = edit;
    return { at, value, method, edit: told };
  });
}

function madeBy(
  laid: readonly Laid[],
  value: number | null,
  flags: number,
  knownFrom: number | null,
): Pick<ValueVersion, "origin" | "method" | "edit"> {
  const measured = { origin: "measured", method: null, edit: null } as const;
  // Known instants are in whole seconds where nothing was replaced.
  const over = laid.findLast(({ at }) => knownFrom === null || at <= knownFrom + 999);
  const method = over && methodOf(over.method);
  if (!over || method === undefined || over.value !== value) return measured;
  if (method === "edited") return { origin: "edited", method: null, edit: over.edit };
  if (method === "verified") return { origin: "verified", method: null, edit: null };
  // An estimate that a measured value has displaced is still laid over the day, and no longer shows.
  return (flags & 0x0880) !== 0 ? { origin: "estimated", method, edit: null } : measured;
}

/** What brought a value: the block that the history names, else what came of the meter's devices last before it was known. */
async function readDelivery(
  db: Queryable,
  { deviceIds }: Pick<ChannelRow, "deviceIds">,
  cause: number | null,
  knownFrom: number | null,
): Promise<StoryDelivery | null> {
  if (knownFrom === null || deviceIds.length === 0) return null;
  const from = instant(knownFrom - deliveryWaitMs);
  const to = instant(knownFrom + 999);
  const { rows } = await db.query<StoryDelivery & { last: string }>(sql`
    select received_at as "receivedAt", received_at::text as last, block.device_id as "deviceId", device.identity, device.url,
      block.attempt_id as "attemptId", attempt.cause, attempt.requested_by as "requestedBy", attempt.started_at as "startedAt",
      attempt.ended_at as "endedAt"
    from block left join device using (device_id) left join attempt using (attempt_id)
    where received_at between ${from}::timestamptz and ${to}::timestamptz and block.device_id = any(${deviceIds}::int[])
      and (${cause}::bigint is null or block_id = ${cause}::bigint)
    order by received_at desc limit 1`);
  const found = rows[0];
  if (!found) return null;
  const { last, ...delivery } = found;
  const { rows: blocks } = await db.query<StoryBlock>(sql`
    select block_id as "blockId", kind, sha256, substring(bytes from 1 for ${shownBytesMax}::int) as bytes, length(bytes) as length
    from block where received_at = ${last}::timestamptz and device_id = ${delivery.deviceId}::int
    order by block_id limit ${blocksMax}`);
  return { ...delivery, blocks };
}

async function findingsOf(
  db: Queryable,
  channelId: number,
  date: string,
  slot: number,
): Promise<StoryFinding[]> {
  const { rows } = await db.query<StoryFinding>(sql`
    select rule, words, severity, state, since, changed_by as "changedBy", note from finding
    where channel_id = ${channelId}::int and day = ${date}::date
      and (slots is null or (${slot}::int < length(slots) * 8 and get_bit(slots, ${slot}::int) = 1))
    order by rule, words`);
  return rows;
}

/** A register reading with every version that was ever received of it, and what brought each. */
export interface RegisterStory {
  readonly obis: string;
  readonly unit: string;
  readonly measuredAt: number;
  readonly serial: string;
  readonly model: string;
  readonly factor: string;
  readonly versions: readonly {
    readonly version: number;
    readonly value: string;
    readonly unit: string;
    readonly flags: number;
    readonly receivedAt: number;
    readonly replacedAt: number | null;
    readonly delivery: StoryDelivery | null;
  }[];
}

/** All versions of a register reading of one of a point's meters; `undefined` when there is none. */
export async function tellRegister(
  db: Queryable,
  given: { pointId: number; serial: string; obis: string; measuredAtMs: number },
): Promise<RegisterStory | undefined> {
  const { rows } = await db.query<{
    model: string;
    factor: string;
    deviceIds: readonly number[];
    version: number;
    value: string;
    unit: string;
    flags: number;
    receivedAt: number;
  }>(sql`
    select m.model, i.factor::text as factor,
      coalesce((select array_agg(device_id) from device where device.meter_id = m.meter_id), '{}') as "deviceIds",
      r.version, r.value::text as value, r.unit, r.flags, r.received_at as "receivedAt"
    from installation as i join meter as m using (meter_id)
    join register_reading as r on r.meter_id = i.meter_id and i.during @> r.measured_at
    where i.point_id = ${given.pointId}::int and m.serial = ${given.serial} and r.obis = ${given.obis}
      and r.measured_at = ${instant(given.measuredAtMs)}::timestamptz
    order by r.version desc`);
  const [newest] = rows;
  if (!newest) return undefined;
  const versions: RegisterStory["versions"][number][] = [];
  for (const [nth, { version, value, unit, flags, receivedAt, deviceIds }] of rows.entries()) {
    versions.push({
      version,
      value,
      unit,
      flags,
      receivedAt,
      replacedAt: rows[nth - 1]?.receivedAt ?? null,
      delivery: await readDelivery(db, { deviceIds }, null, receivedAt),
    });
  }
  return {
    obis: given.obis,
    unit: newest.unit,
    measuredAt: given.measuredAtMs,
    serial: given.serial,
    model: newest.model,
    factor: newest.factor,
    versions,
  };
}
