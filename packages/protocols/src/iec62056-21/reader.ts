import { LinkError } from "../errors.ts";
import type { ByteStream, Clock } from "../io.ts";
import { ack, nak } from "./checks.ts";
import { encodeBlock, encodeCommand, encodeText, type IecFrame } from "./frames.ts";
import { findIdentification, type Identification, rateOf } from "./identification.ts";
import { ReaderLine } from "./line.ts";
import { telegramOfBodies } from "./message.ts";
import type { IecReaderOptions } from "./reader-options.ts";
import type { Check, IecTelegram } from "./telegram.ts";

export type ReadCommand = "R1" | "R2" | "R3" | "R4" | "R5" | "R6";
export type WriteCommand = "W1" | "W2" | "W3" | "W4" | "W5" | "E2";

/** What gets a reader into the programming mode. Without any of it the mode is entered as it is. */
export interface IecAccess {
  /** Sent in clear (P1). */
  readonly password?: string;
  /** Result of the maker's algorithm over the operand of P0 (P2). */
  readonly algorithm?: (operand: string, identification: Identification) => string | Promise<string>;
}

/** What became of a write or an execution: a refusal is a value, with the meter's error text or `NAK`. */
export type WriteOutcome =
  | { readonly ok: true; readonly answer?: IecTelegram }
  | { readonly ok: false; readonly error: string };

const sevenEven = { dataBits: 7, parity: "even" } as const;
const eightNone = { dataBits: 8, parity: "none" } as const;
const nothing = new Uint8Array(0);

/**
 * Reads and writes one meter by modes A, B, C and E. One request at a time. Any error ends the link: a late answer could
 * pass for the answer to the next request.
 *
 * All methods throw LinkError: `link.timeout`, `link.closed`, `link.garbled` (a check byte wrong in every attempt, or
 * no frame of this protocol), `link.refused` (NAK, break, wrong password), `link.unexpected` (bytes nobody asked for).
 * An error that the meter answers with (`ERROR`, `ER04`) is a value: `IecTelegram.error`.
 */
export class IecReader {
  readonly #line: ReaderLine;
  readonly #options: IecReaderOptions;
  #identification: Identification | undefined;
  /** A mode A or B meter that has just been read out takes a password then. */
  #readOut = false;

  constructor(stream: ByteStream, clock: Clock, options: IecReaderOptions = {}) {
    this.#options = options;
    this.#line = new ReaderLine(stream, clock, options);
  }

