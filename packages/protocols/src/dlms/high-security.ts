import type { Ciphers, Curve, HashName } from "../ciphers.ts";
import { LinkError } from "../errors.ts";
import type { Mechanism } from "./apdu-types.ts";
import { concatBytes, sameBytes } from "./bytes.ts";
import { authenticatedBit, initializationVector, tagLength } from "./protection.ts";

/** High-level security by the number of its mechanism (IEC 62056-5-3, HLS authentication). */
export type HighMechanism = 2 | 3 | 4 | 5 | 6 | 7;

export const mechanismNames: Readonly<Record<HighMechanism, Mechanism>> = {
  2: "high",
  3: "high-md5",
  4: "high-sha1",
  5: "high-gmac",
  6: "high-sha256",
  7: "high-ecdsa",
};

/** What both sides know of each other when a challenge is answered. */
export interface Handshake {
  readonly clientChallenge: Uint8Array;
  readonly serverChallenge: Uint8Array;
  readonly clientTitle?: Uint8Array;
  readonly serverTitle?: Uint8Array;
}

/** The maker's own function of mechanism 2, and what the others need. */
export interface HighSecrets {
  /** Mechanisms 2, 3, 4 and 6. */
  readonly secret?: Uint8Array;
  /** Mechanism 2: the answer to a challenge under the secret. */
  readonly answer?: (challenge: Uint8Array, secret: Uint8Array) => Uint8Array;
  /** Mechanism 5. */
  readonly gmac?: {
    readonly suite: number;
    readonly encryptionKey: Uint8Array;
    readonly authenticationKey: Uint8Array;
  };
  /** Mechanism 7: own private key and the other side's public key. */
  readonly signing?: { readonly curve: Curve; readonly privateKey: Uint8Array; readonly peerKey: Uint8Array };
}

export type Side = "client" | "server";

const none = new Uint8Array(0);
const hashes: Partial<Record<HighMechanism, HashName>> = { 3: "md5", 4: "sha1", 6: "sha256" };

/** The challenge that a side answers: the other's. */
const answered = (side: Side, { clientChallenge, serverChallenge }: Handshake): Uint8Array =>
  side === "client" ? serverChallenge : clientChallenge;

/** Titles and challenges, those of the answering side first (mechanisms 6 and 7). */
function ordered(side: Side, handshake: Handshake): Uint8Array {
  const { clientTitle = none, serverTitle = none, clientChallenge, serverChallenge } = handshake;
  return side === "client"
    ? concatBytes(clientTitle, serverTitle, serverChallenge, clientChallenge)
    : concatBytes(serverTitle, clientTitle, clientChallenge, serverChallenge);
}

function need<Function>(lent: Function | undefined, name: string): Function {
  if (lent === undefined) throw new LinkError("dlms.cipher-missing", `${name} is needed and was not given`);
  return lent;
}

function hashed(
  mechanism: HighMechanism,
  side: Side,
  handshake: Handshake,
  secrets: HighSecrets,
  ciphers: Ciphers,
) {
  const hash = need(ciphers.hash, "a hash function");
  const secret = need(secrets.secret, "a secret");
  const bytes =
    mechanism === 6
      ? concatBytes(secret, ordered(side, handshake))
      : concatBytes(answered(side, handshake), secret);
  return hash(hashes[mechanism] as HashName, bytes);
}

function gmac(
  challenge: Uint8Array,
  title: Uint8Array,
  counter: number,
  secrets: HighSecrets,
  ciphers: Ciphers,
) {
  const { suite, encryptionKey, authenticationKey } = need(secrets.gmac, "a key");
  const control = authenticatedBit | suite;
  const value = new Uint8Array(5 + tagLength);
  value[0] = control;
  new DataView(value.buffer).setUint32(1, counter);
  const additional = concatBytes(Uint8Array.of(control), authenticationKey, challenge);
  value.set(ciphers.seal(encryptionKey, initializationVector(title, counter), additional, none), 5);
  return value;
}

/** What a side answers to the other's challenge. `counter` is one of the encryption key, for mechanism 5. */
export function answerChallenge(
  mechanism: HighMechanism,
  side: Side,
  handshake: Handshake,
  secrets: HighSecrets,
  ciphers: Ciphers,
  counter = 0,
): Uint8Array {
  const challenge = answered(side, handshake);
  switch (mechanism) {
    case 2:
      return need(secrets.answer, "the maker's function")(challenge, need(secrets.secret, "a secret"));
    case 5: {
      const title = side === "client" ? handshake.clientTitle : handshake.serverTitle;
      return gmac(challenge, need(title, "a system title"), counter, secrets, ciphers);
    }
    case 7: {
      const { curve, privateKey } = need(secrets.signing, "a private key");
      return need(ciphers.sign, "a signature function")(curve, privateKey, ordered(side, handshake));
    }
    default:
      return hashed(mechanism, side, handshake, secrets, ciphers);
  }
}

/** Compares without telling by time where two values differ. */
function sameSecret(one: Uint8Array, other: Uint8Array): boolean {
  if (one.length !== other.length) return false;
  let difference = 0;
  for (let at = 0; at < one.length; at++) difference |= (one[at] as number) ^ (other[at] as number);
  return difference === 0;
}

/** Whether `value` is what `side` had to answer. For mechanism 5 it also gives the counter that was used. */
export function checkAnswer(
  mechanism: HighMechanism,
  side: Side,
  value: Uint8Array,
  handshake: Handshake,
  secrets: HighSecrets,
  ciphers: Ciphers,
): { readonly good: boolean; readonly counter?: number } {
  if (sameBytes(handshake.clientChallenge, handshake.serverChallenge)) {
    // Our own challenge sent back: its answer could have been learned from us.
    return { good: false };
  }
  if (mechanism === 7) {
    const { curve, peerKey } = need(secrets.signing, "a public key");
    return {
      good: need(ciphers.verify, "a check of signatures")(curve, peerKey, ordered(side, handshake), value),
    };
  }
  if (mechanism !== 5) {
    return { good: sameSecret(value, answerChallenge(mechanism, side, handshake, secrets, ciphers)) };
  }
  if (value.length !== 5 + tagLength) return { good: false };
  const counter = new DataView(value.buffer, value.byteOffset).getUint32(1);
  return {
    good: sameSecret(value, answerChallenge(5, side, handshake, secrets, ciphers, counter)),
    counter,
  };
}
