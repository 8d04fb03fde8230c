import {
  type DeviceKeys,
  type DlmsSession,
  type DlmsUrl,
  errorCode,
  type ReadOptions,
  type ReadRequest,
  withDlms,
} from "@energsys/drivers";
import type { MeterModel } from "@energsys/metering/models";
import { LinkError, type ObisCode } from "@energsys/protocols";
import { type KeyName, keyTransfer } from "@energsys/protocols/cosem";
import { DlmsClient } from "@energsys/protocols/dlms";
import { nodeCiphers } from "@energsys/protocols/node";
import {
  beginKeyRoll,
  finishKeyRoll,
  isTransferred,
  openMeterKeys,
  type RollKind,
  withdrawKeyRoll,
} from "@energsys/store";
import { HeadendError } from "./errors.ts";
import { type KeySource, openDeviceKeys } from "./secrets.ts";

export interface KeyRollWork {
  readonly deviceId: number;
  readonly url: DlmsUrl;
  readonly kinds: readonly RollKind[];
  readonly by: string | undefined;
}

interface Meter {
  readonly identity: string;
  readonly model: MeterModel;
  readonly zone: string;
}

/** Where meters have their security setup, when the association does not say (IEC 62056-6-2, class 64). */
const usualSetup: ObisCode = "0-0:43.0.0*255";

/**
 * Changes secrets of a meter: the NEW ones are committed, then sent, then proven by an association that reads, and only then they take the
 * place of the old ones, in one transaction. Keys go by key_transfer (class 64) wrapped by the meter's master key, a password by class 15,
 * attribute 7, a secret of high-level security by its method change_HLS_secret. It may be cut anywhere: then both stay, and whoever comes
 * next tries the old ones and then the new ones. A change of others that was cut is ended first.
 * @throws HeadendError `key.refused` (given up, the old ones proven), `key.not-taken` and `key.unproven` (both stay),
 * `key.no-master`, `key.no-proof`, `secret.no-key`; StoreError `key.none-active`; what breaks the line
 */
export async function rollKeys(
  work: KeyRollWork,
  meter: Meter,
  options: ReadOptions,
  source: KeySource,
): Promise<void> {
  const { deviceId, kinds, by } = work;
  const { db, keyRing } = source;
  if (!keyRing) throw new HeadendError("secret.no-key", "this head-end has no master key");
  demandProof(work.url, kinds);
  if (kinds.some(isTransferred) && !(await hasMaster({ db, keyRing }, deviceId)))
    throw new HeadendError("key.no-master", "the meter's master key is not known: it wraps new ones");
  for (;;) {
    const begun = await beginKeyRoll(db, keyRing, { deviceId, kinds, ...(by === undefined ? {} : { by }) });
    await new KeyChange(work, meter, options, { ...source, keyRing }).run(begun.kinds);
    if (begun.kinds.every((kind) => kinds.includes(kind))) return;
  }
}

/** @throws HeadendError `key.no-proof` when this association would not need what is changed */
function demandProof({ protection, authentication }: DlmsUrl, kinds: readonly RollKind[]): void {
  const ciphers = protection !== "none" || authentication === "gmac";
  const secrets = ["high", "md5", "sha1", "sha256"];
  const proves = (kind: RollKind) =>
    kind === "lls-password"
      ? authentication === "low"
      : kind === "hls-secret"
        ? secrets.includes(authentication)
        : ciphers;
  if (!kinds.every(proves))
    throw new HeadendError(
      "key.no-proof",
      "the association does not use what is to be changed: new ones could not be proven by it",
    );
}

type Keys = Required<Pick<KeySource, "db" | "keyRing">>;

async function hasMaster({ db, keyRing }: Keys, deviceId: number): Promise<boolean> {
  const keys = await openMeterKeys(db, keyRing, deviceId);
  for (const { value } of keys) value.wipe();
  return keys.some(({ kind, state }) => kind === "master" && state === "ACTIVE");
}

/** One change of keys that go together, with the meter at the other end. */
class KeyChange {
  readonly #work: KeyRollWork;
  readonly #meter: Meter;
  readonly #options: ReadOptions;
  readonly #source: KeySource & Keys;

