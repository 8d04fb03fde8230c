-- Reports that people define (docs/reports.md): what they compute, whom they are shared with, when they run, what became of each run.
-- A report is read with the rights of whoever reads it: nothing here holds a value of a meter but the files of runs, which are those of the
-- account that ran them.

create table report (
  report_id int generated always as identity primary key,
  name text not null check (length(name) between 1 and 120),
  about text not null default '' check (length(about) <= 500),
  owner_id int not null references account,
  definition jsonb not null,
  version int not null default 1,
  changed_by text not null,
  changed_at timestamptz not null,
  removed_at timestamptz,
  removed_by text,
  check ((removed_at is null) = (removed_by is null))
);
create unique index report_name on report (owner_id, lower(name)) where removed_at is null;

-- Every state that a report was saved in.
create table report_version (
  report_id int not null references report,
  version int not null,
  name text not null,
  about text not null,
  definition jsonb not null,
  saved_by text not null,
  saved_at timestamptz not null,
  primary key (report_id, version)
);

-- With whom: one person or all who hold a role.
create table report_share (
  report_share_id int generated always as identity primary key,
  report_id int not null references report,
  account_id int references account,
  role_id int references role,
  may_change boolean not null default false,
  check (num_nonnulls(account_id, role_id) = 1),
  unique nulls not distinct (report_id, account_id, role_id)
);

-- A page of the analysis as its address has it.
create table saved_view (
  saved_view_id int generated always as identity primary key,
  owner_id int not null references account,
  name text not null check (length(name) between 1 and 120),
  page text not null check (page ~ '^/[a-z/-]{1,60}$'),
  search jsonb not null check (jsonb_typeof(search) = 'object'),
  shared boolean not null default false,
  removed_at timestamptz,
  check (length(search::text) <= 4000)
);
create unique index saved_view_name on saved_view (owner_id, page, lower(name)) where removed_at is null;

-- When a report runs by itself, as whom, and where its file goes.
create table report_schedule (
  report_schedule_id int generated always as identity primary key,
  report_id int not null references report,
  owner_id int not null references account, -- it reads with their rights, as they are when it runs
  every text not null check (every in ('day', 'week', 'month')),
  weekday smallint check (weekday between 1 and 7), -- 1 is Monday
  month_day smallint check (month_day between 1 and 31), -- a month without such a day: its last one
  minute smallint not null check (minute between 0 and 1439), -- of the local clock
  format text not null check (format in ('csv', 'xlsx', 'pdf')),
  recipients text[] not null default '{}' check (cardinality(recipients) <= 20),
  folder boolean not null default false,
  enabled boolean not null default true,
  next_due_at timestamptz not null,
  changed_by text not null,
  changed_at timestamptz not null,
  removed_at timestamptz,
  check ((every = 'week') = (weekday is not null)),
  check ((every = 'month') = (month_day is not null)),
  check (cardinality(recipients) > 0 or folder)
);
create index report_schedule_due on report_schedule (next_due_at) where enabled and removed_at is null;

create table report_run (
  report_run_id bigint generated always as identity primary key,
  report_id int not null references report,
  version int not null,
  report_schedule_id int references report_schedule,
  due_at timestamptz, -- of a schedule: its instant
  account_id int references account, -- with whose rights; null: the operator at the command line
  requested_by text not null,
  format text not null check (format in ('csv', 'xlsx', 'pdf')),
  state text not null default 'queued' check (state in ('queued', 'running', 'done', 'failed')),
  requested_at timestamptz not null,
  started_at timestamptz,
  ended_at timestamptz,
  from_day date,
  to_day date,
  rows int,
  expected bigint,
  present bigint,
  estimated bigint,
  error jsonb, -- code, and of a formula the column and what fills its sentence
  file_name text,
  file bytea,
  file_bytes int,
  unique (report_schedule_id, due_at), -- one run, so one file, for each instant
  check ((report_schedule_id is null) = (due_at is null)),
  check ((state = 'failed') = (error is not null))
);
create index report_run_of on report_run (report_id, report_run_id desc);
create index report_run_files on report_run (ended_at) where file is not null;

create table report_delivery (
  report_delivery_id bigint generated always as identity primary key,
  report_run_id bigint not null references report_run,
  kind text not null check (kind in ('mail', 'folder')),
  target text not null, -- address, or path below the configured folder
  state text not null default 'waiting' check (state in ('waiting', 'done', 'failed')),
  tries int not null default 0,
  next_try_at timestamptz not null,
  done_at timestamptz,
  error_code text,
  error_detail text,
  unique (report_run_id, kind, target)
);
create index report_delivery_waiting on report_delivery (next_try_at) where state = 'waiting';

-- One server that sends mail, one folder, and how long files of runs are kept.
create table delivery_setting (
  delivery_setting_id int primary key check (delivery_setting_id = 1),
  host text not null default '',
  port int not null default 587 check (port between 1 and 65535),
  security text not null default 'starttls' check (security in ('tls', 'starttls', 'none')),
  user_name text not null default '',
  sealed_password bytea,
  sender text not null default '',
  folder text not null default '',
  file_days int not null default 90 check (file_days between 1 and 400),
  changed_at timestamptz
);
insert into delivery_setting (delivery_setting_id) values (1);

select audit.watch('report', '{report_id}', ignored => '{changed_at}');
select audit.watch('report_share', '{report_share_id}');
select audit.watch('saved_view', '{saved_view_id}');
select audit.watch('report_schedule', '{report_schedule_id}', ignored => '{next_due_at,changed_at}');
select audit.watch('delivery_setting', '{delivery_setting_id}', secret => '{sealed_password}', ignored => '{changed_at}');
