import { type DaySlots, unpackCounts, unpackDay } from "@energsys/metering";
import type { Queryable } from "../database.ts";
import { sql } from "../sql.ts";
import type { Side } from "./rows.ts";
import { exportCode, importCode } from "./sources.ts";

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

/** Sums of a group from `fromDay` (included) to `toDay` (not included), by day; days without any value are left out. */
export async function readGroupDays(
  db: Queryable,
  groupId: number,
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
    where group_id = ${groupId}::int and day >= ${fromDay}::date and day < ${toDay}::date
      and (${codes ?? null}::text[] is null or obis = any(${codes ?? null}::text[]))
    order by day, side, obis`);
  return rows.map(({ slots, v, q, counts, ...row }) => {
    const [expected, present, good, estimated] = unpackCounts(counts, 4, slots) as [
      Uint32Array,
      Uint32Array,
      Uint32Array,
      Uint32Array,
    ];
    return { ...row, ...unpackDay(v, q, slots), expected, present, good, estimated };
  });
}

/** One side of a group's balance over a time. Energy in Wh, exact: import less export, each with its sign. */
export interface BalanceSide {
  /** Null when nothing is known. */
  readonly energyWh: bigint | null;
  readonly importWh: bigint;
  readonly exportWh: bigint;
  readonly expected: number;
  readonly present: number;
  readonly good: number;
  readonly estimated: number;
}

/** What went in, what members counted, and the difference of one day. */
export interface BalanceDay {
  readonly day: string;
  readonly balance: BalanceSide;
  readonly members: BalanceSide;
  /** Null unless both sides are known. */
  readonly differenceWh: bigint | null;
}

/**
 * Balance of a group by day, from the stored digests. Energies are rounded to whole Wh only where points count finer than that; the difference
 * is taken before. A day of which nothing is known is left out.
 */
export async function readGroupBalance(
  db: Queryable,
  groupId: number,
  fromDay: string,
  toDay: string,
): Promise<BalanceDay[]> {
  const { rows } = await db.query<{
    day: string;
    side: Side;
    obis: string;
    wh: string | null;
    expected: number;
    present: number;
    good: number;
    estimated: number;
  }>(sql`
    select day, side, obis, (sum * power(10::numeric, scale))::text as wh, expected, present, good, estimated from group_day
    where group_id = ${groupId}::int and day >= ${fromDay}::date and day < ${toDay}::date and obis in (${importCode}, ${exportCode})
    order by day`);
  return [...Map.groupBy(rows, ({ day }) => day)].map(([day, ofDay]) => {
    const side = (which: Side) => ofDay.filter((row) => row.side === which);
    const balance = sideOf(side("balance"));
    const members = sideOf(side("members"));
    return {
      day,
      balance: balance.side,
      members: members.side,
      differenceWh:
        balance.scaled === null || members.scaled === null ? null : rounded(balance.scaled - members.scaled),
    };
  });
}

/** Decimals that are carried until the end: finer than any meter counts. */
const decimals = 9;

function toScaled(text: string): bigint {
  const negative = text.startsWith("-");
  const [whole = "0", fraction = ""] = text.replace("-", "").split(".");
  const scaled = BigInt(whole + fraction.slice(0, decimals).padEnd(decimals, "0"));
  return negative ? -scaled : scaled;
}

function rounded(scaled: bigint): bigint {
  const unit = 10n ** BigInt(decimals);
  const half = scaled < 0n ? -unit / 2n : unit / 2n;
  return (scaled + half) / unit;
}

interface SideRow {
  readonly obis: string;
  readonly wh: string | null;
  readonly expected: number;
  readonly present: number;
  readonly good: number;
  readonly estimated: number;
}

function sideOf(rows: readonly SideRow[]): { side: BalanceSide; scaled: bigint | null } {
  const of = (obis: string) => rows.find((row) => row.obis === obis)?.wh ?? null;
  const [incoming, outgoing] = [of(importCode), of(exportCode)];
  const [importScaled, exportScaled] = [toScaled(incoming ?? "0"), toScaled(outgoing ?? "0")];
  const scaled = incoming === null && outgoing === null ? null : importScaled - exportScaled;
  const total = (key: "expected" | "present" | "good" | "estimated") =>
    rows.reduce((all, row) => all + row[key], 0);
  return {
    scaled,
    side: {
      energyWh: scaled === null ? null : rounded(scaled),
      importWh: rounded(importScaled),
      exportWh: rounded(exportScaled),
      expected: total("expected"),
      present: total("present"),
      good: total("good"),
      estimated: total("estimated"),
    },
  };
}
