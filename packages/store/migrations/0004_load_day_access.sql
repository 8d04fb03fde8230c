-- Packed days in plain SQL, and what the write path needs beside the tables.

-- ── packed days, readable by anyone with psql (docs/storage.md has the format) ───────────────────────────────────────

-- Runs of quality of a day. Bit 15 (32768) says that the slots of the run have no value.
create function load_day_runs(q bytea) returns table (from_slot int, slot_count int, quality int)
language plpgsql immutable strict parallel safe as $$
declare
  at int := 0;
  size int := length(q);
  slot int := 0;
  part bigint[] := '{0,0,0}';
  value bigint;
  weight bigint;
  byte int;
begin
  while at < size loop
    for nth in 1 .. 3 loop
      value := 0;
      weight := 1;
      loop
        byte := get_byte(q, at);
        at := at + 1;
        value := value + (byte & 127) * weight;
        exit when byte < 128;
        weight := weight * 128;
      end loop;
      part[nth] := value;
    end loop;
    slot := slot + part[1]::int;
    from_slot := slot;
    slot_count := part[2]::int;
    quality := part[3]::int;
    slot := slot + slot_count;
    return next;
  end loop;
end $$;

-- Slots of a day that have no value.
create function load_day_missing(q bytea) returns int
language sql immutable parallel safe as $$
  select coalesce(sum(slot_count), 0)::int from load_day_runs(q) where quality >= 32768
$$;

-- Values of a day by slot (0 …), null where there is none, with their quality.
create function unpack(v bytea, q bytea, slots int) returns table (slot int, value bigint, quality int)
language plpgsql immutable parallel safe as $$
declare
  codec int := get_byte(v, 0);
  codes int[] := array_fill(0, array[slots]);
  run record;
  at int := 1;
  running bigint := 0;
  zigzag bigint;
  weight bigint;
  byte int;
begin
  if codec not in (1, 2) then
    raise exception 'codec % is not known here', codec;
  end if;
  if q is not null then
    for run in select * from load_day_runs(q) loop
      for nth in run.from_slot + 1 .. run.from_slot + run.slot_count loop
        codes[nth] := run.quality;
      end loop;
    end loop;
  end if;
  for nth in 1 .. slots loop
    slot := nth - 1;
    quality := codes[nth] & 32767;
    if codes[nth] >= 32768 then
      value := null;
    elsif codec = 1 then
      zigzag := 0;
      weight := 1;
      loop
        byte := get_byte(v, at);
        at := at + 1;
        zigzag := zigzag + (byte & 127) * weight;
        exit when byte < 128;
        weight := weight * 128;
      end loop;
      running := running + case when zigzag % 2 = 0 then zigzag / 2 else -(zigzag + 1) / 2 end;
      value := running;
    else
      value := 0;
      for nth_byte in 0 .. 7 loop
        value := value | (get_byte(v, at + nth_byte)::bigint << (8 * nth_byte));
      end loop;
      at := at + 8;
    end if;
    return next;
  end loop;
end $$;

-- The zone of the market days; the first write sets it, and it never changes after that.
create function market_zone() returns text
language sql stable parallel safe as $$
  select coalesce((select value #>> '{}' from setting where name = 'zone'), 'Europe/Bucharest')
$$;

-- One row per interval: value in the channel's unit = value × 10^scale. Always ask for channels and days.
create view load_interval as
select
  load_day.channel_id,
  load_day.day,
  unpacked.slot,
  (load_day.day::timestamp at time zone market_zone()) + make_interval(secs => unpacked.slot * channel.period_s) as starts_at,
  unpacked.value,
  unpacked.value * power(10::numeric, channel.scale) as value_in_unit,
  channel.unit,
  unpacked.quality,
  load_day.ver
from load_day
join channel using (channel_id)
cross join lateral unpack(load_day.v, load_day.q, load_day.slots) as unpacked;

-- ── who measures what, for the write path ────────────────────────────────────────────────────────────────────────────
-- A write path looks installations up by equality, thousands a second: a btree does that, the gist of the exclusion does not.
create index installation_meter on installation (meter_id);
create index installation_point on installation (point_id);

-- Grows with each change of what points are derived from, so that a process knows when what it remembers is old. The advisory
-- lock is held in share mode by each delivery: a change waits for those that still work by the old state.
create table network_version (
  only_row boolean primary key default true check (only_row),
  version bigint not null default 1
);
insert into network_version default values;

create function network_changed() returns trigger language plpgsql as $$
begin
  perform pg_advisory_xact_lock(1162758734);
  update network_version set version = version + 1;
  return null;
end $$;

create trigger installation_changed after insert or update or delete on installation
for each statement execute function network_changed();
create trigger meter_changed after update of phases, max_current_a, index_digits on meter
for each statement execute function network_changed();

-- Telegrams are small or pack badly: trying to compress each one costs more than it saves.
alter table block alter column bytes set storage external;
