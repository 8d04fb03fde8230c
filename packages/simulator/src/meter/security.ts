import { createECDH, createHash } from "node:crypto";

/** Mechanisms of high-level security that a virtual meter can ask for; 2 is every maker's own. */
export type MeterMechanism = 3 | 4 | 5 | 6 | 7;
export type Suite = 0 | 1 | 2;

/** What a secured meter is delivered with. Keys: 16 bytes, 32 in suite 2. */
export interface MeterSecurity {
  readonly mechanism: MeterMechanism;
  readonly suite: Suite;
  /** Takes and gives services ciphered only; else the keys serve mechanism 5 alone. */
  readonly ciphered: boolean;
  /** Mechanisms 3, 4 and 6. */
  readonly secret: string;
  readonly systemTitle: Uint8Array;
  readonly masterKey: Uint8Array;
  readonly encryptionKey: Uint8Array;
  readonly authenticationKey: Uint8Array;
  /** Mechanism 7: the meter's private key and public key, and those of the client that it trusts. */
  readonly signing?: {
    readonly privateKey: Uint8Array;
    readonly publicKey: Uint8Array;
    readonly clientPrivateKey: Uint8Array;
    readonly clientPublicKey: Uint8Array;
  };
}

/** Digits of the meter's own, drawn by the seed: no two meters share a key. */
function keyMaterial(key: number, serial: string, name: string, length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  for (let at = 0; at < length; at += 32) {
    const digest = createHash("sha256").update(`${key}/${serial}/${name}/${at}`).digest();
    bytes.set(digest.subarray(0, length - at), at);
  }
  return bytes;
}

/** Three letters of the maker and the serial number in five bytes. */
function systemTitleOf(serial: string): Uint8Array {
  const title = Uint8Array.from(Buffer.from("ENS\0\0\0\0\0", "latin1"));
  new DataView(title.buffer).setUint32(4, Number(serial));
  return title;
}

const curveNames = { 1: "prime256v1", 2: "secp384r1" } as const;

function keyPair(suite: 1 | 2, privateKey: Uint8Array): { privateKey: Uint8Array; publicKey: Uint8Array } {
  const ecdh = createECDH(curveNames[suite]);
  // The highest byte is cleared: the number is then below the order of either curve.
  privateKey[0] = 0;
  ecdh.setPrivateKey(privateKey);
  return { privateKey, publicKey: new Uint8Array(ecdh.getPublicKey()).subarray(1) };
}

/** The security of one meter, as its works would draw it. */
export function drawSecurity(
  meter: { readonly key: number; readonly serial: string },
  kind: { readonly mechanism: MeterMechanism; readonly suite: Suite; readonly ciphered: boolean },
): MeterSecurity {
  const { key, serial } = meter;
  const { suite } = kind;
  const length = suite === 2 ? 32 : 16;
  const material = (name: string, bytes = length) => keyMaterial(key, serial, name, bytes);
  const signing = () => {
    if (suite === 0) return undefined;
    const own = keyPair(suite, material("signing", suite === 1 ? 32 : 48));
    const client = keyPair(suite, material("client-signing", suite === 1 ? 32 : 48));
    return { ...own, clientPrivateKey: client.privateKey, clientPublicKey: client.publicKey };
  };
  const pairs = signing();
  return {
    ...kind,
    secret: Buffer.from(material("secret", 8)).toString("hex"),
    systemTitle: systemTitleOf(serial),
    masterKey: material("master"),
    encryptionKey: material("encryption"),
    authenticationKey: material("authentication"),
    ...(pairs && { signing: pairs }),
  };
}
