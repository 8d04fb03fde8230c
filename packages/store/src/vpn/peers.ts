import type { Database, Queryable } from "../database.ts";
import { StoreError } from "../errors.ts";
import { withPointNames } from "../personal/with-names.ts";
import type { KeyRing } from "../secrets/key-ring.ts";
import { instant, sql } from "../sql.ts";
import { deviceConfig, type Handshake, makeKeys, makePresharedKey, type ServerPeer } from "./wireguard.ts";

/** How the tunnels of this installation are made; the private key is in a file of the host. */
export interface VpnSettings {
  /** Addresses are taken from here: `10.90.0.0/16`. The first is the server's. */
  readonly network: string;
  readonly endpoint: string;
  readonly serverPublicKey: string;
}

export interface VpnPeer {
  readonly peerId: number;
  readonly deviceId: number | null;
  readonly identity: string | null;
  /** Where the device is: its point, when it has one. */
  readonly pod: string | null;
  readonly branchId: number | null;
  readonly label: string;
  readonly publicKey: string;
  readonly address: string;
  readonly madeAt: number;
  /** Day by which the keys should be new. */
  readonly rotateBy: string;
  readonly revokedAt: number | null;
  readonly lastHandshakeAt: number | null;
  readonly receivedBytes: number;
  readonly sentBytes: number;
}

const settingName = "vpn";
/** A lock for those who take addresses. */
const addressLock = 0x56504e31;
/** An address that was revoked rests: what its device still sends must not be taken for another's. */
const restDays = 30;
const keysKind = "integration-password";

export async function readVpnSettings(db: Queryable): Promise<VpnSettings | undefined> {
  const { rows } = await db.query<{ value: VpnSettings }>(
    sql`select value from setting where name = ${settingName}`,
  );
  return rows[0]?.value;
}

/** @throws StoreError `vpn.network-invalid` for what is no private IPv4 network of 8 to 30 bits */
export async function writeVpnSettings(db: Queryable, settings: VpnSettings): Promise<void> {
  networkOf(settings.network);
  await db.query(sql`
    insert into setting (name, value) values (${settingName}, ${JSON.stringify(settings)}::jsonb)
    on conflict (name) do update set value = excluded.value, changed_at = now()`);
}

const toNumber = (address: string): number =>
  address.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
const toAddress = (number: number): string =>
  [24, 16, 8, 0].map((shift) => Math.floor(number / 2 ** shift) % 256).join(".");

function networkOf(text: string): { first: number; last: number; bits: number } {
  const [address = "", length = ""] = text.split("/");
  const bits = Number(length);
  const parts = address.split(".").map(Number);
  const isPrivate =
    parts[0] === 10 ||
    (parts[0] === 172 && parts[1]! >= 16 && parts[1]! < 32) ||
    (parts[0] === 192 && parts[1] === 168) ||
    (parts[0] === 100 && parts[1]! >= 64 && parts[1]! < 128);
  const whole =
    parts.length === 4 && parts.every((part) => Number.isInteger(part) && part >= 0 && part < 256);
  const size = 2 ** (32 - bits);
  if (
    !whole ||
    !isPrivate ||
    !Number.isInteger(bits) ||
    bits < 8 ||
    bits > 30 ||
    toNumber(address) % size !== 0
  )
    throw new StoreError("vpn.network-invalid", `${text} is no private IPv4 network such as 10.90.0.0/16`);
  const base = toNumber(address);
  return { first: base + 1, last: base + size - 2, bits };
}

/** The server's own address in the tunnel, with the length of the network. */
export function serverAddress({ network }: VpnSettings): string {
  const { first, bits } = networkOf(network);
  return `${toAddress(first)}/${bits}`;
}

/**
 * Makes keys and takes an address for a device, or anew for a tunnel that it replaces, which is revoked. The configuration is given out
 * this once: the private key in it is kept nowhere.
 * @throws StoreError `vpn.not-set-up`, `vpn.device-unknown`, `vpn.exists`, `vpn.network-full`
 */
export async function makePeer(
  db: Database,
  keyRing: KeyRing,
  wanted: {
    readonly identity: string;
    readonly label?: string;
    readonly rotateBy: string;
    readonly replace?: boolean;
  },
): Promise<{ readonly peerId: number; readonly address: string; readonly config: string }> {
  const settings = await readVpnSettings(db);
  if (!settings) throw new StoreError("vpn.not-set-up", "energsys vpn init comes first");
  const keys = makeKeys();
  const presharedKey = makePresharedKey();
  const sealed = await keyRing.sealField(
    { table: "vpn_peer", row: keys.publicKey, kind: keysKind },
    presharedKey,
  );
  const { peerId, address } = await db.transaction(async (transaction) => {
    await transaction.query(sql`select pg_advisory_xact_lock(${addressLock})`);
    const found = await transaction.query<{
      deviceId: number;
      peerId: number | null;
      address: string | null;
    }>(sql`
      select device_id as "deviceId", vpn_peer_id as "peerId", host(address) as address
      from device left join vpn_peer using (device_id)
      where identity = ${wanted.identity} order by revoked_at is null desc, vpn_peer_id desc limit 1`);
    const device = found.rows[0];
    if (!device) throw new StoreError("vpn.device-unknown", `there is no device ${wanted.identity}`);
    const active = await transaction.query<{ peerId: number; address: string }>(sql`
      select vpn_peer_id as "peerId", host(address) as address from vpn_peer
      where device_id = ${device.deviceId} and revoked_at is null`);
    const before = active.rows[0];
    if (before && !wanted.replace)
      throw new StoreError("vpn.exists", `${wanted.identity} has a tunnel; rotate it for new keys`);
    if (before) await revokePeer(transaction, before.peerId);
    const taken = before?.address ?? (await freeAddress(transaction, settings));
    const { rows } = await transaction.query<{ id: number }>(sql`
      insert into vpn_peer (device_id, label, public_key, sealed_psk, address, rotate_by)
      values (${device.deviceId}, ${wanted.label ?? wanted.identity}, ${keys.publicKey}, ${sealed}::bytea,
        ${taken}::inet, ${wanted.rotateBy}::date)
      returning vpn_peer_id as id`);
    return { peerId: rows[0]!.id, address: taken };
  });
  const config = deviceConfig({
    privateKey: keys.privateKey,
    presharedKey,
    address,
    serverPublicKey: settings.serverPublicKey,
    endpoint: settings.endpoint,
    allowed: `${serverAddress(settings).split("/")[0]}/32`,
  });
  return { peerId, address, config };
}

