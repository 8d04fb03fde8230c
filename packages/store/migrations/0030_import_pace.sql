-- What 100,000 new points cost the database (docs/storage.md). The range of ids of many new rows comes from the key column itself:
-- each row was made JSON of for it, a fifth of the time of an import.
create or replace function audit.added() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  many constant int := 100;
  keys text[] := tg_argv[0];
  total int;
  low bigint;
  high bigint;
begin
  select count(*) into total from added_row;
  if total > many then
    if exists (select from pg_attribute where attrelid = tg_relid and attname = keys[1]
        and atttypid in ('int2'::regtype, 'int4'::regtype, 'int8'::regtype)) then
      execute format('select min(%1$I), max(%1$I) from added_row', keys[1]) into low, high;
    end if;
    perform audit.append(jsonb_build_array(jsonb_build_object('kind', 'parametrisation', 'action', 'add',
      'object_type', tg_table_name, 'records', total,
      'after', jsonb_strip_nulls(jsonb_build_object('first', low, 'last', high)))));
  elsif total > 0 then
    perform audit.append((
      select jsonb_agg(jsonb_build_object('kind', 'parametrisation', 'action', 'add', 'object_type', tg_table_name,
        'object_id', audit.key_of(whole, keys),
        'after', audit.shown(whole, tg_argv[1]::text[], tg_argv[2]::text[], tg_argv[3]::text[])))
      from (select to_jsonb(added_row) as whole from added_row) as wholes));
  end if;
  return null;
end $$;

-- The rule by itself, so that a device comes with the right value and its row is not written twice.
create function quiet_seconds_of(fastest_every_seconds int) returns int language sql immutable as $$
  select greatest(3600, coalesce(3 * fastest_every_seconds, 86400))
$$;

create or replace function refresh_device_quiet(device_ids int[]) returns void language sql as $$
  update device set quiet_seconds = fresh.quiet_seconds
  from (
    select wanted.device_id, quiet_seconds_of(min(plan.every_seconds)) as quiet_seconds
    from unnest(device_ids) as wanted (device_id)
    left join device_plan using (device_id)
    left join reading_plan as plan on plan.reading_plan_id = device_plan.reading_plan_id and plan.enabled
    group by wanted.device_id
  ) as fresh
  where device.device_id = fresh.device_id and device.quiet_seconds <> fresh.quiet_seconds
$$;
