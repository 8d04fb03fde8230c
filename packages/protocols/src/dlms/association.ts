import { DecodeError, LinkError } from "../errors.ts";
import { decodeApdu, encodeApdu } from "./apdu.ts";
import type { Aare, Apdu, ApplicationContext, InitiateRequest, InitiateResponse } from "./apdu-types.ts";
import { readingConformance } from "./conformance.ts";
import {
  answerChallenge,
  checkAnswer,
  type Handshake,
  type HighMechanism,
  type HighSecrets,
  mechanismNames,
} from "./high-security.ts";
import { type ApduLink, AssociationRefused, refusalOf } from "./link.ts";
import { SecureChannel, type SecuritySettings } from "./secure-channel.ts";
import { apduTags } from "./tags.ts";

export type Authentication =
  | { readonly kind: "none" }
  | { readonly kind: "low"; readonly password: Uint8Array | string }
  | {
      readonly kind: "high";
      readonly mechanism: HighMechanism;
      /** Mechanisms 2, 3, 4 and 6. */
      readonly secret?: Uint8Array | string;
      /** Mechanism 2, the maker's own function. */
      readonly answer?: HighSecrets["answer"];
      /** Mechanism 7. */
      readonly signing?: HighSecrets["signing"];
      /** Length of our challenge, 8 to 64 bytes (default 16). */
      readonly challengeLength?: number;
    };

export type Naming = "logical" | "short";

export interface AssociationOptions {
  readonly authentication: Authentication;
  /** Ciphering, and the keys of mechanism 5. Its `ciphers` serve the other mechanisms too. */
  readonly security?: SecuritySettings;
  readonly naming?: Naming;
  /** Services that we propose, 24 bits (default: those that reading needs). */
  readonly conformance?: number;
  /** Longest APDU that we take (default 65535; 0 = no limit). */
  readonly maxReceivePduLength?: number;
  /** Whether the association is released by RLRQ before the link is closed (default), or by the link alone. */
  readonly releaseRequest?: boolean;
  /** Protect the release with the initiate request again, as the standard has it (default); some devices refuse it. */
  readonly releaseProtected?: boolean;
  /** Selector of the method call that answers the challenge by short names: 0 (default) or 1, by device. */
  readonly shortNameReplySelector?: 0 | 1;
  /**
   * An association that stands by agreement: no AARQ is sent, and this is what both sides can do. Needs the address, and
   * with `security` the title of the other side too.
   */
  readonly preEstablished?: { readonly conformance: number; readonly serverMaxReceivePduLength: number };
}

/** Carries the answer to our HLS value, as LN and SN do it. */
interface HlsReply {
  readonly request: Apdu;
  /** The meter's value in its answer. @throws AssociationRefused */
  value(answer: Apdu): Uint8Array;
}

const dlmsVersion = 6;
const vaaNames: Readonly<Record<Naming, number>> = { logical: 0x0007, short: 0xfa00 };
const longestPdu = 0xffff;
/** Names of association SN and of its method reply_to_HLS_authentication. */
const associationSn = 0xfa00;
const replyToHlsOffset = 0x58;

/** How many bytes a ciphered APDU may be longer than its content: tag, lengths, title, header, tag of GCM. */
const protectionOverhead = 1 + 1 + 8 + 3 + 5 + 12;

/**
 * One association as a client (IEC 62056-5-3): opened with or without ciphering and high security, carrying plain APDUs
 * in and out, released once. A fault of the protection releases it: whatever follows could be made by another.
 */
export class Association {
  /** What both sides can do: our proposal as the meter cut it. */
  readonly conformance: number;
  /** Longest APDU that the meter takes; 0 = no limit. */
  readonly serverMaxReceivePduLength: number;
  readonly #link: ApduLink;
  readonly #options: AssociationOptions;
  readonly #channel: SecureChannel | undefined;
  readonly #initiate: InitiateRequest;
  #authenticated = false;
  #released = false;

  private constructor(
    link: ApduLink,
    options: AssociationOptions,
    channel: SecureChannel | undefined,
    initiate: InitiateRequest,
    granted: { conformance: number; maxReceivePduLength: number },
  ) {
    this.#link = link;
    this.#options = options;
    this.#channel = channel;
    this.#initiate = initiate;
    this.conformance = granted.conformance & initiate.conformance;
    this.serverMaxReceivePduLength = granted.maxReceivePduLength;
  }

