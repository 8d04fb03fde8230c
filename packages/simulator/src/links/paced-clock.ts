import type { Clock } from "@energsys/protocols";

/** So long a turn of the loop works off what is due, and then leaves it to sockets and other timers. */
const turnMs = 8;
/** Most of a turn: each is looked at before the next is begun. */
const turnMax = 64;

interface Entry {
  action: (() => void) | undefined;
}

/**
 * Clocks for thousands of devices in one process that all wake at the same second. Timers that are due together, and those that become due
 * meanwhile, are one turn of the loop to Node; here they wait for each other in one line. Each is done with all that it promises before the next
 * one's time is looked at, and after some milliseconds the loop has its turn.
 */
export function pacedClocks(): (nowMs: () => number) => Clock {
  let due: Entry[] = [];
  let at = 0;
  /** Of this turn, still to come. */
  let left = 0;
  let untilMs = 0;
  const ask = () => {
    if (left > 0) return;
    if (at >= due.length) {
      due = [];
      at = 0;
      return;
    }
    left = Math.min(turnMax, due.length - at);
    untilMs = 0;
    // Node does what is promised after each of these, and what is asked for now is one turn.
    for (let n = 0; n < left; n++) setImmediate(work);
  };
  const work = () => {
    const now = performance.now();
    if (untilMs === 0) untilMs = now + turnMs;
    const entry = now < untilMs ? due[at++] : undefined;
    left--;
    // Asked for before it is done: should it throw, as any timer's action may, the others come all the same.
    ask();
    const action = entry?.action;
    if (entry) entry.action = undefined;
    action?.();
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
