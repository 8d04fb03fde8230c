-- Master data, load days, readings, events, attempts. Instants are timestamptz; days are market-local dates.
create extension if not exists btree_gist;
create extension if not exists pg_trgm;

create table setting (
  name text primary key,
  value jsonb not null,
  changed_at timestamptz not null default now()
);

-- ── the network ──────────────────────────────────────────────────────────────────────────────────────────────────
create table branch (
  branch_id int generated always as identity primary key,
  parent_id int references branch,
  name text not null,
  unique nulls not distinct (parent_id, name)
);

create table location (
  location_id int generated always as identity primary key,
  branch_id int not null references branch,
  address text not null,
  latitude numeric(9, 6),
  longitude numeric(9, 6)
);
create index location_branch on location (branch_id);

create table point (
  point_id int generated always as identity primary key,
  location_id int not null references location,
  pod_code text not null unique,
  name text not null default '',
  phases smallint not null check (phases in (1, 3)),
  direction text not null default 'import' check (direction in ('import', 'export', 'both')),
  approved_power_w int check (approved_power_w > 0),
  -- what the palette and the list search in: lower case, without diacritics; written by the function that writes the point
  search_text text not null default '',
  created_at timestamptz not null default now()
);
create index point_location on point (location_id);
create index point_search on point using gin (search_text gin_trgm_ops);

create table meter (
  meter_id int generated always as identity primary key,
  serial text not null,
  manufacturer text not null default '',
  model text not null, -- name of a meter model of @energsys/metering
  phases smallint not null check (phases in (1, 3)),
  max_current_a numeric(8, 2),
  index_digits smallint not null default 8 check (index_digits between 4 and 15),
  unique (manufacturer, serial)
);

-- A meter at a point, for a time. A new transformer ratio closes the row and opens the next one.
create table installation (
  installation_id int generated always as identity primary key,
  point_id int not null references point,
  meter_id int not null references meter,
  during tstzrange not null check (not isempty(during) and lower_inc(during) and not upper_inc(during)),
  ct_ratio numeric(12, 6) not null default 1 check (ct_ratio > 0),
  vt_ratio numeric(12, 6) not null default 1 check (vt_ratio > 0),
  -- the meter is programmed with primary values: the ratios are shown, not applied
  primary_values boolean not null default false,
  factor numeric(18, 6) not null generated always as (case when primary_values then 1 else ct_ratio * vt_ratio end) stored,
  exclude using gist (point_id with =, during with &&),
  exclude using gist (meter_id with =, during with &&)
);

-- What the head-end talks to. The URL holds no secret; `secret` is sealed by the master key of this installation.
create table device (
  device_id int generated always as identity primary key,
  identity text not null unique, -- what the device claims: serial number, logical device name, or a call-in identity
  model text not null,
  url text not null, -- dlms+tcp://host:port?… ; the host part is empty for a device that calls in
  direction text not null check (direction in ('dial', 'call-in')),
  secret bytea,
  meter_id int references meter,
  enabled boolean not null default true,
  last_contact_at timestamptz,
  last_success_at timestamptz,
  last_error_code text,
  clock_offset_ms int,
  created_at timestamptz not null default now()
);
create index device_meter on device (meter_id);

-- One owner per link: who holds it, until when, and a number that only grows (a fenced writer is refused).
create table link (
  device_id int primary key references device on delete cascade,
  fence bigint not null default 0,
  owner text,
  leased_until timestamptz,
  remote_address text,
  state text not null default 'closed' check (state in ('closed', 'connecting', 'open')),
  changed_at timestamptz not null default now()
);

-- ── reading plans and attempts ───────────────────────────────────────────────────────────────────────────────────
create table reading_plan (
  reading_plan_id int generated always as identity primary key,
  name text not null unique,
  every_seconds int not null check (every_seconds >= 10),
  profile boolean not null default true,
  registers boolean not null default true,
  events boolean not null default true,
  -- how far back the gap-driven planner looks
  backfill_days int not null default 40 check (backfill_days between 0 and 400),
  enabled boolean not null default true
);

create table device_plan (
  device_id int not null references device on delete cascade,
  reading_plan_id int not null references reading_plan on delete cascade,
  next_at timestamptz not null default now(),
  primary key (device_id, reading_plan_id)
);
create index device_plan_next on device_plan (next_at);

