import { marketDay, unpackCounts, unpackDay } from "@energsys/metering";
import { binaryToDate, type CopyReader, copyOut } from "../copy-binary.ts";
import type { Queryable } from "../database.ts";
import type { Side } from "../groups/rows.ts";
import { exportCode, importCode } from "../groups/sources.ts";
import type { Period } from "../query/frame.ts";
import type { DayRow } from "./day-loss.ts";

/** Sums of active energy of these groups, a day of one group at a time: 13 times faster by binary COPY than as rows of text. */
export async function readGroupRows(
  db: Queryable,
  groupIds: readonly number[],
  { fromDay, toDay, zone }: Period,
  onDay: (groupId: number, day: string, rows: readonly DayRow[]) => void,
): Promise<void> {
  if (groupIds.length === 0) return;
  // COPY takes no parameters; these are numbers and two days that are checked.
  const [from, to] = [marketDay(fromDay, zone), marketDay(toDay, zone)];
  const ids = [...groupIds].sort((a, b) => a - b).join();
  let at: { groupId: number; binaryDay: number } | undefined;
  let rows: DayRow[] = [];
  const flush = () => {
    if (at && rows.length > 0) onDay(at.groupId, binaryToDate(at.binaryDay), rows);
    rows = [];
  };
  await copyOut(
    db,
    `copy (select group_id, day, (case side when 'balance' then 1 else 0 end + case obis when '${exportCode}' then 2 else 0 end)::int2,
       scale, slots, v, q, counts from group_day
     where group_id = any('{${ids}}'::int[]) and day >= '${from.date}' and day < '${to.date}'
       and obis in ('${importCode}', '${exportCode}') order by group_id, day) to stdout (format binary)`,
    (reader: CopyReader) => {
      while (reader.next()) {
        const groupId = reader.int4();
        const binaryDay = reader.int4();
        if (at?.groupId !== groupId || at.binaryDay !== binaryDay) {
          flush();
          at = { groupId, binaryDay };
        }
        const which = reader.int2();
        const scale = reader.int2();
        const slots = reader.int2();
        const v = reader.skip();
        const q = reader.skip();
        const counts = reader.skip();
        const [expected, present, good, estimated] = unpackCounts(
          reader.bytes.subarray(counts.start, counts.end),
          4,
          slots,
        ) as [Uint32Array, Uint32Array, Uint32Array, Uint32Array];
        const side: Side = (which & 1) === 1 ? "balance" : "members";
        const { values } = unpackDay(
          reader.bytes.subarray(v.start, v.end),
          q.start < 0 ? null : reader.bytes.subarray(q.start, q.end),
          slots,
        );
        rows.push({ side, given: which >= 2, scale, values, expected, present, good, estimated });
      }
    },
  );
  flush();
}
