import { type DaySlots, unpackCounts, unpackDay } from "@energsys/metering";
import { numbers } from "../arrays.ts";
import type { Queryable } from "../database.ts";
import { sql } from "../sql.ts";
import { Turns } from "../turns.ts";
import type { Side } from "./rows.ts";

/** A group's quantity on one day as it is stored. Values by slot are integers, value in `unit` = integer × 10^scale. */
export interface StoredGroupDay extends DaySlots {
  readonly groupId: number;
  readonly day: string;
  readonly side: Side;
  readonly obis: string;
  readonly unit: string;
  readonly scale: number;
  readonly expected: Uint32Array;
  readonly present: Uint32Array;
  readonly good: Uint32Array;
  readonly estimated: Uint32Array;
}

/** Sums of groups from `fromDay` (included) to `toDay` (not included), by day; days without any value are left out. */
export async function readGroupDays(
  db: Queryable,
  groupIds: readonly number[],
  fromDay: string,
  toDay: string,
  codes?: readonly string[],
): Promise<StoredGroupDay[]> {
  const { rows } = await db.query<
    Pick<StoredGroupDay, "groupId" | "day" | "side" | "obis" | "unit" | "scale"> & {
      slots: number;
      v: Buffer;
      q: Buffer | null;
      counts: Buffer;
    }
  >(sql`
    select group_id as "groupId", day, side, obis, unit, scale, slots, v, q, counts from group_day
    where group_id = any(${numbers(groupIds)}::int[]) and day >= ${fromDay}::date and day < ${toDay}::date
      and (${codes ?? null}::text[] is null or obis = any(${codes ?? null}::text[]))
    order by group_id, day, side, obis`);
  const stored: StoredGroupDay[] = [];
  const turns = new Turns();
  for (const { slots, v, q, counts, ...row } of rows) {
    if (turns.isLong) await turns.next();
    const [expected, present, good, estimated] = unpackCounts(counts, 4, slots) as [
      Uint32Array,
      Uint32Array,
      Uint32Array,
      Uint32Array,
    ];
    stored.push({ ...row, ...unpackDay(v, q, slots), expected, present, good, estimated });
  }
  return stored;
}
