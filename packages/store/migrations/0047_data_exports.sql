-- Files of values that are too long to be sent at once: asked for by a person, written by a job, kept for some days.
create table data_export (
  data_export_id int generated always as identity primary key,
  job_id bigint references job on delete set null,
  -- What was asked for: a subject (p12, g4, m4, b3 or s), an energy, market days.
  subject text not null check (subject ~ '^([pgmb][1-9][0-9]*|s)$'),
  energy text not null,
  from_day date not null,
  to_day date not null, -- not included
  format text not null check (format in ('csv', 'xlsx', 'parquet')),
  language text not null check (language in ('ro', 'en')), -- of words and decimal marks
  requested_by text not null,
  requested_at timestamptz not null default now(),
  -- What it became; null until the whole file is there.
  made_at timestamptz,
  points int check (points >= 0),
  value_rows bigint check (value_rows >= 0),
  file_bytes bigint check (file_bytes >= 0),
  check (from_day < to_day),
  check ((made_at is null) = (points is null) and (made_at is null) = (value_rows is null) and (made_at is null) = (file_bytes is null))
);
create index data_export_newest on data_export (requested_at);

-- The file, in pieces in their order.
create table data_export_part (
  data_export_id int not null references data_export on delete cascade,
  part int not null,
  bytes bytea not null,
  primary key (data_export_id, part)
);

select audit.watch('data_export', '{data_export_id}', ignored => '{job_id,requested_at,made_at,points,value_rows,file_bytes}');
