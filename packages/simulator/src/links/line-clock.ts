import type { Clock } from "@energsys/protocols";

/** The time of a line: what is due at once happens at once, since a socket needs no time to turn round. */
export const lineClock = (nowMs: () => number): Clock => ({
  now: nowMs,
  after(delayMs, action) {
    if (delayMs <= 0) {
      action();
      return () => undefined;
    }
    const timer = setTimeout(action, delayMs);
    return () => clearTimeout(timer);
  },
});
