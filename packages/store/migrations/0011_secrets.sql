-- Data keys in envelopes: the master key, which is never here, wraps one data key for each kind of secret and year
-- (docs/adr/0009-secrets-in-envelopes.md).
create table data_key (
  data_key_id int generated always as identity primary key,
  kind text not null check (kind in
    ('meter-key', 'device-password', 'integration-password', 'second-factor', 'personal', 'trial', 'lookup', 'switching')),
  year smallint not null, -- 0 for keys that serve for ever
  master text not null, -- name of the master key that wraps it
  wrapped bytea not null,
  created_at timestamptz not null default now(),
  retired_at timestamptz -- nothing new is sealed by it
);
create unique index data_key_current on data_key (kind, year) where retired_at is null;
-- Keys of devices with their lives. What a reader uses lies here and no longer in device.secret; the switching client's lie in a table
-- of their own, which only the dispatcher's role may read.
create table meter_key (
  meter_key_id bigint generated always as identity primary key,
  device_id int not null references device on delete cascade,
  kind text not null check (kind in ('master', 'authentication', 'unicast', 'broadcast', 'lls-password', 'hls-secret',
    'signing', 'meter-public', 'm-bus', 'ppp')),
  -- NEW: made, and perhaps in the meter already; ACTIVE: proven by a read, or entered by somebody who knows;
  -- EXPIRED: replaced; WITHDRAWN: never came into use, or taken out of it
  state text not null check (state in ('NEW', 'ACTIVE', 'EXPIRED', 'WITHDRAWN')),
  sealed bytea not null,
  fingerprint bytea not null, -- keyed hash: tells equal keys and nothing else
  counter_key text, -- sent_counter.key_id, for keys that count
  origin text not null check (origin in ('entered', 'imported', 'made')),
  created_at timestamptz not null default now(),
  created_by text,
  activated_at timestamptz,
  ended_at timestamptz,
  check ((state in ('EXPIRED', 'WITHDRAWN')) = (ended_at is not null)),
  -- A key that enciphers is one meter's for ever. Passwords and broadcast keys are shared by intent, and an authentication key is a
  -- public value in some countries.
  constraint meter_key_one_device exclude using gist (fingerprint with =, device_id with <>)
    where (kind in ('master', 'unicast', 'm-bus'))
);
create unique index meter_key_active on meter_key (device_id, kind) where state = 'ACTIVE';
create unique index meter_key_new on meter_key (device_id, kind) where state = 'NEW';
create index meter_key_device on meter_key (device_id);

create table switching_secret (
  switching_secret_id bigint generated always as identity primary key,
  device_id int not null references device on delete cascade,
  kind text not null check (kind in ('authentication', 'unicast', 'lls-password', 'hls-secret')),
  sealed bytea not null,
  fingerprint bytea not null,
  created_at timestamptz not null default now(),
  unique (device_id, kind)
);

-- Re-encryption under new data keys, and key changes of groups: work with progress, one row each.
create table key_work (
  key_work_id bigint generated always as identity primary key,
  kind text not null check (kind in ('rotate-data', 'roll-group')),
  subject text not null, -- kind of data key, or the name of the group in words
  total int not null default 0,
  done int not null default 0,
  failed int not null default 0,
  cancel_requested boolean not null default false,
  state text not null default 'running' check (state in ('running', 'done', 'cancelled', 'failed')),
  requested_by text,
  started_at timestamptz not null default now(),
  ended_at timestamptz,
  error_code text
);
create index key_work_running on key_work (started_at desc);

alter table attempt drop constraint attempt_cause_check;
alter table attempt add constraint attempt_cause_check
  check (cause in ('plan', 'read-now', 'trial', 'call-in', 'push', 'key-change'));
alter table attempt add column key_work_id bigint references key_work on delete set null;
create index attempt_key_work on attempt (key_work_id) where key_work_id is not null;

-- Sealed bytes change with every re-encryption and say nothing: they are left out.
select audit.watch('data_key', '{data_key_id}', ignored => '{wrapped,created_at}');
select audit.watch('meter_key', '{meter_key_id}', ignored => '{sealed,counter_key,created_at}');
select audit.watch('switching_secret', '{switching_secret_id}', ignored => '{sealed,created_at}');
select audit.watch('key_work', '{key_work_id}', ignored => '{total,done,failed,started_at,ended_at}');
