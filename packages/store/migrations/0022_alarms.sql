-- Who has seen an alarm, when, and what they noted. An event itself never changes; a row here is never changed either, only added.
create table event_acknowledgement (
  device_id int not null references device on delete cascade,
  at timestamptz not null,
  code text not null,
  seq int not null,
  acknowledged_at timestamptz not null default now(),
  acknowledged_by text not null, -- name of the account
  note text not null default '' check (length(note) <= 500),
  primary key (device_id, at, code, seq)
);
select audit.watch('event_acknowledgement', '{device_id,at,code,seq}');
