-- How long a device may be quiet before it counts as silent: three periods of its fastest plan in force, at least an hour; a day
-- without a plan. Kept with the device, because every list and every figure asks it of all devices: looked up in the plans it took
-- 250 ms for 100,000 devices.
alter table device add column quiet_seconds int not null default 86400;

create function refresh_device_quiet(device_ids int[]) returns void language sql as $$
  update device set quiet_seconds = fresh.quiet_seconds
  from (
    select wanted.device_id, greatest(3600, coalesce(3 * min(plan.every_seconds), 86400)) as quiet_seconds
    from unnest(device_ids) as wanted (device_id)
    left join device_plan using (device_id)
    left join reading_plan as plan on plan.reading_plan_id = device_plan.reading_plan_id and plan.enabled
    group by wanted.device_id
  ) as fresh
  where device.device_id = fresh.device_id and device.quiet_seconds <> fresh.quiet_seconds
$$;

-- Each read moves next_at of a row here: that must not come by, so updates fire only for another plan.
create function device_plan_changed() returns trigger language plpgsql as $$
begin
  perform refresh_device_quiet(array(select distinct device_id from changed));
  return null;
end $$;
create trigger device_plan_joined after insert on device_plan referencing new table as changed
  for each statement execute function device_plan_changed();
create trigger device_plan_left after delete on device_plan referencing old table as changed
  for each statement execute function device_plan_changed();

create function device_plan_moved() returns trigger language plpgsql as $$
begin
  perform refresh_device_quiet(array[new.device_id]);
  return null;
end $$;
create trigger device_plan_moved after update of reading_plan_id on device_plan
  for each row execute function device_plan_moved();

create function reading_plan_changed() returns trigger language plpgsql as $$
begin
  perform refresh_device_quiet(array(select device_id from device_plan where reading_plan_id = new.reading_plan_id));
  return null;
end $$;
create trigger reading_plan_changed after update of every_seconds, enabled on reading_plan
  for each row execute function reading_plan_changed();

select refresh_device_quiet(array(select device_id from device_plan));
