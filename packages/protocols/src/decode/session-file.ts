import type { ByteStream, Clock, LinkRecorder } from "../io.ts";
import type { SessionStep } from "./explanation.ts";

export interface SessionRecorderOptions {
  /** What is recorded, in words: the device's address without its secrets, the model. */
  readonly what?: string;
  /** Takes each line as soon as it is complete, so that a file is whole up to the last turn when the process dies. */
  readonly onLine?: (line: string) => void;
  /** Bytes that are kept in all; 16 MiB unless told. What goes beyond is left out, and the recording says so. */
  readonly bytesMax?: number;
}

interface RecordedStep extends SessionStep {
  /** Since the beginning of the recording. */
  readonly atMs: number;
}

const dirOf = (from: SessionStep["from"]): string => (from === "reader" ? "to-meter" : "from-meter");

/**
 * Records a link as a session file: JSON lines, first what is recorded, then one line for each turn with its direction, its
 * bytes in hex and when it began. `explain` reads it, and `SessionReplay` plays its meter. A recording of a sign-on holds the
 * password: keep the file like one.
 */
export class SessionRecorder implements LinkRecorder {
  readonly #clock: Clock;
  readonly #options: SessionRecorderOptions;
  readonly #startMs: number;
  readonly #steps: RecordedStep[] = [];
  #open: { from: SessionStep["from"]; atMs: number; pieces: Uint8Array[] } | undefined;
  #length = 0;
  #left = 0;

  constructor(clock: Clock, options: SessionRecorderOptions = {}) {
    this.#clock = clock;
    this.#options = options;
    this.#startMs = clock.now();
    options.onLine?.(this.#headLine());
  }

  sent(bytes: Uint8Array): void {
    this.#take("reader", bytes);
  }

  received(bytes: Uint8Array): void {
    this.#take("meter", bytes);
  }

  /** Completes the turn that is under way; the file holds it only then. */
  end(): void {
    const open = this.#open;
    if (!open) return;
    this.#open = undefined;
    const length = open.pieces.reduce((sum, piece) => sum + piece.length, 0);
    const bytes = new Uint8Array(length);
    let at = 0;
    for (const piece of open.pieces) {
      bytes.set(piece, at);
      at += piece.length;
    }
    const step = { from: open.from, atMs: open.atMs, bytes };
    this.#steps.push(step);
    this.#options.onLine?.(lineOf(step));
  }

  get steps(): readonly SessionStep[] {
    return this.#steps;
  }

  /** Bytes that were left out because the recording had grown too long. */
  get bytesLeftOut(): number {
    return this.#left;
  }

  /** The whole file. */
  toText(): string {
    this.end();
    return [this.#headLine(), ...this.#steps.map(lineOf)].map((line) => `${line}\n`).join("");
  }

  #headLine(): string {
    const startedAt = Temporal.Instant.fromEpochMilliseconds(this.#startMs).toString();
    return JSON.stringify({ session: 1, what: this.#options.what ?? "", startedAt });
  }

  #take(from: SessionStep["from"], bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    this.#length += bytes.length;
    if (this.#length > (this.#options.bytesMax ?? 16_777_216)) {
      this.#left += bytes.length;
      return;
    }
    if (this.#open?.from !== from) {
      this.end();
      this.#open = { from, atMs: this.#clock.now() - this.#startMs, pieces: [] };
    }
    // The owner of the bytes may use them again.
    this.#open!.pieces.push(bytes.slice());
  }
}

const lineOf = ({ from, atMs, bytes }: RecordedStep): string =>
  JSON.stringify({ atMs, dir: dirOf(from), hex: bytes.toHex() });

/**
 * Plays the meter of a recording: once the reader has written what the recorded reader wrote, the meter's next bytes
 * come. Turns are compared as one stream, for a recording may glue or part what was written. A reader that does
 * something else ends the stream with an `Error` that says where.
 */
export class SessionReplay implements ByteStream {
  readonly #steps: readonly SessionStep[];
  readonly #cut: (bytes: Uint8Array) => readonly Uint8Array[];
  #at = 0;
  #written = 0;
  #hearers: ((bytes: Uint8Array) => void)[] = [];
  #ends: ((cause?: Error) => void)[] = [];
  #ended = false;

  /** `cut` parts what the meter says, to try a reader with any split; whole turns unless told. */
  constructor(
    steps: readonly SessionStep[],
    cut: (bytes: Uint8Array) => readonly Uint8Array[] = (bytes) => [bytes],
  ) {
    this.#steps = steps;
    this.#cut = cut;
    // A device that calls in, or pushes, speaks first.
    this.#goOn();
  }

  /** Turns that were played. */
  get played(): number {
    return this.#at;
  }

  get closed(): boolean {
    return this.#ended;
  }

  write(bytes: Uint8Array): void {
    if (this.#ended) return;
    for (const byte of bytes) {
      const step = this.#steps[this.#at];
      if (step?.from !== "reader" || step.bytes[this.#written] !== byte) {
        const where = `turn ${this.#at}, byte ${this.#written}`;
        this.#end(new Error(`the recorded reader does not send ${byte.toString(16)} in ${where}`));
        return;
      }
      if (++this.#written < step.bytes.length) continue;
      this.#written = 0;
      this.#at++;
    }
    if (this.#written === 0) this.#goOn();
  }

  onBytes(listener: (bytes: Uint8Array) => void): void {
    this.#hearers.push(listener);
  }

  onEnd(listener: (cause?: Error) => void): void {
    this.#ends.push(listener);
  }

  close(): void {
    this.#end();
  }

  #goOn(): void {
    void Promise.resolve().then(() => {
      for (let step = this.#steps[this.#at]; step?.from === "meter"; step = this.#steps[this.#at]) {
        this.#at++;
        for (const chunk of this.#cut(step.bytes)) for (const hearer of this.#hearers) hearer(chunk);
      }
    });
  }

  #end(cause?: Error): void {
    if (this.#ended) return;
    this.#ended = true;
    for (const listener of this.#ends) listener(cause);
  }
}
