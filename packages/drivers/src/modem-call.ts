import type { ByteStream, Clock } from "@energsys/protocols";
import { DriverError } from "./errors.ts";
import { type ModemResult, resultOf } from "./modem-results.ts";

export interface ModemCall {
  /** Digits, `+`, `*`, `#` and a comma for a pause. */
  readonly number: string;
  /** How a modem on a fixed line dials; a GSM modem needs neither. */
  readonly dialling: "plain" | "tone" | "pulse";
  /** A command line of its own before dialling, without AT: bearer, rate, speaker. */
  readonly init?: string;
  /** How long the other side may take to answer. */
  readonly connectMs: number;
  readonly signal?: AbortSignal | undefined;
}

/** A modem may take so long to answer a command that does not dial. */
const commandMs = 3000;
const attemptsMax = 3;
/** The modem itself gives up first and says why. */
const marginMs = 5000;
/** Silence before and after `+++` (S12; 1 s is every maker's own setting). */
const guardMs = 1100;
/** No more of a dialogue is kept than this. */
const dialogueMax = 4096;
/** A result code in the middle of the data is data; one with silence after it is the end of the call. */
const silenceMs = 500;
const noCarrier = "\r\nNO CARRIER\r\n";

/** A stream over a call; `released` resolves when the modem has hung up and the line to it is closed. */
export interface CallStream extends ByteStream {
  readonly released: Promise<void>;
  /** What the modem said of the rate. */
  readonly baudRate?: number;
}

/**
 * Dials through a modem that is on the other end of `line` and hands the call over as a stream; closing it hangs up.
 * @param carrier whether the modem shows carrier (DCD), where the line can tell
 * @throws DriverError `modem.silent`, `modem.refused`, `modem.busy`, `modem.no-answer`, `modem.no-carrier`, `modem.no-dialtone`,
 *   `modem.delayed`, `modem.network`, `modem.timeout`, `modem.lost`, `read.cancelled`
 */
export async function callByModem(
  line: ByteStream,
  clock: Clock,
  call: ModemCall,
  carrier?: () => Promise<boolean | undefined>,
): Promise<CallStream> {
  const modem = new Dialogue(line, clock, call.signal);
  try {
    await modem.wake(call.connectMs);
    if (call.init !== undefined) await modem.command(call.init, commandMs);
    const letter = { plain: "D", tone: "DT", pulse: "DP" }[call.dialling];
    const result = await modem.command(letter + call.number, call.connectMs + marginMs, "modem.timeout");
    if (result.kind !== "connect") throw new DriverError("modem.no-carrier", "OK in place of CONNECT");
    return new OpenCall(line, clock, modem, result, carrier);
  } catch (error) {
    // Any character ends a dialling that goes on (V.250, 5.6.1).
    line.write(ascii("\r"));
    line.close();
    throw error;
  }
}

const ascii = (text: string): Uint8Array => Uint8Array.from(text, (character) => character.charCodeAt(0));

/** Commands and their results, one after the other. */
class Dialogue {
  readonly #line: ByteStream;
  readonly #clock: Clock;
  #signal: AbortSignal | undefined;
  #text = "";
  #waiting: { resolve: (result: ModemResult) => void; reject: (error: Error) => void } | undefined;
  #end: DriverError | undefined;
  /** What came with or after the result; of a call it is data. */
  #rest: (bytes: Uint8Array) => void = () => undefined;
  #connected = false;

  constructor(line: ByteStream, clock: Clock, signal: AbortSignal | undefined) {
    this.#line = line;
    this.#clock = clock;
    this.#signal = signal;
    line.onBytes((bytes) => this.#receive(bytes));
    line.onEnd((cause) => {
      this.#end = new DriverError("modem.lost", "the line to the modem ended", cause);
      this.#waiting?.reject(this.#end);
    });
  }

  set onData(hearer: (bytes: Uint8Array) => void) {
    this.#rest = hearer;
  }

  /** Out of the data, then on the hook; a cancelled reading hangs up too. @throws DriverError as `command` */
  async hangUp(): Promise<void> {
    this.#signal = undefined;
    await this.escape();
    this.#connected = false;
    await this.command("H", commandMs);
  }

  /** Brings the modem to a known state, wherever the last one left it. @throws DriverError `modem.silent`, `modem.refused`, `modem.lost` */
  async wake(connectMs: number): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      try {
        // No echo, results in words, all of them.
        await this.command("E0Q0V1X4", commandMs);
        break;
      } catch (error) {
        if (attempt === attemptsMax || !(error instanceof DriverError) || error.code !== "modem.silent")
          throw error;
        // It may still be in a call of somebody who never hung up.
        await this.escape();
      }
    }
    // Never answer by itself, and wait for the other side so long; some GSM modems wait as their network does.
    await this.command("S0=0", commandMs);
    const seconds = Math.min(255, Math.ceil(connectMs / 1000));
    await this.command(`S7=${seconds}`, commandMs).catch((error: unknown) => {
      if (!(error instanceof DriverError) || error.code !== "modem.refused") throw error;
    });
  }

  async escape(): Promise<void> {
    await this.#pause(guardMs);
    this.#line.write(ascii("+++"));
    await this.#pause(guardMs);
  }

  /** @throws DriverError the code of the result, or `silent` when none came in time */
  async command(
    body: string,
    timeoutMs: number,
    silent: "modem.silent" | "modem.timeout" = "modem.silent",
  ): Promise<ModemResult> {
    if (this.#end) throw this.#end;
    if (this.#signal?.aborted) throw new DriverError("read.cancelled");
    this.#text = "";
    const answered = new Promise<ModemResult>((resolve, reject) => {
      this.#waiting = { resolve, reject };
    });
    const stop = () => this.#waiting?.reject(new DriverError("read.cancelled"));
    const cancel = this.#clock.after(timeoutMs, () => {
      const waited = `no result within ${Math.round(timeoutMs / 1000)} s`;
      this.#waiting?.reject(new DriverError(silent, waited));
    });
    this.#signal?.addEventListener("abort", stop, { once: true });
    try {
      this.#line.write(ascii(`AT${body}\r`));
      const result = await answered;
      if (result.kind === "failed") throw new DriverError(result.code, result.text);
      return result;
    } finally {
      cancel();
      this.#signal?.removeEventListener("abort", stop);
      this.#waiting = undefined;
    }
  }

  #receive(bytes: Uint8Array): void {
    if (this.#connected) {
      this.#rest(bytes);
      return;
    }
    for (const [at, byte] of bytes.entries()) {
      // Modems answer 8N1 or 7E1 as they were spoken to last.
      this.#text = (this.#text + String.fromCharCode(byte & 0x7f)).slice(-dialogueMax);
      if ((byte & 0x7f) !== 0x0a && (byte & 0x7f) !== 0x0d) continue;
      const result = resultOf(this.#text);
      this.#text = "";
      if (!result || !this.#waiting) continue;
      const { resolve } = this.#waiting;
      this.#waiting = undefined;
      if (result.kind === "connect") {
        this.#connected = true;
        resolve(result);
        // The line feed still belongs to the result.
        const rest = bytes.subarray(at + 1);
        this.#early(rest[0] === 0x0a ? rest.subarray(1) : rest);
        return;
      }
      resolve(result);
    }
  }

  /** Data that came with the result, before anybody took the call. */
  #early(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    const copy = bytes.slice();
    this.#clock.after(0, () => this.#rest(copy));
  }

  #pause(durationMs: number): Promise<void> {
    return new Promise((resolve) => {
      this.#clock.after(durationMs, () => resolve());
    });
  }
}

