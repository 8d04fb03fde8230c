-- What people sign in with: analysts (report_ro), whose password the administrator gives, and the consumers' portal (portal_ro).

-- Gives analysts a new password, or with null takes it back; who is signed in with the old one is put out. It takes a verifier
-- (RFC 5803) and no password, so that none can stand in a log of the server.
create function set_analyst_password(verifier text, valid_until timestamptz) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  if verifier is null then
    alter role report_ro nologin password null;
  elsif verifier !~ '^SCRAM-SHA-256\$[0-9]{4,7}:[A-Za-z0-9+/=]{16,}\$[A-Za-z0-9+/=]{44}:[A-Za-z0-9+/=]{44}$' then
    raise exception 'that is no verifier of a password' using errcode = 'invalid_parameter_value';
  else
    execute format('alter role report_ro login password %L valid until %L', verifier, coalesce(valid_until, 'infinity'));
  end if;
  perform pg_terminate_backend(pid) from pg_stat_activity where usename = 'report_ro';
end $$;
revoke all on function set_analyst_password(text, timestamptz) from public;

-- Whose points: what a consumer may see in the portal, and for which time.
create table consumer_point (
  consumer_id int not null check (consumer_id > 0),
  point_id int not null references point,
  during tstzrange not null check (not isempty(during)),
  exclude using gist (consumer_id with =, point_id with =, during with &&)
);
create index consumer_point_point on consumer_point (point_id);
select audit.watch('consumer_point', '{consumer_id,point_id}');

-- Whom the portal shows a page to: `set local app.consumer_id` in the transaction of the page. Nobody when it is not set.
create function portal_consumer() returns int language sql stable parallel safe
  return nullif(current_setting('app.consumer_id', true), '')::int;

-- FORCE: the views below read as the owner of the table, who must not see more. Roles that keep the table get their policy with it.
alter table consumer_point enable row level security;
alter table consumer_point force row level security;
create policy consumer_point_own on consumer_point for select using (consumer_id = portal_consumer());

create view portal_point with (security_barrier) as
select point.point_id, point.pod_code, point.phases, point.direction, point.approved_power_w, consumer_point.during
from consumer_point join point using (point_id)
where consumer_point.consumer_id = portal_consumer();

-- Intervals of points (after factors, validation and edits), never of meters, that begin within the consumer's time.
create view portal_interval with (security_barrier) as
select channel.point_id, channel.obis, channel.kind, interval_.starts_at, channel.period_s, interval_.value_in_unit, interval_.unit,
  interval_.quality
from consumer_point
join channel using (point_id)
join load_interval as interval_ using (channel_id)
where consumer_point.consumer_id = portal_consumer() and consumer_point.during @> interval_.starts_at;
