import { createHash } from "node:crypto";
import { type DeviceSecret, faultsOfSecret, secretKinds } from "@energsys/metering";
import { appendActs } from "../audit/append.ts";
import type { Database, Queryable } from "../database.ts";
import { keysOfSecret } from "../device-secret.ts";
import { StoreError } from "../errors.ts";
import { sql } from "../sql.ts";
import type { KeyRing } from "./key-ring.ts";
import { openMeterKeys, shownFingerprint, storeActiveKeys } from "./meter-keys.ts";
import type { SecretPlace } from "./places.ts";
import { storeSwitchingSecrets, switchingKinds } from "./switching.ts";

/** Its ciphers take 8 MB: a process that is asked for no file of keys does without. */
const age = () => import("age-encryption");

const format = "energsys-keys";
const devicesMax = 100_000;
/** What an imported file may have, encrypted or not. */
export const keyFileBytesMax = 50 * 1024 * 1024;
const namedInLog = 50;

const recipientPlace: SecretPlace = { table: "key_recipient", row: 1, kind: "integration-password" };

/** Where the keys of meters are sent to: made once, its identity sealed. */
export async function findKeyRecipient(db: Queryable, ring: KeyRing): Promise<string> {
  for (;;) {
    const { rows } = await db.query<{ recipient: string }>(sql`select recipient from key_recipient`);
    if (rows[0]) return rows[0].recipient;
    const { generateX25519Identity, identityToRecipient } = await age();
    const identity = await generateX25519Identity();
    const sealed = await ring.sealField(recipientPlace, identity);
    await db.query(sql`
      insert into key_recipient (recipient, sealed)
      values (${await identityToRecipient(identity)}, ${sealed}::bytea) on conflict do nothing`);
  }
}

export interface KeyExport {
  readonly file: Uint8Array;
  readonly devices: number;
  readonly keys: number;
}

/**
 * The keys in use of some devices, encrypted to recipients (age). The log says to whom, of how many devices, and the fingerprints
 * of the first ones.
 * @throws StoreError `key-file.recipient`, `key-file.empty`
 */
export async function exportKeys(
  db: Database,
  ring: KeyRing,
  {
    recipients,
    deviceIds,
  }: { readonly recipients: readonly string[]; readonly deviceIds: readonly number[] },
): Promise<KeyExport> {
  const { Encrypter } = await age();
  const encrypter = new Encrypter();
  try {
    for (const recipient of recipients) encrypter.addRecipient(recipient);
  } catch (cause) {
    throw new StoreError("key-file.recipient", "a recipient is no age recipient (age1…)", cause);
  }
  if (recipients.length === 0) throw new StoreError("key-file.recipient", "no recipient is named");
  const { rows } = await db.query<{ deviceId: number; identity: string }>(sql`
    select device_id as "deviceId", identity from device
    where device_id = any(${deviceIds}::int[]) and exists (select from meter_key where meter_key.device_id = device.device_id)
    order by device_id limit ${devicesMax}::int`);
  const devices = [];
  let keys = 0;
  for (const { deviceId, identity } of rows) {
    const secret: Record<string, string> = {};
    for (const { kind, state, value } of await openMeterKeys(db, ring, deviceId)) {
      const name = Object.entries(secretKinds).find(([, each]) => each.key === kind)?.[0];
      if (state === "ACTIVE" && name) secret[name] = textOf(name as keyof DeviceSecret, value.reveal());
      value.wipe();
    }
    keys += Object.keys(secret).length;
    if (Object.keys(secret).length > 0) devices.push({ identity, ...secret });
  }
  if (devices.length === 0) throw new StoreError("key-file.empty", "none of these devices has a key in use");
  const file = await encrypter.encrypt(JSON.stringify({ format, version: 1, devices }));
  await appendActs(db, [
    {
      action: "export",
      objectType: "meter_key",
      records: keys,
      severity: "security",
      after: {
        recipients,
        devices: devices.length,
        sha256: createHash("sha256").update(file).digest("hex"),
        fingerprints: await fingerprintsOf(db, deviceIds),
      },
    },
  ]);
  return { file, devices: devices.length, keys };
}

