import { DecodeError, LinkError } from "../errors.ts";
import { decodeApdu, encodeApdu } from "./apdu.ts";
import type {
  Aare,
  Aarq,
  Apdu,
  Ciphered,
  ExceptionResponse,
  GeneralCiphering,
  InitiateRequest,
  InitiateResponse,
  Release,
} from "./apdu-types.ts";
import { type Authentication, contextOf, type Naming, secretBytes } from "./association.ts";
import { sameBytes } from "./bytes.ts";
import { conforms } from "./conformance.ts";
import { answerChallenge, checkAnswer, type Handshake, mechanismNames } from "./high-security.ts";
import { CounterReplay, type Form, SecureChannel, type SecuritySettings } from "./secure-channel.ts";
import { diagnosticOf } from "./services/association.ts";
import { apduTags, cipheredTags } from "./tags.ts";

export interface DeviceAssociationOptions {
  readonly naming?: Naming;
  /** What a client must prove. For high security the device's side: same secret, own private and the client's public key. */
  readonly authentication: Authentication;
  /** The device's title, keys and counters; with a level other than `none` only ciphered associations are taken. */
  readonly security?: SecuritySettings;
  /** Services that the device offers, 24 bits. */
  readonly conformance: number;
  /** Longest APDU that the device takes. */
  readonly maxReceivePduLength: number;
  /** Longest APDU that the device makes, where its memory is smaller than what a client takes. */
  readonly maxSendPduLength?: number;
  readonly onIncident?: (incident: SecurityIncident) => void;
  /** Stands by agreement: it is neither asked for nor released. With `security`, the client's title unless its messages tell it. */
  readonly preEstablished?: { readonly clientTitle?: Uint8Array };
}

/** What was agreed with the client of now. */
export interface Agreed {
  readonly conformance: number;
  /** Longest APDU that the client takes in the clear; 0 = no limit. */
  readonly clientMaxReceivePduLength: number;
}

/** An APDU, or its bytes where it is encoded already. */
export type Served = Apdu | Uint8Array | undefined;
export type Serve = (request: Apdu, agreed: Agreed) => Served | Promise<Served>;

/** What a device notices of a client and may log: a wrong secret, a message that does not open, one that came before. */
export type SecurityIncident = "authentication" | "decipher" | "replay";

type State = "none" | "pending" | "associated";

const nothing: Agreed = { conformance: 0, clientMaxReceivePduLength: 0 };

/** Smallest PDU with which an association can be answered at all. */
const pduLengthMin = 12;
const dlmsVersion = 6;
const vaaNames: Readonly<Record<Naming, number>> = { logical: 0x0007, short: 0xfa00 };
const replyToHlsName = 0xfa58;
const plainForm: Form = { general: false, dedicated: false };

const exception = (
  stateError: string,
  serviceError: string,
  invocationCounter?: number,
): ExceptionResponse => ({
  kind: "exception-response",
  stateError,
  serviceError,
  ...(invocationCounter !== undefined && { invocationCounter }),
});

/** A fault that the client is told about. */
class Refusal {
  readonly answer: ExceptionResponse;

  constructor(answer: ExceptionResponse) {
    this.answer = answer;
  }
}

/**
 * The device's side of one association (IEC 62056-5-3): takes AARQ, challenges and release, opens what is ciphered and
 * ciphers the answers, and hands plain requests to `serve`. Messages under a wrong key, replayed ones and those without
 * the agreed protection never reach it.
 */
export class DeviceAssociation {
  readonly #options: DeviceAssociationOptions;
  readonly #serve: Serve;
  #state: State = "none";
  #channel: SecureChannel | undefined;
  #handshake: Handshake | undefined;
  #agreed: Agreed = nothing;

  constructor(options: DeviceAssociationOptions, serve: Serve) {
    this.#options = options;
    this.#serve = serve;
    this.drop();
  }

  get state(): State {
    return this.#state;
  }

  /** What was agreed with the client; all zero without an association. */
  get agreed(): Agreed {
    return this.#agreed;
  }

  /** System title of the client, where it told one. */
  get clientTitle(): Uint8Array | undefined {
    return this.#channel?.peerTitle;
  }

