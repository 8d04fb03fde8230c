-- Certificates by which devices that call in over TLS say who they are (docs/operations.md, "Certificates of devices"). The private key of a
-- device is made, given out once, and kept nowhere; that of the authority is sealed.
create table device_authority (
  fingerprint text primary key check (fingerprint ~ '^[0-9a-f]{64}$'),
  certificate text not null,
  sealed_key bytea not null,
  made_at timestamptz not null default now(),
  ends_at timestamptz not null
);
-- By identity and not by device: a concentrator has its certificate before it calls for the first time.
create table device_certificate (
  device_certificate_id int generated always as identity primary key,
  identity text not null check (identity ~ '^[!-~]{1,64}$'),
  fingerprint text not null unique check (fingerprint ~ '^[0-9a-f]{64}$'),
  issued_at timestamptz not null default now(),
  ends_at timestamptz not null,
  first_used_at timestamptz,
  last_used_at timestamptz,
  revoked_at timestamptz
);
create index device_certificate_identity on device_certificate (identity);
select audit.watch('device_authority', '{fingerprint}', secret => '{sealed_key}', ignored => '{certificate,made_at}');
select audit.watch('device_certificate', '{device_certificate_id}', ignored => '{issued_at,first_used_at,last_used_at}');
