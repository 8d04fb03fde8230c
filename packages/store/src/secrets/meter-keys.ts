import { randomBytes, randomInt } from "node:crypto";
import type { Database, Queryable } from "../database.ts";
import { StoreError } from "../errors.ts";
import { keyIdOf } from "../key-counters.ts";
import { sql } from "../sql.ts";
import type { KeyRing } from "./key-ring.ts";
import type { SecretPlace } from "./places.ts";
import type { Secret } from "./secret-value.ts";

/** Kinds of a device's keys (IEC 62056-6-2, class 64; IEC 62056-21 passwords) and what each may be. */
export const meterKeyKinds = {
  master: { bytes: [16, 32], counts: false },
  authentication: { bytes: [16, 32], counts: false },
  unicast: { bytes: [16, 32], counts: true },
  broadcast: { bytes: [16, 32], counts: false },
  "lls-password": { counts: false },
  "hls-secret": { counts: false },
  signing: { bytes: [32, 48], counts: false },
  "meter-public": { bytes: [64, 96], counts: false },
  "m-bus": { bytes: [16], counts: false },
  ppp: { counts: false },
} as const satisfies Readonly<
  Record<string, { readonly bytes?: readonly number[]; readonly counts: boolean }>
>;
export type MeterKeyKind = keyof typeof meterKeyKinds;
export type MeterKeyState = "NEW" | "ACTIVE" | "EXPIRED" | "WITHDRAWN";
export type MeterKeyOrigin = "entered" | "imported" | "made";

/** A key on its way into the table. */
export interface GivenKey {
  readonly deviceId: number;
  readonly kind: MeterKeyKind;
  readonly value: Uint8Array;
}

/** A key of a device, opened. */
export interface OpenedKey {
  readonly meterKeyId: number;
  readonly kind: MeterKeyKind;
  readonly state: "NEW" | "ACTIVE";
  readonly value: Secret<Uint8Array>;
}

const placeOf = (meterKeyId: number): SecretPlace => ({
  table: "meter_key",
  row: meterKeyId,
  kind: "meter-key",
});

/** As it is shown: enough to compare by eye, and nothing that helps to guess. */
export const shownFingerprint = (fingerprint: Uint8Array): string =>
  Buffer.from(fingerprint.subarray(0, 6))
    .toString("hex")
    .replace(/(..)(?!$)/g, "$1:");

interface NamedKey extends GivenKey {
  readonly fingerprint: Buffer;
}

interface PreparedKey extends NamedKey {
  readonly meterKeyId: number;
  readonly sealed: Buffer;
}

async function nameKeys(ring: KeyRing, keys: readonly GivenKey[]): Promise<NamedKey[]> {
  const fingerprints = await ring.lookupHashes(
    "meter-key",
    keys.map(({ value }) => value),
  );
  return keys.map((key, nth) => ({ ...key, fingerprint: fingerprints[nth]!.subarray(0, 16) }));
}

/** Draws ids and seals: a key is bound to its row before the row is there. */
async function prepareKeys(db: Queryable, ring: KeyRing, keys: readonly NamedKey[]): Promise<PreparedKey[]> {
  const { rows } = await db.query<{ id: number }>(sql`
    select nextval(ids) as id from generate_series(1, ${keys.length}::int),
      (select pg_get_serial_sequence('meter_key', 'meter_key_id')::regclass as ids offset 0) as sequence`);
  const sealed = await ring.sealFields(
    keys.map(({ value }, nth) => ({ place: placeOf(rows[nth]!.id), secret: value })),
  );
  return keys.map((key, nth) => ({ ...key, meterKeyId: rows[nth]!.id, sealed: sealed[nth]! }));
}

async function insertKeys(
  db: Queryable,
  keys: readonly PreparedKey[],
  more: { state: "NEW" | "ACTIVE"; origin: MeterKeyOrigin; by: string | undefined },
): Promise<void> {
  try {
    await db.query(sql`
      insert into meter_key (meter_key_id, device_id, kind, state, sealed, fingerprint, counter_key, origin, created_by, activated_at)
      overriding system value
      select id, device_id, kind, ${more.state}, sealed, fingerprint, counter_key, ${more.origin}, ${more.by ?? null}::text,
        case ${more.state} when 'ACTIVE' then now() end
      from unnest(${keys.map((key) => key.meterKeyId)}::bigint[], ${keys.map((key) => key.deviceId)}::int[],
        ${keys.map((key) => key.kind)}::text[], ${keys.map((key) => key.sealed)}::bytea[],
        ${keys.map((key) => key.fingerprint)}::bytea[],
        ${keys.map((key) => (meterKeyKinds[key.kind].counts ? keyIdOf(key.value) : null))}::text[])
        as incoming (id, device_id, kind, sealed, fingerprint, counter_key)`);
  } catch (error) {
    if ((error as { constraint?: string }).constraint === "meter_key_one_device") {
      throw new StoreError("key.elsewhere", "a key is another device's, now or in the past", error);
    }
    throw error;
  }
}

