-- Invocation counters of ciphered links (IEC 62056-5-3, security). A counter that was used twice under one key gives the key away,
-- and one that comes twice is a repetition by somebody else.

-- Every counter below `next` is used or given out. By key and not by device: a trial uses the key before the device is there, and two
-- devices that share a key by mistake still never share a counter. `key_id` is made of the key by a hash.
create table sent_counter (
  key_id text primary key,
  next bigint not null check (next >= 0)
);

-- The highest counter of a device that came in a message whose tag agreed.
create table heard_counter (
  device_id int not null references device on delete cascade,
  key_id text not null,
  highest bigint not null check (highest >= 0),
  primary key (device_id, key_id)
);

create function counters_only_rise() returns trigger language plpgsql as $$
begin
  raise exception 'an invocation counter is never lowered' using errcode = 'check_violation';
end $$;
create trigger sent_counter_rises before update on sent_counter
  for each row when (new.next < old.next or new.key_id <> old.key_id) execute function counters_only_rise();
create trigger heard_counter_rises before update on heard_counter
  for each row when (new.highest <= old.highest) execute function counters_only_rise();
