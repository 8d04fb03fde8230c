import type { ByteStream, Clock } from "@energsys/protocols";
import { lineClock } from "../src/links/line-clock.ts";
import { ascii, asciiOf } from "./support.ts";

/** The present of a stage, moved by hand; what becomes due on the way happens in its order. */
export class StageClock implements Clock {
  #now: number;
  #timers: { atMs: number; action: () => void }[] = [];
  constructor(now: number) {
    this.#now = now;
  }
  now(): number {
    return this.#now;
  }
  after(delayMs: number, action: () => void): () => void {
    const timer = { atMs: this.#now + delayMs, action };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer);
    };
  }
  async advance(ms: number): Promise<void> {
    const untilMs = this.#now + ms;
    for (;;) {
      const next = this.#timers.filter(({ atMs }) => atMs <= untilMs).sort((a, b) => a.atMs - b.atMs)[0];
      if (!next) break;
      this.#timers = this.#timers.filter((other) => other !== next);
      this.#now = Math.max(this.#now, next.atMs);
      next.action();
      // What was promised by the action goes on before the next.
      await new Promise((resolve) => setImmediate(resolve));
    }
    this.#now = untilMs;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

export const realLineClock = lineClock(() => Date.now());

/** XOR of everything after the first character, as the standard says it, apart from our codec. */
export function checked(text: string): string {
  let check = 0;
  for (const character of text.slice(1)) check ^= character.charCodeAt(0);
  return text + String.fromCharCode(check);
}
export const command = (body: string): string => checked(`\x01${body}\x03`);
export const answer = (body: string): string => checked(`\x02${body}\x03`);

/** CRC-16 of the agreement bit by bit, apart from our codec. */
export function crc16(text: string): string {
  let crc = 0;
  for (const character of text) {
    crc ^= character.charCodeAt(0);
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >> 1) ^ 0xa001 : crc >> 1;
  }
  return crc.toString(16).toUpperCase().padStart(4, "0");
}

/** What a technician types at the master's end and sees. */
export function typist(master: ByteStream): { send(text: string): void; seen(): string; clear(): void } {
  let seen = "";
  master.onBytes((bytes) => {
    seen += asciiOf(bytes);
  });
  return {
    send(text) {
      seen = "";
      master.write(ascii(text));
    },
    seen: () => seen,
    clear() {
      seen = "";
    },
  };
}
