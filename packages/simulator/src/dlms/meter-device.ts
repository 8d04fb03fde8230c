import { type CounterKeeper, type DataValue, decodeData, encodeData } from "@energsys/protocols/dlms";
import type { MeterSecurity } from "../meter/security.ts";
import type { VirtualMeter } from "../meter/virtual-meter.ts";

/** What a meter claims to be on a line; its own identity unless it lies. */
export interface Claim {
  readonly serial: string;
  readonly identity: string;
}

/** Where a push goes and how often: absent, over the line that the meter called in on. */
export interface PushOptions {
  readonly address?: { readonly host: string; readonly port: number };
  readonly retries: number;
  readonly repeatMs: number;
}

/** Keys in force. A transfer replaces them for all associations that come after it. */
export interface DeviceKeys {
  readonly master: Uint8Array;
  readonly encryption: Uint8Array;
  readonly authentication: Uint8Array;
  readonly broadcast: Uint8Array;
}

/** What outlives the process that runs a meter, by the name of its place: bytes in hex, numbers and versions as text. */
export interface WrittenKept {
  readonly name: string;
  readonly value: string;
}

/** Places that are not of an object: those of the objects are their codes and attributes. */
const place = {
  cleared: "cleared ",
  key: "key ",
  firmware: "firmware",
  password: "password",
  secret: "secret",
  counter: "counter",
} as const;

/**
 * What a meter remembers from one connection to the next: what was written to it, its keys and their invocation
 * counters. It lives as long as the town, so a counter is never used twice, however often the meter is called: where
 * somebody hears of it (`onWritten`) and gives it back (`recall`), over the end of the process too.
 */
export class MeterDevice {
  readonly meter: VirtualMeter;
  readonly claim: Claim;
  #kept: Map<string, DataValue> | undefined;
  #cleared: Map<string, number> | undefined;
  #due: Map<string, { readonly atMs: number; readonly run: () => void }> | undefined;
  #look: ((device: MeterDevice) => void) | undefined;
  #pusher: ((list: DataValue, options: PushOptions) => boolean) | undefined;
  #line: ((apdu: Uint8Array) => void) | undefined;
  #pushes = 0;
  #confirmed: number | undefined;
  #firmware: string | undefined;
  #keys: DeviceKeys | undefined;
  #counters: CountersOfKey | undefined;
  #password: Uint8Array | undefined;
  #secret: Uint8Array | undefined;
  #onWritten: ((kept: WrittenKept) => void) | undefined;

  constructor(meter: VirtualMeter, claim: Claim) {
    this.meter = meter;
    this.claim = claim;
  }

  get security(): MeterSecurity | undefined {
    return this.meter.description.security;
  }

  /** Hears of whatever has to outlive this process, as it is written. */
  set onWritten(listener: (kept: WrittenKept) => void) {
    this.#onWritten = listener;
  }

  /** Goes on with what was written to it in an earlier process. */
  recall(written: ReadonlyMap<string, string>): void {
    const keys: Record<string, Uint8Array> = {};
    for (const [name, value] of written) {
      if (name.startsWith(place.cleared)) this.#clearedAt(name.slice(place.cleared.length), Number(value));
      else if (name.startsWith(place.key)) keys[name.slice(place.key.length)] = fromHex(value);
      else if (name === place.firmware) this.#firmware = value;
      else if (name === place.password) this.#password = fromHex(value);
      else if (name === place.secret) this.#secret = fromHex(value);
      else if (name !== place.counter) this.#keepHere(name, decodeData(fromHex(value)));
    }
    if (Object.keys(keys).length > 0) this.#keys = { ...this.keys, ...keys };
    const counter = written.get(place.counter);
    if (counter !== undefined) this.#counters = this.#countersFrom(Number(counter));
  }

