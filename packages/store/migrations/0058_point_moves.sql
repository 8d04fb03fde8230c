-- Where a point stands is one of the things that it is, dated like the others: a point that was entered at a wrong location, or moved with
-- its riser, has a location for a time.
alter table point_attribute drop constraint point_attribute_attribute_check;
alter table point_attribute add constraint point_attribute_attribute_check check (attribute in ('phases', 'voltage', 'direction',
  'category', 'approved_power_w', 'is_protected', 'export_contract', 'expected_year_wh', 'check_point_id', 'location_id'));
create index point_attribute_location on point_attribute (value) where attribute = 'location_id' and ended_by is null;

create or replace function show_point_attributes(point int, at timestamptz) returns void
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
declare
  held record;
begin
  perform set_config('energsys.dated', 'on', true);
  for held in
    select attribute, value from point_attribute where point_id = point and ended_by is null and during @> at
  loop
    execute format('update point set %1$I = $1::%2$s where point_id = $2 and %1$I is distinct from $1::%2$s', held.attribute,
      case held.attribute when 'phases' then 'smallint' when 'approved_power_w' then 'int' when 'check_point_id' then 'int'
        when 'location_id' then 'int' when 'expected_year_wh' then 'bigint' when 'is_protected' then 'boolean'
        when 'export_contract' then 'boolean' else 'text' end) using held.value, point;
  end loop;
  perform set_config('energsys.dated', '', true);
end $$;

create or replace function keep_point_attributes() returns trigger language plpgsql set search_path = pg_catalog, public, pg_temp as $$
declare
  change bigint;
  before jsonb := to_jsonb(old);
  after jsonb := to_jsonb(new);
  name text;
begin
  insert into point_change (point_id, changed_by, reason, effective_from)
  values (new.point_id, coalesce(audit.acting() ->> 'actor', 'unknown'), left(coalesce(audit.acting() ->> 'reason', ''), 500), now())
  returning point_change_id into change;
  foreach name in array array['phases', 'voltage', 'direction', 'category', 'approved_power_w', 'is_protected', 'export_contract',
    'expected_year_wh', 'check_point_id', 'location_id']
  loop
    if before ->> name is distinct from after ->> name then
      perform set_point_attribute(change, new.point_id, name, before ->> name, after ->> name, now(), null);
    end if;
  end loop;
  return null;
end $$;
drop trigger keep_attributes on point;
create trigger keep_attributes after update of phases, voltage, direction, category, approved_power_w, is_protected, export_contract,
  expected_year_wh, check_point_id, location_id on point for each row
  when ((old.phases, old.voltage, old.direction, old.category, old.approved_power_w, old.is_protected, old.export_contract,
    old.expected_year_wh, old.check_point_id, old.location_id) is distinct from (new.phases, new.voltage, new.direction, new.category,
    new.approved_power_w, new.is_protected, new.export_contract, new.expected_year_wh, new.check_point_id, new.location_id)
    and coalesce(current_setting('energsys.dated', true), '') <> 'on')
  execute function keep_point_attributes();
