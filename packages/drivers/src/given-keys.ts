import { bytesOfSecret, type DeviceSecret } from "@energsys/metering";
import { countersInMemory } from "@energsys/protocols/dlms";
import type { DeviceKeys, KeyCounters } from "./device-keys.ts";

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

/** The keys of a reading: what stands in the URL goes before what was stored, and is counted for this reading alone. */
export function keysOfUrl(secret: DeviceSecret, stored: DeviceKeys = {}): DeviceKeys {
  return { ...stored, ...keysOf(secret, async () => countersOfReading()) };
}

function countersOfReading(): KeyCounters {
  let from = 1;
  let keeper = countersInMemory(from);
  return {
    fresh: true,
    raise(next) {
      from = Math.max(from, next);
      keeper = countersInMemory(from, keeper.received());
    },
    async reserve(count) {
      const first = await keeper.reserve(count);
      from = first + count;
      return first;
    },
    received: () => keeper.received(),
    accept: (counter) => keeper.accept(counter),
  };
}