  #written(name: string, value: string): void {
    this.#onWritten?.({ name, value });
  }

  /** What was written to a place, if anything was. */
  kept(name: string): DataValue | undefined {
    return this.#kept?.get(name);
  }

  keep(name: string, value: DataValue): void {
    this.#keepHere(name, value);
    this.#written(name, hexOf(encodeData(value)));
  }

  #keepHere(name: string, value: DataValue): void {
    this.#kept ??= new Map();
    this.#kept.set(name, detached(value));
  }

  /** Since when the profile of this name has been filled; it was cleared then. */
  clearedMs(obis: string): number {
    return this.#cleared?.get(obis) ?? -Infinity;
  }

  clear(obis: string): void {
    const sinceMs = this.meter.now() + 1;
    this.#clearedAt(obis, sinceMs);
    this.#written(place.cleared + obis, String(sinceMs));
  }

  #clearedAt(obis: string, sinceMs: number): void {
    this.#cleared ??= new Map();
    this.#cleared.set(obis, sinceMs);
  }

  /** Runs something once the meter's clock has come to an instant; a new instant takes the place of the old one. */
  schedule(name: string, atMs: number | undefined, run: () => void): void {
    this.#due ??= new Map();
    if (atMs === undefined) this.#due.delete(name);
    else this.#due.set(name, { atMs, run });
  }

  /** Has something look at the meter again and again. */
  watch(look: (device: MeterDevice) => void): void {
    this.#look = look;
  }

  /** Does what has become due. Called by the town's timer, and before anything is read or written. */
  catchUp(): void {
    if (!this.#due && !this.#look) return;
    const now = this.meter.now();
    for (const [name, { atMs, run }] of [...(this.#due ?? [])]) {
      if (atMs > now) continue;
      this.#due?.delete(name);
      run();
    }
    this.#look?.(this);
  }

  /** How pushes leave this meter; without it none does. */
  set pusher(pusher: (list: DataValue, options: PushOptions) => boolean) {
    this.#pusher = pusher;
  }

  push(list: DataValue, options: PushOptions): boolean {
    return this.#pusher?.(list, options) ?? false;
  }

  /** The line that the meter called in on, while it is open. */
  set line(send: ((apdu: Uint8Array) => void) | undefined) {
    this.#line = send;
  }

  get hasLine(): boolean {
    return this.#line !== undefined;
  }

  sendOnLine(apdu: Uint8Array): void {
    this.#line?.(apdu);
  }

  /** Numbers of DataNotifications, announcements included. */
  nextPush(): number {
    this.#pushes = (this.#pushes + 1) & 0xff_ffff;
    this.#confirmed = undefined;
    return this.#pushes;
  }

  confirm(number: number): void {
    this.#confirmed = number;
  }

  isConfirmed(number: number): boolean {
    return this.#confirmed === number;
  }

  get firmware(): string {
    return this.#firmware ?? "ESV-1.0";
  }

  set firmware(version: string) {
    this.#firmware = version;
    this.#written(place.firmware, version);
  }

  get password(): Uint8Array {
    return this.#password ?? latin1(this.meter.description.password);
  }

  set password(password: Uint8Array) {
    this.#password = password.slice();
    this.#written(place.password, hexOf(password));
  }

  get secret(): Uint8Array {
    return this.#secret ?? latin1(this.security?.secret ?? "");
  }

  set secret(secret: Uint8Array) {
    this.#secret = secret.slice();
    this.#written(place.secret, hexOf(secret));
  }

  /** @throws Error for a meter without security */
  get keys(): DeviceKeys {
    const { security } = this;
    if (!security) throw new Error(`meter ${this.claim.serial} has no keys`);
    const { masterKey, encryptionKey, authenticationKey } = security;
    return (
      this.#keys ?? {
        master: masterKey,
        encryption: encryptionKey,
        authentication: authenticationKey,
        broadcast: encryptionKey,
      }
    );
  }

  /** A new encryption key starts its counters anew. */
  changeKeys(changed: Partial<DeviceKeys>): void {
    this.#keys = { ...this.keys, ...changed };
    for (const [name, key] of Object.entries(changed)) this.#written(place.key + name, hexOf(key));
    if (changed.encryption) this.#counters = this.#countersFrom(1);
  }

  /** Counters of the encryption key in force. */
  get counters(): CountersOfKey {
    this.#counters ??= this.#countersFrom(1);
    return this.#counters;
  }

  #countersFrom(first: number): CountersOfKey {
    return new CountersOfKey(first, (bound) => this.#written(place.counter, String(bound)));
  }
}

/** Values of a counter that are kept as used at once: a restart skips what is left of them. */
const countersAtOnce = 1000;

class CountersOfKey implements CounterKeeper {
  readonly #keepBound: (bound: number) => void;
  #next: number;
  /** Below it all are kept as used. */
  #bound: number;
  #received: number | undefined;

  constructor(first: number, keepBound: (bound: number) => void) {
    this.#next = first;
    this.#bound = first;
    this.#keepBound = keepBound;
  }

  async reserve(count: number): Promise<number> {
    const first = this.#next;
    this.#next += count;
    if (this.#next > this.#bound) {
      this.#bound = this.#next + countersAtOnce;
      this.#keepBound(this.#bound);
    }
    return first;
  }

  /** Answers and pushes take turns under one key. */
  next(): Promise<number> {
    return this.reserve(1);
  }

  /** A faulty meter that lost its own counter. */
  forget(): void {
    this.#next = 1;
  }

  received(): number | undefined {
    return this.#received;
  }

  accept(counter: number): void {
    this.#received = counter;
  }
}

const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");
const fromHex = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex, "hex"));
const latin1 = (text: string) => Uint8Array.from(text, (character) => character.charCodeAt(0));

/** A written value still points into the request's bytes. */
function detached(value: DataValue): DataValue {
  if ("bytes" in value) return { ...value, bytes: value.bytes.slice() };
  if (value.type === "array" || value.type === "structure") {
    return { type: value.type, items: value.items.map(detached) };
  }
  return value;
}
