-- What transformers and lines are by their plates, through time, for the part of a loss that must be lost; and cases: what somebody looks into
-- because energy is lost there (docs/losses.md).
alter table group_change drop constraint group_change_kind_check;
alter table group_change add constraint group_change_kind_check check (kind in ('members', 'balance', 'parent', 'rating', 'undo'));

create table group_rating (
  group_rating_id bigint generated always as identity primary key,
  added_by bigint not null references group_change,
  ended_by bigint references group_change, -- null: holds
  group_id int not null references point_group,
  rated_va bigint check (rated_va > 0),
  no_load_loss_w numeric(12, 3) check (no_load_loss_w >= 0),
  load_loss_w numeric(12, 3) check (load_loss_w >= 0),
  line_ohm numeric(12, 6) check (line_ohm >= 0), -- of one conductor of three that carries all of the load
  line_volts int check (line_volts > 0), -- between two conductors
  cos_phi numeric(4, 3) not null default 0.95 check (cos_phi > 0 and cos_phi <= 1),
  during tstzrange not null check (on_quarter_hour(during)),
  check ((rated_va is null) = (no_load_loss_w is null) and (rated_va is null) = (load_loss_w is null)),
  check ((line_ohm is null) = (line_volts is null)),
  check (rated_va is not null or line_ohm is not null),
  exclude using gist (group_id with =, during with &&) where (ended_by is null)
);
create index group_rating_added on group_rating (added_by);
create index group_rating_ended on group_rating (ended_by) where ended_by is not null;
select audit.watch('group_rating', '{group_rating_id}', ignored => '{ended_by}');

create table loss_case (
  loss_case_id int generated always as identity primary key,
  group_id int not null references point_group,
  point_id int references point, -- null: of the group as a whole
  state text not null default 'open' check (state in ('open', 'in-field', 'closed')),
  outcome text check (outcome in ('theft', 'fault', 'wrong-data', 'nothing-found')),
  assignee_id int references account,
  recovered_wh bigint check (recovered_wh >= 0),
  -- What was suspected when it was opened, in the form of the ranking: modes, reasons, energy, days.
  suspected jsonb,
  opened_at timestamptz not null,
  changed_at timestamptz not null,
  check ((state = 'closed') = (outcome is not null))
);
create index loss_case_group on loss_case (group_id);
create index loss_case_point on loss_case (point_id) where point_id is not null;
-- One that is looked into is not opened a second time.
create unique index loss_case_once on loss_case (group_id, point_id) nulls not distinct where state <> 'closed';

-- What was done and said, in its order: nothing is rewritten.
create table loss_case_entry (
  loss_case_entry_id bigint generated always as identity primary key,
  loss_case_id int not null references loss_case,
  at timestamptz not null,
  made_by text not null,
  note text not null default '' check (length(note) <= 2000),
  change jsonb -- of state, outcome, assignee, recovered energy: {field: [before, after]}
);
create index loss_case_entry_case on loss_case_entry (loss_case_id, loss_case_entry_id);
select audit.watch('loss_case', '{loss_case_id}', ignored => '{changed_at}');
select audit.watch('loss_case_entry', '{loss_case_entry_id}', ignored => '{at}');
