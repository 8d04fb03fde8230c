-- What only the owner of the tables may do, for processes that are not (docs/database-roles.md).

-- A month of a partitioned table, made apart and then attached: PARTITION OF would lock out every reader of the parent. Half of each
-- page of an open month of load_day is left free for new versions of its rows (HOT updates: 31 % to 99 %).
create function make_month(parent text, part text, from_bound text, to_bound text, open boolean) returns void
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  if parent not in ('load_day', 'block', 'event') or part !~ ('^' || parent || '_\d{4}_\d{2}$') then
    raise exception '% is no month of a table that has months', part using errcode = 'invalid_parameter_value';
  end if;
  if to_regclass('public.' || part) is not null then
    return;
  end if;
  execute format('create table public.%I (like public.%I including all excluding identity) %s', part, parent,
    case when parent = 'load_day' and open then 'with (fillfactor = 50)' else '' end);
  execute format('alter table public.%I attach partition public.%I for values from (%L) to (%L)', parent, part, from_bound,
    to_bound);
end $$;

-- Without this the database knows nothing of a network that has just come until its own housekeeping passes, and a search among
-- 100,000 points takes a second instead of milliseconds.
create function tell_planner() returns void
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  perform gin_clean_pending_list('public.point_search'::regclass);
  analyze public.branch, public.location, public.point, public.meter, public.installation, public.device;
end $$;

revoke all on function make_month(text, text, text, text, boolean), tell_planner() from public;