async function freeAddress(db: Queryable, { network }: VpnSettings): Promise<string> {
  const { first, last } = networkOf(network);
  const { rows } = await db.query<{ address: string }>(sql`
    select host(address) as address from vpn_peer
    where revoked_at is null or revoked_at > now() - make_interval(days => ${restDays}::int)`);
  const taken = new Set(rows.map(({ address }) => toNumber(address)));
  for (let number = first + 1; number <= last; number++) if (!taken.has(number)) return toAddress(number);
  throw new StoreError("vpn.network-full", `${network} has no address left`);
}

/** The tunnel is no longer one of ours; its device is refused as soon as the host has the new list. False when it was not there. */
export async function revokePeer(db: Queryable, peerId: number): Promise<boolean> {
  const { rowCount } = await db.query(
    sql`update vpn_peer set revoked_at = now() where vpn_peer_id = ${peerId} and revoked_at is null`,
  );
  return rowCount > 0;
}

export async function listPeers(db: Queryable): Promise<VpnPeer[]> {
  const { rows } = await db.query<
    Omit<VpnPeer, "pod"> & { pointId: number | null; sealed: Buffer | null }
  >(sql`
    select vpn_peer_id as "peerId", device_id as "deviceId", identity, point_id as "pointId", point.sealed,
      location.branch_id as "branchId", label, public_key as "publicKey",
      host(vpn_peer.address) as address, made_at as "madeAt", rotate_by as "rotateBy", revoked_at as "revokedAt",
      last_handshake_at as "lastHandshakeAt", received_bytes as "receivedBytes", sent_bytes as "sentBytes"
    from vpn_peer
    left join device using (device_id)
    left join installation on installation.meter_id = device.meter_id and upper_inf(during)
    left join point using (point_id)
    left join location using (location_id)
    order by revoked_at is not null, vpn_peer.address, vpn_peer_id desc`);
  return (await withPointNames(db, rows)).map(({ pointId: _, name: __, ...row }) => row);
}

/** Peers with their preshared keys, for the file of the tunnel's host. @throws StoreError `secret.unreadable` */
export async function readServerPeers(db: Queryable, keyRing: KeyRing): Promise<ServerPeer[]> {
  const { rows } = await db.query<{ label: string; publicKey: string; sealed: Buffer; address: string }>(sql`
    select label, public_key as "publicKey", sealed_psk as sealed, host(address) as address
    from vpn_peer where revoked_at is null order by address`);
  return Promise.all(
    rows.map(async ({ label, publicKey, sealed, address }) => {
      const psk = await keyRing.openField({ table: "vpn_peer", row: publicKey, kind: keysKind }, sealed);
      return { label, publicKey, presharedKey: psk.reveal(), address };
    }),
  );
}

/** Takes over what the host's WireGuard says of its peers. Returns how many are ours, and how many nobody knows. */
export async function recordHandshakes(
  db: Queryable,
  handshakes: readonly Handshake[],
): Promise<{ known: number; unknown: number }> {
  const { rowCount } = await db.query(sql`
    update vpn_peer set last_handshake_at = greatest(last_handshake_at, seen.handshake), received_bytes = seen.received,
      sent_bytes = seen.sent
    from unnest(${handshakes.map(({ publicKey }) => publicKey)}::text[],
      ${handshakes.map(({ lastHandshakeMs }) => (lastHandshakeMs === null ? null : instant(lastHandshakeMs)))}::timestamptz[],
      ${handshakes.map(({ receivedBytes }) => receivedBytes)}::bigint[],
      ${handshakes.map(({ sentBytes }) => sentBytes)}::bigint[]) as seen (public_key, handshake, received, sent)
    where vpn_peer.public_key = seen.public_key`);
  return { known: rowCount, unknown: handshakes.length - rowCount };
}

/**
 * Whether a device may call from an address: the tunnel is its identity. A device with a tunnel calls from there and from nowhere else;
 * from the address of a tunnel calls its device and nobody else.
 */
export async function mayCallFrom(db: Queryable, deviceId: number, remoteAddress: string): Promise<boolean> {
  const address = remoteAddress.replace(/^::ffff:/i, "");
  const { rows } = await db.query<{ allowed: boolean }>(sql`
    select coalesce(bool_and(device_id = ${deviceId} and host(address) = ${address}), true) as allowed
    from vpn_peer where revoked_at is null and (device_id = ${deviceId} or host(address) = ${address})`);
  return rows[0]!.allowed;
}
