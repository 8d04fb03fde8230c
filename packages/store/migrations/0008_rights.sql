-- Who may do what, where. A grant gives a role (or, as an exception with an end, one action) to an account for a branch and all below it.

-- A ready-made role is named by `ready`: what it may do stands in the program, so that a new page reaches it with the release that
-- brings it. Every other role is a list of actions, each "<page>.<level>".
create table role (
  role_id int generated always as identity primary key,
  name text not null unique check (name <> ''),
  ready text unique,
  -- grants of it must name the supplier whose points they open
  for_supplier boolean not null default false,
  changed_at timestamptz not null default now()
);
insert into role (name, ready, for_supplier) values
  ('Operator', 'operator', false), ('Technician', 'technician', false), ('Billing', 'billing', false), ('Planner', 'planner', false),
  ('Auditor', 'auditor', false), ('Administrator', 'administrator', false), ('Supplier', 'supplier', true);

create table role_action (
  role_id int not null references role on delete cascade,
  action text not null check (action ~ '^[a-z-]+\.(see|change|command|approve)$'),
  primary key (role_id, action)
);

create table supplier (
  supplier_id int generated always as identity primary key,
  code text not null unique, -- market code, such as the EIC
  name text not null
);

-- Which supplier a point belongs to, since when. One at a time.
create table point_supplier (
  point_id int not null references point on delete cascade,
  supplier_id int not null references supplier,
  during tstzrange not null check (not isempty(during) and lower_inc(during) and not upper_inc(during)),
  exclude using gist (point_id with =, during with &&)
);
create index point_supplier_supplier on point_supplier (supplier_id, point_id);

create table role_grant (
  grant_id int generated always as identity primary key,
  account_id int not null references account on delete cascade,
  role_id int references role,
  action text check (action ~ '^[a-z-]+\.(see|change|command|approve)$'),
  branch_id int references branch, -- null: the whole network
  supplier_id int references supplier, -- null: whatever the supplier
  valid_from timestamptz not null default now(),
  valid_until timestamptz, -- the end that was agreed, or the instant at which somebody took it away
  reason text not null default '',
  granted_by int references account,
  granted_at timestamptz not null default now(),
  ended_by int references account,
  last_used_at timestamptz,
  reviewed_by int references account,
  reviewed_at timestamptz,
  check (num_nonnulls(role_id, action) = 1),
  check (action is null or (valid_until is not null and reason <> '')),
  check (valid_until is null or valid_until >= valid_from)
);
create index role_grant_account on role_grant (account_id);
create index role_grant_branch on role_grant (branch_id);

-- Whoever had an account until now could do everything.
insert into role_grant (account_id, role_id, reason)
select account_id, role_id, 'had every right before rights came' from account cross join role where ready = 'administrator';

select audit.watch('role', '{role_id}', ignored => '{changed_at}');
select audit.watch('role_action', '{role_id,action}');
select audit.watch('supplier', '{supplier_id}');
select audit.watch('point_supplier', '{point_id,supplier_id}');
select audit.watch('role_grant', '{grant_id}', ignored => '{last_used_at}');
