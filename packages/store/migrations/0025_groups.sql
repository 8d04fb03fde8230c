-- Groups of points with their balance meters, and their sums (docs/groups.md). What belongs to whom carries two times: `during`, for
-- which it holds, and the changes that wrote and ended the row, so that nothing is overwritten and any change can be taken back.

-- What rules of groups choose points by, beside branch, phases, model and address.
alter table point
  add column category text not null default 'unknown'
    check (category in ('unknown', 'household', 'business', 'industry', 'public', 'lighting', 'producer', 'network')),
  add column voltage text not null default 'low' check (voltage in ('low', 'medium', 'high'));
-- The triggers name their columns: made anew, they see the new ones.
drop trigger audit_added on point;
drop trigger audit_changed on point;
drop trigger audit_removed on point;
select audit.watch('point', '{point_id}', secret => '{personal_hash}',
  ignored => '{sealed,pod_hash,changed_in,search_text,created_at}');

create table point_group (
  group_id int generated always as identity primary key,
  kind text not null
    check (kind in ('network', 'substation', 'feeder', 'transformer', 'cabinet', 'riser', 'free')),
  name text not null check (name <> '' and length(name) <= 200),
  branch_id int references branch, -- null: of the whole network. Its points lie in this branch or below it
  -- Which points a free group proposes: branchIds, categories, phases, voltages, models, words; what is given must all hold.
  rule jsonb check (rule is null or kind = 'free'),
  created_at timestamptz not null default now(),
  removed_at timestamptz,
  unique nulls not distinct (branch_id, kind, name, removed_at)
);
create index point_group_branch on point_group (branch_id);

-- A change of a group by somebody, for a reason. Rows below say by which they were written and ended.
create table group_change (
  group_change_id bigint generated always as identity primary key,
  group_id int not null references point_group,
  at timestamptz not null default now(),
  changed_by text not null,
  kind text not null check (kind in ('members', 'balance', 'parent', 'undo')),
  reason text not null default '' check (length(reason) <= 500),
  undoes bigint unique references group_change,
  added int not null default 0,
  ended int not null default 0,
  effective_from timestamptz -- the earliest instant for which something is different
);
create index group_change_group on group_change (group_id, group_change_id desc);

-- Instants lie on quarter-hours: a member counts for whole intervals.
create function on_quarter_hour(during tstzrange) returns boolean
language sql immutable set search_path = pg_catalog, pg_temp as $$
  select not isempty(during) and lower_inc(during) and not upper_inc(during) and not lower_inf(during)
    and extract(epoch from lower(during))::bigint % 900 = 0 and extract(microseconds from lower(during))::bigint % 1000000 = 0
    and (upper_inf(during) or (extract(epoch from upper(during))::bigint % 900 = 0
      and extract(microseconds from upper(during))::bigint % 1000000 = 0))
$$;

create table group_member (
  group_member_id bigint generated always as identity primary key,
  added_by bigint not null references group_change,
  ended_by bigint references group_change, -- null: holds
  group_id int not null references point_group,
  point_id int not null references point,
  sign smallint not null default 1 check (sign in (1, -1)),
  during tstzrange not null check (on_quarter_hour(during)),
  exclude using gist (group_id with =, point_id with =, during with &&) where (ended_by is null)
);
create index group_member_point on group_member (point_id) where ended_by is null;
create index group_member_added on group_member (added_by);
create index group_member_ended on group_member (ended_by) where ended_by is not null;

create table group_balance (
  group_balance_id bigint generated always as identity primary key,
  added_by bigint not null references group_change,
  ended_by bigint references group_change,
  group_id int not null references point_group,
  point_id int not null references point, -- where the balance meter stands
  sign smallint not null default 1 check (sign in (1, -1)), -- 1: into the group
  during tstzrange not null check (on_quarter_hour(during)),
  exclude using gist (group_id with =, point_id with =, during with &&) where (ended_by is null)
);
create index group_balance_point on group_balance (point_id) where ended_by is null;
create index group_balance_added on group_balance (added_by);
create index group_balance_ended on group_balance (ended_by) where ended_by is not null;

-- A group enters the one above it through its balance meters, not through its points.
create table group_parent (
  group_parent_id bigint generated always as identity primary key,
  added_by bigint not null references group_change,
  ended_by bigint references group_change,
  group_id int not null references point_group,
  parent_id int not null references point_group check (parent_id <> group_id),
  during tstzrange not null check (on_quarter_hour(during)),
  exclude using gist (group_id with =, during with &&) where (ended_by is null)
);
create index group_parent_parent on group_parent (parent_id) where ended_by is null;
create index group_parent_added on group_parent (added_by);
create index group_parent_ended on group_parent (ended_by) where ended_by is not null;

select audit.watch('point_group', '{group_id}', ignored => '{created_at}');
-- What a change ended, its own entry counts.
select audit.watch('group_change', '{group_change_id}', ignored => '{at}');
select audit.watch('group_member', '{group_member_id}', ignored => '{ended_by}');
select audit.watch('group_balance', '{group_balance_id}', ignored => '{ended_by}');
select audit.watch('group_parent', '{group_parent_id}', ignored => '{ended_by}');

-- ── sums ─────────────────────────────────────────────────────────────────────────────────────────────────────────────
-- The change list: days of channels that a transaction wrote, one row for all of them.
create table load_day_change (
  change_id bigint generated always as identity primary key,
  channel_ids int[] not null,
  days date[] not null
);

-- Days of groups that have to be summed again: [from_day, to_day). Rows are only added and taken; two for one day are harmless.
create table group_due (
  group_due_id bigint generated always as identity primary key,
  group_id int not null,
  from_day date not null,
  to_day date not null,
  since timestamptz not null default now(),
  check (from_day < to_day)
);

-- Sums of a group by quarter-hour. A day of which nothing is known has no row.
create table group_day (
  sum bigint,
  group_id int not null,
  day date not null,
  expected int not null, -- values that members should have, over all slots
  present int not null, -- of these, there
  good int not null, -- of these, present and good
  estimated int not null, -- of these, estimated
  slots smallint not null,
  scale smallint not null,
  side text not null check (side in ('members', 'balance')),
  obis text not null, -- of the points' energy: 1-b:C.29.E*255
  unit text not null,
  v bytea not null, -- as in load_day; slots in which nothing is present have no value
  q bytea,
  counts bytea not null, -- expected, present, good, estimated by slot, each as runs (docs/groups.md)
  primary key (group_id, day, side, obis)
) partition by range (day);

create or replace function make_month(parent text, part text, from_bound text, to_bound text, open boolean) returns void
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  if parent not in ('load_day', 'block', 'event', 'group_day') or part !~ ('^' || parent || '_\d{4}_\d{2}$') then
    raise exception '% is no month of a table that has months', part using errcode = 'invalid_parameter_value';
  end if;
  if to_regclass('public.' || part) is not null then
    return;
  end if;
  execute format('create table public.%I (like public.%I including all excluding identity) %s', part, parent,
    case when parent in ('load_day', 'group_day') and open then 'with (fillfactor = 50)' else '' end);
  execute format('alter table public.%I attach partition public.%I for values from (%L) to (%L)', parent, part, from_bound,
    to_bound);
end $$;
