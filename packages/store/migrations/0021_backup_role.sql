-- The process that backs up signs in as a role of its own (docs/database-roles.md). Of the settings it keeps one row, by these two.
create function backup_line() returns jsonb
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  select value from public.setting where name = 'backup';
$$;

create function set_backup_line(line jsonb) returns void
language sql security definer set search_path = pg_catalog, public, pg_temp as $$
  insert into public.setting (name, value) values ('backup', line)
  on conflict (name) do update set value = excluded.value, changed_at = now();
$$;

revoke all on function backup_line(), set_backup_line(jsonb) from public;
