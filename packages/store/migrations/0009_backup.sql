-- What the backups of this database did, and how they stand. The backups themselves lie in files outside.
create table backup_run (
  backup_run_id bigint generated always as identity primary key,
  kind text not null check (kind in ('base', 'check')),
  state text not null check (state in ('running', 'done', 'failed')),
  started_at timestamptz not null default now(),
  ended_at timestamptz,
  backup text, -- line and base backup: 20261126T033000Z-1a2b3c4d/20261126T033005Z
  bytes bigint, -- sealed bytes of a base backup; bytes of the cluster that a check restored
  error_code text,
  detail jsonb,
  check ((state = 'running') = (ended_at is null))
);
create index backup_run_newest on backup_run (kind, started_at desc);

-- Written twice a minute while backups run: each writing is also what makes the WAL go on in a quiet hour.
create table backup_state (
  only_row boolean primary key default true check (only_row),
  at timestamptz not null,
  folder text not null,
  line text, -- null until one was begun
  key_id text not null, -- tells keys apart, says nothing of them
  covered_at timestamptz, -- all that was committed before is in the archive
  slot_lag_bytes bigint, -- WAL that the server keeps because it is not in the archive yet
  disk_free_bytes bigint,
  same_disk boolean not null, -- the archive lies on the disk of the data: it does not outlive that disk
  error_code text
);
