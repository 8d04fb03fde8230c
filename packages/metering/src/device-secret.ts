/** What is secret about one device, by kind. Keys are hexadecimal digits; texts may be written `hex:` and digits. */
export interface DeviceSecret {
  /** Low-level security, or the programming mode of IEC 62056-21. */
  readonly password?: string;
  /** High-level security by a shared secret: mechanisms 2, 3, 4 and 6. */
  readonly hlsSecret?: string;
  /** Global unicast encryption key. */
  readonly encryptionKey?: string;
  readonly authenticationKey?: string;
  /** Master key of the meter: wraps new keys on their way to it. */
  readonly masterKey?: string;
  readonly broadcastKey?: string;
  /** Our private key of mechanism 7, and the meter's public one. */
  readonly signingKey?: string;
  readonly meterPublicKey?: string;
}

export type SecretKind = keyof DeviceSecret;

/** Each kind: its parameter in a device URL, its kind as a key of the device, and how many bytes a key has (suites 0 and 1, then 2). */
export const secretKinds = {
  password: { parameter: "password", key: "lls-password" },
  hlsSecret: { parameter: "secret", key: "hls-secret" },
  encryptionKey: { parameter: "ek", key: "unicast", bytes: [16, 32] },
  authenticationKey: { parameter: "ak", key: "authentication", bytes: [16, 32] },
  masterKey: { parameter: "kek", key: "master", bytes: [16, 32] },
  broadcastKey: { parameter: "bk", key: "broadcast", bytes: [16, 32] },
  signingKey: { parameter: "sk", key: "signing", bytes: [32, 48] },
  meterPublicKey: { parameter: "pk", key: "meter-public", bytes: [64, 96] },
} as const satisfies Readonly<
  Record<SecretKind, { readonly parameter: string; readonly key: string; readonly bytes?: readonly number[] }>
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
  if (encryptionKey && authenticationKey && encryptionKey.length !== authenticationKey.length)
    faults.authenticationKey ??= "as long as the encryption key";
  return faults;
}

/** The bytes of a kind's value, which was checked. */
export function bytesOfSecret(kind: SecretKind, value: string): Uint8Array {
  if ("bytes" in secretKinds[kind]) return Uint8Array.fromHex(value);
  if (value.startsWith("hex:")) return Uint8Array.fromHex(value.slice(4));
  return new TextEncoder().encode(value);
}

/** The secrets out of something that holds more; `undefined` when it holds none. */
export function findSecret(from: DeviceSecret): DeviceSecret | undefined {
  const held = kindNames.filter((kind) => from[kind] !== undefined);
  return held.length === 0 ? undefined : Object.fromEntries(held.map((kind) => [kind, from[kind]]));
}
