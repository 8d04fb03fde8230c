-- A meter under test, on site or at its place in the network: what it counts then is nobody's consumption (V08).
create table meter_test (
  meter_test_id int generated always as identity primary key,
  meter_id int not null references meter,
  during tstzrange not null check (not isempty(during) and not lower_inf(during)),
  reason text not null check (length(reason) between 3 and 500),
  made_by text not null,
  made_at timestamptz not null default now(),
  withdrawn_by text,
  withdrawn_at timestamptz,
  withdrawn_why text check (length(withdrawn_why) between 1 and 500),
  check ((withdrawn_by is null) = (withdrawn_at is null) and (withdrawn_by is null) = (withdrawn_why is null)),
  constraint meter_test_once exclude using gist (meter_id with =, during with &&) where (withdrawn_at is null)
);
select audit.watch('meter_test', '{meter_test_id}', ignored => '{made_at,withdrawn_at}');
