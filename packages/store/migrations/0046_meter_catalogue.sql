-- The catalogue of meter types, and the life of each meter from the factory or the store to scrap (docs/master-data.md).

create table meter_type (
  meter_type_id int generated always as identity primary key,
  manufacturer text not null check (length(manufacturer) between 1 and 120),
  name text not null check (length(name) between 1 and 120),
  unique (manufacturer, name)
);

-- What is known of a type, since when: a change closes one version and opens the next, so the catalogue can be read as it was.
create table meter_type_version (
  meter_type_version_id int generated always as identity primary key,
  meter_type_id int not null references meter_type,
  during tstzrange not null check (not isempty(during) and not lower_inf(during) and lower_inc(during) and not upper_inc(during)),
  model text not null, -- name of a meter model of @energsys/metering: how it is read
  phases smallint not null check (phases in (1, 3)),
  connection text not null check (connection in ('direct', 'current-transformer', 'current-voltage-transformer')),
  accuracy_class text not null check (accuracy_class in ('A', 'B', 'C', '2', '1', '0.5', '0.5S', '0.2', '0.2S')),
  -- What the light on the front and the pulse output stand for: two constants, which may differ.
  led_pulses_per_kwh numeric(12, 4) check (led_pulses_per_kwh > 0),
  output_pulse_wh numeric(12, 6) check (output_pulse_wh > 0),
  reference_current_a numeric(8, 3) check (reference_current_a > 0),
  max_current_a numeric(8, 2) check (max_current_a > 0),
  index_digits smallint not null check (index_digits between 4 and 15),
  index_decimals smallint not null check (index_decimals between 0 and 6),
  relay boolean not null,
  load_profile boolean not null,
  tariffs smallint not null check (tariffs between 1 and 63),
  -- So many years a first verification holds; null: not known.
  verification_years smallint check (verification_years between 1 and 50),
  reason text not null check (length(reason) between 1 and 500),
  made_by text not null,
  check (reference_current_a is null or max_current_a is null or reference_current_a <= max_current_a),
  exclude using gist (meter_type_id with =, during with &&)
);

-- MID certificates of a type: one at a time, each with its validity.
create table meter_type_certificate (
  meter_type_certificate_id int generated always as identity primary key,
  meter_type_id int not null references meter_type,
  number text not null check (length(number) between 1 and 60),
  body text not null check (length(body) between 1 and 120), -- the notified body, such as "KEMA (0122)"
  year smallint not null check (year between 1990 and 2100),
  valid daterange not null check (not isempty(valid) and not lower_inf(valid)),
  exclude using gist (meter_type_id with =, valid with &&)
);

alter table meter
  add column meter_type_id int references meter_type,
  add column mid_year smallint check (mid_year between 1950 and 2100); -- the year beside the CE and M marks on its plate
create index meter_of_type on meter (meter_type_id) where meter_type_id is not null;
drop trigger audit_added on meter;
drop trigger audit_changed on meter;
drop trigger audit_removed on meter;
select audit.watch('meter', '{meter_id}');

-- ── life cycle ───────────────────────────────────────────────────────────────────────────────────────────────────
-- Which state may follow which; '' is a meter of which nothing is known yet. `installed` and `removed` come from the installations and
-- are never entered.
create table meter_transition (
  from_state text not null,
  to_state text not null,
  primary key (from_state, to_state)
);
insert into meter_transition
select from_state, to_state from (values
  ('', '{manufacturing,stock,verified,installed}'),
  ('manufacturing', '{assembly,scrapped}'),
  ('assembly', '{testing,verification,scrapped}'),
  ('testing', '{verification,stock,assembly,repair,scrapped}'),
  ('verification', '{verified,testing,repair,scrapped}'),
  ('verified', '{testing,stock,verification,repair,scrapped,installed}'),
  ('stock', '{testing,verification,repair,scrapped,installed}'),
  ('installed', '{removed}'),
  ('removed', '{stock,testing,verification,repair,scrapped,installed}'),
  ('repair', '{testing,verification,scrapped}')
) as rule (from_state, followers), unnest(followers::text[]) as to_state;

-- A state begins at an instant and lasts until the next thing happens to the meter, an installation included: no two can overlap.
create table meter_state (
  meter_state_id int generated always as identity primary key,
  meter_id int not null references meter,
  at timestamptz not null,
  state text not null check (state in ('manufacturing', 'assembly', 'testing', 'stock', 'verification', 'verified', 'repair', 'scrapped')),
  place text not null default '' check (length(place) <= 120), -- store, laboratory, workshop
  reason text not null check (length(reason) between 1 and 500),
  made_by text not null,
  made_at timestamptz not null default now(),
  unique (meter_id, at)
);

