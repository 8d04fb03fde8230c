import type { ByteStream, Clock } from "@energsys/protocols";
import { DriverError } from "./errors.ts";
import { type ModemResult, resultOf } from "./modem-results.ts";

/** A modem may take so long to answer a command that does not dial. */
export const commandMs = 3000;
const attemptsMax = 3;
/** Silence before and after `+++` (S12; 1 s is every maker's own setting). */
const guardMs = 1100;
/** No more of a dialogue is kept than this. */
const dialogueMax = 4096;
const linesMax = 32;

export const ascii = (text: string): Uint8Array =>
  Uint8Array.from(text, (character) => character.charCodeAt(0));

/** Commands and their results, one after the other. */
export class ModemDialogue {
  readonly #line: ByteStream;
  readonly #clock: Clock;
  #signal: AbortSignal | undefined;
  #text = "";
  /** What a command gave before its result. */
  #lines: string[] = [];
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
    timeoutMs: number = commandMs,
    silent: "modem.silent" | "modem.timeout" = "modem.silent",
  ): Promise<ModemResult> {
    if (this.#end) throw this.#end;
    if (this.#signal?.aborted) throw new DriverError("read.cancelled");
    this.#text = "";
    this.#lines = [];
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

  /** Asks for information, such as `+CSQ`; its lines, without the result. @throws as `command` */
  async ask(body: string): Promise<readonly string[]> {
    await this.command(body, commandMs);
    return this.#lines;
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
      const line = this.#text.trim();
      const result = resultOf(line);
      this.#text = "";
      if (!result && line !== "" && this.#lines.length < linesMax) this.#lines.push(line);
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
