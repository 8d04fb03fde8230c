import { randomBytes } from "node:crypto";
import { chmodSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Decrypter, generateX25519Identity, identityToRecipient } from "age-encryption";
import { afterAll, expect, test } from "vitest";
import {
  addMasterKey,
  countDataKeys,
  countOnRetired,
  dataKeyOf,
  exportKeys,
  findKeyRecipient,
  forgetMasterKeys,
  importInventory,
  importKeys,
  importSwitchingSecrets,
  KeyRing,
  keyIdOf,
  keyProviderOf,
  masterVersion,
  openMeterKeys,
  openSwitchingSecrets,
  raiseCounters,
  resealRetired,
  reserveCounters,
  retireDataKeys,
  rewrapDataKeys,
  sealedColumns,
  sql,
  storeActiveKeys,
  writeKeyPolicy,
} from "../src/index.ts";
import { readMasterKeys } from "../src/secrets/master-key.ts";
import { temporaryFolder, testDatabase, testKeyRing } from "../src/testing.ts";
import { inventoryOf } from "./planning-inventory.ts";

const { db, drop } = await testDatabase();
const folder = temporaryFolder("key-files");
afterAll(async () => {
  await drop();
  rmSync(folder, { recursive: true, force: true });
});
const ring = testKeyRing(db);
await importInventory(db, inventoryOf(4));
const identities = (
  await db.query<{ id: number; identity: string }>(
    sql`select device_id as id, identity from device order by 1`,
  )
).rows;
const hex = () => randomBytes(16).toString("hex").toUpperCase();
const canaries = Array.from({ length: 4 }, hex);
await db.transaction((transaction) =>
  storeActiveKeys(
    transaction,
    ring,
    identities.slice(0, 2).flatMap(({ id }, nth) => [
      { deviceId: id, kind: "unicast" as const, value: new Uint8Array(Buffer.from(canaries[nth]!, "hex")) },
      { deviceId: id, kind: "lls-password" as const, value: new TextEncoder().encode(`canar-${nth}`) },
    ]),
    { origin: "entered" },
  ),
);
const keysOf = async (deviceId: number) =>
  (await openMeterKeys(db, ring, deviceId)).map(
    ({ kind, value }) => `${kind} ${Buffer.from(value.reveal()).toString("hex").toUpperCase()}`,
  );
const logged = async (action: string) =>
  (
    await db.query<{ records: number; severity: string; after: { fingerprints: string[] } }>(
      sql`select records, severity, after from audit.log where action = ${action} and object_type = 'meter_key'
        order by seq desc limit 1`,
    )
  ).rows[0];

test("keys are exported to a recipient, who alone opens them, and the log has fingerprints", async () => {
  const theirs = await generateX25519Identity();
  const recipients = [await identityToRecipient(theirs)];
  const { file, devices, keys } = await exportKeys(db, ring, {
    recipients,
    deviceIds: identities.map(({ id }) => id),
  });
  expect([devices, keys]).toEqual([2, 4]);
  const text = Buffer.from(file).toString("latin1");
  expect(text.startsWith("age-encryption.org/v1\n")).toBe(true);
  expect(text).not.toMatch(new RegExp(`canar|${canaries.join("|")}`));
  const decrypter = new Decrypter();
  decrypter.addIdentity(theirs);
  expect(JSON.parse(await decrypter.decrypt(file, "text")).devices[0]).toEqual({
    identity: identities[0]!.identity,
    encryptionKey: canaries[0],
    password: "canar-0",
  });
  const entry = await logged("export");
  expect(entry).toMatchObject({ records: 4, severity: "security" });
  expect(entry!.after.fingerprints).toHaveLength(4);
  await expect(importKeys(db, ring, file)).rejects.toMatchObject({ code: "key-file.unreadable" });
  await expect(exportKeys(db, ring, { recipients: ["age1nobody"], deviceIds: [1] })).rejects.toMatchObject({
    code: "key-file.recipient",
  });
});

/** What a maker sends: a file to our recipient. */
async function fileOf(content: unknown): Promise<Uint8Array> {
  const { Encrypter } = await import("age-encryption");
  const encrypter = new Encrypter();
  encrypter.addRecipient(await findKeyRecipient(db, ring));
  return encrypter.encrypt(typeof content === "string" ? content : JSON.stringify(content));
}
const shipment = (devices: unknown[]) => ({ format: "energsys-keys", version: 1, devices });