-- Verifications by a laboratory. One that was entered by mistake is withdrawn and stays to be seen.
create table meter_verification (
  meter_verification_id int generated always as identity primary key,
  meter_id int not null references meter,
  verified_on date not null,
  kind text not null check (kind in ('first', 'periodic', 'after-repair', 'on-request')),
  passed boolean not null,
  laboratory text not null check (length(laboratory) between 1 and 120),
  document text not null check (length(document) between 1 and 60), -- number of the bulletin
  valid_until date check (valid_until > verified_on),
  note text not null default '' check (length(note) <= 500),
  made_by text not null,
  made_at timestamptz not null default now(),
  withdrawn_by text,
  withdrawn_at timestamptz,
  withdrawn_why text check (length(withdrawn_why) between 1 and 500),
  check (passed = (valid_until is not null)),
  check ((withdrawn_by is null) = (withdrawn_at is null) and (withdrawn_by is null) = (withdrawn_why is null))
);
create unique index meter_verification_once on meter_verification (meter_id, laboratory, document) where withdrawn_at is null;
create index meter_verification_last on meter_verification (meter_id, verified_on desc) where withdrawn_at is null;

-- A new transformer ratio closes an installation and opens the next one of the same meter: it stays installed.
create view meter_life as
with turn as (
  select meter_id, at, 1 as place_in_instant, state, meter_state_id, null::int as installation_id from meter_state
  union all
  select meter_id, lower(during), 2, 'installed', null, installation_id from installation as begun
  where not exists (select from installation as before
    where before.meter_id = begun.meter_id and before.point_id = begun.point_id and upper(before.during) = lower(begun.during))
  union all
  select meter_id, upper(during), 0, 'removed', null, installation_id from installation as ended
  where not upper_inf(during) and not exists (select from installation as next
    where next.meter_id = ended.meter_id and next.point_id = ended.point_id and lower(next.during) = upper(ended.during))
), dated as (
  select *, lead(at) over (partition by meter_id order by at, place_in_instant) as until from turn
)
select meter_id, state, at as from_at, until as to_at, meter_state_id, installation_id from dated where until is distinct from at;

-- The state of a meter at an instant; '' when nothing is known of it.
create function meter_state_at(wanted int, instant timestamptz) returns text
language sql stable set search_path = pg_catalog, public, pg_temp as $$
  select coalesce((
    select state from (
      select at, 1 as place_in_instant, state from meter_state where meter_id = wanted and at <= instant
      union all
      select lower(during), 2, 'installed' from installation where meter_id = wanted and lower(during) <= instant
      union all
      select upper(during), 0, 'removed' from installation where meter_id = wanted and upper(during) <= instant
    ) as turn order by at desc, place_in_instant desc limit 1), '')
$$;

-- States are added at the end of a life alone. The lock meets that of an installation's foreign key: of two things that happen to a meter
-- at once the second sees the first.
create function check_meter_state() returns trigger language plpgsql set search_path = pg_catalog, public, pg_temp as $$
declare
  before text;
begin
  perform from meter where meter_id = new.meter_id for update;
  if exists (select from meter_state where meter_id = new.meter_id and at >= new.at)
    or exists (select from installation where meter_id = new.meter_id
      and (lower(during) >= new.at or (not upper_inf(during) and upper(during) > new.at))) then
    raise exception 'something happened to the meter at that instant or later'
      using errcode = 'check_violation', constraint = 'meter_state_at_end';
  end if;
  before := meter_state_at(new.meter_id, new.at);
  if not exists (select from meter_transition where from_state = before and to_state = new.state) then
    raise exception 'a meter goes from "%" to no "%"', before, new.state
      using errcode = 'check_violation', constraint = 'meter_state_transition';
  end if;
  if new.state = 'verified' and not exists (
    select from meter_verification where meter_id = new.meter_id and withdrawn_at is null and passed
      and valid_until > (new.at at time zone 'UTC')::date) then
    raise exception 'no verification of the meter is valid'
      using errcode = 'check_violation', constraint = 'meter_state_verified';
  end if;
  return new;
end $$;
create trigger check_state before insert on meter_state for each row execute function check_meter_state();

-- A meter in repair, at the laboratory or scrapped is not put up, and what happened to it after it was taken down stays after that.
create function check_installed_meters() returns trigger language plpgsql set search_path = pg_catalog, public, pg_temp as $$
begin
  if exists (
    select from placed join meter_state using (meter_id)
    where meter_state.at > lower(placed.during) and (upper_inf(placed.during) or meter_state.at < upper(placed.during))
  ) or exists (
    select from placed
    join lateral (
      select state, at from meter_state
      where meter_state.meter_id = placed.meter_id and at <= lower(placed.during) order by at desc limit 1
    ) as latest on not exists (select from meter_transition where from_state = latest.state and to_state = 'installed')
    where not exists (select from installation as before
      where before.meter_id = placed.meter_id and upper(before.during) <= lower(placed.during) and upper(before.during) > latest.at)
  ) then
    raise exception 'a meter is in no state to be installed'
      using errcode = 'check_violation', constraint = 'installation_meter_state';
  end if;
  return null;
end $$;
create trigger check_meters_added after insert on installation referencing new table as placed
  for each statement execute function check_installed_meters();
create trigger check_meters_changed after update on installation referencing new table as placed
  for each statement execute function check_installed_meters();

select audit.watch('meter_type', '{meter_type_id}');
select audit.watch('meter_type_version', '{meter_type_version_id}');
select audit.watch('meter_type_certificate', '{meter_type_certificate_id}');
select audit.watch('meter_state', '{meter_state_id}', ignored => '{made_at}');
select audit.watch('meter_verification', '{meter_verification_id}', ignored => '{made_at,withdrawn_at}');
