-- Configurations that were proposed to concentrators, and what became of each. A head-end may end at any instant: what waits for its
-- confirmation is a row, not something that a process remembers.
create table gateway_proposal (
  gateway_proposal_id int generated always as identity primary key,
  gateway_id int not null references gateway on delete cascade,
  text text not null, -- JSON, as it is sent
  before text not null, -- the configuration that was known then
  changes jsonb not null, -- by path: old and new value
  state text not null default 'queued'
    check (state in ('queued', 'sent', 'confirmed', 'rolled-back', 'refused', 'cancelled')),
  proposed_by text not null,
  proposed_at timestamptz not null default now(),
  reason text not null default '',
  sent_at timestamptz,
  fence bigint, -- of the line that it was sent over: the confirmation needs another one
  ended_at timestamptz,
  error text not null default '',
  check ((state in ('queued', 'sent')) = (ended_at is null))
);
-- One at a time: the concentrator tries one and rolls it back by itself.
create unique index gateway_proposal_open on gateway_proposal (gateway_id) where state in ('queued', 'sent');
create index gateway_proposal_of on gateway_proposal (gateway_id, proposed_at desc);
select audit.watch('gateway_proposal', '{gateway_proposal_id}', ignored => '{text,before,sent_at,fence,ended_at,proposed_at}');