/**
 * Takes keys over as those in use: what a device had of the same kind expires, and a key that it has already is left alone. Within
 * the caller's transaction. Gives the number of keys that are new.
 * @throws StoreError `key.elsewhere` when a cipher key was seen on another device, or an authentication key that must be its own
 */
export async function storeActiveKeys(
  db: Queryable,
  ring: KeyRing,
  given: readonly GivenKey[],
  more: {
    readonly origin: MeterKeyOrigin;
    readonly by?: string;
    /** Refuses an authentication key that another device has or had, as it does the keys that encipher. */
    readonly ownAuthentication?: boolean;
  },
): Promise<number> {
  if (given.length === 0) return 0;
  const named = await nameKeys(ring, given);
  const { rows } = await db.query<{ nth: number }>(sql`
    select nth::int as nth from unnest(${named.map((key) => key.deviceId)}::int[], ${named.map((key) => key.kind)}::text[],
      ${named.map((key) => key.fingerprint)}::bytea[]) with ordinality as incoming (device_id, kind, fingerprint, nth)
    join meter_key as known using (device_id, kind, fingerprint) where known.state = 'ACTIVE'`);
  const known = new Set(rows.map(({ nth }) => nth - 1));
  const unknown = named.filter((_, nth) => !known.has(nth));
  if (unknown.length === 0) return 0;
  const fresh = await prepareKeys(db, ring, unknown);
  await db.query(sql`
    update meter_key as old set state = 'EXPIRED', ended_at = now()
    from unnest(${fresh.map((key) => key.deviceId)}::int[], ${fresh.map((key) => key.kind)}::text[]) as incoming (device_id, kind)
    where old.device_id = incoming.device_id and old.kind = incoming.kind and old.state = 'ACTIVE'`);
  await insertKeys(db, fresh, { state: "ACTIVE", origin: more.origin, by: more.by });
  if (more.ownAuthentication) {
    const { rowCount } = await db.query(sql`
      select from meter_key as ours join meter_key as other using (kind, fingerprint)
      where ours.meter_key_id = any(${fresh.map(({ meterKeyId }) => meterKeyId)}::bigint[]) and kind = 'authentication'
        and other.device_id <> ours.device_id limit 1`);
    if (rowCount > 0)
      throw new StoreError("key.elsewhere", "an authentication key is another device's, now or in the past");
  }
  return fresh.length;
}

/** The keys of a device that may be in it: those in use, and those of a change that is under way. */
export async function openMeterKeys(db: Queryable, ring: KeyRing, deviceId: number): Promise<OpenedKey[]> {
  const { rows } = await db.query<{
    meterKeyId: number;
    kind: MeterKeyKind;
    state: "NEW" | "ACTIVE";
    sealed: Buffer;
  }>(sql`
    select meter_key_id as "meterKeyId", kind, state, sealed from meter_key
    where device_id = ${deviceId}::int and state in ('NEW', 'ACTIVE') order by meter_key_id`);
  const keys: OpenedKey[] = [];
  for (const { sealed, ...row } of rows) {
    keys.push({ ...row, value: await ring.openBytes(placeOf(row.meterKeyId), sealed) });
  }
  return keys;
}

/** What is changed over the line at one time: these kinds go in one message, and are proven together. */
export const rollGroups = {
  cipher: ["unicast", "authentication"],
  master: ["master"],
  broadcast: ["broadcast"],
  password: ["lls-password"],
  secret: ["hls-secret"],
} as const satisfies Readonly<Record<string, readonly MeterKeyKind[]>>;
export type RollGroup = keyof typeof rollGroups;
export type RollKind = (typeof rollGroups)[RollGroup][number];
export const rollKinds = rollGroups.cipher;

/** Kinds that travel wrapped by the master key (class 64, key_transfer). */
export const isTransferred = (kind: RollKind): boolean => kind !== "lls-password" && kind !== "hls-secret";

