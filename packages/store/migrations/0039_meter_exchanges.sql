-- Meters that took the place of others, as somebody entered them: when, what both showed, who did it and why; taken back as a whole
-- as long as nothing else builds on it.

-- What the light on the front and the pulse output stand for at this installation: two constants of one meter, which may differ.
alter table installation
  add column led_pulses_per_kwh numeric(12, 4) check (led_pulses_per_kwh > 0),
  add column output_pulse_wh numeric(12, 6) check (output_pulse_wh > 0);
-- The triggers name their columns: made anew, they see the new ones.
drop trigger audit_added on installation;
drop trigger audit_changed on installation;
drop trigger audit_removed on installation;
select audit.watch('installation', '{installation_id}');

create table meter_exchange (
  meter_exchange_id int generated always as identity primary key,
  point_id int not null references point on delete cascade,
  at timestamptz not null,
  old_meter_id int not null references meter,
  -- Taken back, a meter that nothing else knows goes with it.
  new_meter_id int references meter on delete set null,
  new_serial text not null,
  fitted_by text not null check (length(fitted_by) between 1 and 200),
  reason text not null check (length(reason) between 1 and 500),
  doubts text[] not null default '{}', -- what was told to whoever entered it, and accepted
  made_by text not null,
  made_at timestamptz not null,
  -- What it did beside the installations, to be taken back with them.
  made_meter boolean not null,
  made_device_id int references device on delete set null,
  disabled_device_id int references device on delete set null,
  ratio_request_id int references ratio_request on delete set null,
  days int check (days >= 0), -- whose energy was derived again; null: not yet
  undone_by text,
  undone_at timestamptz,
  undo_reason text check (length(undo_reason) between 1 and 500),
  check ((undone_at is null) = (undone_by is null) and (undone_at is null) = (undo_reason is null))
);
create index meter_exchange_point on meter_exchange (point_id, at desc);
-- One of a point at an instant; taken back, it may be entered anew.
create unique index meter_exchange_once on meter_exchange (point_id, at) where undone_at is null;

-- What a register showed at the exchange. `version` is that of the reading it became; null: the reading was there already.
create table meter_exchange_reading (
  meter_exchange_id int not null references meter_exchange on delete cascade,
  side text not null check (side in ('old', 'new')),
  obis text not null,
  value numeric not null check (value >= 0),
  unit text not null,
  version smallint,
  primary key (meter_exchange_id, side, obis)
);

create table meter_exchange_photo (
  meter_exchange_photo_id int generated always as identity primary key,
  meter_exchange_id int not null references meter_exchange on delete cascade,
  file_name text not null check (length(file_name) between 1 and 200),
  media text not null check (media in ('image/jpeg', 'image/png', 'image/webp')),
  sha256 bytea not null check (length(sha256) = 32),
  bytes bytea not null check (length(bytes) between 1 and 4194304),
  added_by text not null,
  added_at timestamptz not null,
  unique (meter_exchange_id, sha256)
);
-- Pictures are packed already.
alter table meter_exchange_photo alter column bytes set storage external;

select audit.watch('meter_exchange', '{meter_exchange_id}', personal => '{fitted_by}',
  ignored => '{made_at,undone_at,days,ratio_request_id}');
select audit.watch('meter_exchange_reading', '{meter_exchange_id,side,obis}', ignored => '{version}');
select audit.watch('meter_exchange_photo', '{meter_exchange_photo_id}', ignored => '{bytes,added_at}');