const textOf = (kind: keyof DeviceSecret, value: Uint8Array): string => {
  if (kind === "password") return Buffer.from(value).toString("utf8");
  const hex = Buffer.from(value).toString("hex").toUpperCase();
  return kind === "hlsSecret" ? `hex:${hex}` : hex;
};

/** What an import of keys lets through. */
export interface KeyPolicy {
  /** Some makers ship one authentication key with all meters, which is then no secret. */
  readonly sharedAuthentication: boolean;
}

const policyName = "key-policy";

export async function readKeyPolicy(db: Queryable): Promise<KeyPolicy> {
  const { rows } = await db.query<{ value: KeyPolicy }>(
    sql`select value from setting where name = ${policyName}`,
  );
  return rows[0]?.value ?? { sharedAuthentication: false };
}

export async function writeKeyPolicy(db: Queryable, policy: KeyPolicy): Promise<void> {
  await db.query(sql`
    insert into setting (name, value) values (${policyName}, ${JSON.stringify(policy)}::jsonb)
    on conflict (name) do update set value = excluded.value, changed_at = now()`);
}

/**
 * Takes the secrets of the client that may switch from a key file, sealed by the dispatcher's ring: nobody else opens them, nor the one
 * who brought them. All of the file or nothing.
 * @throws StoreError `key-file.unreadable`, `key-file.content` for a kind that this client has no use for, `device.unknown`
 */
export async function importSwitchingSecrets(
  db: Database,
  rings: { readonly ring: KeyRing; readonly dispatcher: KeyRing },
  file: Uint8Array,
  { identity }: { readonly identity?: string } = {},
): Promise<{ devices: number; secrets: number }> {
  const devices = devicesOf(await openFile(db, rings.ring, file, identity));
  return db.transaction(async (transaction) => {
    const names = devices.map((device) => device.identity);
    const { rows } = await transaction.query<{ deviceId: number; identity: string }>(sql`
      select device_id as "deviceId", identity from device where identity = any(${names}::text[])`);
    const idOf = new Map(rows.map((row) => [row.identity, row.deviceId]));
    const given = devices.flatMap(({ identity: name, ...secret }) => {
      const deviceId = idOf.get(name);
      if (deviceId === undefined) throw new StoreError("device.unknown", `no device is called ${name}`);
      return keysOfSecret(deviceId, secret).map((key) => {
        const kind = switchingKinds.find((each) => each === key.kind);
        if (!kind)
          throw new StoreError(
            "key-file.content",
            `${name}: a ${key.kind} key is not the switching client's`,
          );
        return { ...key, kind };
      });
    });
    await storeSwitchingSecrets(transaction, rings.dispatcher, given);
    for (const { value } of given) value.fill(0);
    await appendActs(transaction, [
      {
        action: "import",
        objectType: "switching_secret",
        records: given.length,
        severity: "security",
        after: { devices: idOf.size, sha256: createHash("sha256").update(file).digest("hex") },
      },
    ]);
    return { devices: idOf.size, secrets: given.length };
  });
}

async function fingerprintsOf(db: Queryable, deviceIds: readonly number[]): Promise<string[]> {
  const { rows } = await db.query<{ fingerprint: Buffer }>(sql`
    select fingerprint from meter_key where device_id = any(${deviceIds}::int[]) and state = 'ACTIVE'
    order by meter_key_id limit ${namedInLog}::int`);
  return rows.map(({ fingerprint }) => shownFingerprint(fingerprint));
}

export interface KeyImport {
  readonly devices: number;
  readonly keys: number;
  /** Identities that no device has. */
  readonly unknown: readonly string[];
}

/**
 * Takes over the keys of a file that was encrypted to our recipient, or to an identity that the caller has. All of it or nothing.
 * @throws StoreError `key-file.unreadable` for another recipient or changed bytes, `key-file.content`, `key.elsewhere`
 */
