import { StoreError } from "./errors.ts";
import { openSecret, sealSecret } from "./secret.ts";

/** What is secret about one device, by kind. Keys are hexadecimal digits; texts may be written `hex:` and digits. */
export interface DeviceSecret {
  /** Low-level security, or the programming mode of IEC 62056-21. */
  readonly password?: string;
  /** High-level security by a shared secret: mechanisms 2, 3, 4 and 6. */
  readonly hlsSecret?: string;
  /** Global unicast encryption key. */
  readonly encryptionKey?: string;
  readonly authenticationKey?: string;
  /** Our private key of mechanism 7, and the meter's public one. */
  readonly signingKey?: string;
  readonly meterPublicKey?: string;
}

export type SecretKind = keyof DeviceSecret;

/** Each kind: its parameter in a device URL, and how many bytes a key has (suites 0 and 1, then 2); texts have none. */
export const secretKinds = {
  password: { parameter: "password" },
  hlsSecret: { parameter: "secret" },
  encryptionKey: { parameter: "ek", bytes: [16, 32] },
  authenticationKey: { parameter: "ak", bytes: [16, 32] },
  signingKey: { parameter: "sk", bytes: [32, 48] },
  meterPublicKey: { parameter: "pk", bytes: [64, 96] },
} as const satisfies Readonly<
  Record<SecretKind, { readonly parameter: string; readonly bytes?: readonly number[] }>
>;

const kindNames = Object.keys(secretKinds) as SecretKind[];
const textMax = 64;

/** What is wrong with a secret, by kind; empty when nothing is. The values are not repeated. */
export function faultsOfSecret(secret: DeviceSecret): Partial<Record<SecretKind, string>> {
  const faults: Partial<Record<SecretKind, string>> = {};
  for (const kind of kindNames) {
    const value = secret[kind];
    if (value === undefined) continue;
    const { bytes } = secretKinds[kind] as { readonly bytes?: readonly number[] };
    if (!bytes) {
      const good = value.startsWith("hex:")
        ? /^hex:([0-9a-f]{2}){1,64}$/i.test(value)
        : value.length <= textMax;
      if (!good || value === "") faults[kind] = `1 to ${textMax} characters, or hex: and digits`;
    } else if (!/^[0-9a-f]+$/i.test(value) || !bytes.some((length) => value.length === 2 * length)) {
      faults[kind] = `${bytes.join(" or ")} bytes as hexadecimal digits`;
    }
  }
  const { encryptionKey, authenticationKey } = secret;
  if (encryptionKey !== undefined && encryptionKey.length !== authenticationKey?.length)
    faults.authenticationKey ??= "as long as the encryption key, and given with it";
  return faults;
}

/** The bytes of a kind's value, which was checked. */
export function bytesOfSecret(kind: SecretKind, value: string): Uint8Array {
  if ("bytes" in secretKinds[kind]) return new Uint8Array(Buffer.from(value, "hex"));
  if (value.startsWith("hex:")) return new Uint8Array(Buffer.from(value.slice(4), "hex"));
  return new TextEncoder().encode(value);
}

/** The secrets out of something that holds more; `undefined` when it holds none. */
export function findSecret(from: DeviceSecret): DeviceSecret | undefined {
  const held = kindNames.filter((kind) => from[kind] !== undefined);
  return held.length === 0 ? undefined : Object.fromEntries(held.map((kind) => [kind, from[kind]]));
}

/** Place of a device's secrets, and of those that a queued trial carries. */
export const deviceSecretContext = (identity: string): string => `device secret ${identity}`;
export const trialSecretContext = "trial secret";

/** Before there were kinds, a device's password stood alone under this context. */
const passwordContext = (identity: string): string => `device password ${identity}`;

export function sealDeviceSecret(masterKey: Uint8Array, context: string, secret: DeviceSecret): Uint8Array {
  return sealSecret(masterKey, context, JSON.stringify(secret));
}

/** @throws StoreError `secret.unreadable` */
export function openSealedSecret(masterKey: Uint8Array, context: string, sealed: Uint8Array): DeviceSecret {
  return JSON.parse(openSecret(masterKey, context, sealed)) as DeviceSecret;
}

/** The secrets of a device's row. @throws StoreError `secret.unreadable` */
export function openDeviceSecret(masterKey: Uint8Array, identity: string, sealed: Uint8Array): DeviceSecret {
  try {
    return openSealedSecret(masterKey, deviceSecretContext(identity), sealed);
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    return { password: openSecret(masterKey, passwordContext(identity), sealed) };
  }
}
