-- How long what is kept, and for what (docs/retention.md). What is older than its class says goes by whole months, in a run that somebody asked for
-- after seeing what it would take.
create table retention_rule (
  class text primary key check (class in ('intervals', 'registers', 'events')),
  months int not null check (months between 13 and 1200),
  purpose text not null check (length(purpose) between 3 and 500),
  set_by text not null,
  set_at timestamptz not null
);
create table retention_run (
  retention_run_id int generated always as identity primary key,
  class text not null,
  cutoff date not null, -- first month that is kept
  months_dropped text[] not null,
  rows_removed bigint not null,
  bytes_freed bigint not null,
  kept text[] not null, -- months that were due and stay, with the reason: `2023-05 correction-waiting`
  run_by text not null,
  run_at timestamptz not null
);
select audit.watch('retention_rule', '{class}', ignored => '{set_at}');
select audit.watch('retention_run', '{retention_run_id}', ignored => '{run_at}');

-- A month of a partitioned table goes with its file. Only whole months of tables that have some, and none of the last thirteen: whoever
-- has the rights of a program cannot take what is in use.
create function drop_month(part text) returns bigint
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  freed bigint;
  month date;
begin
  if part !~ '^(load_day|block|event|group_day)_\d{4}_\d{2}$' then
    raise exception '% is no month of a table that has months', part using errcode = 'invalid_parameter_value';
  end if;
  month := to_date(right(part, 7), 'YYYY_MM');
  if month >= date_trunc('month', now()) - interval '13 months' then
    raise exception '% is too young to go', part using errcode = 'invalid_parameter_value';
  end if;
  if to_regclass('public.' || part) is null then
    return 0;
  end if;
  set local lock_timeout = '10s';
  freed := pg_total_relation_size(('public.' || part)::regclass);
  execute format('drop table public.%I', part);
  return freed;
end $$;
revoke all on function drop_month(text) from public;
