import { computeBcc } from "@energsys/protocols/iec62056-21";
import type { VirtualMeter } from "../meter/virtual-meter.ts";
import { type IecDialect, type IecKind, iecDialects } from "./dialects.ts";
import { logText, profileText } from "./profile-text.ts";
import { findInstant } from "./times.ts";

const soh = 0x01;
const stx = 0x02;
const etx = 0x03;
const ack = 0x06;
const lf = 0x0a;
const nak = 0x15;
const slash = 0x2f;

/** Longest request that a meter keeps in mind; what is longer is noise. */
const requestLengthMax = 256;
/** Without traffic a meter leaves programming mode (60 to 120 s in practice). */
const idleMs = 120_000;
/** Longest gap between two characters of one message. */
const characterGapMs = 1500;
const repeatsMax = 3;

type State = "idle" | "identified" | "programming" | "unlocked";

/**
 * The meter's side of one mode C line (IEC 62056-21): bytes in, bytes out. It answers sign-on with its address or none,
 * option select 0 with the readout and 1 with programming mode, and there R1, R5, P1 and B0.
 */
export class IecMeterSession {
  readonly #meter: VirtualMeter;
  readonly #dialect: IecDialect;
  readonly #serial: string;
  readonly #write: (bytes: Uint8Array) => void;
  readonly #nowMs: () => number;
  #state: State = "idle";
  #received: number[] = [];
  #lastSent = new Uint8Array(0);
  #repeats = 0;
  #wrongPasswords = 0;
  #lastMs = 0;

  constructor(
    meter: VirtualMeter,
    kind: IecKind,
    options: {
      readonly serial: string;
      readonly write: (bytes: Uint8Array) => void;
      readonly nowMs: () => number;
    },
  ) {
    this.#meter = meter;
    this.#dialect = iecDialects[kind];
    this.#serial = options.serial;
    this.#write = options.write;
    this.#nowMs = options.nowMs;
  }