  /**
   * Connects the link and opens an association on it. On any failure what stands is released and the link closed.
   * @throws AssociationRefused `association.refused` with the meter's diagnostic, `association.unproven`,
   *   `association.pdu-too-short`, `association.meter-unproven`
   * @throws ServiceRefused `dlms.deciphering-refused`, `dlms.counter-refused` with the counter that the meter expects
   * @throws LinkError those of the link and of `SecureChannel`, `link.garbled`, `dlms.unexpected`, `dlms.cipher-missing`
   */
  static async open(link: ApduLink, options: AssociationOptions): Promise<Association> {
    const channel = options.security && new SecureChannel(options.security);
    const initiate: InitiateRequest = {
      kind: "initiate-request",
      ...(options.security?.dedicatedKey && { dedicatedKey: options.security.dedicatedKey }),
      responseAllowed: true,
      dlmsVersion,
      conformance: options.conformance ?? readingConformance,
      maxReceivePduLength: options.maxReceivePduLength ?? longestPdu,
    };
    let association: Association | undefined;
    try {
      await link.connect();
      if (options.preEstablished) {
        const { conformance, serverMaxReceivePduLength: maxReceivePduLength } = options.preEstablished;
        association = new Association(link, options, channel, initiate, { conformance, maxReceivePduLength });
      } else {
        const challenge = challengeOf(options);
        const answer = decodeApdu(
          await link.exchange(await requestOf(options, channel, initiate, challenge)),
        );
        const { aare, response } = await judgeAare(answer, options, channel);
        association = new Association(link, options, channel, initiate, response);
        if (challenge) await association.#authenticate(challenge, aare);
      }
      association.#authenticated = true;
      return association;
    } catch (cause) {
      if (association) await association.release();
      else await link.close();
      throw garbled(cause);
    }
  }

  /** Longest plain APDU that fits the meter's limit under our protection. */
  get requestLengthMax(): number {
    const limit = this.serverMaxReceivePduLength === 0 ? longestPdu : this.serverMaxReceivePduLength;
    return this.#ciphers() ? Math.max(limit - protectionOverhead, 1) : limit;
  }

  /**
   * Sends one plain APDU and gives the answer in the clear. Faults of the protection, on either side, release the
   * association before they are thrown.
   */
  async exchange(apdu: Uint8Array): Promise<Uint8Array> {
    try {
      return await this.#exchange(apdu);
    } catch (cause) {
      // A service that the meter does not have is no fault of the protection.
      const isFault = cause instanceof LinkError && cause.code !== "dlms.exception";
      if (isFault && !cause.code.startsWith("link.")) await this.release();
      throw cause;
    }
  }

  /** Closes the link without a word to the meter. */
  async abandon(): Promise<void> {
    this.#released = true;
    await this.#link.close();
  }

