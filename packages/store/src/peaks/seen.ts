import { type Sql, trusted } from "../sql.ts";

/** So much greater than what somebody has seen, a peak is told again; a demand that creeps up is not told every quarter of an hour. */
const greaterPercent = 10;

/** The last acknowledgement that holds for a peak as it is now: `alarm` is the name of a row of `peak_alarm`. */
export const lastSeen = (alarm: string): Sql =>
  trusted(`(select * from peak_acknowledgement as seen
    where seen.peak_alarm_id = ${alarm}.peak_alarm_id and ${alarm}.demand_kw <= seen.demand_kw * ${100 + greaterPercent} / 100
    order by seen.acknowledged_at desc limit 1)`);

export const isSeen = (alarm: string): Sql => trusted(`exists ${lastSeen(alarm).text}`);
