-- What was billed (docs/billing.md). A month is closed for a branch, or for the whole network, by two people; what each point's month was
-- then stays here whatever comes later, and what differs afterwards is listed. Nothing opens a month again.
create table billing_close (
  billing_close_id int generated always as identity primary key,
  month date not null check (extract(day from month) = 1),
  branch_id int references branch, -- null: the whole network
  reason text not null check (length(reason) between 3 and 500),
  state text not null default 'waiting' check (state in ('waiting', 'closing', 'closed', 'refused')),
  requested_by text not null,
  requested_at timestamptz not null,
  decided_by text,
  decided_at timestamptz,
  note text not null default '' check (length(note) <= 500),
  closed_at timestamptz,
  points int, -- with a meter in the month
  billable int, -- values that it froze
  check ((state = 'waiting') = (decided_at is null)),
  check ((state = 'closed') = (closed_at is not null)),
  -- The two of them are two people, whatever a program says.
  check (decided_by is null or state = 'refused' or decided_by <> requested_by)
);
create unique index billing_close_waiting on billing_close (month, coalesce(branch_id, 0)) where state in ('waiting', 'closing');

create table billing_value (
  billing_close_id int not null references billing_close,
  point_id int not null,
  channel_id int,
  month date not null,
  energy bigint, -- integer × 10^scale of the unit; null: nothing is known
  intervals bigint, -- sum of the intervals, whatever was billed
  scale smallint not null,
  expected int not null,
  present int not null,
  good int not null,
  estimated int not null,
  billable boolean not null,
  basis text not null check (basis in ('register', 'intervals', 'none')),
  reason text check (reason in ('no-meter', 'never-read', 'no-register', 'register-decreased', 'gap', 'open-finding', 'edit-waiting')),
  obis text not null,
  unit text not null,
  register_from text, -- at the first instant of the month, or of the meter in it
  register_to text,
  seen bigint not null, -- versions of days and readings that it was made of: when the sum is another one, it is looked at anew
  primary key (month, point_id, obis)
);
create index billing_value_close on billing_value (billing_close_id);

create table billing_run (
  billing_run_id int generated always as identity primary key,
  month date not null,
  run_at timestamptz not null,
  run_by text not null, -- account, or the name of the process
  looked_at int not null, -- values whose days or readings had changed
  found int not null
);

create table billing_correction (
  billing_correction_id bigint generated always as identity primary key,
  billing_run_id int not null references billing_run,
  month date not null,
  point_id int not null,
  obis text not null,
  -- changed: the month is another one now; held: late values came for intervals that were billed as estimates, and wait for a person
  kind text not null check (kind in ('changed', 'held')),
  state text not null check (state in ('noted', 'waiting', 'taken', 'left')),
  old_energy bigint not null,
  new_energy bigint not null,
  scale smallint not null,
  unit text not null,
  cause text not null check (cause in ('edit', 'undo', 'ratio', 'late-values')),
  caused_by text, -- account; null: the system
  cause_reason text,
  found_at timestamptz not null,
  decided_by text,
  decided_at timestamptz,
  decision_note text not null default '' check (length(decision_note) <= 500),
  check ((kind = 'changed') = (state = 'noted')),
  check ((state in ('taken', 'left')) = (decided_at is not null))
);
create index billing_correction_point on billing_correction (month, point_id, obis, billing_correction_id desc);
create unique index billing_correction_held on billing_correction (month, point_id, obis) where state = 'waiting';

alter table point_overlay drop constraint point_overlay_kind_check;
alter table point_overlay add check (kind in ('validation', 'edit', 'verify', 'undo', 'billed', 'late'));

select audit.watch('billing_close', '{billing_close_id}', ignored => '{requested_at,decided_at,closed_at}');
select audit.watch('billing_run', '{billing_run_id}', ignored => '{run_at}');
select audit.watch('billing_correction', '{billing_correction_id}', ignored => '{found_at,decided_at}');
