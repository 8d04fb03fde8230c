-- Who works on an attempt, and what of a profile a device was already asked for.

-- A trial has no device and so no link: the lease of the work itself tells a living head-end from a dead one.
alter table attempt add column owner text;
alter table attempt add column leased_until timestamptz;

-- Failures in a row: what the next retry's delay is drawn from.
alter table device_plan add column failures int not null default 0;

-- Every interval of this day that ended before `asked_until` was asked for after its end, and answered and committed.
-- What is still missing there the device does not have; without this row a power failure would be asked for for ever.
create table profile_asked (
  device_id int not null references device on delete cascade,
  day date not null,
  obis text not null,
  asked_until timestamptz not null,
  primary key (device_id, obis, day)
);
