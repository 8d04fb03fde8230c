import type { Clock } from "@energsys/protocols";

/** So long a turn of the loop works off what is due, and then leaves it to sockets and other timers. */
const turnMs = 8;

interface Entry {
  action: (() => void) | undefined;
}

/**
 * Clocks for thousands of devices in one process that all wake at the same second. Timers that are due together, and those that become due
 * meanwhile, are one turn of the loop to Node; here they wait for each other in one line, and after some milliseconds the loop has its turn.
 */
export function pacedClocks(): (nowMs: () => number) => Clock {
  let due: Entry[] = [];
  let at = 0;
  let asked = false;
  const ask = () => {
    if (asked) return;
    asked = true;
    setImmediate(work);
  };
  const work = () => {
    asked = false;
    const untilMs = performance.now() + turnMs;
    while (at < due.length && performance.now() < untilMs) {
      const entry = due[at++] as Entry;
      // Asked for before it is done: should it throw, as any timer's action may, the others come all the same.
      if (at < due.length) ask();
      const { action } = entry;
      entry.action = undefined;
      action?.();
    }
    if (at < due.length) return ask();
    due = [];
    at = 0;
  };
  return (nowMs) => ({
    now: nowMs,
    after(delayMs, action) {
      // A line in memory needs no time to turn round.
      if (delayMs <= 0) {
        action();
        return () => undefined;
      }
      const entry: Entry = { action };
      const timer = setTimeout(() => {
        if (!entry.action) return;
        due.push(entry);
        ask();
      }, delayMs);
      return () => {
        entry.action = undefined;
        clearTimeout(timer);
      };
    },
  });
}

/** One of these clocks by itself. */
export const pacedClock = (nowMs: () => number): Clock => pacedClocks()(nowMs);
