-- What a switching secret is bound to: its row may be replaced, its place stays.
alter table switching_secret add column place text not null generated always as (device_id || '/' || kind) stored unique;

-- Who sends us keys encrypts them to this recipient (age, X25519); the identity that opens them lies sealed.
create table key_recipient (
  key_recipient_id int primary key default 1 check (key_recipient_id = 1),
  recipient text not null,
  sealed bytea not null,
  created_at timestamptz not null default now()
);
select audit.watch('key_recipient', '{key_recipient_id}', ignored => '{sealed,created_at}');
