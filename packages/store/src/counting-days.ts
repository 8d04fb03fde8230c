import { numbers } from "./arrays.ts";
import { type Sql, sql, trusted } from "./sql.ts";

/** The market's interval: what is billed and balanced. */
const marketSeconds = 900;

/**
 * Of several channels of one quantity at a point, such as the hours of the meter before and the quarter-hours of the one that stands there
 * now, or both curves of one meter, one counts on each day: one that has a value before one that has none, a whole day before one with gaps,
 * and of equals the one with the lower rank: quarter-hours, then shorter intervals, then longer ones.
 */
export const periodRank = (periodSeconds: number): number =>
  periodSeconds > marketSeconds ? periodSeconds : marketSeconds - periodSeconds;

/** `periodRank` of a column. */
export const rankSql = (column: string): string =>
  `case when ${column} > ${marketSeconds} then ${column} else ${marketSeconds} - ${column} end`;
const place = (day: string, channel: string) =>
  `(${day}.sum is null, ${day}.flags < 0, ${rankSql(`${channel}.period_s`)})`;

/** A condition on `stored` (load_day) of `own` (channel): another channel of the same point and quantity counts on that day. */
export const isPassedOver = trusted(`exists (
  select from channel as peer join load_day as beside on beside.channel_id = peer.channel_id and beside.day = stored.day
  where peer.point_id = own.point_id and peer.obis = own.obis and peer.kind = own.kind and peer.channel_id <> own.channel_id
    and ${place("beside", "peer")} < ${place("stored", "own")})`);

/** Numbers of these channels and of the others of their points and quantities. */
export const channelsBeside = (channelIds: readonly number[]): Sql => sql`
  select peer.channel_id from channel as own join channel as peer using (point_id, obis, kind)
  where own.channel_id = any(${numbers(channelIds)}::int[])`;
