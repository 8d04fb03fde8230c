-- What a concentrator was: its name, branch, place and whose it was. What holds is its own row, since the last of these ended, or since it
-- was seen first.
create table gateway_version (
  gateway_version_id bigint generated always as identity primary key,
  gateway_id int not null references gateway on delete cascade,
  during tstzrange not null
    check (not isempty(during) and not lower_inf(during) and lower_inc(during) and not upper_inf(during) and not upper_inc(during)),
  state text not null check (state in ('quarantine', 'adopted', 'retired')),
  name text not null,
  branch_id int references branch,
  location_id int references location,
  ended_by text not null, -- who wrote what came after it
  reason text not null default '' check (length(reason) <= 500),
  exclude using gist (gateway_id with =, during with &&)
);

-- By the clock and not by the beginning of the transaction: two that change it at once each leave what they found.
create function keep_gateway() returns trigger language plpgsql set search_path = pg_catalog, public, pg_temp as $$
declare
  since timestamptz := coalesce((select max(upper(during)) from gateway_version where gateway_id = old.gateway_id), old.first_seen_at);
  until timestamptz := clock_timestamp();
begin
  if since < until then
    insert into gateway_version (gateway_id, during, state, name, branch_id, location_id, ended_by, reason)
    values (old.gateway_id, tstzrange(since, until, '[)'), old.state, old.name, old.branch_id, old.location_id,
      coalesce(audit.acting() ->> 'actor', 'unknown'), left(coalesce(audit.acting() ->> 'reason', ''), 500));
  end if;
  return null;
end $$;

-- What is known of the time before: since when it is ours, and when it was no more. Other names and branches are in the activity log.
insert into gateway_version (gateway_id, during, state, name, branch_id, location_id, ended_by)
select gateway_id, tstzrange(first_seen_at, adopted_at, '[)'), 'quarantine', '', null, null, coalesce(adopted_by, 'unknown')
from gateway where adopted_at > first_seen_at;
insert into gateway_version (gateway_id, during, state, name, branch_id, location_id, ended_by)
select gateway_id, tstzrange(greatest(first_seen_at, adopted_at), retired_at, '[)'),
  case when adopted_at is null then 'quarantine' else 'adopted' end, name, branch_id, location_id, coalesce(retired_by, 'unknown')
from gateway where state = 'retired' and retired_at > greatest(first_seen_at, adopted_at);

create trigger keep_gateway after update of state, name, branch_id, location_id on gateway for each row
  when ((old.state, old.name, old.branch_id, old.location_id) is distinct from (new.state, new.name, new.branch_id, new.location_id))
  execute function keep_gateway();
