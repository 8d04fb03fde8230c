-- People: invitations with which an account of this system gets its password, and sessions that look as somebody else.

-- A one-time link for somebody who is to choose a password; only its hash is kept. A new one ends those before it.
create table invitation (
  account_id int primary key references account on delete cascade,
  token_sha256 bytea not null unique,
  expires_at timestamptz not null,
  made_by int references account,
  made_at timestamptz not null default now()
);

-- "See as this user": the session may look at what both may see, and change nothing.
alter table session add column seen_as int references account on delete cascade;

select audit.watch('invitation', '{account_id}', secret => '{token_sha256}');
