-- A plan reads at moments of the market's day, or only in a part of it. Minutes of what clocks show, since midnight.
alter table reading_plan
  add column moments int[] not null default '{}' check (0 <= all (moments) and 1440 > all (moments)),
  add column window_from int check (window_from between 0 and 1439),
  add column window_to int check (window_to between 0 and 1439),
  add check ((window_from is null) = (window_to is null) and window_from <> window_to),
  add check (moments = '{}' or window_from is null),
  -- The longest that a device is not read by it: outside of its window nobody is silent.
  add column longest_gap_seconds int generated always as (
    greatest(every_seconds, coalesce(60 * ((window_from - window_to + 1440) % 1440), 0))) stored;

create or replace function refresh_device_quiet(device_ids int[]) returns void language sql as $$
  update device set quiet_seconds = fresh.quiet_seconds
  from (
    select wanted.device_id, quiet_seconds_of(min(plan.longest_gap_seconds)) as quiet_seconds
    from unnest(device_ids) as wanted (device_id)
    left join device_plan using (device_id)
    left join reading_plan as plan on plan.reading_plan_id = device_plan.reading_plan_id and plan.enabled
    group by wanted.device_id
  ) as fresh
  where device.device_id = fresh.device_id and device.quiet_seconds <> fresh.quiet_seconds
$$;
