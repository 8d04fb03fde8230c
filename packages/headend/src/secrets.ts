import type { Clock } from "@energsys/protocols";
import { CounterReplay } from "@energsys/protocols/dlms";
import {
  acceptCounter,
  bytesOfSecret,
  type Database,
  type DeviceSecret,
  findHeardCounter,
  findSentCounter,
  keyIdOf,
  openDeviceSecret,
  openSealedSecret,
  recordSystemEvent,
  reserveCounters,
  trialSecretContext,
} from "@energsys/store";
import type { DeviceKeys, KeyCounters } from "./device-keys.ts";
import { HeadendError } from "./errors.ts";

export interface KeySource {
  readonly db: Database;
  readonly masterKey?: Uint8Array;
  readonly clock: Clock;
}

/**
 * The keys of a device, from its row, with their counters in the database.
 * @throws HeadendError `secret.no-key`; StoreError `secret.unreadable`
 */
export function openDeviceKeys(
  source: KeySource,
  device: { readonly deviceId: number; readonly identity: string; readonly secret: Uint8Array | null },
): DeviceKeys {
  if (device.secret === null) return {};
  const secret = openDeviceSecret(needKey(source), device.identity, device.secret);
  return keysOf(secret, (key) => storedCounters(source, key, device.deviceId));
}

/** The keys of a trial, sealed and in hexadecimal digits as the request has them. What is sent is counted for good. */
export function openTrialKeys(source: KeySource, secretHex: string | undefined): DeviceKeys {
  if (secretHex === undefined) return {};
  const secret = openSealedSecret(needKey(source), trialSecretContext, Buffer.from(secretHex, "hex"));
  return keysOf(secret, (key) => storedCounters(source, key, undefined));
}

/** Secrets as they are stored or given, as a driver takes them. */
export function keysOf(
  secret: DeviceSecret,
  openCounters: (encryptionKey: Uint8Array) => Promise<KeyCounters>,
): DeviceKeys {
  const bytes = (kind: keyof DeviceSecret) => {
    const value = secret[kind];
    return value === undefined ? {} : { [kind]: bytesOfSecret(kind, value) };
  };
  const { password, encryptionKey } = secret;
  return {
    ...(password === undefined ? {} : { password }),
    ...bytes("hlsSecret"),
    ...bytes("authenticationKey"),
    ...bytes("signingKey"),
    ...bytes("meterPublicKey"),
    ...(encryptionKey === undefined
      ? {}
      : {
          ...bytes("encryptionKey"),
          openCounters: () => openCounters(bytesOfSecret("encryptionKey", encryptionKey)),
        }),
  };
}

/** Half of all counters: time to plan a new key. */
const counterAlarm = 2 ** 31;

/**
 * The counters of a key in the database. A trial has no device yet: what it hears is remembered for its own time only.
 */
async function storedCounters(
  { db, clock }: KeySource,
  key: Uint8Array,
  deviceId: number | undefined,
): Promise<KeyCounters> {
  const keyId = keyIdOf(key);
  const next = await findSentCounter(db, keyId);
  let heard = deviceId === undefined ? undefined : await findHeardCounter(db, deviceId, keyId);
  let from = 1;
  return {
    fresh: next === undefined,
    raise(next) {
      from = Math.max(from, next);
    },
    async reserve(count) {
      const first = await reserveCounters(db, keyId, { count, from });
      if (deviceId !== undefined && first < counterAlarm && first + count >= counterAlarm) {
        const code = "system:key.half-used";
        await recordSystemEvent(db, { deviceId, atMs: clock.now(), code, detail: { counter: first } });
      }
      return first;
    },
    received: () => heard,
    async accept(counter) {
      // Another process may have heard the device meanwhile: the database decides.
      if (deviceId !== undefined && !(await acceptCounter(db, deviceId, keyId, counter)))
        throw new CounterReplay(counter, counter + 1);
      heard = counter;
    },
  };
}

function needKey({ masterKey }: KeySource): Uint8Array {
  if (!masterKey)
    throw new HeadendError("secret.no-key", "the device has secrets and this head-end no master key");
  return masterKey;
}
