/** How long an answer is remembered: so many times as long as it took to make, within bounds. */
export interface Memory {
  readonly times: number;
  readonly msMin: number;
  readonly msMax: number;
  /** For so long after that an answer is still given while a newer one is being made; 0 unless said. */
  readonly msLate?: number;
}

interface Entry<Result> {
  readonly result: Promise<Result>;
  untilMs: number;
  isRenewed: boolean;
}

/**
 * One answer for all who ask at about the same time: whoever comes while it is being made waits for it, and it is remembered for
 * a multiple of the time that it took, so that its making never takes more than a part of the database's time, and a small
 * system is always fresh. Remembered per `of`, and as long as that lives. A failure is not remembered.
 */
export function shared<Of extends object, Result>(
  { times, msMin, msMax, msLate = 0 }: Memory,
  make: (of: Of) => Promise<Result>,
): (of: Of) => Promise<Result> {
  const known = new WeakMap<Of, Entry<Result>>();

  /** Remembers the answer from when it is there, or at once when there is none before it. */
  function renew(of: Of, before: Entry<Result> | undefined): Promise<Result> {
    const startedMs = performance.now();
    const made: Entry<Result> = { result: make(of), untilMs: Number.POSITIVE_INFINITY, isRenewed: false };
    if (before) before.isRenewed = true;
    else known.set(of, made);
    made.result.then(
      () => {
        const nowMs = performance.now();
        made.untilMs = nowMs + Math.min(msMax, Math.max(msMin, (nowMs - startedMs) * times));
        known.set(of, made);
      },
      () => {
        if (before) before.isRenewed = false;
        else if (known.get(of) === made) known.delete(of);
      },
    );
    return made.result;
  }

  return (of) => {
    const entry = known.get(of);
    if (!entry) return renew(of, undefined);
    const lateMs = performance.now() - entry.untilMs;
    if (lateMs < 0) return entry.result;
    if (lateMs >= msLate) return renew(of, undefined);
    if (!entry.isRenewed) void renew(of, entry);
    return entry.result;
  };
}
