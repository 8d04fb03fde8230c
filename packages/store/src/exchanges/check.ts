import { indexStep, type MeterLimits, maxEnergyWh, parseDecimal } from "@energsys/metering";
import type { Queryable } from "../database.ts";
import { instant, sql } from "../sql.ts";
import { type ExchangeAsked, type ExchangeFinding, type ExchangeReading, finding } from "./exchange.ts";
import {
  findMeters,
  findStanding,
  type KnownMeter,
  type LastReading,
  mayBePutUp,
  readLast,
  type StandingMeter,
  standsFrom,
} from "./standing.ts";

/** What the old meter counted since its last reading, register by register. */
export interface ExchangeStep {
  readonly obis: string;
  readonly unit: string;
  readonly before: string | null;
  readonly beforeAtMs: number | null;
  readonly last: string;
  /** Difference times the factor; null when there is no reading before, or it went back. */
  readonly energy: string | null;
}

export interface ExchangeChecked {
  readonly findings: readonly ExchangeFinding[];
  readonly standing: StandingMeter | undefined;
  /** The meter that comes, where the stock has it. */
  readonly known: KnownMeter | undefined;
  readonly steps: readonly ExchangeStep[];
}

/** Looks at an exchange before it is written: what forbids it, what is doubtful, what the old meter counted to its end. */
export async function checkExchange(
  db: Queryable,
  asked: ExchangeAsked,
  options: { readonly nowMs: number; readonly lock?: boolean },
): Promise<ExchangeChecked> {
  const findings: ExchangeFinding[] = [];
  const standing = await findStanding(db, asked.pointId, options.lock ?? false);
  if (asked.atMs > options.nowMs) findings.push(finding("future"));
  if (!standing)
    return { findings: [...findings, finding("no-meter")], standing, known: undefined, steps: [] };
  if (asked.atMs <= standing.fromMs) findings.push(finding("before-installation", { atMs: standing.fromMs }));
  const { known, found } = await checkComing(db, asked, standing);
  findings.push(...found);
  const before = await readLast(db, standing.meterId, standing.fromMs, asked.atMs);
  const steps = asked.last.map((reading) => stepOf(reading, before, standing, asked.atMs, findings));
  for (const { obis } of before) {
    if (!asked.last.some((reading) => reading.obis === obis)) {
      findings.push(finding("register-missing", { obis }));
    }
  }
  await checkAfter(db, asked, standing, findings);
  findings.push(...(await readTouched(db, asked)));
  if (known) {
    const { dueOn } = known;
    if (dueOn !== null && !(await isAhead(db, dueOn, asked.atMs)))
      findings.push(finding("verification-over", { value: dueOn }));
    const earlier = await readLast(db, known.meterId, 0, asked.atMs - 1);
    for (const reading of asked.first) {
      const last = earlier.find(({ obis }) => obis === reading.obis);
      if (last && last.unit === reading.unit && Number(reading.value) < Number(last.value)) {
        const { obis, value, unit, atMs } = last;
        findings.push(finding("new-below-last", { obis, value, unit, atMs }));
      }
    }
  }
  for (const { readings, limits } of [
    { readings: asked.last, limits: standing.limits },
    { readings: asked.first, limits: known?.limits ?? limitsGiven(asked) },
  ]) {
    for (const { obis, value, unit } of readings) {
      if (limits && Number(value) * (unit.startsWith("k") ? 1 : 0.001) >= 10 ** limits.indexDigits) {
        findings.push(finding("digits", { obis, value, unit }));
      }
    }
  }
  return { findings, standing, known, steps };
}

/** Whether a day has not passed on the network's calendar at an instant. */
async function isAhead(db: Queryable, day: string, atMs: number): Promise<boolean> {
  const { rows } = await db.query<{ ahead: boolean }>(sql`
    select ${day}::date >= (${instant(atMs)}::timestamptz at time zone (select market_zone()))::date as ahead`);
  return rows[0]!.ahead;
}

/** The plate of a meter that nobody knows yet. */
export function limitsGiven({ meter }: ExchangeAsked): MeterLimits | undefined {
  if (meter.model === undefined || meter.phases === undefined) return undefined;
  return {
    phases: meter.phases,
    indexDigits: meter.indexDigits ?? 8,
    ...(meter.maxCurrentA === undefined ? {} : { maxCurrentA: meter.maxCurrentA }),
  };
}