  constructor(work: KeyRollWork, meter: Meter, options: ReadOptions, source: KeySource & Keys) {
    this.#work = work;
    this.#meter = meter;
    this.#options = options;
    this.#source = source;
  }

  async run(kinds: readonly RollKind[]): Promise<void> {
    const [active, fresh] = await openDeviceKeys(this.#source, this.#work.deviceId);
    if (!active) throw new Error("a device has no set of keys to be reached by");
    if (kinds.includes("master")) await this.#changeMaster(active.keys);
    else if (kinds.includes("broadcast")) await this.#changeBroadcast(active.keys);
    else if (fresh) await this.#changeReading(kinds, active.keys, fresh.keys);
    else throw new Error("a change of keys was begun and has no new keys");
    this.#options.onStage?.("keys-proven");
    await finishKeyRoll(this.#source.db, this.#work.deviceId);
  }

  #within<Result>(keys: DeviceKeys, then: (dlms: DlmsSession) => Promise<Result>): Promise<Result> {
    const request: ReadRequest = { ...this.#meter, keys };
    return withDlms(this.#work.url, request, this.#options, then);
  }

  /** The stored value of a kind; the caller keeps it no longer than its message. */
  async #valueOf(kind: RollKind, state: "ACTIVE" | "NEW"): Promise<Uint8Array> {
    const { db, keyRing } = this.#source;
    const keys = await openMeterKeys(db, keyRing, this.#work.deviceId);
    const found = keys.findLast((key) => key.kind === kind && key.state === state);
    if (!found) throw new HeadendError("key.no-master", `the meter's ${kind} key is not known`);
    return found.value.reveal();
  }

  async #transfer(
    dlms: DlmsSession,
    names: readonly KeyName[],
    state: "ACTIVE" | "NEW",
    wrappedBy: "ACTIVE" | "NEW",
  ): Promise<string | undefined> {
    const keys: { name: KeyName; key: Uint8Array }[] = [];
    for (const name of names) keys.push({ name, key: await this.#valueOf(name, state) });
    const master = await this.#valueOf("master", wrappedBy);
    const setup = await setupOf(dlms);
    this.#options.onStage?.("keys-sent");
    return send(dlms, setup, keyTransfer(keys, master, nodeCiphers));
  }

  /** Keys and secrets that open an association: the next one proves them. */
  async #changeReading(kinds: readonly RollKind[], old: DeviceKeys, fresh: DeviceKeys): Promise<void> {
    const { signal } = this.#options;
    let answer: string | undefined;
    try {
      answer = await this.#within(old, async (dlms) => {
        if (kinds.includes("lls-password"))
          return this.#setPassword(dlms, await this.#valueOf("lls-password", "NEW"));
        if (kinds.includes("hls-secret"))
          return this.#setSecret(dlms, await this.#valueOf("hls-secret", "NEW"));
        const names = kinds.filter((kind) => kind === "unicast" || kind === "authentication");
        return this.#transfer(dlms, names, "NEW", "ACTIVE");
      });
    } catch (error) {
      if (signal?.aborted || isUnreached(error)) throw error;
      // The old keys open nothing, or the answer was lost: the new ones say which.
    }
    try {
      await this.#within(fresh, async () => {});
    } catch (cause) {
      if (signal?.aborted) throw cause;
      throw await this.#withOldKeys(old, answer, cause);
    }
  }

  /** The new keys open nothing. Are the old ones still good? */
  async #withOldKeys(old: DeviceKeys, refusal: string | undefined, cause: unknown): Promise<HeadendError> {
    try {
      await this.#within(old, async () => {});
    } catch (error) {
      return new HeadendError(
        "key.unproven",
        `neither the old keys nor the new ones open it: ${errorCode(error)}`,
        cause,
      );
    }
    if (refusal === undefined || refusal === "success") return notTaken(cause);
    return this.#refused(refusal, cause);
  }

  async #refused(refusal: string, cause?: unknown): Promise<HeadendError> {
    await withdrawKeyRoll(this.#source.db, this.#work.deviceId);
    return new HeadendError("key.refused", `the meter refuses new keys: ${refusal}`, cause);
  }