export async function importKeys(
  db: Database,
  ring: KeyRing,
  file: Uint8Array,
  { identity, by }: { readonly identity?: string; readonly by?: string } = {},
): Promise<KeyImport> {
  const devices = devicesOf(await openFile(db, ring, file, identity));
  return db.transaction(async (transaction) => {
    const { rows } = await transaction.query<{ deviceId: number; identity: string }>(sql`
      select device_id as "deviceId", identity from device
      where identity = any(${devices.map((device) => device.identity)}::text[])`);
    const idOf = new Map(rows.map((row) => [row.identity, row.deviceId]));
    const given = devices.flatMap(({ identity: name, ...secret }) => {
      const deviceId = idOf.get(name);
      return deviceId === undefined ? [] : keysOfSecret(deviceId, secret);
    });
    const { sharedAuthentication } = await readKeyPolicy(transaction);
    const keys = await storeActiveKeys(transaction, ring, given, {
      origin: "imported",
      ownAuthentication: !sharedAuthentication,
      ...(by === undefined ? {} : { by }),
    });
    for (const { value } of given) value.fill(0);
    const unknown = devices.filter(({ identity: name }) => !idOf.has(name)).map(({ identity: name }) => name);
    await appendActs(transaction, [
      {
        action: "import",
        objectType: "meter_key",
        records: keys,
        severity: "security",
        after: {
          devices: idOf.size,
          unknown: unknown.length,
          sha256: createHash("sha256").update(file).digest("hex"),
          fingerprints: await fingerprintsOf(transaction, [...idOf.values()]),
        },
      },
    ]);
    return { devices: idOf.size, keys, unknown };
  });
}

async function openFile(
  db: Queryable,
  ring: KeyRing,
  file: Uint8Array,
  identity: string | undefined,
): Promise<string> {
  if (file.length > keyFileBytesMax)
    throw new StoreError("key-file.content", "the file is larger than 50 MiB");
  const { Decrypter } = await age();
  const decrypter = new Decrypter();
  try {
    decrypter.addIdentity(identity ?? (await ownIdentity(db, ring)));
    return await decrypter.decrypt(file, "text");
  } catch (cause) {
    if (cause instanceof StoreError) throw cause;
    throw new StoreError("key-file.unreadable", "the file is not encrypted to this recipient", cause);
  }
}

async function ownIdentity(db: Queryable, ring: KeyRing): Promise<string> {
  await findKeyRecipient(db, ring);
  const { rows } = await db.query<{ sealed: Buffer }>(sql`select sealed from key_recipient`);
  return (await ring.openField(recipientPlace, rows[0]!.sealed)).reveal();
}

/** @throws StoreError `key-file.content`; what it says names a device, never a key */
function devicesOf(text: string): ({ identity: string } & DeviceSecret)[] {
  let content: { format?: unknown; devices?: unknown };
  try {
    content = JSON.parse(text) as typeof content;
  } catch {
    throw new StoreError("key-file.content", "the decrypted file is no JSON");
  }
  if (content?.format !== format || !Array.isArray(content.devices))
    throw new StoreError("key-file.content", `the decrypted file is no ${format}`);
  if (content.devices.length > devicesMax)
    throw new StoreError("key-file.content", `more than ${devicesMax} devices`);
  return content.devices.map((device: unknown, nth) => {
    const { identity, ...rest } = (device ?? {}) as Record<string, unknown>;
    const known = Object.entries(rest).every(
      ([name, value]) => Object.hasOwn(secretKinds, name) && typeof value === "string",
    );
    if (typeof identity !== "string" || identity === "" || !known)
      throw new StoreError("key-file.content", `device ${nth + 1}: an identity and keys as text are wanted`);
    const [fault] = Object.entries(faultsOfSecret(rest as DeviceSecret));
    if (fault) throw new StoreError("key-file.content", `device ${identity}: ${fault[0]}: ${fault[1]}`);
    return { identity, ...(rest as DeviceSecret) };
  });
}
