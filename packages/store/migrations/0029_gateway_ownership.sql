-- A concentrator that stood in quarantine can be retired too: it stays known, and is refused from then on. Who retired one, when, and
-- which one took over its meters stands with it.
do $$
declare
  rule text;
begin
  select conname into strict rule from pg_constraint
  where conrelid = 'gateway'::regclass and contype = 'c' and pg_get_constraintdef(oid) like '%quarantine%device_id IS NOT NULL%';
  execute format('alter table gateway drop constraint %I', rule);
end
$$;
alter table gateway
  add constraint gateway_device check (state <> 'adopted' or device_id is not null),
  add column retired_by text,
  add column retired_at timestamptz,
  add column replaced_by int references gateway;
create index gateway_replaced on gateway (replaced_by) where replaced_by is not null;
-- The trigger names its columns: made anew, it sees the new ones.
drop trigger audit_added on gateway;
drop trigger audit_changed on gateway;
drop trigger audit_removed on gateway;
select audit.watch('gateway', '{gateway_id}', ignored => '{protocol,firmware,meters_announced,newest,oldest,supply,announced_at,remote_address,shutdown_announced_at,cursor,taken_confirmed,poison_entries,status,configuration,configuration_error,first_seen_at}',
  unless => $$new.state = 'quarantine'$$);
