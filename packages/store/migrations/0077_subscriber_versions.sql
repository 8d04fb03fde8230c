-- What a subscriber's data were, so that a change overwrites nothing: their page is seen as it was on a day, and an erasure finds what was
-- written under former names. What holds is the subscriber's own row, since the last of these ended; without one, as long as they are known.
create table subscriber_version (
  subscriber_version_id bigint generated always as identity primary key,
  subscriber_id int not null references subscriber on delete cascade,
  during tstzrange not null check (not isempty(during) and not upper_inf(during) and not upper_inc(during)),
  kind text not null check (kind in ('household', 'organisation')),
  sealed bytea not null, -- as it lay in the subscriber's row, to which it is bound
  ended_by text not null, -- who wrote what came after it
  exclude using gist (subscriber_id with =, during with &&)
);

-- Of before the name alone was kept, and not who changed it. One that began earlier and waited may have an earlier hour than the one before.
insert into subscriber_version (subscriber_id, during, kind, sealed, ended_by)
select subscriber_id, tstzrange(lag(ended) over (partition by subscriber_id order by nth), ended), kind, sealed, ''
from (
  select subscriber_id, subscriber_former_id as nth, kind, former.sealed,
    max(date_trunc('milliseconds', until)) over earlier + row_number() over earlier * interval '1 millisecond' as ended
  from subscriber_former as former join subscriber using (subscriber_id)
  window earlier as (partition by subscriber_id order by subscriber_former_id)
) as rising;
drop table subscriber_former;

select audit.watch('subscriber_version', '{subscriber_version_id}', ignored => '{sealed}');
