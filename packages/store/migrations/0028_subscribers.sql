-- Who uses the energy of a point, and since when. What names a person (number, name, telephone, mail, address) is sealed by the
-- processes, as the points' own names are (docs/adr/0013-personal-data-sealed.md): the database finds a subscriber or a contract
-- by a keyed hash of its number alone.
create table subscriber (
  subscriber_id int generated always as identity primary key,
  kind text not null check (kind in ('household', 'organisation')),
  sealed bytea not null, -- JSON of number, name, phone, email, address
  number_hash bytea not null unique, -- number of its data key, then a keyed hash
  personal_hash bytea not null, -- keyed hash of the content, this row's alone: says whether it changed
  changed_in xid8 not null default pg_current_xact_id(),
  created_at timestamptz not null default now()
);

-- A point has at most one contract at any instant; a subscriber may have many points.
create table contract (
  contract_id int generated always as identity primary key,
  subscriber_id int not null references subscriber,
  point_id int not null references point,
  during tstzrange not null check (not isempty(during) and not lower_inf(during)),
  -- The contract that ended because this one began: it goes on when this one is taken back.
  ended_contract_id int references contract,
  sealed bytea not null, -- JSON of the contract's number
  number_hash bytea not null unique,
  personal_hash bytea not null,
  exclude using gist (point_id with =, during with &&)
);
create index contract_subscriber on contract (subscriber_id);

create index subscriber_changed_in on subscriber (changed_in);
create trigger changed_in before update of sealed on subscriber for each row execute function stamp_changed_in();

select audit.watch('subscriber', '{subscriber_id}', secret => '{personal_hash}',
  ignored => '{sealed,number_hash,changed_in,created_at}');
select audit.watch('contract', '{contract_id}', secret => '{personal_hash}', ignored => '{sealed,number_hash}');
