import { DecodeError } from "../errors.ts";
import { ack, computeBcc, cr, crc16Arc, eot, etx, lf, soh, stx } from "./checks.ts";
import { lexDataSets } from "./data-sets.ts";
import { findIdentification, type Identification } from "./identification.ts";
import { telegramOf } from "./message.ts";
import type { Check, DataSet, IecFault, IecTelegram, IecTelegramKind } from "./telegram.ts";
import { ByteWindow } from "./window.ts";

export interface ReadoutOptions {
  /** A message that grows beyond this ends there, marked `overlong`. 64 KiB unless told. */
  readonly messageLengthMax?: number;
  /** All partial blocks of a message together; 1 MiB unless told. */
  readonly answerLengthMax?: number;
}

const slash = 0x2f;
const mark = 0x21;
const identificationLengthMax = 96;

// Where the reader is. Each byte is judged by the state alone, so that chunk borders cannot matter.
const idle = 0;
const identification = 1;
const identified = 2;
const optionSelect = 3;
const block = 4;
const blockMarked = 5;
const blockCheck = 6;
const unblocked = 7;
const crcDigits = 8;
const commandLetter = 9;
const commandDigit = 10;
const command = 11;
const skipOne = 12;

const text = new TextDecoder();

const isHexDigit = (code: number): boolean =>
  (code >= 0x30 && code <= 0x39) || (code >= 0x41 && code <= 0x46) || (code >= 0x61 && code <= 0x66);
const isCommandLetter = (code: number): boolean =>
  code === 0x50 || code === 0x57 || code === 0x52 || code === 0x45 || code === 0x42;

const worse = (a: Check, b: Check): Check =>
  a === "bad" || b === "bad" ? "bad" : a === "absent" || b === "absent" ? "absent" : "good";

/** Blocks of a message that ended with EOT and wait for the one that ends with ETX. */
interface Partial {
  readonly dataSets: DataSet[];
  readonly faults: IecFault[];
  check: Check;
  length: number;
  readonly offset: number;
  readonly identification: Identification | undefined;
}

/**
 * Finds data messages in a stream of bytes: modes A, C and D with and without STX…ETX, and P1. Noise and echoes before
 * a message, bit 7 (parity that a tunnel left) and LF LF line ends do no harm; partial blocks (EOT) are joined. Any
 * split of the bytes gives the same telegrams. It never throws and holds no more than the limits say.
 */
export class ReadoutReader {
  readonly #messageLengthMax: number;
  readonly #answerLengthMax: number;
  readonly #window = new ByteWindow();
  #state = idle;
  /** Start of the message, of the text in it, and the next byte to look at: positions in the window. */
  #start = 0;
  #textStart = 0;
  #at = 0;
  #markAt = -1;
  #etxAt = -1;
  /** The last byte with bit 7, counted from the stream's beginning: before it bytes have to be masked. */
  #bit7At = -1;
  #inBracket = false;
  #sawBracket = false;
  #carriageReturns = 0;
  #lineFeeds = 0;
  #identification: Identification | undefined;
  #partial: Partial | undefined;
  #ready: IecTelegram[] = [];

  constructor(options: ReadoutOptions = {}) {
    this.#messageLengthMax = options.messageLengthMax ?? 65_536;
    this.#answerLengthMax = options.answerLengthMax ?? 1_048_576;
  }

  /** The telegrams that `chunk` completes. */
  push(chunk: Uint8Array): IecTelegram[] {
    this.#window.append(chunk);
    this.#scan();
    this.#dropDone();
    return this.#take();
  }

  /** The stream has ended: what was begun comes out as it is, `cut` where its end is missing. */
  end(): IecTelegram[] {
    this.#finish();
    this.#window.drop(this.#window.end);
    this.#at = 0;
    this.#reset(0);
    return this.#take();
  }