  /** The link is gone, and the association with it, unless it stands by agreement. */
  drop(): void {
    this.#state = "none";
    this.#handshake = undefined;
    this.#agreed = nothing;
    this.#channel?.dropDedicatedKey();
    this.#channel = undefined;
    const { preEstablished, security, conformance, maxSendPduLength = 0 } = this.#options;
    if (!preEstablished) return;
    const { clientTitle } = preEstablished;
    this.#state = "associated";
    this.#agreed = { conformance, clientMaxReceivePduLength: maxSendPduLength };
    this.#channel =
      security && new SecureChannel({ ...security, ...(clientTitle && { peerTitle: clientTitle }) });
  }

  /** Answers one APDU; `undefined` where none is due. Never throws for what the client sent. */
  async answer(bytes: Uint8Array): Promise<Uint8Array | undefined> {
    try {
      if ((bytes[0] as number) in cipheredTags) return await this.#answerCiphered(bytes);
      if (bytes[0] === apduTags["general-ciphering"]) return await this.#answerGeneral(bytes);
      const request = decodeApdu(bytes);
      if (!this.#options.preEstablished) {
        if (request.kind === "aarq") return encodeApdu(await this.#associate(request));
        if (request.kind === "rlrq") return await this.#release(request);
      }
      if (this.#ciphers) throw new Refusal(exception("service-not-allowed", "operation-not-possible"));
      return bytesOf(await this.#take(request));
    } catch (cause) {
      const refusal = refusalOf(cause);
      if (refusal.serviceError === "deciphering-error") this.#options.onIncident?.("decipher");
      if (refusal.serviceError === "invocation-counter-error") this.#options.onIncident?.("replay");
      return encodeApdu(refusal);
    }
  }

  /** The channel, when the association that stands or comes is ciphered. */
  get #ciphers(): SecureChannel | undefined {
    return this.#channel && this.#channel.level !== "none" ? this.#channel : undefined;
  }

  async #answerCiphered(bytes: Uint8Array): Promise<Uint8Array | undefined> {
    const channel = this.#ciphers;
    if (!channel) throw new Refusal(exception("service-not-allowed", "operation-not-possible"));
    const opened = await channel.openBytes(bytes);
    if (!opened) return undefined;
    const answer = bytesOf(await this.#take(decodeApdu(opened.apdu)));
    return answer && channel.protect(answer, opened.form);
  }

  /** A message for itself (general-ciphering), under the identified key, in an association that ciphers anyway. */
  async #answerGeneral(bytes: Uint8Array): Promise<Uint8Array | undefined> {
    const channel = this.#ciphers;
    if (!channel || !conforms(this.#agreed.conformance, "general-protection")) {
      throw new Refusal(exception("service-not-allowed", "operation-not-possible"));
    }
    const message = decodeApdu(bytes) as GeneralCiphering;
    const request = decodeApdu(await channel.openGeneral(message));
    const answer = bytesOf(await this.#take(request));
    return answer && channel.protectGeneral(answer, message);
  }

  async #take(request: Apdu): Promise<Served> {
    if (this.#state === "pending") return this.#proof(request);
    if (this.#state !== "associated")
      throw new Refusal(exception("service-not-allowed", "operation-not-possible"));
    return this.#serve(request, this.#agreed);
  }

  async #associate(aarq: Aarq): Promise<Apdu> {
    this.drop();
    const { authentication, security, naming = "logical" } = this.#options;
    const channel = security && new SecureChannel({ ...security, general: false });
    const ciphered = channel !== undefined && channel.level !== "none";
    const context = contextOf(naming, ciphered);
    const reject = (code: number, information?: Aare["userInformation"]): Aare => ({
      kind: "aare",
      context,
      result: "rejected-permanent",
      diagnostic: diagnosticOf("service-user", code),
      ...(information && { userInformation: information }),
    });
    if (aarq.context !== context) return reject(2);
    const wanted =
      authentication.kind === "high" ? mechanismNames[authentication.mechanism] : authentication.kind;
    if ((aarq.mechanism ?? "none") !== wanted) return reject(aarq.mechanism ? 11 : 12);
    if (authentication.kind === "low") {
      const given = aarq.authenticationValue ?? new Uint8Array(0);
      if (!sameBytes(given, secretBytes(authentication.password))) {
        this.#options.onIncident?.("authentication");
        return reject(13);
      }
    }
    const isHigh = authentication.kind === "high";
    const challenge = aarq.authenticationValue;
    if (isHigh && (!challenge || challenge.length < 8 || challenge.length > 64)) return reject(13);
    const titled = ciphered || (isHigh && authentication.mechanism >= 5);
    if (channel && titled && aarq.callingApTitle?.length !== 8) return reject(3);
    channel?.learnPeerTitle(aarq.callingApTitle);

    const initiate = await initiateOf(aarq, ciphered ? channel : undefined);
    const problem = initiate && this.#judge(initiate);
    if (!initiate || problem) {
      return reject(1, {
        kind: "confirmed-service-error",
        service: "initiate",
        errorClass: "initiate",
        error: problem ?? "other",
      });
    }
    this.#channel = channel;
    this.#agreed = {
      conformance: initiate.conformance & this.#options.conformance,
      clientMaxReceivePduLength: shorter(initiate.maxReceivePduLength, this.#options.maxSendPduLength),
    };
    const response = encodeApdu(this.#initiateResponse());
    const information = ciphered
      ? (decodeApdu(await channel.protect(response, plainForm)) as Ciphered)
      : this.#initiateResponse();
    if (ciphered && initiate.dedicatedKey) channel.useDedicatedKey(initiate.dedicatedKey);
    const serverChallenge =
      isHigh && security ? security.ciphers.random(Math.max(challenge?.length ?? 16, 16)) : undefined;
    if (isHigh && challenge && serverChallenge) {
      this.#handshake = {
        clientChallenge: challenge.slice(),
        serverChallenge,
        ...(aarq.callingApTitle && { clientTitle: aarq.callingApTitle.slice() }),
        ...(security && { serverTitle: security.systemTitle }),
      };
    }
    this.#state = isHigh ? "pending" : "associated";
    return {
      kind: "aare",
      context,
      result: "accepted",
      diagnostic: diagnosticOf("service-user", isHigh ? 14 : 0),
      ...(security && titled && { respondingApTitle: security.systemTitle }),
      ...(serverChallenge && { mechanism: wanted, authenticationValue: serverChallenge }),
      userInformation: information,
    };
  }

  #judge(initiate: InitiateRequest): string | undefined {
    if (initiate.dlmsVersion < dlmsVersion) return "dlms-version-too-low";
    if ((initiate.conformance & this.#options.conformance) === 0) return "incompatible-conformance";
    const { maxReceivePduLength: length } = initiate;
    return length !== 0 && length < pduLengthMin ? "pdu-size-too-short" : undefined;
  }

  #initiateResponse(): InitiateResponse {
    return {
      kind: "initiate-response",
      dlmsVersion,
      conformance: this.#agreed.conformance,
      maxReceivePduLength: this.#options.maxReceivePduLength,
      vaaName: vaaNames[this.#options.naming ?? "logical"],
    };
  }

  /** Pass 3: the client's answer to our challenge; gives pass 4. A wrong one ends the association. */
  async #proof(request: Apdu): Promise<Apdu> {
    const { authentication, security } = this.#options;
    const given = proofIn(request);
    const handshake = this.#handshake;
    if (!given || !handshake || authentication.kind !== "high" || !security) {
      throw new Refusal(exception("service-not-allowed", "operation-not-possible"));
    }
    this.#handshake = undefined;
    const { mechanism } = authentication;
    const { secret, answer, signing } = authentication;
    const secrets = {
      ...(secret !== undefined && { secret: secretBytes(secret) }),
      ...(answer && { answer }),
      ...(signing && { signing }),
      gmac: {
        suite: security.suite ?? 0,
        encryptionKey: security.encryptionKey,
        authenticationKey: security.authenticationKey,
      },
    };
    const checked = checkAnswer(mechanism, "client", given, handshake, secrets, security.ciphers);
    if (!checked.good) {
      this.#options.onIncident?.("authentication");
      this.#state = "none";
      return proofAnswer(request, undefined);
    }
    // A counter that came before: somebody plays an old association again.
    if (checked.counter !== undefined && !this.#ciphers) await this.#channel?.takeCounter(checked.counter);
    const counter = mechanism === 5 ? await this.#channel?.nextCounter() : undefined;
    this.#state = "associated";
    return proofAnswer(
      request,
      answerChallenge(mechanism, "server", handshake, secrets, security.ciphers, counter),
    );
  }

  async #release(request: Release): Promise<Uint8Array> {
    const channel = this.#ciphers;
    const { userInformation } = request;
    let information: Release["userInformation"];
    if (channel && userInformation?.kind === "ciphered") {
      // Whoever cannot protect the release may not end the association of another.
      await channel.open(userInformation);
      const answer = await channel.protect(encodeApdu(this.#initiateResponse()), plainForm);
      information = decodeApdu(answer) as Ciphered;
    } else if (channel && this.#state === "associated") {
      throw new Refusal(exception("service-not-allowed", "operation-not-possible"));
    }
    this.drop();
    return encodeApdu({ kind: "rlre", reason: 0, ...(information && { userInformation: information }) });
  }
}

/** The shorter of two lengths, of which 0 is none. */
const shorter = (asked: number, own = 0): number => (asked && own ? Math.min(asked, own) : asked || own);

async function initiateOf(
  { userInformation }: Aarq,
  channel: SecureChannel | undefined,
): Promise<InitiateRequest | undefined> {
  if (!channel) return userInformation?.kind === "initiate-request" ? userInformation : undefined;
  if (userInformation?.kind !== "ciphered") {
    throw new Refusal(exception("service-not-allowed", "operation-not-possible"));
  }
  const initiate = decodeApdu((await channel.open(userInformation)).apdu);
  return initiate.kind === "initiate-request" ? initiate : undefined;
}

/** The client's value in its ACTION or READ. */
function proofIn(request: Apdu): Uint8Array | undefined {
  if (request.kind === "action-request-normal") {
    const { method, parameters } = request;
    const ours = method.classId === 15 && method.method === 1;
    return ours && parameters?.type === "octet-string" ? parameters.bytes : undefined;
  }
  if (request.kind !== "read-request") return undefined;
  const [item] = request.items;
  const value =
    item?.kind === "name" && item.name === replyToHlsName ? item.selection?.parameters : undefined;
  return value?.type === "octet-string" ? value.bytes : undefined;
}

function proofAnswer(request: Apdu, value: Uint8Array | undefined): Apdu {
  const data = value && ({ ok: true, data: { type: "octet-string", bytes: value } } as const);
  const dataAccessResult = "read-write-denied";
  if (request.kind !== "action-request-normal") {
    return { kind: "read-response", results: [data ?? { ok: false, dataAccessResult }] };
  }
  const { invoke } = request;
  return data
    ? { kind: "action-response-normal", invoke, actionResult: "success", result: data }
    : { kind: "action-response-normal", invoke, actionResult: dataAccessResult };
}

const bytesOf = (served: Served): Uint8Array | undefined =>
  served && (served instanceof Uint8Array ? served : encodeApdu(served));

const decipherCodes: ReadonlySet<string> = new Set([
  "dlms.tag",
  "dlms.suite",
  "dlms.protection",
  "dlms.title",
  "dlms.no-title",
  "dlms.compressed",
  "dlms.no-dedicated-key",
  "dlms.dedicated-key",
  "dlms.inner-service",
]);

/** What a client is told of a fault; errors that are none of its doing pass on. */
function refusalOf(cause: unknown): ExceptionResponse {
  if (cause instanceof Refusal) return cause.answer;
  if (cause instanceof CounterReplay) {
    return exception("service-not-allowed", "invocation-counter-error", cause.expected);
  }
  if (cause instanceof LinkError && decipherCodes.has(cause.code)) {
    return exception("service-not-allowed", "deciphering-error");
  }
  if (cause instanceof DecodeError || (cause instanceof LinkError && cause.code === "link.garbled")) {
    return exception("service-unknown", "service-not-supported");
  }
  throw cause;
}