  /** Signs on (6.3.1): `/?address!`. On a bus always give the address; without it whoever is there answers. */
  async signOn(request: { address?: string } = {}): Promise<Identification> {
    const line = this.#line;
    this.#identification = undefined;
    this.#readOut = false;
    await line.setLine({ baudRate: line.initialBaudRate, ...sevenEven });
    await line.delay(this.#options.pauseBeforeSignOnMs ?? 0);
    await this.#wakeUp();
    line.beginSignOn();
    const frame = await line.exchange(encodeText(`/?${request.address ?? ""}!\r\n`));
    const found = frame.kind === "line" ? findIdentification(frame.line) : undefined;
    if (!found) throw this.#refuse(frame, "no identification");
    this.#identification = found;
    const { mode, baudRate } = rateOf(found.baudCharacter);
    // Mode B changes its rate by itself, after a reaction time of perhaps 20 ms.
    if (mode === "B" && baudRate !== undefined) await line.setLine({ baudRate, ...sevenEven });
    return found;
  }

  /** The data readout: option select 0 in mode C, then the data message, with the identification of the sign-on. */
  async readout(): Promise<IecTelegram> {
    const identification = this.#signedOn();
    const unasked = rateOf(identification.baudCharacter).mode !== "C";
    const first = unasked ? await this.#comes() : await this.#select(identification, "0");
    const telegram = await this.#collect(first, undefined, identification);
    if (this.#options.acknowledgeReadout) await this.#line.send(Uint8Array.of(ack));
    this.#readOut = unasked;
    // The meter is back where a sign-on is due.
    if (!unasked) this.#identification = undefined;
    return telegram;
  }

  /**
   * Enters the programming mode: by option select 1 in mode C, by a P command right after the readout in modes A and B,
   * which is read for it if it was not. A password is never sent twice: several wrong ones lock a meter for hours. The
   * operand is that of P0; modes A and B have none.
   */
  async enterProgramming(access: IecAccess = {}): Promise<{ operand: string }> {
    const identification = this.#signedOn();
    if (rateOf(identification.baudCharacter).mode !== "C") {
      if (!this.#readOut) await this.readout();
      await this.#giveAccess({ ...access, password: access.password ?? "" }, "", identification);
      return { operand: "" };
    }
    const first = await this.#select(identification, "1");
    const challenge = await this.#repeatWhileBad(first, "command");
    if (challenge.kind !== "command" || challenge.command !== "P0") throw this.#refuse(challenge, "no P0");
    const body = String.fromCharCode(...(challenge.body ?? nothing).subarray(0, 256));
    const operand = body.startsWith("(") ? body.slice(1, body.lastIndexOf(")")) : body;
    await this.#giveAccess(access, operand, identification);
    return { operand };
  }

  /**
   * Reads in programming mode: `R1` a register, `R5` a profile or log with its range as argument (`from;to`), `R3`,
   * `R4` and `R6` the same in partial blocks. A NAK repeats the command.
   */
  async read(command: ReadCommand, address: string, argument = ""): Promise<IecTelegram> {
    const identification = this.#signedOn();
    const request = encodeCommand(command, `${address}(${argument})`);
    return this.#collect(await this.#line.exchange(request), request, identification);
  }

  /**
   * Writes (`W1`, `W2`, `W5`) or executes (`E2`). Sent once: whether to repeat what a meter did not acknowledge is the
   * caller's to decide, who can read back first. A time-out ends the link, and leaves open whether the meter took it.
   */
  async write(command: WriteCommand, address: string, value: string): Promise<WriteOutcome> {
    const identification = this.#signedOn();
    const frame = await this.#line.exchange(encodeCommand(command, `${address}(${value})`));
    return this.#outcome(frame, identification);
  }

  /** Writes in partial blocks (`W3`, `W4`): each part but the last ends with EOT and has to be acknowledged. */
  async writeParts(command: "W3" | "W4", address: string, parts: readonly string[]): Promise<WriteOutcome> {
    const identification = this.#signedOn();
    let outcome: WriteOutcome = { ok: false, error: "no parts" };
    for (const [index, part] of parts.entries()) {
      const last = index === parts.length - 1;
      const body = index === 0 ? `${address}(${part}${last ? ")" : ""}` : `${part}${last ? ")" : ""}`;
      const bare = index > 0 && this.#options.partialWrites === "command-once";
      const bytes = bare ? encodeBlock(body, { last }) : encodeCommand(command, body, { last });
      outcome = await this.#outcome(await this.#line.exchange(bytes), identification);
      if (!outcome.ok) return outcome;
    }
    return outcome;
  }

  /**
   * Mode E (annex E): option select 2, the confirmation at the new rate and still 7E1, then 8N1. Returns the stream for
   * the HDLC link; this reader is over.
   */
  async enterBinary(): Promise<ByteStream> {
    const identification = this.#signedOn();
    const line = this.#line;
    const { mode, baudRate } = rateOf(identification.baudCharacter);
    if (mode !== "C" || baudRate === undefined) {
      throw line.fail(
        "link.refused",
        `mode E of a meter with baud character ${identification.baudCharacter}`,
      );
    }
    const { binaryConfirmationRate = "new", binaryConfirmationMs = 1500 } = this.#options;
    const { binaryConfirmation = "optional", latencyMs = 3500 } = this.#options;
    const options = `2${identification.baudCharacter}2`;
    const answer = await line.exchangeOptional(
      encodeText(`\x06${options}\r\n`),
      binaryConfirmationMs + (binaryConfirmation === "required" ? latencyMs : 0),
      binaryConfirmationRate === "new" ? () => this.#changeRate(baudRate) : undefined,
    );
    const confirmed = answer !== "silence" && answer.kind === "option-select" && answer.options === options;
    if (answer === "silence" ? binaryConfirmation === "required" : !confirmed) {
      throw answer === "silence"
        ? line.fail("link.timeout", "no confirmation of mode E")
        : this.#refuse(answer, "mode E not confirmed");
    }
    if (line.settable) await line.delay(this.#options.baudChangeDelayMs ?? 250);
    await line.setLine({ baudRate, ...eightNone });
    this.#identification = undefined;
    return line.handOver();
  }

  /**
   * Ends the session (`B0`), also one that an earlier reader left open; the link stays for another sign-on. `B1` is for
   * battery devices with the fast wake-up.
   */
  async signOff(command: "B0" | "B1" = "B0"): Promise<void> {
    if (this.#line.ended) throw this.#line.ended;
    this.#identification = undefined;
    await this.#line.send(encodeCommand(command));
  }

  /** Ends the session and the link. */
  async close(): Promise<void> {
    if (this.#line.ended) return;
    // A line that is gone needs no break.
    if (this.#identification) await this.signOff().catch(() => undefined);
    this.#line.end(new LinkError("link.closed"));
  }

  #signedOn(): Identification {
    if (this.#line.ended) throw this.#line.ended;
    if (!this.#identification) throw new Error("the meter is not signed on");
    return this.#identification;
  }

  async #wakeUp(): Promise<void> {
    const { wakeUp } = this.#options;
    if (!wakeUp) return;
    const { durationMs = 2200, pauseMs = 1600 } = wakeUp;
    // Ten bits for a character.
    await this.#line.send(new Uint8Array(Math.ceil((durationMs * this.#line.initialBaudRate) / 10_000)));
    await this.#line.delay(durationMs + pauseMs);
  }

  /** The readout of a mode A or B meter: it may be there before it is asked for. */
  async #comes(): Promise<IecFrame> {
    const { early } = this.#line;
    this.#line.early = undefined;
    return early ?? this.#line.next();
  }

  /** Option select (6.3.3) and the change to the announced rate, where the line can; then the first answer. */
  async #select(identification: Identification, mode: "0" | "1"): Promise<IecFrame> {
    const { baudRate } = rateOf(identification.baudCharacter);
    const rate = baudRate === undefined ? "0" : identification.baudCharacter;
    return this.#line.exchange(encodeText(`\x060${rate}${mode}\r\n`), () => this.#changeRate(baudRate));
  }

  async #changeRate(baudRate: number | undefined): Promise<void> {
    const line = this.#line;
    if (!line.settable || baudRate === undefined || baudRate === line.initialBaudRate) return;
    await line.delay(this.#options.baudChangeDelayMs ?? 250);
    await line.setLine({ baudRate, ...sevenEven });
  }

  async #giveAccess(access: IecAccess, operand: string, identification: Identification): Promise<void> {
    const { password, algorithm } = access;
    if (!algorithm && password === undefined) return;
    const request = algorithm
      ? encodeCommand("P2", `(${await algorithm(operand, identification)})`)
      : encodeCommand("P1", `(${password})`);
    const answer = await this.#line.exchange(request);
    if (answer.kind !== "ack") throw this.#refuse(answer, "password refused");
  }

  /** The telegram of an answer: NAKs a block with a wrong check byte, acknowledges partial blocks. */
  async #collect(
    first: IecFrame,
    request: Uint8Array | undefined,
    identification: Identification,
  ): Promise<IecTelegram> {
    const bodies: Uint8Array[] = [];
    let length = 0;
    let check: Check = "good";
    let frame = first;
    for (let attempts = 1; request && frame.kind === "nak"; attempts++) {
      if (attempts >= this.#attemptsMax) throw this.#refuse(frame, "NAK");
      frame = await this.#line.exchange(request);
    }
    for (;;) {
      const block = await this.#repeatWhileBad(frame, "block");
      if (block.kind !== "block") throw this.#refuse(block, "no data message");
      bodies.push(block.body);
      length += block.body.length;
      if (length > (this.#options.answerLengthMax ?? 1_048_576))
        throw this.#line.fail("link.garbled", "answer too long");
      if (block.check === "absent") check = "absent";
      if (block.last) return telegramOfBodies(bodies, check, identification);
      frame = await this.#line.exchange(Uint8Array.of(ack));
    }
  }

  async #outcome(frame: IecFrame, identification: Identification): Promise<WriteOutcome> {
    if (frame.kind === "ack") return { ok: true };
    if (frame.kind === "nak") return { ok: false, error: "NAK" };
    if (frame.kind !== "block") throw this.#refuse(frame, "no acknowledgement");
    const answer = await this.#collect(frame, undefined, identification);
    return answer.error === undefined ? { ok: true, answer } : { ok: false, error: answer.error };
  }

  async #repeatWhileBad(first: IecFrame, kind: "block" | "command"): Promise<IecFrame> {
    let frame = first;
    for (let attempts = 1; frame.kind === kind && frame.check === "bad"; attempts++) {
      if (attempts >= this.#attemptsMax) throw this.#line.fail("link.garbled", "wrong check byte");
      frame = await this.#line.exchange(Uint8Array.of(nak));
    }
    return frame;
  }

  get #attemptsMax(): number {
    return this.#options.attemptsMax ?? 3;
  }

  /** An answer that is none: what the meter refuses with, or bytes of no use. Ends the link. */
  #refuse(frame: IecFrame, what: string): LinkError {
    const refusal =
      frame.kind === "nak" || frame.kind === "block" || (frame.kind === "command" && frame.command === "B0");
    const error =
      frame.kind === "block" ? telegramOfBodies([frame.body], frame.check, undefined).error : undefined;
    return this.#line.fail(
      refusal ? "link.refused" : "link.garbled",
      error === undefined ? what : `${what}: ${error}`,
    );
  }
}
