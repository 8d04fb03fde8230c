-- What identifies a household (code of the point, name, address, place on the map) is sealed by the processes, which have the key
-- (docs/adr/0013-personal-data-sealed.md). The database finds a point by a keyed hash of its code alone. Rows that were plain wait in
-- two tables of their own until a process with the key has sealed them; then these are empty, and no plain column is left to
-- come back.
alter table data_key drop constraint data_key_kind_check;
alter table data_key add constraint data_key_kind_check check (kind in ('meter-key', 'device-password', 'integration-password',
  'second-factor', 'personal', 'trial', 'lookup', 'switching', 'personal-index'));

create table unsealed_point (point_id int primary key references point on delete cascade, pod_code text not null, name text not null);
create table unsealed_location (
  location_id int primary key references location on delete cascade,
  address text not null,
  latitude numeric(9, 6),
  longitude numeric(9, 6)
);
insert into unsealed_point select point_id, pod_code, name from point;
insert into unsealed_location select location_id, address, latitude, longitude from location;

drop view portal_point;
drop trigger audit_added on point;
drop trigger audit_changed on point;
drop trigger audit_removed on point;
drop trigger audit_added on location;
drop trigger audit_changed on location;
drop trigger audit_removed on location;

alter table location
  drop column address,
  drop column latitude,
  drop column longitude,
  add column sealed bytea, -- JSON of address, latitude, longitude; null while it waits, or when nothing is known
  add column personal_hash bytea, -- keyed hash of the same, this row's alone: says whether it changed
  add column changed_in xid8 not null default pg_current_xact_id();
alter table point
  drop column pod_code,
  drop column name,
  add column sealed bytea, -- JSON of pod and name
  add column pod_hash bytea unique, -- number of its data key, then a keyed hash of the code
  add column personal_hash bytea,
  add column changed_in xid8 not null default pg_current_xact_id();

-- Equipment and branch, which name nobody: read into the same memory that names are searched in, so no index is left to keep.
update point set search_text = coalesce((
  select lower(concat_ws(' ', branch.name, meter.serial, device.identity))
  from location join branch using (branch_id)
  left join installation on installation.point_id = point.point_id and upper_inf(during)
  left join meter using (meter_id) left join device on device.meter_id = meter.meter_id
  where location.location_id = point.location_id limit 1), '');
drop index point_search;
create or replace function tell_planner() returns void
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  analyze public.branch, public.location, public.point, public.meter, public.installation, public.device;
end $$;

-- What a process remembers of points is brought up to date by what changed since a snapshot: no message can be lost.
create index point_changed_in on point (changed_in);
create index location_changed_in on location (changed_in);
create function stamp_changed_in() returns trigger language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  new.changed_in := pg_current_xact_id();
  return new;
end $$;
create trigger changed_in before update of sealed, search_text on point for each row execute function stamp_changed_in();
create trigger changed_in before update of sealed on location for each row execute function stamp_changed_in();

select audit.watch('point', '{point_id}', secret => '{personal_hash}',
  ignored => '{sealed,pod_hash,changed_in,search_text,created_at}');
select audit.watch('location', '{location_id}', secret => '{personal_hash}', ignored => '{sealed,changed_in}');

create view portal_point with (security_barrier) as
select point.point_id, point.phases, point.direction, point.approved_power_w, consumer_point.during
from consumer_point join point using (point_id)
where consumer_point.consumer_id = portal_consumer();
