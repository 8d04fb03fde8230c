/** Wall clock of the network's zone, whatever the browser's own zone is. Instants are epoch milliseconds, days `YYYY-MM-DD`. */

export interface Wall {
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
  readonly day: number;
  /** Minutes since midnight on the wall clock. */
  readonly minuteOfDay: number;
  readonly offsetMs: number;
}

/** A day of the market zone. */
export type Day = string;

interface ZoneTable {
  readonly atMs: readonly number[];
  /** One more than `atMs`: the first holds before the first transition. */
  readonly offsetsMs: readonly number[];
}

const tables = new Map<string, ZoneTable>();
const tableFromMs = Date.UTC(1990, 0, 1);
const tableUntilMs = Date.UTC(2080, 0, 1);

/** Offset changes of a zone between 1990 and 2080, asked of Temporal once: a year's chart asks 35,040 times. */
function tableOf(zone: string): ZoneTable {
  const known = tables.get(zone);
  if (known) return known;
  const atMs: number[] = [];
  let at = Temporal.Instant.fromEpochMilliseconds(tableFromMs).toZonedDateTimeISO(zone);
  const offsetsMs = [at.offsetNanoseconds / 1e6];
  for (;;) {
    const next = at.getTimeZoneTransition("next");
    if (!next || next.epochMilliseconds >= tableUntilMs) break;
    atMs.push(next.epochMilliseconds);
    offsetsMs.push(next.offsetNanoseconds / 1e6);
    at = next;
  }
  const table = { atMs, offsetsMs };
  tables.set(zone, table);
  return table;
}

function indexAt(table: ZoneTable, ms: number): number {
  let low = 0;
  let high = table.atMs.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (table.atMs[middle]! <= ms) low = middle + 1;
    else high = middle;
  }
  return low;
}

export function offsetMsAt(ms: number, zone: string): number {
  const table = tableOf(zone);
  return table.offsetsMs[indexAt(table, ms)]!;
}

export function wallOf(ms: number, zone: string): Wall {
  const offsetMs = offsetMsAt(ms, zone);
  const shifted = new Date(ms + offsetMs);
  return {
    year: shifted.getUTCFullYear(),
    month: shifted.getUTCMonth() + 1,
    day: shifted.getUTCDate(),
    minuteOfDay: shifted.getUTCHours() * 60 + shifted.getUTCMinutes(),
    offsetMs,
  };
}

/** True for both passes of the hour that a clock change repeats: such a time needs its offset to be told apart. */
export function isRepeated(ms: number, zone: string): boolean {
  const table = tableOf(zone);
  const index = indexAt(table, ms);
  return inRepeat(table, index, ms) || inRepeat(table, index + 1, ms);
}

/** Whether `ms` lies within the lap of the transition that ends the offset before `index`. */
function inRepeat(table: ZoneTable, index: number, ms: number): boolean {
  const at = table.atMs[index - 1];
  if (at === undefined) return false;
  const backMs = table.offsetsMs[index - 1]! - table.offsetsMs[index]!;
  return backMs > 0 && ms >= at - backMs && ms < at + backMs;
}

/** `+03`, `-05:30`, `+00`. */
export function offsetLabel(offsetMs: number): string {
  const minutes = Math.abs(offsetMs) / 60_000;
  const hours = String(Math.floor(minutes / 60)).padStart(2, "0");
  const rest = minutes % 60;
  return `${offsetMs < 0 ? "-" : "+"}${hours}${rest === 0 ? "" : `:${String(rest).padStart(2, "0")}`}`;
}

/** `03:15`, or `03:15 +02` in the hour that a clock change repeats. */
export function clockLabel(ms: number, zone: string): string {
  const wall = wallOf(ms, zone);
  const label = minuteLabel(wall.minuteOfDay);
  return isRepeated(ms, zone) ? `${label} ${offsetLabel(wall.offsetMs)}` : label;
}

export function minuteLabel(minuteOfDay: number): string {
  return `${String(Math.floor(minuteOfDay / 60)).padStart(2, "0")}:${String(minuteOfDay % 60).padStart(2, "0")}`;
}

export function dayOf(ms: number, zone: string): Day {
  return new Date(ms + offsetMsAt(ms, zone)).toISOString().slice(0, 10);
}

/** First instant of a day: some zones change their clocks at midnight, so it need not be 00:00. */
export function startOfDay(day: Day, zone: string): number {
  return Temporal.PlainDate.from(day).toZonedDateTime(zone).epochMilliseconds;
}

export function addDays(day: Day, days: number): Day {
  return Temporal.PlainDate.from(day).add({ days }).toString();
}

export function addMonths(day: Day, months: number): Day {
  return Temporal.PlainDate.from(day).add({ months }).toString();
}

export function daysBetween(from: Day, to: Day): number {
  return Temporal.PlainDate.from(from).until(to, { largestUnit: "days" }).days;
}
