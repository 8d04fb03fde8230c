-- Locations as things of their own, and the modems and SIM cards by which the field is reached (docs/places.md). All of it is dated: the
-- database refuses two of one kind at one time, and nothing is overwritten.

-- ── what a location is, and was ──────────────────────────────────────────────────────────────────────────────────
alter table location add column code text unique check (length(code) between 1 and 40); -- the operator's own, where there is one
drop trigger audit_added on location;
drop trigger audit_changed on location;
drop trigger audit_removed on location;
select audit.watch('location', '{location_id}', secret => '{personal_hash}', ignored => '{sealed,changed_in}');
drop trigger changed_in on location;
create trigger changed_in before update of sealed, code on location for each row execute function stamp_changed_in();

-- What was, and holds no more; what holds is the location's own row, since the last of these ended. One that was taken back stays to be
-- seen. The address is sealed as that of the location, so the database can put it here itself.
create table location_version (
  location_version_id bigint generated always as identity primary key,
  location_id int not null references location on delete cascade,
  during tstzrange not null check (not isempty(during) and not upper_inf(during) and not upper_inc(during)),
  branch_id int not null references branch,
  code text,
  sealed bytea,
  ended_by text not null, -- who wrote what came after it
  ended_at timestamptz not null default now(),
  reason text not null default '' check (length(reason) <= 500),
  withdrawn boolean not null default false,
  exclude using gist (location_id with =, during with &&) where (not withdrawn)
);
create index location_version_of on location_version (location_id, location_version_id desc);

-- A row that is only sealed by another key, or hashed by one, is no other address.
create function keep_location() returns trigger language plpgsql set search_path = pg_catalog, public, pg_temp as $$
declare
  given jsonb := nullif(current_setting('energsys.location_change', true), '')::jsonb; -- from, by, reason: what a person says of it
  since timestamptz := (select max(upper(during)) from location_version where location_id = old.location_id and not withdrawn);
  until timestamptz := coalesce((given ->> 'from')::timestamptz, now());
begin
  if since is null or since < until then
    insert into location_version (location_id, during, branch_id, code, sealed, ended_by, reason)
    values (old.location_id, tstzrange(since, until, '[)'), old.branch_id, old.code, old.sealed,
      coalesce(given ->> 'by', audit.acting() ->> 'actor', 'unknown'),
      left(coalesce(given ->> 'reason', audit.acting() ->> 'reason', ''), 500));
  end if;
  return null;
end $$;
create trigger keep_location after update of branch_id, code, sealed on location for each row
  when ((old.branch_id, old.code) is distinct from (new.branch_id, new.code)
    or (old.sealed is not null and old.sealed is distinct from new.sealed and old.personal_hash is distinct from new.personal_hash))
  execute function keep_location();
select audit.watch('location_version', '{location_version_id}', ignored => '{sealed,ended_at}');

-- ── what is fitted there ─────────────────────────────────────────────────────────────────────────────────────────
create table location_fitting (
  location_fitting_id int generated always as identity primary key,
  location_id int not null references location,
  kind text not null check (kind in ('enclosure', 'breaker', 'fuse', 'rcd', 'surge', 'seal')),
  label text not null default '' check (length(label) <= 60), -- which of several, such as F1; of a seal, what it closes
  point_id int references point, -- whose equipment it protects or closes; null: the whole location's
  during tstzrange not null check (not isempty(during) and not lower_inf(during) and lower_inc(during) and not upper_inc(during)),
  -- An enclosure.
  material text check (material in ('steel', 'stainless-steel', 'aluminium', 'plastic', 'masonry', 'other')),
  wall_mm numeric(4, 1) check (wall_mm > 0),
  locks smallint check (locks between 0 and 20),
  key_mark text check (length(key_mark) between 1 and 40),
  ip_class text check (ip_class ~ '^IP[0-6X][0-9X][A-D]?$'),
  -- A protection device.
  rated_current_a numeric(6, 1) check (rated_current_a > 0),
  poles smallint check (poles between 1 and 4),
  residual_current_ma int check (residual_current_ma > 0),
  characteristic text check (length(characteristic) between 1 and 20),
  -- A seal: its number is used once in its life.
  number text check (length(number) between 1 and 40),
  put_by text not null default '' check (length(put_by) <= 120), -- who fitted it
  reason text not null check (length(reason) between 1 and 500),
  made_by text not null,
  made_at timestamptz not null default now(),
  outcome text check (outcome in ('removed', 'replaced', 'broken', 'missing')), -- how it ended, or was found
  taken_by text not null default '' check (length(taken_by) <= 120), -- who took it down, or found it so
  end_reason text check (length(end_reason) between 1 and 500),
  ended_by text,
  ended_at timestamptz,
  withdrawn_by text,
  withdrawn_at timestamptz,
  withdrawn_why text check (length(withdrawn_why) between 1 and 500),
  check ((kind = 'seal') = (number is not null)),
  check (kind = 'enclosure' or coalesce(material, wall_mm::text, locks::text, key_mark, ip_class) is null),
  check (kind <> 'enclosure' or material is not null),
  check (kind in ('breaker', 'fuse', 'rcd', 'surge')
    or coalesce(rated_current_a::text, poles::text, residual_current_ma::text, characteristic) is null),
  check (kind in ('rcd', 'breaker') or residual_current_ma is null),
  check (upper_inf(during) = (outcome is null) and upper_inf(during) = (ended_by is null) and (outcome is null) = (end_reason is null)
    and (outcome is null) = (ended_at is null)),
  check ((withdrawn_by is null) = (withdrawn_at is null) and (withdrawn_by is null) = (withdrawn_why is null)),
  exclude using gist (location_id with =, kind with =, label with =, during with &&) where (withdrawn_at is null)
);
create index location_fitting_of on location_fitting (location_id);
create unique index location_seal_once on location_fitting (lower(number)) where kind = 'seal' and withdrawn_at is null;
select audit.watch('location_fitting', '{location_fitting_id}', personal => '{put_by,taken_by}', ignored => '{made_at,ended_at,withdrawn_at}');

