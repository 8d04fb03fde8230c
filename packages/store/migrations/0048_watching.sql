-- What reports that watch compare with: limits of the voltage, works that were announced (docs/watching.md).

-- Limits of the low voltage from a day on, until the next row. Without any those of EN 50160 hold.
create table voltage_limit (
  voltage_limit_id int generated always as identity primary key,
  valid_from date not null unique,
  low_v numeric(6, 2) not null,
  high_v numeric(6, 2) not null,
  wide_low_v numeric(6, 2) not null,
  wide_high_v numeric(6, 2) not null,
  share_required_percent numeric(5, 2) not null check (share_required_percent between 50 and 100),
  unflagged_min_percent numeric(5, 2) not null check (unflagged_min_percent between 50 and 100),
  unbalance_max_percent numeric(4, 2) not null check (unbalance_max_percent between 0.1 and 20),
  reason text not null check (length(reason) between 3 and 500),
  entered_by text not null,
  entered_at timestamptz not null default now(),
  check (wide_low_v between 100 and low_v and low_v < 230 and high_v > 230 and high_v <= wide_high_v and wide_high_v <= 400)
);
select audit.watch('voltage_limit', '{voltage_limit_id}', ignored => '{entered_at}');

-- Why supply was taken away: announced works, or what nobody could help. It explains the interruptions that begin in its time behind its place.
create table planned_work (
  planned_work_id int generated always as identity primary key,
  branch_id int references branch,
  group_id int references point_group,
  during tstzrange not null check (not isempty(during) and not lower_inf(during) and not upper_inf(during)),
  cause text not null check (cause in ('planned', 'force-majeure')),
  reason text not null check (length(reason) between 3 and 500),
  entered_by text not null,
  entered_at timestamptz not null default now(),
  withdrawn_by text,
  withdrawn_at timestamptz,
  check (num_nonnulls(branch_id, group_id) = 1),
  check (num_nonnulls(withdrawn_by, withdrawn_at) in (0, 2))
);
create index planned_work_during on planned_work using gist (during) where withdrawn_at is null;
select audit.watch('planned_work', '{planned_work_id}', ignored => '{entered_at,withdrawn_at}');
