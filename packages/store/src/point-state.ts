import { trusted } from "./sql.ts";

/**
 * Whether a point's device talks. `silent`: not heard of for three periods of its reading plan, at least an hour, a day
 * without a plan. `never`: not heard of yet. `none`: no device, or one that is not read.
 */
export type PointState = "talking" | "silent" | "never" | "none";

/** Device `d` is silent at the instant `now()`. Triggers keep `quiet_seconds` true to the plans. */
export const isSilent = trusted(
  "(d.enabled and d.last_contact_at < now() - make_interval(secs => d.quiet_seconds))",
);

/** State of the point whose device, if any, is `d`. */
export const pointState = trusted(`
  case when d.device_id is null or not d.enabled then 'none' when d.last_contact_at is null then 'never'
       when ${isSilent.text} then 'silent' else 'talking' end`);

/**
 * The device of meter `i.meter_id`, as `d`: the newest one where a meter was given a new identity. The first form is for some
 * points, the second for all of them.
 */
export const deviceOfMeter = trusted(`
  left join lateral (select * from device where device.meter_id = i.meter_id order by device_id desc limit 1) as d on true`);
export const deviceOfEveryMeter = trusted(`
  left join device as d on d.meter_id = i.meter_id
    and not exists (select from device as newer where newer.meter_id = d.meter_id and newer.device_id > d.device_id)`);