-- Seals and keys are looked for among the locations.
create function touch_location() returns trigger language plpgsql set search_path = pg_catalog, public, pg_temp as $$
begin
  update location set changed_in = pg_current_xact_id() where location_id = new.location_id;
  return null;
end $$;
create trigger touch_location after insert or update on location_fitting for each row execute function touch_location();

-- ── modems and SIM cards ─────────────────────────────────────────────────────────────────────────────────────────
create table modem (
  modem_id int generated always as identity primary key,
  serial text not null unique check (length(serial) between 1 and 60),
  imei text unique check (imei ~ '^[0-9]{15}$'),
  type text not null check (length(type) between 1 and 120),
  note text not null default '' check (length(note) <= 500)
);
create table sim (
  sim_id int generated always as identity primary key,
  iccid text not null unique check (iccid ~ '^[0-9]{18,20}$'),
  operator text not null check (length(operator) between 1 and 60),
  apn text not null default '' check (length(apn) <= 100),
  data_plan text not null default '' check (length(data_plan) <= 100),
  sealed bytea, -- JSON of its number in the telephone network; null: not known
  sealed_pin bytea -- null: none
);
select audit.watch('modem', '{modem_id}');
select audit.watch('sim', '{sim_id}', secret => '{sealed,sealed_pin}');

-- What an operator does with a card, one after the other; and which modem it sits in, which device a modem serves.
create table sim_state (
  sim_state_id int generated always as identity primary key,
  sim_id int not null references sim,
  state text not null check (state in ('stock', 'active', 'suspended', 'ended')),
  during tstzrange not null check (not isempty(during) and not lower_inf(during) and not upper_inc(during)),
  reason text not null check (length(reason) between 1 and 500),
  made_by text not null,
  exclude using gist (sim_id with =, during with &&)
);
create table sim_placement (
  sim_placement_id int generated always as identity primary key,
  sim_id int not null references sim,
  modem_id int not null references modem,
  during tstzrange not null check (not isempty(during) and not lower_inf(during) and not upper_inc(during)),
  reason text not null check (length(reason) between 1 and 500),
  made_by text not null,
  ended_by text,
  exclude using gist (sim_id with =, during with &&),
  exclude using gist (modem_id with =, during with &&)
);
create table modem_placement (
  modem_placement_id int generated always as identity primary key,
  modem_id int not null references modem,
  gateway_id int references gateway,
  meter_id int references meter,
  during tstzrange not null check (not isempty(during) and not lower_inf(during) and not upper_inc(during)),
  reason text not null check (length(reason) between 1 and 500),
  made_by text not null,
  ended_by text,
  check ((gateway_id is null) <> (meter_id is null)),
  exclude using gist (modem_id with =, during with &&),
  exclude using gist (gateway_id with =, during with &&) where (gateway_id is not null),
  exclude using gist (meter_id with =, during with &&) where (meter_id is not null)
);
select audit.watch('sim_state', '{sim_state_id}');
select audit.watch('sim_placement', '{sim_placement_id}');
select audit.watch('modem_placement', '{modem_placement_id}');
