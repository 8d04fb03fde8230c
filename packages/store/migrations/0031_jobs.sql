-- Work that takes longer than a call: who asked for it, how far it is, and what could not be done. A runner takes a job by a lease
-- that it renews; of one that died another takes the job over, so every kind of work can be begun again.
create table job (
  job_id bigint generated always as identity primary key,
  kind text not null,
  label text not null, -- what the list shows beside the kind: a file's name, a group; nothing personal
  input jsonb not null,
  action text not null, -- the right by which it was asked for, page.level
  scope jsonb not null, -- the part of the network on which the asker held it
  requested_by text not null,
  requested_at timestamptz not null default now(),
  state text not null default 'queued' check (state in ('queued', 'running', 'done', 'failed', 'cancelled')),
  runner uuid,
  lease_until timestamptz,
  turns smallint not null default 0,
  started_at timestamptz,
  ended_at timestamptz,
  total int,
  done int not null default 0,
  failed int not null default 0,
  cancel_requested_by text,
  error_code text,
  error_detail text,
  result jsonb,
  check ((state in ('done', 'failed', 'cancelled')) = (ended_at is not null))
);
create index job_open on job (job_id) where state in ('queued', 'running');
create index job_newest on job (requested_at desc);

-- What of a job could not be done, item by item: only these are tried again.
create table job_failure (
  job_id bigint not null references job on delete cascade,
  item text not null,
  code text not null,
  detail text not null default '',
  primary key (job_id, item)
);
