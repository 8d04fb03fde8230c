import { type MarketDay, marketDay, quality } from "@energsys/metering";
import { numbers } from "../arrays.ts";
import { isPassedOver } from "../counting-days.ts";
import type { Database } from "../database.ts";
import { readTested } from "../meters/tests.ts";
import { loadBarePoints, loadMeters, type Network, networkOf } from "../network.ts";
import { instant, sql } from "../sql.ts";
import { standingAt } from "../validation/measured-days.ts";
import { pointRegister, readRegisters, stepOf } from "../validation/register-steps.ts";
import { finestScaleOf } from "./freeze-estimates.ts";

/** Why a month is not what the register says, or not to be billed. */
export type BillingReason =
  | "no-meter"
  | "never-read"
  | "no-register"
  | "register-decreased"
  | "meter-test"
  | "gap"
  | "open-finding"
  | "edit-waiting";

/** A point's energy of a month for one quantity. Energies are integers × 10^scale of the unit. */
export interface MonthValue {
  readonly pointId: number;
  readonly channelId: number | null;
  readonly obis: string;
  readonly unit: string;
  readonly scale: number;
  readonly basis: "register" | "intervals" | "none";
  /** Null: the register was read at both borders, and nothing stands against it. */
  readonly reason: BillingReason | null;
  readonly billable: boolean;
  readonly energy: number | null;
  /** Sum of the intervals, whatever is billed. */
  readonly intervals: number | null;
  readonly registerFrom: string | null;
  readonly registerTo: string | null;
  readonly expected: number;
  readonly present: number;
  readonly good: number;
  readonly estimated: number;
  /** Versions of days and readings that it is made of: they only grow. */
  readonly seen: number;
}

/** A market month: its first day, and the instants at which it begins and ends. */
export interface Month extends MarketDay {
  /** First day of the next month. */
  readonly next: string;
}

/** @throws RangeError for what is no first day of a month */
export function monthOfDate(first: string, zone: string): Month {
  const day = Temporal.PlainDate.from(first);
  if (day.day !== 1) throw new RangeError(`${first} is no first day of a month`);
  const next = day.add({ months: 1 }).toString();
  return {
    date: day.toString(),
    next,
    startMs: marketDay(day.toString(), zone).startMs,
    endMs: marketDay(next, zone).startMs,
  };
}

const quarterSeconds = 900;
const usualObis = "1-0:1.29.0*255";

interface Digest {
  readonly channelId: number;
  readonly pointId: number;
  readonly obis: string;
  readonly scale: number;
  readonly periodSeconds: number;
  /** The last day that counts; null where none does. */
  readonly last: string | null;
  readonly sum: number | null;
  readonly ok: number;
  readonly present: number;
  readonly estimated: number;
  readonly versions: number;
  readonly refused: boolean;
  readonly waiting: boolean;
}

/** Months of points as they are now, in the order of points and codes; a point without a meter in the month has none. */
export async function readMonthValues(
  db: Database,
  pointIds: readonly number[],
  month: Month,
): Promise<MonthValue[]> {
  const network = networkOf(db);
  const { rows: meters } = await db.query<{ meterId: number }>(sql`
    select distinct meter_id as "meterId" from installation where point_id = any(${numbers(pointIds)}::int[])`);
  const meterIds = meters.map(({ meterId }) => meterId);
  await loadMeters(db, network, meterIds);
  await loadBarePoints(db, network, pointIds);
  const digests = Map.groupBy(await readDigests(db, pointIds, month), ({ pointId }) => pointId);
  const registers = await readRegisters(db, meterIds, month.startMs, month.endMs);
  const tested = await readTested(db, meterIds, month.startMs, month.endMs);
  const versions = await readSourceVersions(db, pointIds, month);
  const values: MonthValue[] = [];
  for (const pointId of [...pointIds].sort((a, b) => a - b)) {
    const standing = standingAt(network, pointId, month);
    if (standing.length === 0) continue;
    const own = digests.get(pointId) ?? [];
    const seen = versions.get(pointId) ?? 0;
    if (own.length === 0) values.push(neverRead(pointId, seen));
    for (const ofQuantity of Map.groupBy(own, ({ obis }) => obis).values()) {
      const digest = ofQuantity.length === 1 ? ofQuantity[0]! : together(network, ofQuantity);
      values.push(monthValue(network, digest, standing, { registers, tested }, month, seen));
    }
  }
  return values;
}

