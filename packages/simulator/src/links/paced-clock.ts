import type { Clock } from "@energsys/protocols";

/**
 * A clock for thousands of devices in one process that all wake at the same second. What is due is done one after the other, each in a
 * turn of the loop of its own, so that sockets and other timers are served in between.
 */
export function pacedClock(nowMs: () => number): Clock {
  let due: { action: (() => void) | undefined }[] = [];
  let at = 0;
  const next = () => {
    let entry = due[at++];
    while (entry && !entry.action) entry = due[at++];
    if (!entry) {
      due = [];
      at = 0;
      return;
    }
    setImmediate(next);
    const { action } = entry;
    entry.action = undefined;
    action?.();
  };
  return {
    now: nowMs,
    after(delayMs, action) {
      // A line in memory needs no time to turn round.
      if (delayMs <= 0) {
        action();
        return () => undefined;
      }
      const entry: { action: (() => void) | undefined } = { action };
      const timer = setTimeout(() => {
        if (!entry.action) return;
        due.push(entry);
        if (due.length === 1) setImmediate(next);
      }, delayMs);
      return () => {
        entry.action = undefined;
        clearTimeout(timer);
      };
    },
  };
}
