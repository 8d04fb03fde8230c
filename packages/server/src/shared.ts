/**
 * One answer for all who ask within `forMs`: whoever comes while it is being made waits for it. Remembered per `of`, and as long
 * as that lives. A failure is not remembered.
 */
export function shared<Of extends object, Result>(
  forMs: number,
  make: (of: Of) => Promise<Result>,
): (of: Of) => Promise<Result> {
  const known = new WeakMap<Of, { result: Promise<Result>; untilMs: number }>();
  return (of) => {
    const entry = known.get(of);
    if (entry && performance.now() < entry.untilMs) return entry.result;
    const made = { result: make(of), untilMs: Number.POSITIVE_INFINITY };
    known.set(of, made);
    made.result.then(
      () => {
        made.untilMs = performance.now() + forMs;
      },
      () => {
        if (known.get(of) === made) known.delete(of);
      },
    );
    return made.result;
  };
}