/**
 * Days of several channels of one quantity, by the hour until a meter was exchanged and by the quarter-hour since: counted in quarter-hours, in the
 * finest integers, under the channel that counted last.
 */
function together(network: Network, digests: readonly Digest[]): Digest {
  const [{ pointId, obis }] = digests as [Digest];
  const scale = finestScaleOf(network, pointId, obis);
  const counting = digests.some(({ last }) => last !== null)
    ? digests.filter(({ last }) => last !== null)
    : digests;
  const newest = counting.toSorted((a, b) => ((a.last ?? "") < (b.last ?? "") ? 1 : -1))[0]!;
  const quarters = (of: "ok" | "present" | "estimated") =>
    counting.reduce(
      (sum, digest) => sum + Math.floor((digest[of] * digest.periodSeconds) / quarterSeconds),
      0,
    );
  const sums = counting.flatMap((digest) =>
    digest.sum === null ? [] : digest.sum * 10 ** (digest.scale - scale),
  );
  return {
    ...newest,
    scale,
    periodSeconds: quarterSeconds,
    sum: sums.length === 0 ? null : sums.reduce((sum, each) => sum + each, 0),
    ok: quarters("ok"),
    present: quarters("present"),
    estimated: quarters("estimated"),
    versions: digests.reduce((sum, { versions }) => sum + versions, 0),
    refused: counting.some(({ refused }) => refused),
    waiting: counting.some(({ waiting }) => waiting),
  };
}

const neverRead = (pointId: number, seen: number): MonthValue => ({
  pointId,
  channelId: null,
  obis: usualObis,
  unit: "Wh",
  scale: 0,
  basis: "none",
  reason: "never-read",
  billable: false,
  energy: null,
  intervals: null,
  registerFrom: null,
  registerTo: null,
  expected: 0,
  present: 0,
  good: 0,
  estimated: 0,
  seen,
});

function monthValue(
  network: Network,
  digest: Digest,
  standing: ReturnType<typeof standingAt>,
  {
    registers,
    tested,
  }: {
    readonly registers: Awaited<ReturnType<typeof readRegisters>>;
    readonly tested: Awaited<ReturnType<typeof readTested>>;
  },
  month: Month,
  sourcesSeen: number,
): MonthValue {
  const known = [...(network.points.get(digest.pointId)?.channels.values() ?? [])].find(
    ({ channelId }) => channelId === digest.channelId,
  );
  if (!known) throw new Error(`channel ${digest.channelId} is the point's`);
  const channel = { ...known, scale: digest.scale };
  let step = 0;
  let reason: BillingReason | null = null;
  let covered = 0;
  let [registerFrom, registerTo]: [string | null, string | null] = [null, null];
  for (const { installation, meter } of standing) {
    const fromMs = Math.max(month.startMs, installation.fromMs);
    const toMs = Math.min(month.endMs, installation.toMs);
    covered += toMs - fromMs;
    const register = pointRegister(registers, channel, installation, meter);
    const own = register && stepOf(register, fromMs, toMs);
    if (!own) reason ??= "no-register";
    else if (own.decreased) reason = "register-decreased";
    else step += own.step;
    // What was counted under test is in the index.
    if (tested.get(meter.meterId)?.some((test) => test.fromMs < toMs && test.toMs > fromMs))
      reason = "meter-test";
    const code = `${installation.meterId} ${channel.obis.replace(".29.0*", ".8.0*")}`;
    const readings = registers.get(code) ?? [];
    registerFrom ??= readings.find(({ atMs }) => atMs === fromMs)?.value ?? null;
    registerTo = readings.find(({ atMs }) => atMs === toMs)?.value ?? null;
  }
  const expected = Math.ceil(covered / (digest.periodSeconds * 1000));
  const whole = digest.present >= expected;
  const byRegister = reason === null;
  const blocked = digest.waiting
    ? ("edit-waiting" as const)
    : digest.refused
      ? ("open-finding" as const)
      : undefined;
  const basis = byRegister ? "register" : digest.sum === null ? "none" : "intervals";
  return {
    pointId: digest.pointId,
    channelId: digest.channelId,
    obis: channel.obis,
    unit: channel.unit,
    scale: channel.scale,
    basis,
    reason: blocked ?? (!byRegister && !whole ? "gap" : reason),
    billable: blocked === undefined && (byRegister || whole),
    energy: byRegister ? step : digest.sum,
    intervals: digest.sum,
    registerFrom,
    registerTo,
    expected,
    present: digest.present,
    good: digest.ok,
    estimated: digest.estimated,
    seen: digest.versions + sourcesSeen,
  };
}