class OpenCall implements CallStream {
  readonly released: Promise<void>;
  readonly baudRate?: number;
  readonly #line: ByteStream;
  readonly #clock: Clock;
  readonly #modem: Dialogue;
  readonly #hearers: ((bytes: Uint8Array) => void)[] = [];
  readonly #ends: ((cause?: Error) => void)[] = [];
  #end: { cause?: Error } | undefined;
  #release: () => void = () => undefined;
  /** The last characters, to know the end of the call from data. */
  #tail = "";
  #cancelSilence: (() => void) | undefined;
  #cancelWatch: (() => void) | undefined;

  constructor(
    line: ByteStream,
    clock: Clock,
    modem: Dialogue,
    result: Extract<ModemResult, { kind: "connect" }>,
    carrier: (() => Promise<boolean | undefined>) | undefined,
  ) {
    this.#line = line;
    this.#clock = clock;
    this.#modem = modem;
    if (result.baudRate !== undefined) this.baudRate = result.baudRate;
    this.released = new Promise((resolve) => {
      this.#release = resolve;
    });
    modem.onData = (bytes) => this.#receive(bytes);
    line.onEnd((cause) => {
      this.#ended(new DriverError("modem.lost", "the line to the modem ended", cause));
      this.#release();
    });
    if (carrier) this.#watch(carrier);
  }

  write(bytes: Uint8Array): void {
    if (!this.#end) this.#line.write(bytes);
  }

  onBytes(listener: (bytes: Uint8Array) => void): void {
    this.#hearers.push(listener);
  }

  onEnd(listener: (cause?: Error) => void): void {
    if (this.#end) listener(this.#end.cause);
    else this.#ends.push(listener);
  }

  close(): void {
    if (this.#end) return;
    this.#ended();
    void this.#hangUp();
  }

  /** Whatever the modem says, the line to it is closed in the end. */
  async #hangUp(): Promise<void> {
    try {
      await this.#modem.hangUp();
    } catch {
      // It hung up already, or says nothing: the end of the line does the same with DTR.
    }
    this.#line.close();
    this.#release();
  }

  #receive(bytes: Uint8Array): void {
    if (this.#end) return;
    this.#cancelSilence?.();
    for (const byte of bytes) this.#tail += String.fromCharCode(byte & 0x7f);
    this.#tail = this.#tail.slice(-noCarrier.length);
    if (this.#tail.endsWith(noCarrier)) {
      this.#cancelSilence = this.#clock.after(silenceMs, () => this.#lost("NO CARRIER"));
    }
    for (const hearer of this.#hearers) hearer(bytes);
  }

  /** Carrier that was there and goes away ends the call; a modem or cable that never shows it is not asked again. */
  #watch(carrier: () => Promise<boolean | undefined>, was?: boolean): void {
    this.#cancelWatch = this.#clock.after(silenceMs, async () => {
      const is = await carrier().catch(() => undefined);
      if (this.#end || is === undefined) return;
      if (is) this.#watch(carrier, true);
      else if (was) this.#lost("no carrier (DCD)");
    });
  }

  #lost(detail: string): void {
    if (this.#end) return;
    this.#ended(new DriverError("modem.lost", detail));
    this.#line.close();
    this.#release();
  }

  #ended(cause?: Error): void {
    if (this.#end) return;
    this.#end = cause === undefined ? {} : { cause };
    this.#cancelSilence?.();
    this.#cancelWatch?.();
    for (const end of this.#ends) end(cause);
  }
}
