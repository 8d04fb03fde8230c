import type { Clock } from "@energsys/protocols";
import { type ConcentratorConfig, checkConfig } from "../src/config.ts";

/** Time stepped by hand: what is due runs in order, and what it starts gets its turn before the next step. */
export class FakeClock implements Clock {
  #now: number;
  #timers: { atMs: number; action: () => void }[] = [];

  constructor(nowMs: number) {
    this.#now = nowMs;
  }

  now(): number {
    return this.#now;
  }

  /** The machine's clock jumps; timers, which count on their own, do not. */
  jump(ms: number): void {
    this.#now += ms;
    for (const timer of this.#timers) timer.atMs += ms;
  }

  after(delayMs: number, action: () => void): () => void {
    const timer = { atMs: this.#now + delayMs, action };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer);
    };
  }

  async advance(ms: number): Promise<void> {
    const end = this.#now + ms;
    await settle();
    for (;;) {
      const next = this.#timers.reduce<{ atMs: number; action: () => void } | undefined>(
        (first, timer) => (first && first.atMs <= timer.atMs ? first : timer),
        undefined,
      );
      if (!next || next.atMs > end) break;
      this.#now = Math.max(this.#now, next.atMs);
      this.#timers = this.#timers.filter((timer) => timer !== next);
      next.action();
      await settle();
    }
    this.#now = end;
  }
}

/** Lets promises that are due run; in-process streams need a few turns for an exchange. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve));
}

export function configOf(changes: Record<string, unknown> = {}): ConcentratorConfig {
  const checked = checkConfig({
    identity: "ENC0000000000017",
    centre: { addresses: ["127.0.0.1:4060"] },
    store: { path: ":memory:" },
    lines: [{ name: "a", url: "tcp://127.0.0.1:4001", kind: "iec", scan: ["1-3"] }],
    ...changes,
  });
  if (!checked.ok) throw new Error(checked.faults.join("\n"));
  return checked.config;
}

/** 2026-11-26T10:00:00Z. */
export const morningMs = Date.UTC(2026, 10, 26, 10);
