import { type MarketDay, marketDay, notGood, unpackDayInto } from "@energsys/metering";
import { numbers } from "../arrays.ts";
import { binaryToDate, copyOut } from "../copy-binary.ts";
import type { Queryable } from "../database.ts";
import type { Period } from "../query/frame.ts";
import { instant, sql } from "../sql.ts";

/** Where voltages come from: means of a profile, samples of a profile, or what stood in the registers when they were read. */
export const voltageSources = ["means", "samples", "readings"] as const;
export type VoltageSource = (typeof voltageSources)[number];

/** Voltages of one phase of a point over a period, V. */
export interface PhaseVoltages {
  readonly pointId: number;
  /** 0 to 2. */
  readonly phase: number;
  readonly source: VoltageSource;
  readonly startMs: number;
  readonly stepSeconds: number;
  /** One value per interval, NaN where there is none or it was refused. */
  readonly values: Float32Array;
}

/** Readings of registers are put into intervals of this length, that of the means of EN 50160. */
const readingStepSeconds = 600;
/** Longer intervals say nothing of a voltage. */
const stepSecondsMax = 1800;
const columnPattern = String.raw`^1-\d+:(32|52|72)\.(0|4|5|7|14|15|24|25|27|28)\.0\*255$`;
const registerPattern = String.raw`^1-\d+:(32|52|72)\.7\.0\*255$`;

interface Channel {
  readonly channelId: number;
  readonly pointId: number;
  readonly phase: number;
  readonly kind: string;
  readonly volts: number;
  readonly stepSeconds: number;
  readonly fromMs: number;
  readonly toMs: number | null;
}

/**
 * Voltages of the phases of these points, [fromDay, toDay), as far as their intervals have ended. A profile counts before registers, means
 * before samples, the shorter interval before the longer; a point of which nothing is known is not among them.
 */
export async function readVoltages(
  db: Queryable,
  pointIds: readonly number[],
  period: Period,
): Promise<PhaseVoltages[]> {
  const { fromDay, toDay, zone, nowMs } = period;
  const startMs = marketDay(fromDay, zone).startMs;
  const endMs = Math.min(marketDay(toDay, zone).startMs, nowMs);
  if (pointIds.length === 0 || endMs <= startMs) return [];
  const channels = await readChannels(db, pointIds, startMs, endMs);
  const found = new Map<string, PhaseVoltages>();
  const byId = new Map<number, { channel: Channel; into: PhaseVoltages }[]>();
  for (const [key, all] of Map.groupBy(channels, ({ pointId, phase }) => `${pointId} ${phase}`)) {
    const best = all[0]!;
    const into = emptyVoltages(best, best.kind === "demand" ? "means" : "samples", startMs, endMs);
    found.set(key, into);
    for (const channel of all) {
      if (channel.stepSeconds !== best.stepSeconds || channel.kind !== best.kind) continue;
      const uses = byId.get(channel.channelId) ?? [];
      uses.push({ channel, into });
      byId.set(channel.channelId, uses);
    }
  }
  await readProfiles(db, byId, period);
  const without = pointIds.filter((pointId) => ![0, 1, 2].some((phase) => found.has(`${pointId} ${phase}`)));
  await readRegisters(db, without, startMs, endMs, found);
  return [...found.values()]
    .filter(({ values }) => values.some((volt) => !Number.isNaN(volt)))
    .sort((a, b) => a.pointId - b.pointId || a.phase - b.phase);
}

function emptyVoltages(
  { pointId, phase, stepSeconds }: Pick<Channel, "pointId" | "phase" | "stepSeconds">,
  source: VoltageSource,
  startMs: number,
  endMs: number,
): PhaseVoltages {
  const slots = Math.floor((endMs - startMs) / (stepSeconds * 1000));
  return { pointId, phase, source, startMs, stepSeconds, values: new Float32Array(slots).fill(Number.NaN) };
}

/** The best first. Behind a voltage transformer the voltage of the point is the meter's by its ratio. */
async function readChannels(
  db: Queryable,
  pointIds: readonly number[],
  startMs: number,
  endMs: number,
): Promise<Channel[]> {
  const { rows } = await db.query<Channel>(sql`
    select c.channel_id as "channelId", i.point_id as "pointId",
           (split_part(split_part(c.obis, ':', 2), '.', 1)::int - 32) / 20 as phase, c.kind,
           (10::float8 ^ c.scale * case when i.primary_values then 1 else i.vt_ratio end)::float8 as volts,
           c.period_s as "stepSeconds", lower(i.during) as "fromMs", upper(i.during) as "toMs"
    from channel as c join installation as i using (meter_id)
    where i.point_id = any(${numbers(pointIds)}::int[]) and c.unit = 'V' and c.obis ~ ${columnPattern}
      and c.period_s <= ${stepSecondsMax}
      and i.during && tstzrange(${instant(startMs)}::timestamptz, ${instant(endMs)}::timestamptz)
    order by i.point_id, phase, (c.kind = 'demand') desc, c.period_s, c.channel_id`);
  return rows;
}

