import type { Ciphers } from "../ciphers.ts";
import { DecodeError, LinkError } from "../errors.ts";
import { decodeApdu, encodeApdu } from "./apdu.ts";
import type { Ciphered, GeneralCiphering } from "./apdu-types.ts";
import { sameBytes } from "./bytes.ts";
import { type CounterKeeper, countersInMemory, SendingCounter } from "./counters.ts";
import { openGeneral, sealGeneral } from "./general-protection.ts";
import { authenticatedBit, encryptedBit, openCiphered, sealContent, titleLength } from "./protection.ts";
import { decodeSecurityControl } from "./services/ciphered.ts";
import { apduTags, cipheredTags } from "./tags.ts";

export type ProtectionLevel = "none" | "authenticated" | "encrypted" | "authenticated-encrypted";

/** What one side of an association protects its APDUs with. Keys: 16 bytes in suites 0 and 1, 32 in suite 2. */
export interface SecuritySettings {
  /** Default 0. */
  readonly suite?: 0 | 1 | 2;
  /** What we send with, and the least that we take (default `authenticated-encrypted`); `none` is for HLS 5 alone. */
  readonly level?: ProtectionLevel;
  /** Global unicast encryption key (GUEK). */
  readonly encryptionKey: Uint8Array;
  /** Global authentication key (GAK). */
  readonly authenticationKey: Uint8Array;
  /** Our own, 8 bytes. */
  readonly systemTitle: Uint8Array;
  /** The other side's, where no association tells it. */
  readonly peerTitle?: Uint8Array;
  /** Of the encryption key; those of a dedicated key start anew with each association. */
  readonly counters: CounterKeeper;
  /** A key for this association alone; the client sends it inside its ciphered initiate request. */
  readonly dedicatedKey?: Uint8Array;
  /**
   * Whether a dedicated key has counters of its own from 0 (default, as the standard has it), or goes on with those of
   * the encryption key, as the server of a public library expects.
   */
  readonly dedicatedCounters?: "own" | "shared";
  /**
   * Send services in the general form (general-glo, general-ded) once the association stands, where general protection
   * is negotiated (default no). A device answers in the form that it was asked in.
   */
  readonly general?: boolean;
  readonly ciphers: Ciphers;
}

/** The form that an APDU came in; an answer takes the same. */
export interface Form {
  readonly general: boolean;
  readonly dedicated: boolean;
}

const generalGlo = 0xdb;
const generalDed = 0xdc;
const levelBits: Readonly<Record<ProtectionLevel, number>> = {
  none: 0,
  authenticated: authenticatedBit,
  encrypted: encryptedBit,
  "authenticated-encrypted": authenticatedBit | encryptedBit,
};

/** `get-request` of `glo-get-request`; the general forms hold any. */
const innerName = (service: string): string => service.slice(4);

const cipheredTagOf = new Map<string, number>(
  Object.entries(cipheredTags).map(([tag, name]) => [name, Number(tag)]),
);
const nameOfTag = new Map<number, string>(Object.entries(apduTags).map(([name, tag]) => [tag, name]));

/** One key with its counters in both directions. */
interface Keyed {
  readonly key: Uint8Array;
  readonly keeper: CounterKeeper;
  readonly sending: SendingCounter;
}

const keyed = (key: Uint8Array, keeper: CounterKeeper): Keyed => ({
  key,
  keeper,
  sending: new SendingCounter(keeper),
});

/** Protects and opens the APDUs of one association, for the client as for the device. */
export class SecureChannel {
  readonly settings: SecuritySettings;
  readonly #global: Keyed;
  #dedicated: Keyed | undefined;
  #peerTitle: Uint8Array | undefined;

  constructor(settings: SecuritySettings) {
    const keyLength = settings.suite === 2 ? 32 : 16;
    const { encryptionKey, authenticationKey, systemTitle } = settings;
    if (encryptionKey.length !== keyLength || authenticationKey.length !== keyLength) {
      throw new RangeError(`keys of suite ${settings.suite ?? 0} have ${keyLength} bytes`);
    }
    if (systemTitle.length !== titleLength) throw new RangeError("a system title has 8 bytes");
    this.settings = settings;
    this.#global = keyed(encryptionKey, settings.counters);
    this.#peerTitle = settings.peerTitle;
    if (settings.dedicatedKey) this.useDedicatedKey(settings.dedicatedKey);
  }

