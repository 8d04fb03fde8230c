import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import type { ByteStream, Clock } from "@energsys/protocols";
import { expect } from "vitest";

export function hex(text: string): Uint8Array<ArrayBuffer> {
  const digits = text.replace(/\s+/g, "");
  return Uint8Array.from({ length: digits.length / 2 }, (_, index) =>
    Number.parseInt(digits.slice(index * 2, index * 2 + 2), 16),
  );
}

export const asHex = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

/** Captures of other projects, when they lie beside the clone. */
export const sharedFolder = process.env.ENERGSYS_SHARED ?? join(import.meta.dirname, "../../../../../shared");
export const captures = join(sharedFolder, "captures");
export const hasCaptures = existsSync(join(captures, "dlms/index.json"));

export interface SessionStep {
  readonly dir?: "to-meter" | "from-meter";
  readonly hex?: string;
  readonly decoded?: { readonly attribute: number; readonly value: string | null };
}

export function readSession(file: string): SessionStep[] {
  return JSON.parse(readFileSync(file, "utf8")).steps;
}

/** Time that moves only when a test says so. */
export class ManualClock implements Clock {
  #now = 0;
  #timers: { at: number; action: () => void }[] = [];

  now(): number {
    return this.#now;
  }

  after(delayMs: number, action: () => void): () => void {
    const timer = { at: this.#now + delayMs, action };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer);
    };
  }

  get pending(): number {
    return this.#timers.length;
  }

  /** Lets all promises settle, then moves on, timer by timer. */
  async advance(ms: number): Promise<void> {
    const end = this.#now + ms;
    for (;;) {
      await settle();
      const due = this.#timers.filter((timer) => timer.at <= end).sort((a, b) => a.at - b.at)[0];
      if (!due) break;
      this.#timers = this.#timers.filter((timer) => timer !== due);
      this.#now = due.at;
      due.action();
    }
    this.#now = end;
  }
}

export async function settle(): Promise<void> {
  for (let round = 0; round < 5; round++) await setImmediate();
}

/** One end of a stream in a test: what the session writes goes to `onWrite`, the test feeds `deliver`. */
export class TestStream implements ByteStream {
  readonly written: Uint8Array[] = [];
  closed = false;
  onWrite: (bytes: Uint8Array) => void = () => {};
  #bytes: ((bytes: Uint8Array) => void)[] = [];
  #end: ((cause?: Error) => void)[] = [];

  write(bytes: Uint8Array): void {
    if (this.closed) return;
    this.written.push(bytes.slice());
    this.onWrite(bytes.slice());
  }

  onBytes(listener: (bytes: Uint8Array) => void): void {
    this.#bytes.push(listener);
  }

  onEnd(listener: (cause?: Error) => void): void {
    this.#end.push(listener);
  }

  close(): void {
    if (this.closed) return;
    this.closed = true;
    for (const listener of this.#end) listener();
  }

  deliver(bytes: Uint8Array): void {
    if (!this.closed) for (const listener of this.#bytes) listener(bytes);
  }

  /** One byte at a time, each in an array of its own that is overwritten afterwards. */
  deliverByByte(bytes: Uint8Array): void {
    for (const byte of bytes) {
      const one = Uint8Array.of(byte);
      this.deliver(one);
      one[0] = 0x55;
    }
  }

  breakDown(cause: Error): void {
    if (this.closed) return;
    this.closed = true;
    for (const listener of this.#end) listener(cause);
  }
}

/** Plays the meter's side of a recording; each write of ours must be the recorded one. */
export function replay(steps: readonly SessionStep[]): { stream: TestStream; rest: () => number } {
  const stream = new TestStream();
  const left = steps.filter((step) => step.dir !== undefined);
  stream.onWrite = (bytes) => {
    const step = left.shift();
    expect(`${step?.dir} ${asHex(bytes)}`).toBe(`to-meter ${step?.hex}`);
    const answers: Uint8Array[] = [];
    while (left[0]?.dir === "from-meter") answers.push(hex(left.shift()?.hex ?? ""));
    queueMicrotask(() => {
      for (const answer of answers) stream.deliverByByte(answer);
    });
  };
  return { stream, rest: () => left.length };
}
