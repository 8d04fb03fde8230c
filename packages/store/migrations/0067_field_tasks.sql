-- Field tasks: somebody goes there, for a finding, an alarm, a loss case or by hand (docs/field-work.md).
create table field_task (
  field_task_id int generated always as identity primary key,
  kind text not null check (kind in ('look', 'read', 'exchange', 'communication', 'seal', 'other')),
  -- What it is about: a point, a concentrator, or for a case of a group the group as a whole.
  point_id int references point,
  gateway_id int references gateway,
  group_id int references point_group,
  priority text not null default 'normal' check (priority in ('high', 'normal', 'low')),
  due_day date,
  state text not null default 'open' check (state in ('open', 'done', 'cancelled')),
  assignee_id int references account,
  loss_case_id int references loss_case,
  -- The event that was the alarm. Events go with their time, so that this is no reference.
  alarm_device_id int,
  alarm_at timestamptz,
  alarm_code text,
  alarm_seq int,
  opened_at timestamptz not null,
  changed_at timestamptz not null,
  closed_at timestamptz,
  check (num_nonnulls(point_id, gateway_id, group_id) = 1),
  check (num_nonnulls(alarm_device_id, alarm_at, alarm_code, alarm_seq) in (0, 4)),
  check ((state = 'open') = (closed_at is null))
);
create index field_task_open on field_task (due_day) where state = 'open';
create index field_task_point on field_task (point_id) where point_id is not null;
create index field_task_gateway on field_task (gateway_id) where gateway_id is not null;
create index field_task_case on field_task (loss_case_id) where loss_case_id is not null;
-- What somebody goes for is not gone for twice.
create unique index field_task_case_once on field_task (loss_case_id) where state = 'open';
create unique index field_task_alarm_once on field_task (alarm_device_id, alarm_at, alarm_code, alarm_seq) where state = 'open';

create table field_task_finding (
  field_task_id int not null references field_task,
  finding_id bigint not null references finding,
  waiting boolean not null default true, -- the task is open
  primary key (field_task_id, finding_id)
);
create index field_task_finding_finding on field_task_finding (finding_id);
create unique index field_task_finding_once on field_task_finding (finding_id) where waiting;

-- What was done and said, in its order: nothing is rewritten, but that an erasure takes words away.
create table field_task_entry (
  field_task_entry_id bigint generated always as identity primary key,
  field_task_id int not null references field_task,
  at timestamptz not null,
  made_by text not null,
  sealed bytea, -- the note; null: none, or erased
  change jsonb -- {field: [before, after]}
);
create index field_task_entry_task on field_task_entry (field_task_id, field_task_entry_id);

-- A case is in the field while it has an open field task: its own state is open or closed.
insert into field_task (kind, point_id, group_id, assignee_id, loss_case_id, opened_at, changed_at)
select 'look', point_id, case when point_id is null then group_id end, assignee_id, loss_case_id, changed_at, changed_at
from loss_case where state = 'in-field';
insert into field_task_entry (field_task_id, at, made_by)
select field_task_id, opened_at,
  (select made_by from loss_case_entry as e where e.loss_case_id = t.loss_case_id order by loss_case_entry_id desc limit 1)
from field_task as t;
update loss_case set state = 'open' where state = 'in-field';
alter table loss_case drop constraint loss_case_state_check,
  add constraint loss_case_state_check check (state in ('open', 'closed'));

select audit.watch('field_task', '{field_task_id}', ignored => '{changed_at,closed_at}');
select audit.watch('field_task_finding', '{field_task_id,finding_id}', ignored => '{waiting}');
select audit.watch('field_task_entry', '{field_task_entry_id}', ignored => '{at,sealed}');