-- One attempt's work: planned, or asked for by a person. The communication history is this table.
create table attempt (
  attempt_id bigint generated always as identity primary key,
  device_id int references device on delete cascade,
  cause text not null check (cause in ('plan', 'read-now', 'trial', 'call-in', 'push')),
  request jsonb not null default '{}',
  requested_by text,
  requested_at timestamptz not null default now(),
  state text not null default 'queued'
    check (state in ('queued', 'connecting', 'reading', 'storing', 'done', 'failed', 'cancelled')),
  stages jsonb not null default '[]', -- [{stage, at}] in order
  cancel_requested boolean not null default false,
  started_at timestamptz,
  ended_at timestamptz,
  bytes_sent int not null default 0,
  bytes_received int not null default 0,
  intervals int not null default 0,
  registers int not null default 0,
  events int not null default 0,
  error_code text,
  error_detail text,
  result jsonb
);
create index attempt_device on attempt (device_id, requested_at desc);
create index attempt_open on attempt (requested_at) where state in ('queued', 'connecting', 'reading', 'storing');
create index attempt_recent on attempt (requested_at desc);

-- ── load days: two layers, one table shape ───────────────────────────────────────────────────────────────────────
create table channel (
  channel_id int generated always as identity primary key,
  meter_id int references meter,
  point_id int references point,
  obis text not null,
  kind text not null check (kind in ('delta', 'index', 'demand', 'instant')),
  unit text not null,
  scale smallint not null,
  period_s int not null check (period_s > 0 and 86400 % period_s = 0),
  check (num_nonnulls(meter_id, point_id) = 1)
);
create unique index channel_meter on channel (meter_id, obis, period_s, kind) where meter_id is not null;
create unique index channel_point on channel (point_id, obis, period_s, kind) where point_id is not null;

create table load_day (
  sum bigint, -- sum of the present values, null when there is none
  channel_id int not null,
  day date not null,
  max bigint,
  ver int not null,
  slots smallint not null, -- intervals of this local day at the channel's period (92, 96 or 100 at 15 minutes)
  ok smallint not null, -- present and good
  flags smallint not null, -- every bit of quality seen that day, or-ed
  max_at smallint, -- slot of the first maximum
  v bytea not null, -- codec byte, then the packed values (docs/storage.md)
  q bytea, -- runs of (from, count, quality), null on a day that is whole and good
  primary key (channel_id, day)
) partition by range (day);

create table load_day_hist (
  channel_id int not null,
  day date not null,
  ver int not null,
  replaced_at timestamptz not null,
  cause bigint, -- block that brought the next version
  v bytea not null,
  q bytea,
  primary key (channel_id, day, ver)
);

-- Raw bytes as delivered: the trail of every reading, kept 90 days, then only their hash.
create table block (
  block_id bigint generated always as identity,
  received_at timestamptz not null,
  device_id int,
  attempt_id bigint,
  kind text not null,
  sha256 bytea not null,
  bytes bytea,
  primary key (received_at, block_id)
) partition by range (received_at);
create index block_device on block (device_id, received_at desc);

create table register_reading (
  meter_id int not null,
  obis text not null,
  measured_at timestamptz not null,
  version smallint not null default 1,
  value numeric not null,
  unit text not null,
  flags smallint not null default 0,
  received_at timestamptz not null,
  attempt_id bigint,
  primary key (meter_id, obis, measured_at, version)
);

create table event (
  at timestamptz not null,
  device_id int not null,
  code text not null,
  seq int not null default 0,
  received_at timestamptz not null default now(),
  detail jsonb,
  primary key (device_id, at, code, seq)
) partition by range (at);
create index event_received on event using brin (received_at);
create index event_at on event (at desc);

-- ── people ───────────────────────────────────────────────────────────────────────────────────────────────────────
create table account (
  account_id int generated always as identity primary key,
  name text not null unique,
  display_name text not null,
  password_hash text not null, -- argon2id, PHC string
  disabled boolean not null default false,
  language text not null default 'ro' check (language in ('ro', 'en')),
  created_at timestamptz not null default now()
);

create table session (
  session_sha256 bytea primary key,
  account_id int not null references account on delete cascade,
  csrf_token text not null,
  created_at timestamptz not null default now(),
  last_seen_at timestamptz not null default now(),
  expires_at timestamptz not null
);

create table sign_in_failure (
  subject text not null, -- account name or address
  at timestamptz not null default now()
);
create index sign_in_failure_subject on sign_in_failure (subject, at desc);

-- A one-time token for the first account; only its hash is kept.
create table first_token (
  token_sha256 bytea primary key,
  expires_at timestamptz not null
);