async function readProfiles(
  db: Queryable,
  byId: ReadonlyMap<number, readonly { channel: Channel; into: PhaseVoltages }[]>,
  { fromDay, toDay, zone }: Period,
): Promise<void> {
  if (byId.size === 0) return;
  const [from, to] = [marketDay(fromDay, zone).date, marketDay(toDay, zone).date];
  const days = new Map<number, MarketDay>();
  let values = new Float64Array(0);
  let flags = new Uint16Array(0);
  // COPY takes no parameters; these are numbers and two days that are checked.
  await copyOut(
    db,
    `copy (select channel_id, day, slots, v, q from load_day where channel_id = any('{${[...byId.keys()].join()}}'::int[])
       and day >= '${from}' and day < '${to}') to stdout (format binary)`,
    (rows) => {
      while (rows.next()) {
        const uses = byId.get(rows.int4());
        const number = rows.int4();
        const slots = rows.int2();
        const v = rows.skip();
        const q = rows.skip();
        if (!uses) continue;
        let day = days.get(number);
        if (!day) {
          day = marketDay(binaryToDate(number), zone);
          days.set(number, day);
        }
        if (values.length !== slots) {
          values = new Float64Array(slots);
          flags = new Uint16Array(slots);
        }
        const runs = q.start < 0 ? null : rows.bytes.subarray(q.start, q.end);
        unpackDayInto(rows.bytes.subarray(v.start, v.end), runs, values, flags);
        for (const { channel, into } of uses) addDay(day, values, flags, channel, into);
      }
    },
  );
}

function addDay(
  day: MarketDay,
  values: Float64Array,
  flags: Uint16Array,
  { fromMs, toMs, volts, stepSeconds }: Channel,
  into: PhaseVoltages,
): void {
  const stepMs = stepSeconds * 1000;
  for (let slot = 0; slot < values.length; slot++) {
    const atMs = day.startMs + slot * stepMs;
    const place = (atMs - into.startMs) / stepMs;
    if (place >= into.values.length) return;
    if (atMs < fromMs || (toMs !== null && atMs >= toMs) || (flags[slot]! & notGood) !== 0) continue;
    into.values[place] = values[slot]! * volts;
  }
}

async function readRegisters(
  db: Queryable,
  pointIds: readonly number[],
  startMs: number,
  endMs: number,
  found: Map<string, PhaseVoltages>,
): Promise<void> {
  if (pointIds.length === 0) return;
  const { rows } = await db.query<{ pointId: number; phase: number; atMs: number; volts: number }>(sql`
    select distinct on (r.meter_id, r.obis, r.measured_at) i.point_id as "pointId",
           (split_part(split_part(r.obis, ':', 2), '.', 1)::int - 32) / 20 as phase, r.measured_at as "atMs",
           (r.value * case when i.primary_values then 1 else i.vt_ratio end)::float8 as volts
    from installation as i cross join lateral (
      select meter_id, obis, measured_at, version, value from register_reading
      where meter_id = i.meter_id and unit = 'V' and obis ~ ${registerPattern} and i.during @> measured_at
        and measured_at >= ${instant(startMs)}::timestamptz and measured_at < ${instant(endMs)}::timestamptz
      -- By the key of each meter: over some thousand of them the planner prefers to read the whole table.
      offset 0
    ) as r
    where i.point_id = any(${numbers(pointIds)}::int[])
    order by r.meter_id, r.obis, r.measured_at, r.version desc`);
  for (const { pointId, phase, atMs, volts } of rows) {
    const key = `${pointId} ${phase}`;
    let into = found.get(key);
    if (!into) {
      into = emptyVoltages({ pointId, phase, stepSeconds: readingStepSeconds }, "readings", startMs, endMs);
      found.set(key, into);
    }
    const slot = Math.floor((atMs - startMs) / (readingStepSeconds * 1000));
    if (slot < into.values.length) into.values[slot] = volts;
  }
}
