import { createPrivateKey, createPublicKey, generateKeyPairSync, randomBytes } from "node:crypto";

/** A key pair as WireGuard writes keys: 32 bytes in base64. */
export interface WireGuardKeys {
  readonly privateKey: string;
  readonly publicKey: string;
}

const toBase64 = (base64url: string | undefined): string =>
  Buffer.from(base64url ?? "", "base64url").toString("base64");

/** X25519, made by Node: the same as `wg genkey` and `wg pubkey`. */
export function makeKeys(): WireGuardKeys {
  const { d, x } = generateKeyPairSync("x25519").privateKey.export({ format: "jwk" });
  return { privateKey: toBase64(d), publicKey: toBase64(x) };
}

/** The 16 bytes before the key in PKCS#8 (RFC 8410). */
const pkcs8Head = Buffer.from("302e020100300506032b656e04220420", "hex");

export function publicKeyOf(privateKey: string): string {
  const key = createPrivateKey({
    key: Buffer.concat([pkcs8Head, Buffer.from(privateKey, "base64")]),
    format: "der",
    type: "pkcs8",
  });
  return toBase64(createPublicKey(key).export({ format: "jwk" }).x);
}

export const makePresharedKey = (): string => randomBytes(32).toString("base64");

/** What a device's modem is given: the whole file, for the device alone. */
export function deviceConfig(given: {
  readonly privateKey: string;
  readonly presharedKey: string;
  readonly address: string;
  readonly serverPublicKey: string;
  /** Where the tunnel's host is reached, `host:port`. */
  readonly endpoint: string;
  /** What lies behind the tunnel: the head-end. */
  readonly allowed: string;
}): string {
  return [
    "[Interface]",
    `PrivateKey = ${given.privateKey}`,
    `Address = ${given.address}/32`,
    "",
    "[Peer]",
    `PublicKey = ${given.serverPublicKey}`,
    `PresharedKey = ${given.presharedKey}`,
    `Endpoint = ${given.endpoint}`,
    `AllowedIPs = ${given.allowed}`,
    // Mobile networks forget a silent line after 30 s at the earliest.
    "PersistentKeepalive = 25",
    "",
  ].join("\n");
}

export interface ServerPeer {
  readonly label: string;
  readonly publicKey: string;
  readonly presharedKey: string;
  readonly address: string;
}

/** What the tunnel's host is given, for `wg syncconf`; its private key stays in a file of the host. */
export function serverConfig(
  own: { readonly privateKey: string; readonly address: string; readonly port: number },
  peers: readonly ServerPeer[],
): string {
  return [
    "[Interface]",
    `PrivateKey = ${own.privateKey}`,
    `Address = ${own.address}`,
    `ListenPort = ${own.port}`,
    peersConfig(peers),
  ].join("\n");
}

/** The part of that file which holds no private key of the host: to be put after its `[Interface]`. */
export function peersConfig(peers: readonly ServerPeer[]): string {
  const lines: string[] = [];
  for (const { label, publicKey, presharedKey, address } of peers) {
    lines.push(
      "",
      // A label is a comment and must stay one.
      `# ${label.replaceAll(/[^\p{L}\p{N} ._:/-]/gu, "?")}`,
      "[Peer]",
      `PublicKey = ${publicKey}`,
      `PresharedKey = ${presharedKey}`,
      `AllowedIPs = ${address}/32`,
    );
  }
  return `${lines.join("\n")}\n`;
}

export interface Handshake {
  readonly publicKey: string;
  /** Epoch ms; null when there never was one. */
  readonly lastHandshakeMs: number | null;
  readonly receivedBytes: number;
  readonly sentBytes: number;
}

const keyPattern = /^[A-Za-z0-9+/]{43}=$/;

/**
 * Peers of `wg show <interface> dump` or `wg show all dump`: a line per peer, fields parted by tabs. The line of the interface and the
 * preshared keys are passed over. Lines that are no peer are left out; there may be any number of them.
 */
export function parseDump(text: string): Handshake[] {
  return text.split("\n").flatMap((line) => {
    const fields = line.split("\t");
    // With "all" the name of the interface stands before the key.
    const peer = fields.length === 9 ? fields.slice(1) : fields;
    const [publicKey = "", , , , handshake = "", received = "", sent = ""] = peer;
    const numbers = [handshake, received, sent];
    if (
      peer.length !== 8 ||
      !keyPattern.test(publicKey) ||
      !numbers.every((field) => /^\d{1,15}$/.test(field))
    )
      return [];
    const seconds = Number(handshake);
    return [
      {
        publicKey,
        lastHandshakeMs: seconds === 0 ? null : seconds * 1_000,
        receivedBytes: Number(received),
        sentBytes: Number(sent),
      },
    ];
  });
}
