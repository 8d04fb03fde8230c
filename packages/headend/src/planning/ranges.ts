import type { EpochMs } from "@energsys/protocols";

/** Market days as the planner needs them; `@energsys/metering` has them for a zone and a period. */
export interface Calendar {
  /** Date of the market day that holds the instant, `YYYY-MM-DD`. */
  dayOf(ms: EpochMs): string;
  /** Start of the day and its number of intervals (92, 96 or 100 quarter-hours). */
  day(date: string): { readonly startMs: EpochMs; readonly slots: number };
}

export interface CoverageOfProfile {
  readonly nowMs: EpochMs;
  readonly periodSeconds: number;
  /** Days before today that the plan looks back. */
  readonly backfillDays: number;
  /** A meter needs a moment to close an interval and to write it. */
  readonly settleMs: number;
  readonly calendar: Calendar;
  /** What of a day is stored: everything, or one entry per slot. A day that is missing here has nothing. */
  readonly stored: ReadonlyMap<string, "whole" | readonly boolean[]>;
  /** Until when each day was asked for and answered: what is missing before that the device does not have. */
  readonly asked: ReadonlyMap<string, EpochMs>;
  /** Rows to ask for in this attempt and in one request. */
  readonly rowsMax: number;
  readonly requestRowsMax: number;
}

export interface PlannedRange {
  readonly fromMs: EpochMs;
  readonly toMs: EpochMs;
  readonly rows: number;
}

export interface PlannedRanges {
  /** In the order to ask: the newest first, then a share of the oldest. */
  readonly ranges: readonly PlannedRange[];
  /** Rows missing in all, and how many of them are left for the next attempt. */
  readonly missingRows: number;
  readonly leftRows: number;
}

/** What of an attempt's rows goes to the oldest gap when not everything fits: else it would wait for ever. */
const shareOfOldest = 0.25;

/**
 * Compares what a profile should have by now with what is stored, and gives the difference as ranges to ask for. One range
 * never holds a part of a day without what was missing before it on that day, so that an answered range may be marked as asked
 * up to its end.
 */
export function planRanges(coverage: CoverageOfProfile): PlannedRanges {
  const periodMs = coverage.periodSeconds * 1000;
  const days = missingDays(coverage);
  const pieces = days.flatMap((day) => cut(day, periodMs, coverage.requestRowsMax));
  const missingRows = pieces.reduce((sum, piece) => sum + piece.rows, 0);
  const chosen = missingRows <= coverage.rowsMax ? pieces : chooseParts(pieces, coverage.rowsMax);
  const ranges = joinNeighbours(chosen, coverage.requestRowsMax);
  const asked = ranges.reduce((sum, range) => sum + range.rows, 0);
  return { ranges, missingRows, leftRows: missingRows - asked };
}

/** Per day from its first to its last missing slot; newest day first. */
function missingDays(coverage: CoverageOfProfile): PlannedRange[] {
  const { calendar, nowMs, settleMs } = coverage;
  const periodMs = coverage.periodSeconds * 1000;
  const endMs = Math.floor((nowMs - settleMs) / periodMs) * periodMs;
  const found: PlannedRange[] = [];
  const today = Temporal.PlainDate.from(calendar.dayOf(endMs - 1));
  for (let back = 0; back <= coverage.backfillDays; back++) {
    const date = today.subtract({ days: back }).toString();
    const stored = coverage.stored.get(date);
    if (stored === "whole") continue;
    const { startMs, slots } = calendar.day(date);
    const due = Math.min(slots, Math.floor((endMs - startMs) / periodMs));
    const askedUntil = coverage.asked.get(date) ?? 0;
    let first = -1;
    let last = -1;
    for (let slot = 0; slot < due; slot++) {
      if (stored?.[slot] || startMs + (slot + 1) * periodMs <= askedUntil) continue;
      if (first < 0) first = slot;
      last = slot;
    }
    if (first < 0) continue;
    const fromMs = startMs + first * periodMs;
    const toMs = startMs + (last + 1) * periodMs;
    found.push({ fromMs, toMs, rows: last - first + 1 });
  }
  return found;
}

/** Within a day the earlier piece comes first: only then may its end be marked. */
function cut(day: PlannedRange, periodMs: number, rowsMax: number): PlannedRange[] {
  const pieces: PlannedRange[] = [];
  for (let fromMs = day.fromMs; fromMs < day.toMs; fromMs += rowsMax * periodMs) {
    const toMs = Math.min(day.toMs, fromMs + rowsMax * periodMs);
    pieces.push({ fromMs, toMs, rows: (toMs - fromMs) / periodMs });
  }
  return pieces;
}

function chooseParts(pieces: readonly PlannedRange[], rowsMax: number): PlannedRange[] {
  const newest: PlannedRange[] = [];
  const oldest: PlannedRange[] = [];
  let rows = 0;
  const forNewest = rowsMax * (1 - shareOfOldest);
  let at = 0;
  while (at < pieces.length && (at === 0 || rows + pieces[at]!.rows <= forNewest)) {
    rows += pieces[at]!.rows;
    newest.push(pieces[at++]!);
  }
  // From the oldest on, but never a later piece of a day without the earlier ones of it.
  const rest = pieces.slice(at).sort((a, b) => a.fromMs - b.fromMs);
  for (const piece of rest) {
    if (rows + piece.rows > rowsMax) break;
    rows += piece.rows;
    oldest.push(piece);
  }
  return [...newest, ...oldest];
}

/** Days that touch each other are asked for at once: a request costs a round trip, and rows cost next to nothing. */
function joinNeighbours(pieces: readonly PlannedRange[], rowsMax: number): PlannedRange[] {
  const joined: PlannedRange[] = [];
  for (const piece of pieces) {
    const before = joined.at(-1);
    const rows = (before?.rows ?? 0) + piece.rows;
    if (before && rows <= rowsMax && piece.toMs === before.fromMs) {
      joined[joined.length - 1] = { fromMs: piece.fromMs, toMs: before.toMs, rows };
    } else if (before && rows <= rowsMax && piece.fromMs === before.toMs) {
      joined[joined.length - 1] = { fromMs: before.fromMs, toMs: piece.toMs, rows };
    } else {
      joined.push(piece);
    }
  }
  return joined;
}

/**
 * Until when the days of an answered range count as asked for. A gap is the device's own only when the device has something
 * newer than it, or when it is a day old: a clock that is behind, or a meter that writes late, must not lose its rows.
 */
export function askedMarks(
  range: { readonly fromMs: EpochMs; readonly toMs: EpochMs },
  newestRowEndMs: EpochMs | undefined,
  nowMs: EpochMs,
  calendar: Calendar,
): { day: string; askedUntilMs: EpochMs }[] {
  const sure = Math.max(newestRowEndMs ?? 0, nowMs - 86_400_000);
  const untilMs = Math.min(range.toMs, sure);
  const marks: { day: string; askedUntilMs: EpochMs }[] = [];
  let date = Temporal.PlainDate.from(calendar.dayOf(range.fromMs));
  for (;;) {
    const day = date.toString();
    const next = date.add({ days: 1 });
    const dayEndMs = calendar.day(next.toString()).startMs;
    const { startMs } = calendar.day(day);
    if (startMs >= untilMs) return marks;
    marks.push({ day, askedUntilMs: Math.min(untilMs, dayEndMs) });
    date = next;
  }
}