  receive(chunk: Uint8Array): void {
    const nowMs = this.#nowMs();
    if (nowMs - this.#lastMs > idleMs) this.#leave();
    // What stopped in the middle is no request any more.
    if (nowMs - this.#lastMs > characterGapMs) this.#received = [];
    this.#lastMs = nowMs;
    for (const byte of chunk) this.#take(byte & 0x7f);
  }

  /** One character. A message begins with `/`, ACK, NAK or SOH; anything else outside of one is noise. */
  #take(byte: number): void {
    const received = this.#received;
    if (received.length === 0) {
      if (byte === nak) this.#repeat();
      else if (byte === slash || byte === ack || byte === soh) received.push(byte);
      return;
    }
    // A new beginning in a line means that what came before was no message, such as a lone ACK.
    if (received[0] !== soh && (byte === slash || byte === soh)) received.length = 0;
    received.push(byte);
    const first = received[0];
    // In a command the byte after ETX is the check, whatever its value.
    const ended = first === soh ? received.at(-2) === etx : byte === lf;
    if (ended) {
      this.#received = [];
      const text = String.fromCharCode(...received);
      if (first === slash) this.#signOn(text);
      else if (first === ack) this.#select(text);
      else this.#command(received, text);
    } else if (received.length > requestLengthMax) {
      this.#received = [];
    }
  }

  #signOn(text: string): void {
    const match = /^\/\?([0-9A-Za-z ]{0,32})!\r\n$/.exec(text);
    if (!match) return;
    const bare = (address: string) => address.replace(/^0+/, "");
    const address = match[1] ?? "";
    if (address !== "" && bare(address) !== bare(this.#serial)) return;
    this.#state = "identified";
    this.#send(latin1(`${this.#dialect.identification}\r\n`));
  }

  #select(text: string): void {
    if (this.#state !== "identified") return;
    const mode = /^[012][0-9]([0-9])\r\n$/.exec(text.slice(1))?.[1];
    if (mode === "1") {
      this.#state = "programming";
      this.#send(block(soh, "P0\x02()"));
      return;
    }
    // A meter that is not asked properly reads out.
    this.#state = "idle";
    const lines = this.#dialect.readout(this.#meter).map((set) => `${set.address}(${this.#textOf(set)})\r\n`);
    this.#send(block(stx, `${lines.join("")}!\r\n`));
  }

  #textOf(set: { readonly address: string; text(meter: VirtualMeter): string }): string {
    // A meter with a wrong identity lies in its serial number too.
    const text = set.text(this.#meter);
    const { serial } = this.#meter.description;
    return text.trim() === serial ? text.replace(serial, this.#serial) : text;
  }

  #command(bytes: readonly number[], text: string): void {
    const good = computeBcc(Uint8Array.from(bytes), 1, bytes.length - 1) === bytes.at(-1);
    // SOH, two characters, then either ETX or STX and a body up to ETX.
    const body = text[3] === "\x02" ? text.slice(4, -2) : "";
    const command = text.slice(1, 3);
    const formed = /^[A-Z][0-9]$/.test(command) && (text[3] === "\x02" || text.length === 5);
    if (!good || !formed) {
      this.#write(Uint8Array.of(nak));
      return;
    }
    if (command === "B0") this.#leave();
    if (this.#state !== "programming" && this.#state !== "unlocked") return;
    if (command === "P1") {
      this.#password(body);
      return;
    }
    const locked = this.#dialect.passwordNeeded && this.#state !== "unlocked";
    const asked = /^([^()]+)\(([^()]*)\)$/.exec(body);
    const answer = locked || !asked ? undefined : this.#read(command, asked[1] as string, asked[2] as string);
    this.#send(block(stx, answer ?? "(ERROR)"));
  }

  #password(body: string): void {
    if (body === `(${this.#meter.description.password})`) {
      this.#state = "unlocked";
      this.#send(Uint8Array.of(ack));
      return;
    }
    this.#wrongPasswords += 1;
    this.#send(this.#wrongPasswords < 3 ? block(stx, "(ERROR)") : block(soh, "B0"));
    if (this.#wrongPasswords >= 3) this.#leave();
  }

  #read(command: string, address: string, argument: string): string | undefined {
    if (command === "R1") {
      const sets = [...this.#dialect.readout(this.#meter), ...this.#dialect.more];
      const set = sets.find((candidate) => candidate.address === address);
      return set && `(${this.#textOf(set)})`;
    }
    if (command !== "R5" || !this.#dialect.profile) return undefined;
    const [from, to] = argument.split(";");
    const fromMs = from ? findInstant(from, this.#meter) : -Infinity;
    const toMs = to ? findInstant(to, this.#meter) : Infinity;
    if (fromMs === undefined || toMs === undefined) return undefined;
    if (address === "P.01") return profileText(this.#meter, this.#dialect, fromMs, toMs) ?? "P.01(ERROR)";
    if (address === "P.98") return logText(this.#meter, this.#dialect, fromMs, toMs) ?? "P.98(ERROR)";
    return undefined;
  }

  #leave(): void {
    this.#state = "idle";
    this.#received = [];
    this.#wrongPasswords = 0;
  }

  #send(bytes: Uint8Array<ArrayBuffer>): void {
    this.#lastSent = bytes;
    this.#repeats = 0;
    this.#write(bytes);
  }

  #repeat(): void {
    if (this.#lastSent.length === 0 || this.#repeats >= repeatsMax) return;
    this.#repeats += 1;
    this.#write(this.#lastSent);
  }
}

function latin1(text: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}

/** A block from SOH or STX to ETX with its check byte; the check begins after the first character. */
function block(first: number, text: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(text.length + 3);
  bytes[0] = first;
  bytes.set(latin1(text), 1);
  bytes[text.length + 1] = etx;
  bytes[text.length + 2] = computeBcc(bytes.subarray(1, text.length + 2));
  return bytes;
}