async function readDigests(db: Database, pointIds: readonly number[], month: Month): Promise<Digest[]> {
  const { rows } = await db.query<Digest>(sql`
    select channel_id as "channelId", point_id as "pointId", obis, scale, period_s as "periodSeconds", days.*,
      exists (select from finding where finding.channel_id = own.channel_id and day >= ${month.date}::date
        and day < ${month.next}::date and severity = 'F' and state = 'open') as refused,
      exists (select from value_edit where value_edit.channel_id = own.channel_id and day >= ${month.date}::date
        and day < ${month.next}::date and state = 'waiting') as waiting
    from (
      select *, count(*) over (partition by point_id, obis) > 1 as several from channel
      where point_id = any(${numbers(pointIds)}::int[]) and kind = 'delta'
    ) as own cross join lateral (
      select sum(sum)::bigint as sum, max(day) as last, coalesce(sum(ok), 0)::int as ok, coalesce(sum(ver), 0)::bigint as versions,
        coalesce(sum(slots - runs.missing), 0)::int as present, coalesce(sum(runs.estimated), 0)::int as estimated
      from load_day as stored cross join lateral (
        select coalesce(sum(slot_count) filter (where quality >= 32768), 0) as missing,
          coalesce(sum(slot_count) filter (where quality & ${quality.estimated}::int <> 0 and quality < 32768), 0) as estimated
        -- A day that is whole and good has no runs, and costs no call.
        from load_day_runs(stored.q) where stored.q is not null
      ) as runs
      where stored.channel_id = own.channel_id and day >= ${month.date}::date and day < ${month.next}::date
        and not (own.several and ${isPassedOver})
    ) as days
    order by point_id, obis, period_s`);
  return rows;
}

/**
 * Versions of the meters' days of the month, and of the readings at its borders and at those of installations in it, by point. A value that is
 * held back from a billed estimate changes these and nothing of the point's.
 */
async function readSourceVersions(
  db: Database,
  pointIds: readonly number[],
  month: Month,
): Promise<Map<number, number>> {
  const { rows } = await db.query<{ pointId: number; seen: number }>(sql`
    select point_id as "pointId", sum(days.versions + readings.versions)::bigint as seen
    from installation
    cross join lateral (
      select coalesce(sum(load_day.ver), 0) as versions from channel join load_day using (channel_id)
      where channel.meter_id = installation.meter_id and day >= ${month.date}::date and day < ${month.next}::date
    ) as days
    cross join lateral (
      select coalesce(sum(version), 0) as versions from register_reading
      where register_reading.meter_id = installation.meter_id and obis ~ '^1-[0-9]+:[0-9]+[.]8[.]0[*]255$'
        and measured_at in (${instant(month.startMs)}::timestamptz, ${instant(month.endMs)}::timestamptz, lower(during), upper(during))
        and measured_at between ${instant(month.startMs)}::timestamptz and ${instant(month.endMs)}::timestamptz
    ) as readings
    where point_id = any(${numbers(pointIds)}::int[])
      and during && tstzrange(${instant(month.startMs)}::timestamptz, ${instant(month.endMs)}::timestamptz)
    group by point_id`);
  return new Map(rows.map(({ pointId, seen }) => [pointId, Number(seen)]));
}