  #take(): IecTelegram[] {
    const ready = this.#ready;
    if (ready.length === 0) return [];
    this.#ready = [];
    return ready;
  }

  /** Positions count from the window's first byte: they move when bytes before a message are dropped. */
  #dropDone(): void {
    const done = this.#state === idle || this.#state === skipOne ? this.#at : this.#start;
    this.#window.drop(done);
    this.#at -= done;
    this.#start -= done;
    this.#textStart -= done;
    if (this.#markAt >= 0) this.#markAt -= done;
    if (this.#etxAt >= 0) this.#etxAt -= done;
  }

  #reset(at: number): void {
    this.#state = idle;
    this.#start = at;
    this.#textStart = at;
    this.#markAt = -1;
    this.#etxAt = -1;
    this.#inBracket = false;
    this.#sawBracket = false;
    this.#identification = undefined;
  }

  /** After an ETX that ends nothing we know: the byte that follows is a check byte, whatever it looks like. */
  #skipCheck(at: number): void {
    this.#reset(at);
    this.#state = skipOne;
  }

  #beginIdentification(at: number): void {
    this.#reset(at);
    this.#carriageReturns = 0;
    this.#lineFeeds = 0;
    this.#state = identification;
  }

  #beginBlock(at: number): void {
    if (this.#identification === undefined) this.#start = at;
    this.#textStart = at + 1;
    this.#markAt = -1;
    this.#inBracket = false;
    this.#sawBracket = false;
    this.#state = block;
  }

  #scan(): void {
    const { bytes, end, origin } = this.#window;
    for (; this.#at < end; this.#at++) {
      const at = this.#at;
      const byte = bytes[at]!;
      if (byte > 0x7f) this.#bit7At = origin + at;
      const code = byte & 0x7f;
      if (this.#state !== idle && at - this.#start >= this.#messageLengthMax) {
        this.#overlong(at);
      }
      switch (this.#state) {
        case idle:
          if (code === slash) this.#beginIdentification(at);
          else if (code === stx) this.#beginBlock(at);
          else if (code === soh) {
            this.#reset(at);
            this.#state = commandLetter;
          } else if (code === etx) this.#skipCheck(at);
          break;
        case identification:
          this.#inIdentification(at, code);
          break;
        case identified:
          this.#afterIdentification(at, code);
          break;
        case optionSelect:
          if (code === lf || code === cr) this.#state = identified;
          else if (code === stx) this.#beginBlock(at);
          break;
        case block:
          this.#inBlock(at, code);
          if (this.#state === block) this.#skipPlain(bytes, end);
          break;
        case blockMarked:
          this.#afterMark(at, code);
          break;
        case blockCheck:
          this.#atCheck(at, code);
          break;
        case unblocked:
          this.#inUnblocked(at, code);
          break;
        case crcDigits:
          this.#inCrc(at, code);
          break;
        case commandLetter:
        case commandDigit:
        case command:
          this.#inCommand(at, code);
          break;
        default:
          this.#state = idle;
      }
    }
  }

  /** Goes on over digits and letters, most bytes of a block: they change nothing there. */
  #skipPlain(bytes: Uint8Array, end: number): void {
    const stop = Math.min(end, this.#start + this.#messageLengthMax);
    let next = this.#at + 1;
    while (next < stop && bytes[next]! > 0x2f && bytes[next]! <= 0x7f) next++;
    this.#at = next - 1;
  }

  /** Looks at the same byte again, in the state that was just set. */
  #again(): void {
    this.#at--;
  }

  #inIdentification(at: number, code: number): void {
    if (code === slash) this.#beginIdentification(at);
    else if (code === cr || code === lf) {
      this.#identification = findIdentification(this.#text(this.#start, at));
      if (this.#identification) {
        this.#state = identified;
        this.#textStart = at;
        this.#again();
      } else this.#reset(at);
    } else if (code === stx) {
      this.#reset(at);
      this.#beginBlock(at);
    } else if (code < 0x20 || code === 0x7f || code === mark || at - this.#start >= identificationLengthMax) {
      this.#reset(at);
      this.#again();
    }
  }

  #afterIdentification(at: number, code: number): void {
    if (code === stx) this.#beginBlock(at);
    else if (code === slash) this.#beginIdentification(at);
    else if (code === ack) this.#state = optionSelect;
    else if (code === cr) this.#carriageReturns++;
    else if (code === lf) this.#lineFeeds++;
    else if (code === soh) {
      // Programming mode begins: the line was all of this message.
      this.#emitIdentification();
      this.#again();
    } else if (code > 0x20 && code < 0x7f) {
      this.#textStart = at;
      this.#state = unblocked;
      this.#again();
    }
  }

  /** Keeps track of brackets, for `!`, `/` and STX mean something only outside of them. A line end closes one. */
  #inBlock(at: number, code: number): void {
    if (code > 0x2f) return;
    if (code === etx || code === eot) {
      this.#etxAt = at;
      this.#state = blockCheck;
    } else if (code === 0x28) {
      this.#inBracket = true;
      this.#sawBracket = true;
    } else if (code === 0x29 || code === lf || code === cr) this.#inBracket = false;
    else if (this.#inBracket) return;
    else if (code === mark) {
      this.#markAt = at;
      this.#state = blockMarked;
    } else if (code === slash) this.#restart(at, () => this.#beginIdentification(at));
    else if (code === stx && (!this.#sawBracket || this.#followsLineEnd(at))) {
      // A message was broken off and another one begins; in the midst of a line STX is only a damaged character.
      if (this.#sawBracket) this.#restart(at, () => this.#beginBlock(at));
      else this.#beginBlock(at);
    }
  }

  #followsLineEnd(at: number): boolean {
    const before = this.#window.bytes[at - 1]! & 0x7f;
    return before === lf || before === cr;
  }

  #restart(at: number, begin: () => void): void {
    if (this.#sawBracket) this.#emit(at, "cut", { bcc: "absent" });
    this.#reset(at);
    begin();
  }

  #afterMark(at: number, code: number): void {
    if (code === etx || code === eot) {
      this.#etxAt = at;
      this.#state = blockCheck;
    } else if (code === slash) this.#restart(at, () => this.#beginIdentification(at));
    else if (code === stx && this.#followsLineEnd(at)) this.#restart(at, () => this.#beginBlock(at));
  }

  #atCheck(at: number, code: number): void {
    const computed = computeBcc(this.#window.bytes, this.#textStart, this.#etxAt + 1);
    if (code === computed) {
      this.#emitBlock("good", at + 1);
    } else if (code === slash) {
      // A tunnel swallowed the check byte and the next message follows.
      this.#emitBlock("absent", at);
      this.#again();
    } else this.#emitBlock("bad", at + 1);
  }

  #emitBlock(bcc: Check, next: number): void {
    const last = (this.#window.bytes[this.#etxAt]! & 0x7f) === etx;
    if (last) this.#emit(this.#etxAt, "etx", { bcc });
    else this.#hold(bcc);
    this.#reset(next);
  }

  #inUnblocked(at: number, code: number): void {
    if (code > 0x2f) return;
    if (code === 0x28) {
      this.#inBracket = true;
      this.#sawBracket = true;
    } else if (code === 0x29 || code === lf || code === cr) this.#inBracket = false;
    else if (this.#inBracket) return;
    else if (code === mark) {
      this.#markAt = at;
      this.#state = crcDigits;
    } else if (code === slash) {
      this.#emitUnblocked(at, "cut");
      this.#beginIdentification(at);
    } else if (code === stx && !this.#sawBracket) this.#beginBlock(at);
    else if (code === etx) {
      this.#emitUnblocked(at, "cut");
      this.#skipCheck(at);
    }
  }

  #inCrc(at: number, code: number): void {
    if (isHexDigit(code) && at - this.#markAt <= 4) return;
    this.#emitUnblocked(at, "mark");
    this.#again();
  }

  #inCommand(at: number, code: number): void {
    if (this.#state === commandLetter && isCommandLetter(code)) this.#state = commandDigit;
    else if (this.#state === commandDigit && code >= 0x30 && code <= 0x39) this.#state = command;
    else if (this.#state !== command) {
      this.#reset(at);
      this.#again();
    } else if (code === etx || code === eot) {
      this.#skipCheck(at);
    }
  }

  /** What is left when the stream has ended. */
  #finish(): void {
    const at = this.#window.end;
    if (this.#state === identified || this.#state === optionSelect) this.#emitIdentification();
    else if (this.#state === block || this.#state === blockMarked) {
      if (this.#sawBracket) this.#emit(at, "cut", { bcc: "absent" });
    } else if (this.#state === blockCheck) this.#emitBlock("absent", at);
    else if (this.#state === unblocked) this.#emitUnblocked(at, "cut");
    else if (this.#state === crcDigits) this.#emitUnblocked(at, "mark");
    this.#emitPartial("eot");
  }

  #overlong(at: number): void {
    const offset = this.#window.origin + at;
    if (this.#state < commandLetter) {
      this.#emit(at, "overlong", {}, [{ code: "iec.message-length", offset }]);
    }
    this.#reset(at);
  }

  #text(start: number, end: number): string {
    return text.decode(this.#masked(start, end));
  }

  #masked(start: number, end: number): Uint8Array {
    const view = this.#window.bytes.subarray(start, end);
    return this.#bit7At < this.#window.origin + start ? view : view.map((byte) => byte & 0x7f);
  }

  #lex(end: number): { dataSets: DataSet[]; faults: IecFault[] } {
    const stop = this.#markAt >= 0 ? this.#markAt : end;
    const bytes = this.#masked(this.#textStart, stop);
    return lexDataSets(bytes, 0, bytes.length, text.decode(bytes), this.#window.origin + this.#textStart);
  }

  #hold(check: Check): void {
    const { dataSets, faults } = this.#lex(this.#etxAt);
    this.#partial ??= {
      dataSets: [],
      faults: [],
      check,
      length: 0,
      offset: this.#window.origin + this.#start,
      identification: this.#identification,
    };
    const partial = this.#partial;
    for (const dataSet of dataSets) partial.dataSets.push(dataSet);
    for (const fault of faults) partial.faults.push(fault);
    partial.check = worse(partial.check, check);
    partial.length += this.#etxAt - this.#start;
    if (partial.length > this.#answerLengthMax) {
      partial.faults.push({ code: "iec.message-length", offset: this.#window.origin + this.#etxAt });
      this.#emitPartial("overlong");
    }
  }

  #emitPartial(end: IecTelegram["end"]): void {
    const partial = this.#partial;
    if (!partial) return;
    this.#partial = undefined;
    this.#push(
      partial.identification,
      partial.dataSets,
      { bcc: partial.check },
      end,
      partial.faults,
      partial.offset,
    );
  }

  #emit(end: number, how: IecTelegram["end"], check: IecTelegram["check"], faults: IecFault[] = []): void {
    const partial = this.#identification ? undefined : this.#partial;
    if (partial) this.#partial = undefined;
    else this.#emitPartial("eot");
    const lexed = this.#lex(end);
    const bcc = partial && check.bcc ? worse(partial.check, check.bcc) : check.bcc;
    this.#push(
      partial?.identification ?? this.#identification,
      partial ? [...partial.dataSets, ...lexed.dataSets] : lexed.dataSets,
      bcc ? { bcc } : check,
      how,
      [...(partial?.faults ?? []), ...lexed.faults, ...faults],
      partial?.offset ?? this.#window.origin + this.#start,
    );
  }

  #emitIdentification(): void {
    this.#emitPartial("eot");
    const found = this.#identification;
    if (found) {
      this.#ready.push({
        kind: "iec62056-21-identification",
        identification: found,
        dataSets: [],
        check: {},
        end: "mark",
        faults: [],
        offset: this.#window.origin + this.#start,
      });
    }
    this.#reset(this.#at);
  }

  #emitUnblocked(at: number, how: "mark" | "cut"): void {
    this.#emitPartial("eot");
    const digits = how === "mark" ? this.#text(this.#markAt + 1, at) : "";
    const lexed = this.#lex(at);
    const crc = digits.length > 0 ? this.#checkCrc(Number.parseInt(digits, 16)) : "absent";
    // P1 leaves a line empty after the identification; where CR became LF every line end looks like that, and only
    // P1 has full codes with a colon.
    const emptyLine =
      this.#carriageReturns > 1 ||
      (this.#carriageReturns === 0 &&
        this.#lineFeeds > 1 &&
        (lexed.dataSets[0]?.address.includes(":") ?? false));
    const p1 = digits.length > 0 || emptyLine;
    this.#push(
      this.#identification,
      lexed.dataSets,
      p1 ? { crc } : { bcc: "absent" },
      how,
      lexed.faults,
      this.#window.origin + this.#start,
      p1 ? "p1" : undefined,
    );
    this.#reset(at);
  }

  /** The CRC is over the bytes as sent; a tunnel may have added the parity of a 7E1 line to them. */
  #checkCrc(sent: number): Check {
    const crcEnd = this.#markAt + 1;
    if (crc16Arc(this.#window.bytes, this.#start, crcEnd) === sent) return "good";
    return crc16Arc(this.#masked(this.#start, crcEnd)) === sent ? "good" : "bad";
  }

  #push(
    identified: Identification | undefined,
    dataSets: DataSet[],
    check: IecTelegram["check"],
    end: IecTelegram["end"],
    faults: IecFault[],
    offset: number,
    kind?: IecTelegramKind,
  ): void {
    this.#ready.push(telegramOf(dataSets, faults, { identification: identified, check, end, offset, kind }));
  }
}

/**
 * The first data message of `bytes`; noise before it and anything after it are passed over.
 * @throws DecodeError `iec.no-message`, or `iec.message-length` when it is longer than `messageLengthMax`
 */
export function decodeReadout(bytes: Uint8Array, options: ReadoutOptions = {}): IecTelegram {
  const reader = new ReadoutReader(options);
  const telegram = reader.push(bytes)[0] ?? reader.end()[0];
  if (!telegram) throw new DecodeError("iec.no-message", bytes.length);
  const overlong = telegram.end === "overlong" ? telegram.faults.at(-1) : undefined;
  if (overlong) throw new DecodeError(overlong.code, overlong.offset);
  return telegram;
}