const passwordCharacters = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz23456789";

/** A new value as long as the one before; a password is text that can be typed. */
function draw(kind: RollKind, length: number): Uint8Array {
  if (kind !== "lls-password") return new Uint8Array(randomBytes(length));
  return Uint8Array.from({ length }, () =>
    passwordCharacters.charCodeAt(randomInt(passwordCharacters.length)),
  );
}

/**
 * The broadcast key that others of the same group have been given already, when theirs was the same as ours: it serves a message to all of
 * them, so it must stay one.
 */
async function openGroupsNew(
  db: Queryable,
  ring: KeyRing,
  deviceId: number,
): Promise<Uint8Array | undefined> {
  const { rows } = await db.query<{ id: number; sealed: Buffer }>(sql`
    select fresh.meter_key_id as id, fresh.sealed
    from meter_key as ours
    join meter_key as theirs on theirs.fingerprint = ours.fingerprint and theirs.kind = 'broadcast'
      and theirs.device_id <> ours.device_id and theirs.state in ('ACTIVE', 'EXPIRED')
    join meter_key as fresh on fresh.device_id = theirs.device_id and fresh.kind = 'broadcast' and fresh.origin = 'made'
      and fresh.state in ('NEW', 'ACTIVE') and fresh.meter_key_id > theirs.meter_key_id
    where ours.device_id = ${deviceId}::int and ours.kind = 'broadcast' and ours.state = 'ACTIVE'
    order by fresh.meter_key_id desc limit 1`);
  const found = rows[0];
  return found && (await ring.openBytes(placeOf(found.id), found.sealed)).reveal();
}

/**
 * Begins a change of keys, or goes on with the one that was cut: the NEW keys are drawn and committed before anything is sent,
 * and those that are there may be in the meter already: `kinds` says which they are, also when others were asked for. One change at a
 * time for a device: its row is locked meanwhile.
 * @throws StoreError `key.none-active` when the device has no key of a kind to change
 */
export async function beginKeyRoll(
  db: Database,
  ring: KeyRing,
  {
    deviceId,
    kinds,
    by,
  }: { readonly deviceId: number; readonly kinds: readonly RollKind[]; readonly by?: string },
): Promise<{ resumed: boolean; kinds: readonly RollKind[] }> {
  return db.transaction(async (transaction) => {
    await transaction.query(sql`select from device where device_id = ${deviceId}::int for update`);
    const keys = await openMeterKeys(transaction, ring, deviceId);
    try {
      const begun = keys.filter(({ state }) => state === "NEW").map(({ kind }) => kind as RollKind);
      if (begun.length > 0) return { resumed: true, kinds: begun };
      const given: GivenKey[] = [];
      for (const kind of kinds) {
        const active = keys.find((key) => key.kind === kind && key.state === "ACTIVE");
        if (!active) throw new StoreError("key.none-active", `the device has no ${kind} key to change`);
        const shared = kind === "broadcast" ? await openGroupsNew(transaction, ring, deviceId) : undefined;
        given.push({ deviceId, kind, value: shared ?? draw(kind, active.value.reveal().length) });
      }
      const prepared = await prepareKeys(transaction, ring, await nameKeys(ring, given));
      await insertKeys(transaction, prepared, { state: "NEW", origin: "made", by });
      for (const { value } of given) value.fill(0);
      return { resumed: false, kinds };
    } finally {
      for (const { value } of keys) value.wipe();
    }
  });
}

/** The NEW keys have proven themselves: they become ACTIVE and the old ones EXPIRED, in one transaction. False: there were none. */
export async function finishKeyRoll(db: Database, deviceId: number): Promise<boolean> {
  return db.transaction(async (transaction) => {
    await transaction.query(sql`select from device where device_id = ${deviceId}::int for update`);
    await transaction.query(sql`
      update meter_key as old set state = 'EXPIRED', ended_at = now() from meter_key as fresh
      where old.device_id = ${deviceId}::int and old.state = 'ACTIVE'
        and fresh.device_id = old.device_id and fresh.kind = old.kind and fresh.state = 'NEW'`);
    const { rowCount } = await transaction.query(sql`
      update meter_key set state = 'ACTIVE', activated_at = now()
      where device_id = ${deviceId}::int and state = 'NEW'`);
    return rowCount > 0;
  });
}

