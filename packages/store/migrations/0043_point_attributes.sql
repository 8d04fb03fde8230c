-- What a point is, through time: a value holds for a time, and every change says who made it and why. A point without rows is, and
-- always was, what its own columns say; they hold what is valid now, for lists and filters.
alter table point
  add column is_protected boolean not null default false, -- a protected customer, by the law on energy
  add column export_contract boolean, -- null: nobody said
  add column expected_year_wh bigint check (expected_year_wh > 0), -- what a year is expected to need
  add column check_point_id int references point on delete set null check (check_point_id <> point_id); -- measures the same line
drop trigger audit_added on point;
drop trigger audit_changed on point;
drop trigger audit_removed on point;
select audit.watch('point', '{point_id}', secret => '{personal_hash}',
  ignored => '{sealed,pod_hash,changed_in,search_text,created_at}');

create table point_change (
  point_change_id bigint generated always as identity primary key,
  point_id int not null references point on delete cascade,
  at timestamptz not null default now(),
  changed_by text not null,
  reason text not null default '' check (length(reason) <= 500),
  effective_from timestamptz not null,
  undoes bigint unique references point_change on delete cascade
);
create index point_change_point on point_change (point_id, point_change_id desc);

create table point_attribute (
  point_attribute_id bigint generated always as identity primary key,
  added_by bigint not null references point_change on delete cascade,
  ended_by bigint references point_change on delete cascade, -- null: holds
  point_id int not null references point on delete cascade,
  attribute text not null check (attribute in ('phases', 'voltage', 'direction', 'category', 'approved_power_w', 'is_protected',
    'export_contract', 'expected_year_wh', 'check_point_id')),
  value text, -- as the point's column casts it
  during tstzrange not null check (not isempty(during) and not upper_inc(during)),
  exclude using gist (point_id with =, attribute with =, during with &&) where (ended_by is null)
);
create index point_attribute_added on point_attribute (added_by);
create index point_attribute_ended on point_attribute (ended_by) where ended_by is not null;
create index point_attribute_begins on point_attribute (lower(during)) where ended_by is null;

-- Gives an attribute a value for a time; what lies before and behind it stays as it was. `baseline` is what it always was, until now.
create function set_point_attribute(change bigint, point int, name text, baseline text, given text, from_at timestamptz,
  to_at timestamptz) returns void language plpgsql set search_path = pg_catalog, public, pg_temp as $$
declare
  span tstzrange := tstzrange(from_at, to_at, '[)');
  held record;
begin
  if not exists (select from point_attribute where point_id = point and attribute = name and ended_by is null) then
    insert into point_attribute (added_by, point_id, attribute, value, during)
    values (change, point, name, baseline, tstzrange(null, null, '[)'));
  end if;
  for held in
    select * from point_attribute where point_id = point and attribute = name and ended_by is null and during && span for update
  loop
    update point_attribute set ended_by = change where point_attribute_id = held.point_attribute_id;
    insert into point_attribute (added_by, point_id, attribute, value, during)
    select change, point, name, held.value, part
    from unnest(array[held.during * tstzrange(null, from_at, '[)'),
      case when to_at is null then 'empty'::tstzrange else held.during * tstzrange(to_at, null, '[)') end]) as part
    where not isempty(part);
  end loop;
  insert into point_attribute (added_by, point_id, attribute, value, during) values (change, point, name, given, span);
end $$;

-- The point's columns say what is valid at an instant.
create function show_point_attributes(point int, at timestamptz) returns void
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
        when 'expected_year_wh' then 'bigint' when 'is_protected' then 'boolean' when 'export_contract' then 'boolean'
        else 'text' end) using held.value, point;
  end loop;
  perform set_config('energsys.dated', '', true);
end $$;

-- What an import or a program writes into the columns is a change from now on, too: nothing that was is lost.
create function keep_point_attributes() returns trigger language plpgsql set search_path = pg_catalog, public, pg_temp as $$
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
    'expected_year_wh', 'check_point_id']
  loop
    if before ->> name is distinct from after ->> name then
      perform set_point_attribute(change, new.point_id, name, before ->> name, after ->> name, now(), null);
    end if;
  end loop;
  return null;
end $$;
create trigger keep_attributes after update of phases, voltage, direction, category, approved_power_w, is_protected, export_contract,
  expected_year_wh, check_point_id on point for each row
  when ((old.phases, old.voltage, old.direction, old.category, old.approved_power_w, old.is_protected, old.export_contract,
    old.expected_year_wh, old.check_point_id) is distinct from (new.phases, new.voltage, new.direction, new.category,
    new.approved_power_w, new.is_protected, new.export_contract, new.expected_year_wh, new.check_point_id)
    and coalesce(current_setting('energsys.dated', true), '') <> 'on')
  execute function keep_point_attributes();

select audit.watch('point_change', '{point_change_id}', ignored => '{at}');
select audit.watch('point_attribute', '{point_attribute_id}', ignored => '{ended_by}');

-- How far a device's clock was off when it was read, where it was more than a few seconds: rule V01 looks at it.
create table clock_difference (
  device_id int not null references device on delete cascade,
  at timestamptz not null,
  offset_ms int not null,
  primary key (device_id, at)
);
create index clock_difference_at on clock_difference using brin (at);
create index point_check on point (check_point_id) where check_point_id is not null;
