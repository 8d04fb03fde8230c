import type { ByteStream, Clock } from "@energsys/protocols";
import { DriverError } from "./errors.ts";
import { ascii, commandMs, ModemDialogue } from "./modem-dialogue.ts";
import type { ModemResult } from "./modem-results.ts";

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

/** The modem itself gives up first and says why. */
const marginMs = 5000;
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
  const modem = new ModemDialogue(line, clock, call.signal);
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

class OpenCall implements CallStream {
  readonly released: Promise<void>;
  readonly baudRate?: number;
  readonly #line: ByteStream;
  readonly #clock: Clock;
  readonly #modem: ModemDialogue;
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
    modem: ModemDialogue,
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