/** The meter has refused the NEW keys and proven that it still has the old ones: they are given up. */
export async function withdrawKeyRoll(db: Queryable, deviceId: number): Promise<void> {
  await db.query(sql`
    update meter_key set state = 'WITHDRAWN', ended_at = now() where device_id = ${deviceId}::int and state = 'NEW'`);
}

/** One key as pages show it. */
export interface MeterKeyRow {
  readonly meterKeyId: number;
  readonly deviceId: number;
  readonly kind: MeterKeyKind;
  readonly state: MeterKeyState;
  readonly fingerprint: string;
  readonly origin: MeterKeyOrigin;
  readonly createdAtMs: number;
  readonly createdBy: string | null;
  readonly activatedAtMs: number | null;
  readonly endedAtMs: number | null;
  /** Next invocation counter that will be sent; `null` for keys that do not count. */
  readonly nextCounter: number | null;
}

/** The keys of some devices with their states and ages, never their values; newest first. */
export async function listMeterKeys(db: Queryable, deviceIds: readonly number[]): Promise<MeterKeyRow[]> {
  const { rows } = await db.query<Omit<MeterKeyRow, "fingerprint"> & { fingerprint: Buffer }>(sql`
    select meter_key_id as "meterKeyId", device_id as "deviceId", kind, state, fingerprint, origin,
      created_at as "createdAtMs", created_by as "createdBy", activated_at as "activatedAtMs", ended_at as "endedAtMs",
      sent_counter.next as "nextCounter"
    from meter_key left join sent_counter on sent_counter.key_id = meter_key.counter_key
    where device_id = any(${deviceIds}::int[]) order by meter_key_id desc limit 500`);
  return rows.map((row) => ({ ...row, fingerprint: shownFingerprint(row.fingerprint) }));
}

/** Half of all counters are used: time to plan a new key. None may come twice, so at 2³² the key ends. */
export const counterAlarm = 2 ** 31;

export interface MeterKeyTotals {
  readonly kind: MeterKeyKind;
  readonly state: MeterKeyState;
  readonly keys: number;
  readonly oldestAtMs: number | null;
  /** Keys of which half of all counters are used. */
  readonly counterAlarms: number;
}

export async function countMeterKeys(db: Queryable): Promise<MeterKeyTotals[]> {
  const { rows } = await db.query<MeterKeyTotals>(sql`
    select kind, state, count(*)::int as keys, min(coalesce(activated_at, created_at)) as "oldestAtMs",
      (count(*) filter (where sent_counter.next >= ${counterAlarm}::bigint and state = 'ACTIVE'))::int as "counterAlarms"
    from meter_key left join sent_counter on sent_counter.key_id = meter_key.counter_key
    group by kind, state order by kind, state`);
  return rows;
}

/** Devices by their identities; all of them when none is named. @throws StoreError `device.unknown` */
export async function findDeviceIds(db: Queryable, identities: readonly string[]): Promise<number[]> {
  const { rows } = await db.query<{ deviceId: number; identity: string }>(sql`
    select device_id as "deviceId", identity from device
    where ${identities.length}::int = 0 or identity = any(${identities}::text[]) order by device_id`);
  const found = new Set(rows.map(({ identity }) => identity));
  const missing = identities.filter((identity) => !found.has(identity));
  if (missing.length > 0) throw new StoreError("device.unknown", `no device is called ${missing[0]}`);
  return rows.map(({ deviceId }) => deviceId);
}

/** Devices at the points of a branch and of those below it, with the branch's name; of the whole network when none is named. */
export async function findBranchDevices(
  db: Queryable,
  branchId: number | undefined,
): Promise<{ name: string; deviceIds: number[] }> {
  const { rows } = await db.query<{ deviceId: number }>(sql`
    with recursive below as (
      select branch_id from branch where branch_id = ${branchId ?? null}::int
      union all select branch.branch_id from branch join below on branch.parent_id = below.branch_id
    )
    select distinct device_id as "deviceId" from device
    join installation on installation.meter_id = device.meter_id and upper_inf(during)
    join point using (point_id) join location using (location_id)
    where ${branchId ?? null}::int is null or branch_id in (select branch_id from below) order by 1`);
  const named = await db.query<{ name: string }>(
    sql`select name from branch where branch_id = ${branchId ?? null}::int`,
  );
  return { name: named.rows[0]?.name ?? "*", deviceIds: rows.map(({ deviceId }) => deviceId) };
}