  get level(): ProtectionLevel {
    return this.settings.level ?? "authenticated-encrypted";
  }

  get peerTitle(): Uint8Array | undefined {
    return this.#peerTitle;
  }

  /** Takes the title that the other side told in AARQ or AARE. @throws LinkError `dlms.title` when it is another one */
  learnPeerTitle(title: Uint8Array | undefined): void {
    if (!title) return;
    if (title.length !== titleLength || (this.#peerTitle && !sameBytes(title, this.#peerTitle))) {
      throw new LinkError("dlms.title", "the other side has another system title than expected");
    }
    this.#peerTitle = title.slice();
  }

  /** Starts a dedicated key, with counters of its own. */
  useDedicatedKey(key: Uint8Array): void {
    if (key.length !== this.settings.encryptionKey.length) {
      throw new LinkError("dlms.dedicated-key", `a dedicated key of ${key.length} bytes`);
    }
    const shared = this.settings.dedicatedCounters === "shared";
    this.#dedicated = shared ? { ...this.#global, key: key.slice() } : keyed(key.slice(), countersInMemory());
  }

  /** The association is over, and its dedicated key with it. */
  dropDedicatedKey(): void {
    this.#dedicated = undefined;
  }

  get hasDedicatedKey(): boolean {
    return this.#dedicated !== undefined;
  }

  /** A counter of the encryption key, for values that are made with it outside an APDU (HLS 5). */
  nextCounter(): Promise<number> {
    return this.#global.sending.next();
  }

  /** Takes a received counter of the encryption key that was verified outside an APDU. @throws CounterReplay */
  async takeCounter(counter: number): Promise<void> {
    const last = this.#global.keeper.received();
    if (last !== undefined && counter <= last) throw new CounterReplay(counter, last + 1);
    await this.#global.keeper.accept(counter);
  }

  /**
   * Ciphers one APDU. What has no form of its own under a key (notifications, ACCESS) goes in the general form.
   * @throws LinkError `dlms.counter-exhausted`
   */
  async protect(apdu: Uint8Array, form: Form): Promise<Uint8Array> {
    const { settings } = this;
    const dedicated = form.dedicated ? this.#dedicated : undefined;
    const service = nameOfTag.get(apdu[0] as number);
    const ownTag = cipheredTagOf.get(`${dedicated ? "ded" : "glo"}-${service}`);
    const general = form.general || ownTag === undefined;
    const tag = general ? (dedicated ? generalDed : generalGlo) : ownTag;
    const { key, sending } = dedicated ?? this.#global;
    const control = (settings.suite ?? 0) | levelBits[this.level];
    const counter = await sending.next();
    const content = sealContent(
      apdu,
      {
        control,
        counter,
        systemTitle: settings.systemTitle,
        encryption: key,
        authentication: settings.authenticationKey,
      },
      settings.ciphers,
    );
    return encodeApdu({
      kind: "ciphered",
      tag,
      service: cipheredTags[tag as keyof typeof cipheredTags],
      ...(general && { systemTitle: settings.systemTitle }),
      securityControl: decodeSecurityControl(control),
      invocationCounter: counter,
      content,
    });
  }

  /**
   * Opens one ciphered APDU. Its counter counts as received only after its tag agreed.
   * @throws LinkError `dlms.suite`, `dlms.protection` (weaker than agreed), `dlms.title`, `dlms.no-title`, `dlms.tag`,
   * `dlms.compressed`, `dlms.replay`, `dlms.no-dedicated-key`, `dlms.inner-service`
   */
  async open(apdu: Ciphered): Promise<{ apdu: Uint8Array; form: Form }> {
    const { settings } = this;
    const { suite, byte, broadcastKey } = apdu.securityControl;
    if (suite !== (settings.suite ?? 0)) throw new LinkError("dlms.suite", `security suite ${suite}`);
    const wanted = levelBits[this.level];
    if ((byte & wanted) !== wanted || broadcastKey) {
      throw new LinkError("dlms.protection", `protection ${byte.toString(16)} is not what was agreed`);
    }
    if (apdu.systemTitle && this.#peerTitle && !sameBytes(apdu.systemTitle, this.#peerTitle)) {
      throw new LinkError("dlms.title", "a message of another sender");
    }
    const form = {
      general: apdu.tag === generalGlo || apdu.tag === generalDed,
      dedicated: apdu.tag === generalDed || apdu.service.startsWith("ded-"),
    };
    const used = form.dedicated ? this.#dedicated : this.#global;
    if (!used) throw new LinkError("dlms.no-dedicated-key");
    const opened = openCiphered(
      apdu,
      {
        encryption: used.key,
        authentication: settings.authenticationKey,
        ...(this.#peerTitle && { systemTitle: this.#peerTitle }),
      },
      settings.ciphers,
    );
    if (!opened.ok) throw new LinkError(opened.code, `${apdu.service} does not open`);
    const last = used.keeper.received();
    if (last !== undefined && apdu.invocationCounter <= last) {
      throw new CounterReplay(apdu.invocationCounter, last + 1);
    }
    // Encrypted only, nothing proves that the counter is the sender's: a guess must not lock the real one out.
    if (opened.tag === "good") await used.keeper.accept(apdu.invocationCounter);
    if (!form.general && nameOfTag.get(opened.apdu[0] as number) !== innerName(apdu.service)) {
      throw new LinkError("dlms.inner-service", `${apdu.service} holds another service`);
    }
    return { apdu: opened.apdu, form };
  }

  /**
   * Opens one message of general-ciphering under the identified unicast key; its counter is one of that key's.
   * @throws LinkError `dlms.protection` (another key, or weaker than agreed), those of `open`
   */
  async openGeneral(message: GeneralCiphering): Promise<Uint8Array> {
    const { settings } = this;
    const { keyInfo, securityControl, header, invocationCounter = 0 } = message;
    const identified = keyInfo?.kind === "identified" && keyInfo.id === 0;
    const wanted = levelBits[this.level];
    if (!identified || (securityControl.byte & wanted) !== wanted) {
      throw new LinkError("dlms.protection", "general-ciphering under another key, or less than was agreed");
    }
    if (securityControl.suite !== (settings.suite ?? 0)) throw new LinkError("dlms.suite");
    if (this.#peerTitle && !sameBytes(header.originatorTitle, this.#peerTitle)) {
      throw new LinkError("dlms.title", "a message of another sender");
    }
    const { key, keeper } = this.#global;
    const keys = { key, authenticationKey: settings.authenticationKey };
    const opened = openGeneral(message, keys, settings.ciphers);
    if (!opened.ok) throw new LinkError(opened.code, "general-ciphering does not open");
    const last = keeper.received();
    if (last !== undefined && invocationCounter <= last) throw new CounterReplay(invocationCounter, last + 1);
    if (opened.tag === "good") await keeper.accept(invocationCounter);
    return opened.apdu;
  }

  /** Answers a message of general-ciphering under the same key, its transaction named again. */
  async protectGeneral(apdu: Uint8Array, { header }: GeneralCiphering): Promise<Uint8Array> {
    const { settings } = this;
    const { key, sending } = this.#global;
    const message = sealGeneral(
      apdu,
      {
        header: {
          ...header,
          originatorTitle: settings.systemTitle,
          recipientTitle: header.originatorTitle,
        },
        keyInfo: { kind: "identified", id: 0 },
        control: (settings.suite ?? 0) | levelBits[this.level],
        counter: await sending.next(),
        key,
        authenticationKey: settings.authenticationKey,
      },
      settings.ciphers,
    );
    return encodeApdu(message);
  }

  /** As `open`, from bytes; `undefined` when they are not ciphered. @throws LinkError `link.garbled`, those of `open` */
  async openBytes(bytes: Uint8Array): Promise<{ apdu: Uint8Array; form: Form } | undefined> {
    if (!((bytes[0] as number) in cipheredTags)) return undefined;
    try {
      return await this.open(decodeApdu(bytes) as Ciphered);
    } catch (cause) {
      if (cause instanceof DecodeError) throw new LinkError("link.garbled", cause.message, cause);
      throw cause;
    }
  }
}

/** A message that came before, or was made before one that came: never processed. */
export class CounterReplay extends LinkError {
  readonly received: number;
  /** The lowest counter that would be taken. */
  readonly expected: number;

  constructor(received: number, expected: number) {
    super("dlms.replay", `invocation counter ${received} where at least ${expected} was due`);
    this.received = received;
    this.expected = expected;
  }
}
