import type { Ciphers, Curve } from "../ciphers.ts";
import { LinkError } from "../errors.ts";
import type { GeneralCiphering, GeneralHeader, GeneralSigning, KeyInfo } from "./apdu-types.ts";
import { concatBytes } from "./bytes.ts";
import { type Opened, openCiphered, sealContent } from "./protection.ts";
import { decodeSecurityControl } from "./services/ciphered.ts";
import { encodeGeneralHeader } from "./services/general.ts";

// General protection of suites 1 and 2 (IEC 62056-5-3): one message under an identified, wrapped or agreed key, or with a
// signature. Key agreement and the signed fields follow one reading of the text; no capture or peer has shown them here.

export type AgreementScheme = "one-pass" | "static-unified";

export const curveOf = (suite: 1 | 2): Curve => (suite === 1 ? "P-256" : "P-384");

function need<Function>(lent: Function | undefined, name: string): Function {
  if (lent === undefined) throw new LinkError("dlms.cipher-missing", `${name} is needed and was not given`);
  return lent;
}

/** Algorithm identifiers of the keys that an agreement gives: AES-GCM-128 and AES-GCM-256. */
const algorithmId = (suite: 1 | 2) => Uint8Array.of(0x60, 0x85, 0x74, 0x05, 0x08, 0x03, suite === 1 ? 0 : 1);

export interface Agreement {
  readonly suite: 1 | 2;
  readonly scheme: AgreementScheme;
  /** Ours: ephemeral for the sender of one pass, else the static one. */
  readonly privateKey: Uint8Array;
  /** The other side's. */
  readonly publicKey: Uint8Array;
  readonly header: Pick<GeneralHeader, "transactionId" | "originatorTitle" | "recipientTitle">;
}

/** The key of one message: ECDH, then the concatenation key derivation of NIST SP 800-56A in one round. */
export function deriveAgreedKey(agreement: Agreement, ciphers: Ciphers): Uint8Array {
  const { suite, scheme, privateKey, publicKey, header } = agreement;
  const shared = need(ciphers.agree, "a key agreement")(curveOf(suite), privateKey, publicKey);
  const { transactionId, originatorTitle, recipientTitle } = header;
  const transaction =
    scheme === "one-pass"
      ? new Uint8Array(0)
      : concatBytes(Uint8Array.of(transactionId.length), transactionId);
  const material = concatBytes(
    Uint8Array.of(0, 0, 0, 1),
    shared,
    algorithmId(suite),
    originatorTitle,
    transaction,
    recipientTitle,
  );
  const hash = need(ciphers.hash, "a hash function");
  return suite === 1 ? hash("sha256", material).subarray(0, 16) : hash("sha384", material).subarray(0, 32);
}

/** Key id that the signature of an ephemeral key covers before the key itself. */
const onePassId = 1;

/** Key data of a one-pass agreement: the ephemeral public key and its signature by the sender's signing key. */
export function ephemeralKeyData(
  publicKey: Uint8Array,
  signing: { readonly curve: Curve; readonly privateKey: Uint8Array },
  ciphers: Ciphers,
): Uint8Array {
  const sign = need(ciphers.sign, "a signature function");
  const signed = concatBytes(Uint8Array.of(onePassId), publicKey);
  return concatBytes(publicKey, sign(signing.curve, signing.privateKey, signed));
}

/** The ephemeral public key of one-pass key data, or `undefined` when the signer did not sign it. */
export function openEphemeralKey(
  keyData: Uint8Array,
  signer: { readonly curve: Curve; readonly publicKey: Uint8Array },
  ciphers: Ciphers,
): Uint8Array | undefined {
  const verify = need(ciphers.verify, "a check of signatures");
  const half = signer.publicKey.length;
  if (keyData.length !== 2 * half) return undefined;
  const publicKey = keyData.subarray(0, half);
  const signed = concatBytes(Uint8Array.of(onePassId), publicKey);
  return verify(signer.curve, signer.publicKey, signed, keyData.subarray(half)) ? publicKey : undefined;
}

export interface GeneralSealing {
  readonly header: GeneralHeader;
  readonly keyInfo?: KeyInfo;
  /** Security control byte. */
  readonly control: number;
  readonly counter: number;
  readonly key: Uint8Array;
  readonly authenticationKey: Uint8Array;
  /** Authenticate the header too (default, as the standard has it); a public library leaves it out. */
  readonly headerAuthenticated?: boolean;
}

export function sealGeneral(apdu: Uint8Array, sealing: GeneralSealing, ciphers: Ciphers): GeneralCiphering {
  const { header, keyInfo, control, counter, key, authenticationKey, headerAuthenticated = true } = sealing;
  const securityControl = decodeSecurityControl(control);
  const isProtected = securityControl.authenticated || securityControl.encrypted;
  const content = sealContent(
    apdu,
    {
      control,
      counter,
      systemTitle: header.originatorTitle,
      encryption: key,
      authentication: authenticationKey,
    },
    ciphers,
    headerAuthenticated ? encodeGeneralHeader(header) : undefined,
  );
  return {
    kind: "general-ciphering",
    header,
    ...(keyInfo && { keyInfo }),
    securityControl,
    ...(isProtected && { invocationCounter: counter }),
    content,
  };
}

/** Opens one message with the key that its key information names. Counters are for the caller to check. */
export function openGeneral(
  message: GeneralCiphering,
  keys: {
    readonly key: Uint8Array;
    readonly authenticationKey?: Uint8Array;
    readonly headerAuthenticated?: boolean;
  },
  ciphers: Ciphers,
): Opened {
  const { securityControl, content, invocationCounter = 0, header } = message;
  return openCiphered(
    { securityControl, content, invocationCounter, systemTitle: header.originatorTitle },
    { encryption: keys.key, ...(keys.authenticationKey && { authentication: keys.authenticationKey }) },
    ciphers,
    (keys.headerAuthenticated ?? true) ? encodeGeneralHeader(header) : undefined,
  );
}

const signedBytes = (header: GeneralHeader, content: Uint8Array): Uint8Array =>
  concatBytes(encodeGeneralHeader(header), content);

export function signGeneral(
  content: Uint8Array,
  header: GeneralHeader,
  signing: { readonly curve: Curve; readonly privateKey: Uint8Array },
  ciphers: Ciphers,
): GeneralSigning {
  const sign = need(ciphers.sign, "a signature function");
  const signature = sign(signing.curve, signing.privateKey, signedBytes(header, content));
  return { kind: "general-signing", header, content, signature };
}

export function verifyGeneral(
  { header, content, signature }: GeneralSigning,
  signer: { readonly curve: Curve; readonly publicKey: Uint8Array },
  ciphers: Ciphers,
): boolean {
  const verify = need(ciphers.verify, "a check of signatures");
  return verify(signer.curve, signer.publicKey, signedBytes(header, content), signature);
}
