import { trusted } from "./sql.ts";

/**
 * Whether a point's device talks. `silent`: not heard of for three periods of its reading plan, at least an hour, a day
 * without a plan. `never`: not heard of yet. `none`: no device, or one that is not read.
 */
export type PointState = "talking" | "silent" | "never" | "none";

/** Seconds after which device `d` counts as silent. */
export const silentAfterSeconds = trusted(`
  greatest(3600, coalesce((
    select 3 * min(plan.every_seconds) from device_plan join reading_plan as plan using (reading_plan_id)
    where device_plan.device_id = d.device_id and plan.enabled), 86400))`);

/** Device `d` is silent at the instant `now()`. The first condition spares most devices the look at their plan. */
export const isSilent = trusted(`
  (d.enabled and d.last_contact_at < now() - interval '1 hour'
   and d.last_contact_at < now() - make_interval(secs => ${silentAfterSeconds.text}))`);

/** State of the point whose device, if any, is `d`. */
export const pointState = trusted(`
  case when d.device_id is null or not d.enabled then 'none' when d.last_contact_at is null then 'never'
       when ${isSilent.text} then 'silent' else 'talking' end`);