  /** Releases the association and closes the link. Never throws. */
  async release(): Promise<void> {
    if (this.#released) return;
    this.#released = true;
    if ((this.#options.releaseRequest ?? true) && !this.#options.preEstablished) {
      try {
        await this.#link.exchange(await this.#releaseRequest());
      } catch (error) {
        if (!(error instanceof LinkError)) throw error;
      }
    }
    this.#channel?.dropDedicatedKey();
    await this.#link.close();
  }

  #ciphers(): SecureChannel | undefined {
    return this.#channel?.level === "none" ? undefined : this.#channel;
  }

  async #exchange(apdu: Uint8Array): Promise<Uint8Array> {
    const channel = this.#ciphers();
    if (!channel) return this.#link.exchange(apdu);
    const form = {
      general: (this.#options.security?.general ?? false) && this.#authenticated,
      dedicated: channel.hasDedicatedKey && this.#authenticated,
    };
    const answer = await this.#link.exchange(await channel.protect(apdu, form));
    const opened = await channel.openBytes(answer);
    if (opened) return opened.apdu;
    // What a device cannot decipher it can only refuse in the clear.
    const refusals: readonly (number | undefined)[] = [
      apduTags["exception-response"],
      apduTags["confirmed-service-error"],
    ];
    if (!refusals.includes(answer[0])) throw new LinkError("dlms.protection", "an answer without protection");
    throw refusalOf(decodeRefusal(answer));
  }

  /** Passes 3 and 4: our answer to the meter's challenge, then its answer to ours. */
  async #authenticate(clientChallenge: Uint8Array, aare: Aare): Promise<void> {
    const { authentication, security } = this.#options;
    if (authentication.kind !== "high") return;
    const serverChallenge = aare.authenticationValue;
    if (!serverChallenge || serverChallenge.length < 8) {
      throw new AssociationRefused("no-challenge", true);
    }
    const ciphers = security?.ciphers;
    if (!ciphers) throw new LinkError("dlms.cipher-missing");
    const channel = this.#channel;
    const { mechanism } = authentication;
    const handshake: Handshake = {
      clientChallenge,
      serverChallenge,
      ...(security && { clientTitle: security.systemTitle }),
      ...(channel?.peerTitle && { serverTitle: channel.peerTitle }),
    };
    const secrets = secretsOf(this.#options);
    const counter = mechanism === 5 ? await channel?.nextCounter() : undefined;
    const value = answerChallenge(mechanism, "client", handshake, secrets, ciphers, counter);
    const reply = this.#reply(value);
    const answer = decodeApdu(await this.#exchange(encodeApdu(reply.request)));
    const proof = reply.value(answer);
    const checked = checkAnswer(mechanism, "server", proof, handshake, secrets, ciphers);
    if (!checked.good) {
      throw new LinkError("association.meter-unproven", "the meter did not prove that it knows the key");
    }
    // In a ciphered association the counter of the APDU around it was checked and is higher.
    if (checked.counter !== undefined && !this.#ciphers()) await channel?.takeCounter(checked.counter);
  }

  #reply(value: Uint8Array): HlsReply {
    const parameters = { type: "octet-string", bytes: value } as const;
    if (this.#options.naming === "short") {
      const selection = { selector: this.#options.shortNameReplySelector ?? 0, parameters };
      const name = associationSn + replyToHlsOffset;
      return {
        request: { kind: "read-request", items: [{ kind: "name", name, selection }] },
        value(answer) {
          if (answer.kind !== "read-response") throw refusalOf(answer);
          return proofOf(answer.results[0]);
        },
      };
    }
    return {
      request: {
        kind: "action-request-normal",
        invoke: { id: 1, confirmed: true, highPriority: true },
        method: { classId: 15, obis: "0-0:40.0.0*255", method: 1 },
        parameters,
      },
      value(answer) {
        if (answer.kind !== "action-response-normal") throw refusalOf(answer);
        if (answer.actionResult !== "success") throw new AssociationRefused("authentication-failure", true);
        return proofOf(answer.result);
      },
    };
  }

  async #releaseRequest(): Promise<Uint8Array> {
    const channel = this.#ciphers();
    if (!channel || !(this.#options.releaseProtected ?? true)) return encodeApdu({ kind: "rlrq", reason: 0 });
    const sealed = decodeApdu(await channel.protect(encodeApdu(this.#initiate), initiateForm));
    return encodeApdu({
      kind: "rlrq",
      reason: 0,
      ...(sealed.kind === "ciphered" && { userInformation: sealed }),
    });
  }
}

const initiateForm = { general: false, dedicated: false };

function proofOf(result: unknown): Uint8Array {
  const { ok, data } = (result ?? {}) as { ok?: unknown; data?: { type: string; bytes?: Uint8Array } };
  if (ok !== true || data?.type !== "octet-string" || !data.bytes) {
    throw new AssociationRefused("authentication-failure", true);
  }
  return data.bytes;
}

function challengeOf({ authentication, security }: AssociationOptions): Uint8Array | undefined {
  if (authentication.kind !== "high") return undefined;
  if (!security) throw new LinkError("dlms.cipher-missing", "high security needs ciphers");
  const length = authentication.challengeLength ?? 16;
  if (length < 8 || length > 64) throw new RangeError("a challenge has 8 to 64 bytes");
  return security.ciphers.random(length);
}

function secretsOf({ authentication, security }: AssociationOptions): HighSecrets {
  if (authentication.kind !== "high") return {};
  const { secret, answer, signing } = authentication;
  return {
    ...(secret !== undefined && { secret: secretBytes(secret) }),
    ...(answer && { answer }),
    ...(signing && { signing }),
    ...(security && {
      gmac: {
        suite: security.suite ?? 0,
        encryptionKey: security.encryptionKey,
        authenticationKey: security.authenticationKey,
      },
    }),
  };
}

async function requestOf(
  options: AssociationOptions,
  channel: SecureChannel | undefined,
  initiate: InitiateRequest,
  challenge: Uint8Array | undefined,
): Promise<Uint8Array> {
  const { authentication } = options;
  const ciphered = channel !== undefined && channel.level !== "none";
  // Only these use titles: a device that has none may refuse an AARQ that carries one.
  const titled = ciphered || (authentication.kind === "high" && authentication.mechanism >= 5);
  const sealed = ciphered && decodeApdu(await channel.protect(encodeApdu(initiate), initiateForm));
  return encodeApdu({
    kind: "aarq",
    context: contextOf(options.naming ?? "logical", ciphered),
    ...(channel && titled && { callingApTitle: channel.settings.systemTitle }),
    ...(authentication.kind === "low" && {
      mechanism: "low" as const,
      authenticationValue: secretBytes(authentication.password),
    }),
    ...(authentication.kind === "high" &&
      challenge && { mechanism: mechanismNames[authentication.mechanism], authenticationValue: challenge }),
    userInformation: sealed && sealed.kind === "ciphered" ? sealed : initiate,
  });
}

export function contextOf(naming: Naming, ciphered: boolean): ApplicationContext {
  if (naming === "logical") return ciphered ? "logical-names-ciphered" : "logical-names";
  return ciphered ? "short-names-ciphered" : "short-names";
}

const authenticationRequired = 14;

/** What an AARE grants. @throws AssociationRefused, ServiceRefused, LinkError those of `SecureChannel.open` */
async function judgeAare(
  answer: Apdu,
  options: AssociationOptions,
  channel: SecureChannel | undefined,
): Promise<{ aare: Aare; response: InitiateResponse }> {
  if (answer.kind === "exception-response") {
    if (channel) throw refusalOf(answer);
    throw new AssociationRefused(answer.serviceError, false);
  }
  if (answer.kind === "confirmed-service-error") throw new AssociationRefused(answer.error, true);
  if (answer.kind !== "aare") throw new LinkError("dlms.unexpected", `${answer.kind} where an AARE was due`);
  const isHigh = options.authentication.kind === "high";
  const ciphered = channel !== undefined && channel.level !== "none";
  const { userInformation } = answer;
  if (answer.result !== "accepted") {
    const { name } = answer.diagnostic;
    const diagnostic = userInformation?.kind === "confirmed-service-error" ? userInformation.error : name;
    throw new AssociationRefused(diagnostic, answer.result === "rejected-permanent");
  }
  if (answer.diagnostic.code !== 0 && !(isHigh && answer.diagnostic.code === authenticationRequired)) {
    throw new AssociationRefused(answer.diagnostic.name, true);
  }
  channel?.learnPeerTitle(answer.respondingApTitle);
  let information: Apdu | undefined = userInformation;
  if (ciphered) {
    if (userInformation?.kind !== "ciphered") {
      throw new LinkError("dlms.protection", "an AARE whose initiate response is not protected");
    }
    information = decodeApdu((await channel.open(userInformation)).apdu);
  }
  if (information?.kind !== "initiate-response") throw new AssociationRefused("no-initiate-response", true);
  const naming = options.naming ?? "logical";
  if (information.vaaName !== vaaNames[naming]) {
    throw new AssociationRefused(naming === "logical" ? "short-names-only" : "logical-names-only", true);
  }
  return { aare: answer, response: information };
}

function decodeRefusal(bytes: Uint8Array): Apdu {
  try {
    return decodeApdu(bytes);
  } catch (cause) {
    throw garbled(cause);
  }
}

export const secretBytes = (secret: Uint8Array | string): Uint8Array =>
  typeof secret === "string" ? new TextEncoder().encode(secret) : secret;

export const garbled = (cause: unknown): unknown =>
  cause instanceof DecodeError ? new LinkError("link.garbled", cause.message, cause) : cause;
