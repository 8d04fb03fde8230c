-- Concentrators and the meters behind them (docs/protocols/concentrator-centre.md). One that nobody knows is a row in quarantine: it
-- has no device, so nothing can be read or stored of it.
create table gateway (
  gateway_id int generated always as identity primary key,
  identity text not null unique check (identity ~ '^ENC[0-9]{13}$'),
  state text not null default 'quarantine' check (state in ('quarantine', 'adopted', 'retired')),
  device_id int unique references device, -- its own attempts and events hang on it
  name text not null default '',
  branch_id int references branch,
  location_id int references location,
  adopted_by text,
  adopted_at timestamptz,
  -- What it announced last.
  protocol text not null default '',
  firmware text not null default '',
  meters_announced int not null default 0 check (meters_announced >= 0),
  newest bigint not null default 0 check (newest >= 0),
  oldest bigint not null default 0 check (oldest >= 0),
  supply text not null default 'unknown' check (supply in ('mains', 'backup', 'battery-low', 'shutting-down', 'unknown')),
  announced_at timestamptz,
  remote_address text,
  -- It said that it would go: silence after this is no lost connection.
  shutdown_announced_at timestamptz,
  -- The newest entry of its journal whose rows are committed here; written in their transaction.
  cursor bigint not null default 0 check (cursor >= 0),
  -- What it was told that it may forget: never ahead of what is stored.
  taken_confirmed bigint not null default 0 check (taken_confirmed >= 0 and taken_confirmed <= cursor),
  poison_entries int not null default 0 check (poison_entries >= 0),
  status jsonb, -- its state as read last
  configuration text, -- JSON in force as read last, without secrets
  configuration_error text,
  first_seen_at timestamptz not null default now(),
  check (state = 'quarantine' or device_id is not null)
);
create index gateway_branch on gateway (branch_id);

-- The concentrator through which a device is reached; null: by itself.
alter table device add column gateway_id int references gateway;
create index device_gateway on device (gateway_id) where gateway_id is not null;

-- What a concentrator says that it has on its lines. `device_id` is set when the meter is adopted; a logical device is never another
-- meter's later, so the row also explains old entries.
create table gateway_meter (
  gateway_id int not null references gateway on delete cascade,
  logical_device int not null check (logical_device between 16 and 65535),
  name text not null,
  model text not null default '',
  line text not null default '',
  address text not null default '',
  module int check (module between 16 and 65535), -- logical device of the local module
  input smallint check (input between 1 and 255),
  state text not null check (state in ('new', 'known', 'missing', 'moved', 'exchanged', 'removed')),
  last_contact_at timestamptz, -- of the meter with the concentrator
  entry bigint not null default 0, -- journal entry that said so last
  device_id int references device on delete set null,
  primary key (gateway_id, logical_device)
);
create index gateway_meter_device on gateway_meter (device_id) where device_id is not null;

-- The work list: what the field says and nobody has looked at.
create table gateway_difference (
  gateway_difference_id bigint generated always as identity primary key,
  gateway_id int not null references gateway on delete cascade,
  logical_device int not null,
  entry bigint not null,
  kind text not null check (kind in ('new', 'missing', 'found', 'moved', 'exchanged', 'removed')),
  at timestamptz not null,
  detail jsonb not null default '{}', -- name, line, address, module, input; before: the same of what was known
  state text not null default 'open' check (state in ('open', 'acknowledged', 'adopted', 'settled')),
  settled_by text,
  settled_at timestamptz,
  note text not null default '',
  unique (gateway_id, logical_device, entry),
  check ((state = 'open') = (settled_at is null))
);
create index gateway_difference_open on gateway_difference (at desc) where state = 'open';

-- Entries that could not be used: kept as they came. Those of a meter that nobody adopted are stored when somebody does.
create table gateway_entry (
  gateway_id int not null references gateway on delete cascade,
  entry bigint not null check (entry > 0),
  logical_device int, -- null: not even that could be read
  reason text not null check (reason in ('unknown-meter', 'poison')),
  error_code text,
  received_at timestamptz not null,
  bytes bytea not null,
  primary key (gateway_id, entry)
);
create index gateway_entry_meter on gateway_entry (gateway_id, logical_device) where reason = 'unknown-meter';

-- How orders to meters ended, as the concentrator wrote it into its journal.
create table gateway_outcome (
  gateway_id int not null references gateway on delete cascade,
  entry bigint not null,
  logical_device int not null,
  device_id int references device on delete set null,
  at timestamptz not null,
  action text not null check (action in ('disconnect', 'reconnect', 'arm')),
  outcome text not null check (outcome in ('confirmed', 'failed', 'waiting', 'superseded')),
  output_closed boolean not null,
  detail text not null default '',
  primary key (gateway_id, entry)
);
create index gateway_outcome_device on gateway_outcome (device_id, at desc);

-- Dumps of concentrators that were taken in.
create table reading_import (
  reading_import_id int generated always as identity primary key,
  sha256 bytea not null unique check (length(sha256) = 32),
  file_name text not null default '',
  kind text not null check (kind = 'concentrator-dump'),
  gateway_id int references gateway on delete set null,
  first_entry bigint,
  last_entry bigint,
  intervals int not null default 0,
  registers int not null default 0,
  events int not null default 0,
  refused int not null default 0,
  imported_by text not null,
  imported_at timestamptz not null default now()
);

-- A scan, a proposal of a configuration and an old range of the journal are asked for like a reading.
alter table attempt drop constraint attempt_cause_check;
alter table attempt add constraint attempt_cause_check
  check (cause in ('plan', 'read-now', 'trial', 'call-in', 'push', 'key-change', 'gateway'));

select audit.watch('gateway', '{gateway_id}', ignored => '{protocol,firmware,meters_announced,newest,oldest,supply,announced_at,remote_address,shutdown_announced_at,cursor,taken_confirmed,poison_entries,status,configuration,configuration_error,first_seen_at}',
  unless => $$new.state = 'quarantine'$$);
select audit.watch('reading_import', '{reading_import_id}', ignored => '{intervals,registers,events,refused,imported_at}');
-- The trigger names its columns: made anew, it sees the new one.
drop trigger audit_added on device;
drop trigger audit_changed on device;
drop trigger audit_removed on device;
select audit.watch('device', '{device_id}', secret => '{secret}',
  ignored => '{last_contact_at,last_success_at,last_error_code,clock_offset_ms,quiet_seconds,created_at}');