test("a maker's file to our recipient is taken over; identities that nobody has are told", async () => {
  const [, , third] = identities;
  const key = hex();
  const file = await fileOf(
    shipment([
      { identity: third!.identity, encryptionKey: key, authenticationKey: key, masterKey: hex() },
      { identity: "NOBODY", password: "x" },
    ]),
  );
  expect(await importKeys(db, ring, file, { by: "ana" })).toEqual({
    devices: 1,
    keys: 3,
    unknown: ["NOBODY"],
  });
  expect((await keysOf(third!.id)).slice(0, 2)).toEqual([`unicast ${key}`, `authentication ${key}`]);
  expect(await logged("import")).toMatchObject({ records: 3, severity: "security" });
  expect((await importKeys(db, ring, file)).keys).toBe(0);
});

test("a key of another meter refuses the whole file", async () => {
  const [, , , fourth] = identities;
  const file = await fileOf(
    shipment([{ identity: fourth!.identity, encryptionKey: canaries[0], authenticationKey: hex() }]),
  );
  await expect(importKeys(db, ring, file)).rejects.toMatchObject({ code: "key.elsewhere" });
  expect(await keysOf(fourth!.id)).toEqual([]);
});

test.each([
  ["no JSON", "Key=0011", "key-file.content"],
  ["another format", { format: "else", devices: [] }, "key-file.content"],
  ["a key that is too short", shipment([{ identity: "A", broadcastKey: "00" }]), "key-file.content"],
  ["a kind that nobody knows", shipment([{ identity: "A", pin: "1234" }]), "key-file.content"],
])("a file of %s is refused, and its content is not repeated", async (_, content, code) => {
  const error = await importKeys(db, ring, await fileOf(content)).catch((caught) => caught);
  expect(error).toMatchObject({ code });
  expect(error.message).not.toMatch(/0011|1234/);
});

test("every column of sealed values is known to the rotation", async () => {
  const { rows } = await db.query<{ name: string }>(sql`
    select table_name || '.' || column_name as name from information_schema.columns
    where table_schema = 'public' and data_type = 'bytea' and column_name ~ '^sealed'`);
  expect(sealedColumns.map(({ table, column }) => `${table}.${column}`).sort()).toEqual(
    rows.map(({ name }) => name).sort(),
  );
});

test("values are sealed anew under new data keys; cancelled half way it goes on", async () => {
  const first = identities[0]!.id;
  const before = await keysOf(first);
  const { rows: old } = await db.query<{ id: number; sealed: Buffer }>(
    sql`select meter_key_id as id, sealed from meter_key order by 1`,
  );
  expect(await retireDataKeys(db, "meter-key")).toBe(1);
  expect(await countOnRetired(db, "meter-key")).toBe(old.length);
  const stop = new AbortController();
  stop.abort();
  expect(await resealRetired(db, ring, "meter-key", { signal: stop.signal })).toEqual({
    resealed: 0,
    left: old.length,
  });
  const progress: number[] = [];
  expect(
    await resealRetired(db, ring, "meter-key", { onProgress: ({ done }) => progress.push(done) }),
  ).toEqual({ resealed: old.length, left: 0 });
  expect(progress).toEqual([old.length]);
  expect((await keysOf(first)).slice(0, before.length)).toEqual(before);
  const { rows: fresh } = await db.query<{ sealed: Buffer }>(sql`select sealed from meter_key order by 1`);
  for (const [nth, { sealed }] of fresh.entries())
    expect(dataKeyOf(sealed)).not.toBe(dataKeyOf(old[nth]!.sealed));
});

test("a master key is added to the file, the data keys follow, and the old one can go", async () => {
  const file = join(folder, "master.key");
  const first = randomBytes(32);
  writeFileSync(file, `${first.toString("hex")}\n`);
  chmodSync(file, 0o400);
  const own = await testDatabase();
  try {
    const provider = keyProviderOf({ ENERGSYS_MASTER_KEY_FILE: file });
    const running = await KeyRing.open(own.db, provider);
    const place = { table: "t", row: 1, kind: "personal" } as const;
    const sealed = await running.sealField(place, "Popescu");
    const newest = addMasterKey(file);
    expect(statSync(file).mode & 0o777).toBe(0o400);
    expect(readMasterKeys(file).map(masterVersion)).toEqual([newest, masterVersion(first)]);
    // A process that was running before makes its next data key under the new master without a restart.
    await running.sealField({ ...place, kind: "trial" }, "x");
    expect((await rewrapDataKeys(own.db, provider)).rewrapped).toBe(1);
    const inUse = new Set((await countDataKeys(own.db)).map(({ master }) => master));
    expect(forgetMasterKeys(file, inUse)).toEqual([masterVersion(first)]);
    expect(readFileSync(file, "utf8")).not.toContain(first.toString("hex"));
    const restarted = await KeyRing.open(own.db, keyProviderOf({ ENERGSYS_MASTER_KEY_FILE: file }));
    expect((await restarted.openField(place, sealed)).reveal()).toBe("Popescu");
  } finally {
    await own.drop();
  }
});

