-- Tariffs (docs/tariffs.md): what each says from which day to which, and at which points it holds. Nothing is overwritten: a change ends rows and
-- adds others, so it can be taken back as one.
create table tariff (
  tariff_id int generated always as identity primary key,
  code text not null unique check (code ~ '^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$'),
  name text not null check (length(name) between 1 and 120)
);

create table tariff_change (
  tariff_change_id bigint generated always as identity primary key,
  at timestamptz not null,
  changed_by text not null,
  reason text not null default '' check (length(reason) <= 500),
  kind text not null check (kind in ('version', 'end', 'assignment', 'undo')),
  tariff_id int references tariff, -- null: points were freed from whatever they had
  during daterange not null check (not isempty(during) and not lower_inf(during)),
  points int, -- of an assignment
  undoes bigint unique references tariff_change
);
create index tariff_change_tariff on tariff_change (tariff_id, tariff_change_id desc);

create table tariff_version (
  tariff_version_id int generated always as identity primary key,
  tariff_id int not null references tariff,
  valid daterange not null check (not isempty(valid) and not lower_inf(valid)),
  terms jsonb not null, -- checked by the program: seasons, day profiles, rates, prices as decimal text
  added_by bigint not null references tariff_change,
  ended_by bigint references tariff_change, -- null: holds
  exclude using gist (tariff_id with =, valid with &&) where (ended_by is null)
);
create index tariff_version_added on tariff_version (added_by);
create index tariff_version_ended on tariff_version (ended_by) where ended_by is not null;

create table tariff_assignment (
  tariff_assignment_id bigint generated always as identity primary key,
  point_id int not null references point on delete cascade,
  tariff_id int not null references tariff,
  valid daterange not null check (not isempty(valid) and not lower_inf(valid)),
  added_by bigint not null references tariff_change,
  ended_by bigint references tariff_change,
  exclude using gist (point_id with =, valid with &&) where (ended_by is null)
);
create index tariff_assignment_of on tariff_assignment (tariff_id) where ended_by is null;
create index tariff_assignment_added on tariff_assignment (added_by);
create index tariff_assignment_ended on tariff_assignment (ended_by) where ended_by is not null;

select audit.watch('tariff', '{tariff_id}');
select audit.watch('tariff_change', '{tariff_change_id}', ignored => '{at}');
select audit.watch('tariff_version', '{tariff_version_id}', ignored => '{ended_by}');
