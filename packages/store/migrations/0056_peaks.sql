-- Rules that watch demand, and the peaks that they found (docs/analysis.md, peak alarms).

-- What somebody wants to be told of: quarter-hour mean demand of a point, of a group, or of each point that has an approved power.
create table peak_rule (
  peak_rule_id int generated always as identity primary key,
  name text not null check (length(name) between 1 and 80),
  point_id int references point on delete cascade,
  group_id int references point_group on delete cascade,
  side text check (side in ('members', 'balance')),
  obis text not null,
  basis text not null check (basis in ('power', 'approved', 'former')),
  power_kw numeric(15, 6) check (power_kw > 0),
  percent numeric(6, 3) check (percent > 0),
  former_days smallint check (former_days between 1 and 400),
  quarters smallint not null check (quarters between 1 and 12),
  estimates boolean not null,
  severity text not null check (severity in ('critical', 'medium', 'low')),
  enabled boolean not null,
  from_day date not null, -- no earlier day is watched: what the rule says has held since then
  created_by text not null,
  created_at timestamptz not null default now(),
  changed_by text not null,
  changed_at timestamptz not null default now(),
  removed_at timestamptz,
  check (num_nonnulls(point_id, group_id) <= 1),
  check ((group_id is null) = (side is null)),
  check ((basis = 'power') = (power_kw is not null)),
  check ((basis <> 'power') = (percent is not null)),
  check ((basis = 'former') = (former_days is not null)),
  check (basis <> 'approved' or group_id is null),
  check (basis = 'approved' or point_id is not null or group_id is not null)
);
create unique index peak_rule_name on peak_rule (name) where removed_at is null;
create index peak_rule_point on peak_rule (point_id);
create index peak_rule_group on peak_rule (group_id);
select audit.watch('peak_rule', '{peak_rule_id}', ignored => '{created_at,changed_at}');

-- Days that have to be looked at again; a group's has no point.
create table peak_due (
  peak_due_id bigint generated always as identity primary key,
  peak_rule_id int not null references peak_rule on delete cascade,
  point_id int,
  day date not null,
  unique nulls not distinct (peak_rule_id, point_id, day)
);

-- One per rule, subject and market day: the greatest demand above the threshold, as it is known now.
create table peak_alarm (
  peak_alarm_id bigint generated always as identity primary key,
  peak_rule_id int not null references peak_rule on delete cascade,
  point_id int references point on delete cascade,
  group_id int references point_group on delete cascade,
  side text check (side in ('members', 'balance')),
  obis text not null,
  basis text not null check (basis in ('power', 'approved', 'former')),
  day date not null,
  peak_at timestamptz not null, -- begin of the quarter-hour
  demand_kw numeric not null,
  threshold_kw numeric not null,
  basis_kw numeric, -- of what the threshold is a part
  quarters smallint not null, -- of the day, above the threshold
  expected int not null, -- values that the sum should have then
  present int not null,
  estimated int not null,
  flags int not null,
  severity text not null check (severity in ('critical', 'medium', 'low')),
  raised_at timestamptz not null,
  changed_at timestamptz not null,
  ended_at timestamptz, -- corrected values hold no such peak
  check (num_nonnulls(point_id, group_id) = 1),
  unique nulls not distinct (peak_rule_id, point_id, group_id, day)
);
create index peak_alarm_at on peak_alarm (peak_at desc);
create index peak_alarm_point on peak_alarm (point_id);
create index peak_alarm_group on peak_alarm (group_id);

-- Who has seen a peak: rows are added, never changed.
create table peak_acknowledgement (
  peak_alarm_id bigint primary key references peak_alarm on delete cascade,
  acknowledged_at timestamptz not null default now(),
  acknowledged_by text not null,
  note text not null default '' check (length(note) <= 500)
);
select audit.watch('peak_acknowledgement', '{peak_alarm_id}');