async function checkComing(
  db: Queryable,
  asked: ExchangeAsked,
  standing: StandingMeter,
): Promise<{ known: KnownMeter | undefined; found: ExchangeFinding[] }> {
  const meters = await findMeters(db, asked.meter);
  const [known] = meters;
  const found: ExchangeFinding[] = [];
  if (meters.length > 1) found.push(finding("ambiguous-meter"));
  else if (!known) {
    if (!limitsGiven(asked) || !asked.meter.manufacturer) found.push(finding("unknown-meter"));
  } else if (known.meterId === standing.meterId) found.push(finding("same-meter"));
  else if (await standsFrom(db, known.meterId, asked.atMs)) found.push(finding("elsewhere"));
  else if (!(await mayBePutUp(db, known.meterId, asked.atMs))) found.push(finding("not-installable"));
  if (asked.identity !== undefined) {
    const { rows } = await db.query<{ meterId: number | null }>(
      sql`select meter_id as "meterId" from device where identity = ${asked.identity}`,
    );
    const [device] = rows;
    if (device && (meters.length !== 1 || device.meterId !== known?.meterId)) found.push(finding("exists"));
  }
  return { known: meters.length === 1 ? known : undefined, found };
}

/** What the old meter gave after the instant: it stays with the meter, and no point counts it. */
async function checkAfter(
  db: Queryable,
  { atMs }: ExchangeAsked,
  { meterId }: StandingMeter,
  findings: ExchangeFinding[],
): Promise<void> {
  // A day that begins after the instant lies wholly behind it, whatever the zone.
  const { rows } = await db.query<{ readings: number; lastMs: number | null; days: number }>(sql`
    select (select count(*)::int from register_reading where meter_id = ${meterId}::int
        and measured_at > ${instant(atMs)}::timestamptz) as readings,
      (select max(measured_at) from register_reading where meter_id = ${meterId}::int
        and measured_at > ${instant(atMs)}::timestamptz) as "lastMs",
      (select count(distinct day)::int from channel join load_day using (channel_id) where meter_id = ${meterId}::int
        and day::timestamp at time zone (select market_zone()) >= ${instant(atMs)}::timestamptz) as days`);
  const { readings = 0, days = 0, lastMs = null } = rows[0] ?? {};
  if (readings + days > 0)
    findings.push(finding("readings-after", { value: String(readings), atMs: lastMs }));
}

/** What of the point's days from then on was billed or edited by a person already: it is derived again below that. */
async function readTouched(db: Queryable, { pointId, atMs }: ExchangeAsked): Promise<ExchangeFinding[]> {
  const { rows } = await db.query<{ month: string | null; edits: number }>(sql`
    with since as (select (${instant(atMs)}::timestamptz at time zone (select market_zone()))::date as day)
    select (select min(month)::text from billing_value, since
        where point_id = ${pointId}::int and billable and month >= date_trunc('month', day)::date) as month,
      (select count(*)::int from value_edit join channel using (channel_id), since
        where point_id = ${pointId}::int and state in ('waiting', 'applied') and value_edit.day >= since.day) as edits`);
  const { month = null, edits = 0 } = rows[0] ?? {};
  return [
    ...(month === null ? [] : [finding("month-closed", { value: month })]),
    ...(edits === 0 ? [] : [finding("values-edited", { value: String(edits) })]),
  ];
}

function stepOf(
  { obis, value, unit }: ExchangeReading,
  all: readonly LastReading[],
  { factor, limits, fromMs }: StandingMeter,
  atMs: number,
  findings: ExchangeFinding[],
): ExchangeStep {
  const before = all.find((reading) => reading.obis === obis);
  const step = {
    obis,
    unit,
    before: before?.value ?? null,
    beforeAtMs: before?.atMs ?? null,
    last: value,
    energy: null,
  };
  if (before && before.unit !== unit) {
    findings.push(finding("unit", { obis, value: before.value, unit: before.unit, atMs: before.atMs }));
    return step;
  }
  if (!before) return step;
  const [was, is] = [parseDecimal(before.value), parseDecimal(value)];
  const decimals = Math.max(was.decimals, is.decimals);
  const whole = ({ digits, decimals: own }: typeof was) => digits * 10 ** (decimals - own);
  const seconds = (atMs - Math.max(before.atMs, fromMs)) / 1000;
  const counted = indexStep(whole(was), whole(is), seconds, { unit, scale: -decimals, limits });
  const told = { obis, value: before.value, unit, atMs: before.atMs };
  if (!counted.ok) {
    findings.push(finding("below-last", told));
    return step;
  }
  if (counted.rolledOver) findings.push(finding("roll-over", told));
  const mostWh = maxEnergyWh(limits, seconds);
  const kilo = unit.startsWith("k") ? 1000 : 1;
  if (mostWh !== undefined && (counted.value / 10 ** decimals) * kilo > mostWh) {
    findings.push(
      finding("above-possible", {
        ...told,
        value: decimalOf(BigInt(Math.round(mostWh)), kilo === 1 ? 0 : 3),
      }),
    );
  }
  return {
    ...step,
    energy: decimalOf(BigInt(counted.value) * BigInt(factor.digits), decimals + factor.decimals),
  };
}

/** `digits` × 10^−`decimals` as text, without zeros at its end. */
function decimalOf(digits: bigint, decimals: number): string {
  const text = digits.toString().padStart(decimals + 1, "0");
  if (decimals === 0) return text;
  return `${text.slice(0, -decimals)}.${text.slice(-decimals)}`.replace(/\.?0+$/, "");
}
