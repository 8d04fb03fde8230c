-- Validation, estimation and editing of points' days (docs/validation.md, docs/estimation.md).

-- What somebody set for a rule and a class of points; what is not set is the rule's own. `during` are days of measured data.
create table validation_rule (
  validation_rule_id int generated always as identity primary key,
  rule text not null check (rule ~ '^V[0-9]{2}$'),
  class text not null check (class in ('household', 'business', 'industry', 'prosumer', 'producer', 'balance')),
  during daterange not null check (not isempty(during) and not lower_inf(during)),
  enabled boolean,
  severity text check (severity in ('F', 'W', 'I')),
  thresholds jsonb not null default '{}',
  reason text not null check (length(reason) between 1 and 500),
  set_by text not null,
  set_at timestamptz not null default now(),
  exclude using gist (rule with =, class with =, during with &&)
);

-- Days of points whose measured values changed, and instants of meters for which a register or an event came: a row for each
-- transaction that brought some. Validation takes them.
create table validation_change (
  change_id bigint generated always as identity primary key,
  channel_ids int[] not null default '{}',
  days date[] not null default '{}',
  meter_ids int[] not null default '{}',
  instants timestamptz[] not null default '{}'
);

-- The last day that was looked through for what never came: one row.
create table validation_sweep (
  only_row boolean primary key default true check (only_row),
  swept date not null
);

-- Versions of what is laid over the measured day of a point: estimates, edits, and what rules refuse. The last one holds.
create table point_overlay (
  channel_id int not null,
  day date not null,
  ver int not null check (ver > 0),
  slots smallint not null,
  kind text not null check (kind in ('validation', 'edit', 'verify', 'undo')),
  at timestamptz not null,
  by text, -- null: the system
  v bytea not null, -- values laid over, as in load_day; a slot without one has none
  q bytea, -- marks, as the quality of load_day
  methods bytea, -- how each value came about, a byte for each slot; null: nothing is laid over
  primary key (channel_id, day, ver)
);

-- Which day was estimated from which: when that one changes, the estimate is made anew.
create table estimate_source (
  channel_id int not null,
  day date not null,
  source_day date not null,
  primary key (channel_id, day, source_day)
);
create index estimate_source_day on estimate_source (channel_id, source_day);

-- What rules found. A finding that is not found again is cleared, and opened anew when it comes back.
create table finding (
  finding_id bigint generated always as identity primary key,
  channel_id int not null,
  day date not null,
  count smallint not null,
  rule text not null,
  words text not null,
  severity text not null check (severity in ('F', 'W', 'I')),
  state text not null default 'open' check (state in ('open', 'accepted', 'estimated', 'edited', 'cleared')),
  since timestamptz not null,
  changed_at timestamptz not null,
  changed_by text, -- null: the system
  note text not null default '' check (length(note) <= 500),
  slots bytea, -- a bit for each interval, the lowest first; null: the day
  measured text,
  measured_unit text,
  limit_value text,
  limit_unit text,
  figures jsonb not null default '{}',
  unique (channel_id, day, rule, words)
);
create index finding_open on finding (severity, day desc) where state = 'open';

-- What a person decided about a finding: rows are only added.
create table finding_decision (
  finding_id bigint not null references finding,
  decided_at timestamptz not null,
  decided_by text not null,
  decision text not null check (decision in ('accept')),
  note text not null default '' check (length(note) <= 500),
  primary key (finding_id, decided_at)
);

-- Values that a person gave. Above the limit of energy another person decides.
create table value_edit (
  value_edit_id bigint generated always as identity primary key,
  channel_id int not null,
  day date not null,
  slots smallint not null,
  v bytea not null,
  q bytea,
  energy bigint not null check (energy >= 0), -- sum of the differences without sign, in the channel's integers
  reason text not null check (reason in ('no-access', 'communication-fault', 'network-outage', 'device-exchange', 'clock-set',
    'meter-faulty', 'wrong-ratio', 'misreading', 'tariff-switch-fault', 'implausible')),
  comment text not null check (length(comment) between 1 and 500),
  requested_by text not null,
  requested_at timestamptz not null,
  state text not null check (state in ('waiting', 'applied', 'refused', 'undone')),
  decided_by text,
  decided_at timestamptz,
  overlay_ver int, -- the version of `point_overlay` that it became
  undone_by text,
  undone_at timestamptz,
  undo_comment text check (length(undo_comment) between 1 and 500),
  check ((state = 'waiting') = (decided_at is null)),
  check ((state = 'undone') = (undone_at is not null)),
  check (decided_by is null or decided_by <> requested_by)
);
create index value_edit_day on value_edit (channel_id, day);
create index value_edit_waiting on value_edit (requested_at) where state = 'waiting';

select audit.watch('validation_rule', '{validation_rule_id}', ignored => '{set_at}');
select audit.watch('finding_decision', '{finding_id}', ignored => '{decided_at}');
select audit.watch('value_edit', '{value_edit_id}', ignored => '{v,q,slots,requested_at,decided_at,undone_at}');