  /**
   * The master key opens no association. What proves it: the meter takes the authentication key in use once more, wrapped by the new one,
   * says so in a ciphered answer, and is read by it as before. Never the encryption key: many meters begin its counters anew with it, and
   * under the same key each would come a second time. A meter that has the new master key already refuses what the old one wraps.
   */
  async #changeMaster(keys: DeviceKeys): Promise<void> {
    const inUse = ["authentication"] as const;
    const { sent, proof, still } = await this.#within(keys, async (dlms) => {
      const sent = await this.#transfer(dlms, ["master"], "NEW", "ACTIVE");
      const proof = await this.#transfer(dlms, inUse, "ACTIVE", "NEW");
      const still = proof === "success" ? undefined : await this.#transfer(dlms, inUse, "ACTIVE", "ACTIVE");
      return { sent, proof, still };
    });
    if (proof !== "success") {
      if (still !== "success")
        throw new HeadendError("key.unproven", "the meter takes what neither master key wraps");
      if (sent === undefined || sent === "success") throw notTaken();
      throw await this.#refused(sent);
    }
    await this.#within(keys, async () => {});
  }

  /** Nothing is read by a broadcast key: the meter's ciphered answer says that it has it. Sending the same once more changes nothing. */
  async #changeBroadcast(keys: DeviceKeys): Promise<void> {
    const answer = await this.#within(keys, (dlms) => this.#transfer(dlms, ["broadcast"], "NEW", "ACTIVE"));
    if (answer === undefined) throw new HeadendError("key.unproven", "the meter's answer was lost");
    if (answer !== "success") throw await this.#refused(answer);
    await this.#within(keys, async () => {});
  }

  /** The password of the association itself (class 15, attribute 7). */
  async #setPassword(dlms: DlmsSession, bytes: Uint8Array): Promise<string | undefined> {
    const client = clientOf(dlms);
    this.#options.onStage?.("keys-sent");
    const set = client.set({ ...association, attribute: 7 }, { type: "octet-string", bytes });
    return answered(set.then((result) => (result.ok ? "success" : result.dataAccessResult)));
  }

  /** Its secret of high-level security (class 15, method 2); in a ciphered association it travels ciphered. */
  async #setSecret(dlms: DlmsSession, bytes: Uint8Array): Promise<string | undefined> {
    const client = clientOf(dlms);
    this.#options.onStage?.("keys-sent");
    return answered(
      client
        .action({ ...association, method: 2 }, { type: "octet-string", bytes })
        .then(({ actionResult }) => actionResult),
    );
  }
}

const association = { classId: 15, obis: "0-0:40.0.0*255" as ObisCode } as const;

const notTaken = (cause?: unknown) =>
  new HeadendError("key.not-taken", "the meter still has the old keys; both stay known", cause);

/** @throws HeadendError `key.no-transfer` */
function clientOf({ client }: DlmsSession): DlmsClient {
  if (!(client instanceof DlmsClient))
    throw new HeadendError("key.no-transfer", "keys are changed by logical names only");
  return client;
}

/** What the meter says; a lost or unreadable answer is `undefined`. */
async function answered(asked: Promise<string>): Promise<string | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof LinkError) return undefined;
    throw error;
  }
}

/** What the meter says to keys. */
const send = (dlms: DlmsSession, setup: ObisCode, parameter: ReturnType<typeof keyTransfer>) =>
  answered(
    clientOf(dlms)
      .action({ classId: 64, obis: setup, method: 2 }, parameter)
      .then(({ actionResult }) => actionResult),
  );

/** The security setup that this association names (class 15, attribute 9), else the usual one. */
async function setupOf(dlms: DlmsSession): Promise<ObisCode> {
  const named = await dlms.find(15, "0-0:40.0.0*255", 9);
  if (named?.type !== "octet-string" || named.bytes.length !== 6) return usualSetup;
  const [a, b, c, d, e, f] = named.bytes;
  return `${a}-${b}:${c}.${d}.${e}*${f}`;
}

/** Nobody was reached, or it was another device: its keys are not in question. */
const isUnreached = (error: unknown): boolean => /^(dial|serial|read|identity|key)\./.test(errorCode(error));
