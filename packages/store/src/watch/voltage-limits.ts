import { en50160, type VoltageLimits } from "@energsys/metering";
import type { Queryable } from "../database.ts";
import { sql } from "../sql.ts";

/** Limits that somebody set, with the day from which they hold. */
export interface DatedVoltageLimits extends VoltageLimits {
  readonly validFrom: string;
  readonly reason: string;
  readonly enteredBy: string;
  readonly enteredAt: number;
}

/** All limits that were set, the newest first. */
export async function listVoltageLimits(db: Queryable): Promise<DatedVoltageLimits[]> {
  const { rows } = await db.query<DatedVoltageLimits>(sql`
    select valid_from::text as "validFrom", low_v::float8 as "lowV", high_v::float8 as "highV", wide_low_v::float8 as "wideLowV",
           wide_high_v::float8 as "wideHighV", share_required_percent::float8 / 100 as "shareRequired",
           unflagged_min_percent::float8 / 100 as "unflaggedMin", unbalance_max_percent::float8 as "unbalanceMaxPercent",
           reason, entered_by as "enteredBy", entered_at as "enteredAt"
    from voltage_limit order by valid_from desc`);
  return rows;
}

/** The limits that hold on a day; those of EN 50160 where nobody has set any. */
export const limitsOn = (all: readonly DatedVoltageLimits[], day: string): VoltageLimits =>
  all.find(({ validFrom }) => validFrom <= day) ?? en50160;

/** Limits from a day on; those that were set for the same day are replaced. */
export async function setVoltageLimits(
  db: Queryable,
  { validFrom, reason, by, ...limits }: VoltageLimits & { validFrom: string; reason: string; by: string },
): Promise<void> {
  await db.query(sql`
    insert into voltage_limit (valid_from, low_v, high_v, wide_low_v, wide_high_v, share_required_percent, unflagged_min_percent,
                               unbalance_max_percent, reason, entered_by)
    values (${validFrom}::date, ${limits.lowV}::numeric, ${limits.highV}::numeric, ${limits.wideLowV}::numeric,
            ${limits.wideHighV}::numeric, round(${limits.shareRequired}::numeric * 100, 2), round(${limits.unflaggedMin}::numeric * 100, 2),
            ${limits.unbalanceMaxPercent}::numeric, ${reason}, ${by})
    on conflict (valid_from) do update set
      low_v = excluded.low_v, high_v = excluded.high_v, wide_low_v = excluded.wide_low_v, wide_high_v = excluded.wide_high_v,
      share_required_percent = excluded.share_required_percent, unflagged_min_percent = excluded.unflagged_min_percent,
      unbalance_max_percent = excluded.unbalance_max_percent, reason = excluded.reason, entered_by = excluded.entered_by`);
}
