import { dayAfter, marketDay, qualityCodes, scaledText, slotsOf, unpackDay } from "@energsys/metering";
import {
  type Database,
  listChannelDays,
  listChannelDaysAt,
  listChannels,
  listRegisterReadings,
  listRegisterReadingsAt,
  type PointChannel,
} from "@energsys/store";
import { CliError } from "../cli-error.ts";

/** What a command prints, as lines or as JSON, and of how many values. */
export interface ShownValues {
  readonly lines: readonly string[];
  readonly json: unknown;
  readonly records: number;
}

const daysMax = 400;
const readingsMax = 10_000;

/** Register readings of a point, the newest first; as they were known at an instant when one is given. */
export async function showReadings(
  db: Database,
  pointId: number,
  { obis, limit, knownAt }: { obis?: string; limit: number; knownAt?: number },
): Promise<ShownValues> {
  const asked = { pointId, limit: Math.min(limit, readingsMax), ...(obis === undefined ? {} : { obis }) };
  const rows =
    knownAt === undefined
      ? await listRegisterReadings(db, asked)
      : await listRegisterReadingsAt(db, { ...asked, knownAtMs: knownAt });
  const instant = (ms: number) => new Date(ms).toISOString();
  const readings = rows.map(({ measuredAt, receivedAt, ...row }) => ({
    ...row,
    measuredAt: instant(measuredAt),
    receivedAt: instant(receivedAt),
  }));
  return {
    records: readings.length,
    json: { knownAt: knownAt === undefined ? null : instant(knownAt), readings },
    lines: [
      ...readings.map(({ measuredAt, obis, value, unit, flags, serial, version, receivedAt }) =>
        [
          measuredAt,
          obis.padEnd(16),
          `${value} ${unit}`,
          qualityCodes(0, flags).join(" "),
          serial,
          `version ${version}`,
          `received ${receivedAt}`,
        ].join("  "),
      ),
      `${readings.length} readings`,
    ],
  };
}

/** Intervals of one of a point's own channels, day after day; as they were known at an instant when one is given. */
export async function showCurve(
  db: Database,
  pointId: number,
  asked: { from: string; to: string; obis?: string; knownAt?: number; zone: string; nowMs: number },
): Promise<ShownValues> {
  const { from, to, knownAt, zone } = asked;
  const channel = await ownChannel(db, pointId, asked.obis);
  const days = Temporal.PlainDate.from(from).until(to).days;
  if (days < 1 || days > daysMax)
    throw new CliError("points.days", `from a day to a later one, at most ${daysMax} days`);
  const span = { channelId: channel.channelId, fromDay: from, toDay: to };
  const stored =
    knownAt === undefined
      ? await listChannelDays(db, span)
      : await listChannelDaysAt(db, { ...span, knownAtMs: knownAt });
  const byDay = new Map(stored.map((row) => [row.day, row]));
  const intervals: { start: string; value: string | null; quality: string[]; version: number | null }[] = [];
  const endMs = marketDay(to, zone).startMs;
  const untilMs = Math.min(knownAt ?? asked.nowMs, asked.nowMs);
  for (let day = marketDay(from, zone); day.startMs < endMs; day = dayAfter(day, zone)) {
    const slots = slotsOf(day, channel.periodSeconds);
    const row = byDay.get(day.date);
    const held = row && unpackDay(row.v, row.q, slots);
    for (let slot = 0; slot < slots; slot++) {
      const startMs = day.startMs + slot * channel.periodSeconds * 1_000;
      const value = held?.values[slot] ?? Number.NaN;
      // What has not ended cannot be missing.
      if (Number.isNaN(value) && startMs + channel.periodSeconds * 1_000 > untilMs) continue;
      const missing = Number.isNaN(value);
      intervals.push({
        start: new Date(startMs).toISOString(),
        value: missing ? null : scaledText(BigInt(value), channel.scale),
        quality: missing ? [] : qualityCodes(value, held?.flags[slot] ?? 0),
        version: row?.version ?? null,
      });
    }
  }
  const missing = intervals.filter(({ value }) => value === null).length;
  const { obis, unit, periodSeconds } = channel;
  return {
    records: intervals.length,
    json: {
      obis,
      unit,
      stepSeconds: periodSeconds,
      knownAt: knownAt === undefined ? null : new Date(knownAt).toISOString(),
      intervals,
    },
    lines: [
      ...intervals.map(({ start, value, quality, version }) =>
        value === null
          ? `${start}  missing`
          : `${start}  ${value} ${unit}  ${quality.join(" ")}  version ${version}`,
      ),
      `${obis}: ${intervals.length} intervals, ${missing} missing`,
    ],
  };
}

async function ownChannel(db: Database, pointId: number, obis: string | undefined): Promise<PointChannel> {
  const own = (await listChannels(db, pointId)).filter(({ layer }) => layer === "point");
  const found = obis === undefined ? own[0] : own.find((channel) => channel.obis === obis);
  if (!found)
    throw new CliError(
      "points.no-channel",
      own.length === 0
        ? "the point has no interval values yet"
        : `the point has ${own.map((channel) => channel.obis).join(", ")}`,
    );
  return found;
}
