-- Other transformer ratios change what people are billed: one person asks for them, another approves. What they were when they were asked
-- for stays beside it, so that whoever approves sees what he changes, and nothing is approved that somebody else changed meanwhile.
create table ratio_request (
  ratio_request_id int generated always as identity primary key,
  point_id int not null references point on delete cascade,
  from_at timestamptz not null,
  ct_ratio numeric not null check (ct_ratio > 0),
  vt_ratio numeric not null check (vt_ratio > 0),
  primary_values boolean not null,
  ct_before numeric not null,
  vt_before numeric not null,
  primary_before boolean not null,
  reason text not null,
  requested_by int not null references account,
  requested_at timestamptz not null,
  -- Nobody approves what was asked for in another time.
  valid_until timestamptz not null check (valid_until > requested_at),
  state text not null default 'open' check (state in ('open', 'approved', 'refused', 'withdrawn', 'expired', 'overtaken')),
  decided_by int references account,
  decided_at timestamptz,
  note text not null default '',
  days int check (days >= 0), -- whose energy was derived again
  check ((state = 'open') = (decided_at is null)),
  -- The two of them are two people, whatever a program says.
  check (state <> 'approved' or decided_by <> requested_by)
);
create unique index ratio_request_open on ratio_request (point_id) where state = 'open';
create index ratio_request_point on ratio_request (point_id, ratio_request_id desc);
select audit.watch('ratio_request', '{ratio_request_id}', ignored => '{requested_at,decided_at,days}');
