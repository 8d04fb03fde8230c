-- Personal data of a subscriber are erased when one person asks for it and another confirms (docs/personal-data.md). The rows stay, since
-- contracts say whose time at a point was whose; what named anybody goes from them, with the hashes by which it was found.
alter table subscriber
  add column erased_at timestamptz,
  alter column sealed drop not null,
  alter column number_hash drop not null,
  alter column personal_hash drop not null,
  add constraint subscriber_erased check (num_nulls(sealed, number_hash, personal_hash) = case when erased_at is null then 0 else 3 end);

alter table contract
  alter column sealed drop not null,
  alter column number_hash drop not null,
  alter column personal_hash drop not null,
  add constraint contract_erased check (num_nulls(sealed, number_hash, personal_hash) in (0, 3));

create table subscriber_erasure (
  subscriber_erasure_id int generated always as identity primary key,
  subscriber_id int not null references subscriber on delete cascade,
  reason text not null check (length(reason) between 3 and 500),
  requested_by text not null,
  requested_at timestamptz not null,
  state text not null default 'asked' check (state in ('asked', 'withdrawn', 'refused', 'erased')),
  decided_by text,
  decided_at timestamptz,
  note text not null default '' check (length(note) <= 500),
  replayed_at timestamptz, -- done again in a database that came from a backup of before
  check ((state = 'asked') = (decided_at is null)),
  check ((decided_at is null) = (decided_by is null)),
  check (replayed_at is null or state = 'erased'),
  -- The two of them are two people, whatever a program says.
  check (state <> 'erased' or decided_by <> requested_by)
);
create index subscriber_erasure_of on subscriber_erasure (subscriber_id, subscriber_erasure_id desc);
create unique index subscriber_erasure_asked on subscriber_erasure (subscriber_id) where state = 'asked';
create unique index subscriber_erasure_erased on subscriber_erasure (subscriber_id) where state = 'erased';
select audit.watch('subscriber_erasure', '{subscriber_erasure_id}', ignored => '{requested_at,decided_at}');
