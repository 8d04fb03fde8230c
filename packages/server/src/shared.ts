/** How long an answer is remembered: so many times as long as it took to make, within bounds. */
export interface Memory {
  readonly times: number;
  readonly msMin: number;
  readonly msMax: number;
}

/**
 * One answer for all who ask at about the same time: whoever comes while it is being made waits for it, and it is remembered for
 * a multiple of the time that it took, so that its making never takes more than a part of the database's time, and a small
 * system is always fresh. Remembered per `of`, and as long as that lives. A failure is not remembered.
 */
export function shared<Of extends object, Result>(
  memory: Memory,
  make: (of: Of) => Promise<Result>,
): (of: Of) => Promise<Result> {
  const known = new WeakMap<Of, { result: Promise<Result>; untilMs: number }>();
  return (of) => {
    const entry = known.get(of);
    const startedMs = performance.now();
    if (entry && startedMs < entry.untilMs) return entry.result;
    const made = { result: make(of), untilMs: Number.POSITIVE_INFINITY };
    known.set(of, made);
    made.result.then(
      () => {
        const nowMs = performance.now();
        const forMs = (nowMs - startedMs) * memory.times;
        made.untilMs = nowMs + Math.min(memory.msMax, Math.max(memory.msMin, forMs));
      },
      () => {
        if (known.get(of) === made) known.delete(of);
      },
    );
    return made.result;
  };
}
