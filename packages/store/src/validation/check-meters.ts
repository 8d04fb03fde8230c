import { type DaySlots, unpackDay } from "@energsys/metering";
import { numbers } from "../arrays.ts";
import type { Queryable } from "../database.ts";
import type { Channel } from "../network.ts";
import { sql } from "../sql.ts";

/** A day of a check meter's point. */
export interface CheckDay {
  readonly scale: number;
  readonly sum: number | null;
  readonly isWhole: boolean;
  readonly slots: DaySlots;
}

/** Days of points whose meters measure the same line as others, by point, quantity, period and day. */
export type CheckDays = ReadonlyMap<string, CheckDay>;

const keyOf = (
  pointId: number,
  { obis, periodSeconds }: Pick<Channel, "obis" | "periodSeconds">,
  date: string,
) => `${pointId} ${obis} ${periodSeconds} ${date}`;

export async function readCheckDays(
  db: Queryable,
  pointIds: readonly number[],
  fromDay: string,
  toDay: string,
): Promise<CheckDays> {
  if (pointIds.length === 0) return new Map();
  const { rows } = await db.query<{
    pointId: number;
    obis: string;
    periodSeconds: number;
    scale: number;
    day: string;
    slots: number;
    ok: number;
    sum: number | null;
    v: Buffer;
    q: Buffer | null;
  }>(sql`
    select point_id as "pointId", obis, period_s as "periodSeconds", scale, day, slots, ok, sum, v, q
    from channel join load_day using (channel_id)
    where point_id = any(${numbers(pointIds)}::int[]) and kind = 'delta'
      and day >= ${fromDay}::date and day <= ${toDay}::date`);
  return new Map(
    rows.map(({ pointId, day, slots, ok, sum, scale, v, q, ...channel }) => [
      keyOf(pointId, channel, day),
      { scale, sum, isWhole: ok === slots, slots: unpackDay(v, q, slots) },
    ]),
  );
}

export const findCheckDay = (
  days: CheckDays,
  pointId: number | null | undefined,
  channel: Channel,
  date: string,
): CheckDay | undefined => (pointId == null ? undefined : days.get(keyOf(pointId, channel, date)));

/** What the check meter says about a whole day, in the integers of another channel; nothing where that is no integer. */
export function partnerOf(
  check: CheckDay | undefined,
  { scale }: Channel,
  limitPermille: () => number,
): { readonly sum: number; readonly limitPermille: number } | undefined {
  if (!check?.isWhole || check.sum === null) return undefined;
  const sum = check.sum * 10 ** (check.scale - scale);
  return Number.isSafeInteger(sum) ? { sum, limitPermille: limitPermille() } : undefined;
}

/** Ratio of a check meter's integers to those of a channel. */
export const checkRatio = (
  checkScale: number,
  scale: number,
): { readonly top: number; readonly bottom: number } =>
  checkScale >= scale
    ? { top: 10 ** (checkScale - scale), bottom: 1 }
    : { top: 1, bottom: 10 ** (scale - checkScale) };
