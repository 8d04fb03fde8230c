import { eventTables } from "@energsys/metering/models";
import { numbers } from "../arrays.ts";
import type { Queryable } from "../database.ts";
import { instant, sql } from "../sql.ts";

/** How far a device's clock was off when it was read. */
export interface ClockDifference {
  readonly atMs: number;
  readonly offsetMs: number;
}

/** How long after a day its intervals are usually read: the clock that stamped them is the one of that time. */
const readWithinMs = 12 * 3_600_000;

/** Clock differences of meters' devices that were written down, by meter. Small ones are not. */
export async function readClockDifferences(
  db: Queryable,
  meterIds: readonly number[],
  fromMs: number,
  toMs: number,
): Promise<Map<number, ClockDifference[]>> {
  const { rows } = await db.query<{ meterId: number; atMs: number; offsetMs: number }>(sql`
    select meter_id as "meterId", at as "atMs", offset_ms as "offsetMs" from clock_difference join device using (device_id)
    where meter_id = any(${numbers(meterIds)}::int[])
      and at between ${instant(fromMs)}::timestamptz and ${instant(toMs + readWithinMs)}::timestamptz`);
  return Map.groupBy(rows, ({ meterId }) => meterId);
}

/** The greatest difference while a day was measured and read, or nothing. */
export function clockOffsetOf(
  differences: readonly ClockDifference[] | undefined,
  { startMs, endMs }: { readonly startMs: number; readonly endMs: number },
): number | undefined {
  let most: number | undefined;
  for (const { atMs, offsetMs } of differences ?? []) {
    if (atMs < startMs || atMs > endMs + readWithinMs) continue;
    if (most === undefined || Math.abs(offsetMs) > Math.abs(most)) most = offsetMs;
  }
  return most;
}

const codesOf = (names: readonly string[]): string[] =>
  Object.entries(eventTables).flatMap(([table, named]) =>
    Object.entries(named).flatMap(([code, name]) => (names.includes(name) ? [`${table}:${code}`] : [])),
  );
const opened = codesOf([
  "remote-disconnection",
  "manual-disconnection",
  "local-disconnection",
  "relay-opened",
]);
const closed = codesOf(["remote-connection", "manual-connection", "local-reconnection", "relay-closed"]);

/** Events by which a meter says that it switched: whoever stores one has its days looked at again. */
export const isSwitchEvent = (code: string): boolean => opened.includes(code) || closed.includes(code);

/** What a meter said about its disconnector, in the order of time. */
export interface SwitchState {
  readonly atMs: number;
  readonly open: boolean;
}

/** Far enough back for a disconnection that lasts: a year. */
const lookBackMs = 366 * 86_400_000;

/** What meters said about their disconnectors up to an instant, by meter. */
export async function readSwitchStates(
  db: Queryable,
  meterIds: readonly number[],
  fromMs: number,
  toMs: number,
): Promise<Map<number, SwitchState[]>> {
  const { rows } = await db.query<{ meterId: number; atMs: number; code: string }>(sql`
    select meter_id as "meterId", at as "atMs", code from event join device using (device_id)
    where meter_id = any(${numbers(meterIds)}::int[]) and code = any(${[...opened, ...closed]}::text[])
      and at between ${instant(fromMs - lookBackMs)}::timestamptz and ${instant(toMs)}::timestamptz
    order by meter_id, at, seq`);
  return Map.groupBy(
    rows.map(({ meterId, atMs, code }) => ({ meterId, atMs, open: opened.includes(code) })),
    ({ meterId }) => meterId,
  );
}

/** Since when a meter is open at the end of a day; nothing when it is not, or was closed that day again. */
export function openSince(states: readonly SwitchState[] | undefined, endMs: number): number | undefined {
  let since: number | undefined;
  for (const { atMs, open } of states ?? []) {
    if (atMs >= endMs) break;
    since = open ? (since ?? atMs) : undefined;
  }
  return since;
}
