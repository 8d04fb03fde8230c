-- Devices that call in through a WireGuard tunnel (docs/operations.md, "Tunnels"). What is here is who may; the tunnel itself belongs to the
-- host. The private key of a device is made, shown once, and kept nowhere.
create table vpn_peer (
  vpn_peer_id int generated always as identity primary key,
  device_id int references device on delete cascade,
  label text not null,
  public_key text not null unique check (public_key ~ '^[A-Za-z0-9+/]{43}=$'),
  sealed_psk bytea not null,
  address inet not null check (masklen(address) = 32 and family(address) = 4),
  made_at timestamptz not null default now(),
  rotate_by date not null,
  revoked_at timestamptz,
  last_handshake_at timestamptz,
  received_bytes bigint not null default 0,
  sent_bytes bigint not null default 0
);
-- One tunnel of a device, one device of an address, at a time.
create unique index vpn_peer_device on vpn_peer (device_id) where revoked_at is null;
create unique index vpn_peer_address on vpn_peer (address) where revoked_at is null;
select audit.watch('vpn_peer', '{vpn_peer_id}', secret => '{sealed_psk}',
  ignored => '{made_at,last_handshake_at,received_bytes,sent_bytes}');
