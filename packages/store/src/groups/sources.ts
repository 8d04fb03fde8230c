import { numbers } from "../arrays.ts";
import type { Queryable } from "../database.ts";
import { sql } from "../sql.ts";
import type { Side } from "./rows.ts";

/** A point that counts in a group's sum for a time: a member, a balance meter, or the balance meter of a group below. */
export interface Source {
  readonly groupId: number;
  readonly side: Side;
  readonly pointId: number;
  readonly direction: "import" | "export" | "both";
  readonly sign: 1 | -1;
  readonly fromMs: number;
  /** Infinity while it lasts. */
  readonly toMs: number;
}

/** What counts in the sums of these groups on the days [fromDay, toDay). */
export async function readSources(
  db: Queryable,
  groupIds: readonly number[],
  fromDay: string,
  toDay: string,
): Promise<Source[]> {
  const { rows } = await db.query<Omit<Source, "toMs"> & { toMs: number | null }>(sql`
    with span as (
      select tstzrange(${fromDay}::timestamp at time zone (select market_zone()), ${toDay}::timestamp at time zone (select market_zone())) as span
    ), counted as (
      select group_id, 'members' as side, point_id, sign, during from group_member, span
      where group_id = any(${groupIds}::int[]) and ended_by is null and during && span
      union all
      select group_id, 'balance', point_id, sign, during from group_balance, span
      where group_id = any(${groupIds}::int[]) and ended_by is null and during && span
      union all
      select r.parent_id, 'members', b.point_id, b.sign, r.during * b.during
      from span, group_parent as r join group_balance as b using (group_id)
      where r.parent_id = any(${groupIds}::int[]) and r.ended_by is null and b.ended_by is null
        and r.during && span and b.during && span and r.during && b.during
    )
    select group_id as "groupId", side, point_id as "pointId", direction, sign, lower(during) as "fromMs", upper(during) as "toMs"
    from counted join point using (point_id)`);
  return rows.map((row) => ({ ...row, toMs: row.toMs ?? Number.POSITIVE_INFINITY }));
}

/** Energy of a point by interval, of all rates together (docs/storage.md, from meter to point). */
const energyPattern = /^1-\d+:\d+\.29\.0\*255$/;
/** Longer intervals cannot be cut into quarter-hours: their points are missing in the sums. */
const periodSecondsMax = 900;

export interface SourceChannel {
  readonly channelId: number;
  readonly pointId: number;
  readonly obis: string;
  readonly unit: string;
  readonly scale: number;
  readonly periodSeconds: number;
}

/**
 * Channels of these points that can be summed by quarter-hour (or by the longer slots that are asked for); of one quantity those with
 * slots of that very length first.
 */
export async function readSourceChannels(
  db: Queryable,
  pointIds: readonly number[],
  { codes, slotSeconds = periodSecondsMax }: { codes?: readonly string[]; slotSeconds?: number } = {},
): Promise<SourceChannel[]> {
  const { rows } = await db.query<SourceChannel>(sql`
    select channel_id as "channelId", point_id as "pointId", obis, unit, scale, period_s as "periodSeconds" from channel
    where point_id = any(${numbers(pointIds)}::int[]) and kind = 'delta' and ${slotSeconds}::int % period_s = 0
      and (${codes ?? null}::text[] is null or obis = any(${codes ?? null}::text[]))
    order by period_s desc, channel_id`);
  return rows.filter(({ obis }) => energyPattern.test(obis));
}

export const importCode = "1-0:1.29.0*255";
export const exportCode = "1-0:2.29.0*255";

/**
 * Must a point have this quantity? What its direction says of active energy; anything else is expected where it is found, since
 * nobody has said which meters count it.
 */
export const isExpected = (direction: Source["direction"], obis: string): boolean =>
  obis === importCode ? direction !== "export" : obis === exportCode && direction !== "import";
