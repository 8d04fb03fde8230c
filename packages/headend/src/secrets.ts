import { type DeviceKeys, type KeyCounters, keysOf } from "@energsys/drivers";
import type { Clock } from "@energsys/protocols";
import { blockLength, CounterReplay } from "@energsys/protocols/dlms";
import {
  acceptCounter,
  type Database,
  findHeardCounter,
  findSentCounter,
  type KeyRing,
  keyIdOf,
  type MeterKeyKind,
  type OpenedKey,
  openMeterKeys,
  openTrialSecret,
  recordSystemEvent,
  reserveCounters,
  sql,
} from "@energsys/store";
import { HeadendError } from "./errors.ts";

export interface KeySource {
  readonly db: Database;
  readonly keyRing?: KeyRing;
  readonly clock: Clock;
  /** Of one line, by key: what is read over it and what the device pushes on it count together. */
  readonly counters?: Map<string, KeyCounters>;
}

/** Keys that a device may be reached by. */
export interface KeySet {
  readonly state: "ACTIVE" | "NEW";
  readonly keys: DeviceKeys;
}

/**
 * The keys of a device with their counters in the database: those in use; and while a change is under way also those with the NEW
 * ones in their place, since nobody knows which of them the meter has.
 * @throws HeadendError `secret.no-key`; StoreError `secret.unreadable`
 */
export async function openDeviceKeys(source: KeySource, deviceId: number): Promise<KeySet[]> {
  const { db, keyRing } = source;
  if (!keyRing) {
    const { rows } = await db.query(sql`select from meter_key where device_id = ${deviceId}::int limit 1`);
    if (rows.length > 0) needRing(source);
    return [{ state: "ACTIVE", keys: {} }];
  }
  const opened = await openMeterKeys(db, keyRing, deviceId);
  const setOf = (keys: readonly OpenedKey[]) => driverKeys(source, deviceId, keys);
  const active = opened.filter(({ state }) => state === "ACTIVE");
  // A master or broadcast key opens no association: a read proves nothing of them.
  const fresh = opened.filter(
    ({ state, kind }) => state === "NEW" && kind !== "master" && kind !== "broadcast",
  );
  const sets: KeySet[] = [{ state: "ACTIVE", keys: setOf(active) }];
  if (fresh.length > 0) sets.push({ state: "NEW", keys: setOf([...active, ...fresh]) });
  return sets;
}

/** Keys as a driver takes them; of one kind the last one counts. */
function driverKeys(source: KeySource, deviceId: number, opened: readonly OpenedKey[]): DeviceKeys {
  const find = (kind: MeterKeyKind) => opened.findLast((key) => key.kind === kind);
  const newest = (kind: MeterKeyKind) => find(kind)?.value.reveal();
  const made = find("unicast")?.state === "NEW";
  const replaced = opened.find(({ kind, state }) => kind === "unicast" && state === "ACTIVE")?.value.reveal();
  const given = <Name extends string, Value>(name: Name, value: Value | undefined) =>
    (value === undefined ? {} : { [name]: value }) as { [Key in Name]?: Value };
  const password = newest("lls-password");
  const encryptionKey = newest("unicast");
  return {
    ...given("password", password && new TextDecoder().decode(password)),
    ...given("hlsSecret", newest("hls-secret")),
    ...given("encryptionKey", encryptionKey),
    ...given("authenticationKey", newest("authentication")),
    ...given("signingKey", newest("signing")),
    ...given("meterPublicKey", newest("meter-public")),
    ...given(
      "openCounters",
      encryptionKey && (() => storedCounters(source, encryptionKey, deviceId, made ? replaced : undefined)),
    ),
  };
}

/** The keys of a trial, sealed and in hexadecimal digits as the request has them. What is sent is counted for good. */
export async function openTrialKeys(source: KeySource, secretHex: string | undefined): Promise<DeviceKeys> {
  if (secretHex === undefined) return {};
  const secret = await openTrialSecret(needRing(source), secretHex);
  return keysOf(secret, (key) => storedCounters(source, key, undefined));
}

/** Half of all counters: time to plan a new key. */
const counterAlarm = 2 ** 31;

/**
 * The counters of a key in the database. A trial has no device yet: what it hears is remembered for its own time only.
 */
async function storedCounters(
  source: KeySource,
  key: Uint8Array,
  deviceId: number | undefined,
  replaced?: Uint8Array,
): Promise<KeyCounters> {
  const keyId = keyIdOf(key);
  const found = source.counters?.get(keyId) ?? (await openStored(source, keyId, deviceId, replaced));
  const counters = source.counters?.get(keyId) ?? found;
  source.counters?.set(keyId, counters);
  return counters;
}

async function openStored(
  { db, clock }: KeySource,
  keyId: string,
  deviceId: number | undefined,
  replaced?: Uint8Array,
): Promise<KeyCounters> {
  const next = await findSentCounter(db, keyId);
  const before = replaced && (await findSentCounter(db, keyIdOf(replaced)));
  let heard = deviceId === undefined ? undefined : await findHeardCounter(db, deviceId, keyId);
  // Some meters begin anew with a new key, and some go on with what they heard under the old one: going on suits both, until half of
  // all counters are used.
  let from = before !== undefined && before < counterAlarm ? before : 1;
  let used = next !== undefined;
  let free = 0;
  let end = 0;
  let taking: Promise<unknown> = Promise.resolve();
  const take = async () => {
    if (free === end) {
      free = await reserve(blockLength);
      end = free + blockLength;
    }
    return free++;
  };
  const reserve = async (count: number) => {
    used = true;
    const first = await reserveCounters(db, keyId, { count, from });
    if (deviceId !== undefined && first < counterAlarm && first + count >= counterAlarm) {
      const code = "system:key.half-used";
      await recordSystemEvent(db, { deviceId, atMs: clock.now(), code, detail: { counter: first } });
    }
    return first;
  };
  return {
    // A key that was made here has no other sender: the meter need not be asked.
    get fresh() {
      return !used && !replaced;
    },
    raise(next) {
      from = Math.max(from, next);
      if (free < next) end = free;
    },
    reserve,
    next() {
      const taken = taking.then(take);
      taking = taken.catch(() => {});
      return taken;
    },
    received: () => heard,
    note(counter) {
      heard = Math.max(heard ?? counter, counter);
    },
    async accept(counter) {
      // Another process may have heard the device meanwhile: the database decides.
      if (deviceId !== undefined && !(await acceptCounter(db, deviceId, keyId, counter)))
        throw new CounterReplay(counter, counter + 1);
      heard = counter;
    },
  };
}

function needRing({ keyRing }: KeySource): KeyRing {
  if (!keyRing)
    throw new HeadendError("secret.no-key", "the device has secrets and this head-end no master key");
  return keyRing;
}