test("after the restore of an old backup no counter comes twice, not even of a key that had sent nothing", async () => {
  const [used, unused] = canaries.map((digits) => keyIdOf(new Uint8Array(Buffer.from(digits, "hex"))));
  const given = new Set<string>();
  const reserve = async (keyId: string) => {
    const start = await reserveCounters(db, keyId, { count: 256 });
    for (let counter = start; counter < start + 256; counter++) {
      const pair = `${keyId} ${counter}`;
      expect(given.has(pair), pair).toBe(false);
      given.add(pair);
    }
  };
  await reserve(used!);
  // The backup: what the counters table holds now.
  const { rows: backup } = await db.query<{ key_id: string; next: number }>(
    sql`select key_id, next from sent_counter`,
  );
  for (let block = 0; block < 20; block++) await reserve([used!, unused!][block % 2]!);
  await db.query(sql`delete from sent_counter`);
  await db.query(sql`
    insert into sent_counter (key_id, next)
    select * from unnest(${backup.map((row) => row.key_id)}::text[], ${backup.map((row) => row.next)}::bigint[])`);
  await raiseCounters(db);
  for (let block = 0; block < 20; block++) await reserve([used!, unused!][block % 2]!);
});

test("an authentication key that another device has is refused, unless the makers here ship shared ones", async () => {
  const [, , third, fourth] = identities.map(({ identity }) => identity);
  const shared = hex();
  const both = await fileOf(
    shipment([
      { identity: third, encryptionKey: hex(), authenticationKey: shared },
      { identity: fourth, encryptionKey: hex(), authenticationKey: shared },
    ]),
  );
  const before = await keysOf(identities[2]!.id);
  await expect(importKeys(db, ring, both)).rejects.toMatchObject({ code: "key.elsewhere" });
  expect(await keysOf(identities[2]!.id)).toEqual(before);
  await writeKeyPolicy(db, { sharedAuthentication: true });
  expect(await importKeys(db, ring, both)).toMatchObject({ devices: 2, keys: 4 });
  await writeKeyPolicy(db, { sharedAuthentication: false });
  // What is there already is no new key of anybody's.
  expect(await importKeys(db, ring, both)).toMatchObject({ keys: 0 });
});

test("secrets of the switching client come by a file, and the dispatcher alone opens them", async () => {
  const path = join(folder, "dispatcher.key");
  writeFileSync(path, randomBytes(32).toString("hex"), { mode: 0o400 });
  const provider = keyProviderOf({ ENERGSYS_MASTER_KEY_FILE: path });
  const dispatcher = await KeyRing.open(db, provider, { kinds: ["switching"] });
  const [{ id, identity }] = identities as [(typeof identities)[0]];
  const key = hex();
  const file = await fileOf(
    shipment([{ identity, encryptionKey: key, authenticationKey: hex(), password: "canar-9" }]),
  );
  const rings = { ring, dispatcher };
  expect(await importSwitchingSecrets(db, rings, file)).toEqual({ devices: 1, secrets: 3 });
  const opened = await openSwitchingSecrets(db, dispatcher, id);
  expect(Buffer.from(opened.get("unicast")!.reveal()).toString("hex").toUpperCase()).toBe(key);
  await expect(openSwitchingSecrets(db, ring, id)).rejects.toMatchObject({ code: "secret.master-missing" });
  const foreign = await fileOf(shipment([{ identity, masterKey: hex() }]));
  await expect(importSwitchingSecrets(db, rings, foreign)).rejects.toMatchObject({
    code: "key-file.content",
  });
  const unknown = await fileOf(shipment([{ identity: "nobody", encryptionKey: hex() }]));
  await expect(importSwitchingSecrets(db, rings, unknown)).rejects.toMatchObject({ code: "device.unknown" });
});
