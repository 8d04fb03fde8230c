import type { Clock } from "@energsys/protocols";

/** The clock of a process. Waits are measured on the monotonic clock by the timers themselves. */
export const realClock: Clock = {
  now: () => Date.now(),
  after: (delayMs, action) => {
    const timer = setTimeout(action, delayMs);
    return () => clearTimeout(timer);
  },
};
