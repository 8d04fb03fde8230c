-- How the columns of a file of past times were mapped; a file with the same head line is mapped so again.
create table history_profile (
  head bytea primary key, -- SHA-256 of the head line
  mapping jsonb not null,
  saved_by text not null,
  saved_at timestamptz not null default now()
);
select audit.watch('history_profile', '{head}', ignored => '{saved_at}');
