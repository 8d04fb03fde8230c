import {
  type DaySlots,
  dayAfter,
  digestOf,
  marketDay,
  quality,
  slotsOf,
  unpackDay,
} from "@energsys/metering";
import {
  type ChannelDay,
  type Database,
  findChannelSpans,
  listChannelDays,
  listChannelDaysAt,
  listChannels,
} from "@energsys/store";
import { iso } from "./instants.ts";
import { Problem } from "./problem.ts";
import type { Channel } from "./schemas/points.ts";
import type { LoadCurve } from "./schemas/readings.ts";

export interface CurveRequest {
  readonly pointId: number;
  readonly channelId: number;
  readonly from: string;
  readonly to: string;
  readonly zone: string;
  readonly nowMs: number;
  /** As it was known then; now when absent. */
  readonly knownAtMs?: number;
  readonly daysMax: number;
}

/**
 * Reads the load curve of a point's channel. @throws Problem `channel.not-found` for a channel that is not the point's,
 * `input.invalid` for days that do not exist, are not in order or too many
 */
export async function readCurve(db: Database, request: CurveRequest): Promise<LoadCurve> {
  checkDays(request);
  const { pointId, channelId } = request;
  const [channels, spans] = await Promise.all([
    listChannels(db, pointId),
    findChannelSpans(db, { pointId, channelId }),
  ]);
  const channel = channels.find((each) => each.channelId === channelId);
  if (!channel || !spans) throw new Problem("channel.not-found");
  const { knownAtMs } = request;
  const span = { channelId, fromDay: request.from, toDay: request.to };
  const stored =
    knownAtMs === undefined
      ? await listChannelDays(db, span)
      : await listChannelDaysAt(db, { ...span, knownAtMs });
  return assembleCurve({ ...request, channel, spans: spans.spans, stored });
}

function checkDays({ from, to, zone, daysMax }: CurveRequest): void {
  const refuse = (field: string, message: string) =>
    new Problem("input.invalid", { fields: { [field]: message } });
  for (const [field, day] of [
    ["/from", from],
    ["/to", to],
  ] as const) {
    try {
      marketDay(day, zone);
    } catch {
      throw refuse(field, "No such day");
    }
  }
  const days = Temporal.PlainDate.from(from).until(to).days;
  if (days < 1) throw refuse("/to", "Must be after the first day");
  if (days > daysMax) throw refuse("/to", `At most ${daysMax} days`);
}

/** Lays stored days side by side: without a break over UTC, whatever the clocks did, null where nothing is stored. */
export function assembleCurve(given: {
  channel: Channel;
  spans: readonly { readonly fromMs: number; readonly toMs: number }[];
  stored: readonly ChannelDay[];
  zone: string;
  from: string;
  to: string;
  nowMs: number;
  knownAtMs?: number;
}): LoadCurve {
  const { channel, zone, from, to, knownAtMs } = given;
  // What had not ended then could not be missing then.
  const nowMs = Math.min(given.nowMs, knownAtMs ?? given.nowMs);
  const { periodSeconds } = channel;
  const stored = new Map(given.stored.map((row) => [row.day, row]));
  const endMs = marketDay(to, zone).startMs;
  const values: (number | null)[] = [];
  const flags: number[][] = [];
  const days: LoadCurve["days"] = [];
  const coverage = { expected: 0, present: 0, good: 0, estimated: 0 };

  for (let day = marketDay(from, zone); day.startMs < endMs; day = dayAfter(day, zone)) {
    const slots = slotsOf(day, periodSeconds);
    const firstIndex = values.length;
    const row = stored.get(day.date);
    const shown = row && showDay(row, slots, { day, spans: given.spans, channel });
    const ended = Math.max(0, Math.min(slots, Math.floor((nowMs - day.startMs) / (periodSeconds * 1_000))));
    coverage.expected += ended;
    if (!row || !shown) {
      for (let slot = 0; slot < slots; slot++) values.push(null);
      days.push({
        day: day.date,
        firstIndex,
        slots,
        sum: null,
        max: null,
        maxAtIndex: null,
        ok: 0,
        version: 0,
      });
      continue;
    }
    for (let slot = 0; slot < slots; slot++) {
      const value = shown.slots.values[slot]!;
      const code = shown.slots.flags[slot]!;
      const missing = Number.isNaN(value);
      values.push(missing ? null : value);
      if (code !== 0) addToRuns(flags, firstIndex + slot, code);
      if (missing || slot >= ended) continue;
      coverage.present++;
      if ((code & quality.estimated) !== 0) coverage.estimated++;
    }
    coverage.good += Math.min(shown.ok, ended);
    days.push({
      day: day.date,
      firstIndex,
      slots,
      sum: shown.sum,
      max: shown.max,
      maxAtIndex: shown.maxAt === null ? null : firstIndex + shown.maxAt,
      ok: shown.ok,
      version: row.version,
    });
  }
  return {
    channel,
    zone,
    knownAt: knownAtMs === undefined ? null : iso(knownAtMs),
    from,
    to,
    start: iso(marketDay(from, zone).startMs),
    stepSeconds: periodSeconds,
    unit: channel.unit,
    scale: channel.scale,
    values,
    flags,
    days,
    coverage,
  };
}

interface ShownDay {
  readonly slots: DaySlots;
  readonly sum: number | null;
  readonly max: number | null;
  readonly maxAt: number | null;
  readonly ok: number;
}

/** A day with only what belongs to the point: of a meter that came or went that day, the hours before or after are another's. */
function showDay(
  row: ChannelDay,
  slots: number,
  {
    day,
    spans,
    channel,
  }: {
    day: { startMs: number; endMs: number };
    spans: readonly { readonly fromMs: number; readonly toMs: number }[];
    channel: Channel;
  },
): ShownDay | undefined {
  if (row.slots !== slots)
    throw new Error(`channel ${channel.channelId}, ${row.day}: ${row.slots} slots stored, not ${slots}`);
  const unpacked = unpackDay(row.v, row.q, slots);
  if (spans.some((span) => span.fromMs <= day.startMs && day.endMs <= span.toMs))
    return { ...row, slots: unpacked };
  let kept = 0;
  for (let slot = 0; slot < slots; slot++) {
    const startMs = day.startMs + slot * channel.periodSeconds * 1_000;
    if (spans.some((span) => span.fromMs <= startMs && startMs < span.toMs)) kept++;
    else {
      unpacked.values[slot] = Number.NaN;
      unpacked.flags[slot] = 0;
    }
  }
  return kept === 0
    ? undefined
    : { ...digestOf(unpacked.values, unpacked.flags, channel.kind), slots: unpacked };
}

function addToRuns(runs: number[][], index: number, code: number): void {
  const last = runs.at(-1);
  if (last && last[2] === code && last[0]! + last[1]! === index) last[1]!++;
  else runs.push([index, 1, code]);
}
