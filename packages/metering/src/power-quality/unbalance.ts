/**
 * Negative by positive sequence of three voltages between conductors, percent (IEC 61000-4-30, 5.7). For equal voltages the inner root is of
 * nothing: rounding must not make it one of a negative number.
 */
export function unbalancePercent(uab: number, ubc: number, uca: number): number {
  const squares = uab ** 2 + ubc ** 2 + uca ** 2;
  if (squares === 0) return Number.NaN;
  const beta = (uab ** 4 + ubc ** 4 + uca ** 4) / squares ** 2;
  const root = Math.sqrt(Math.max(0, 3 - 6 * beta));
  return 100 * Math.sqrt(Math.max(0, (1 - root) / (1 + root)));
}

/** The same from voltages against neutral of which the angles are not known, taken as 120° apart. */
export function unbalanceOfPhases(l1: number, l2: number, l3: number): number {
  const between = (a: number, b: number) => Math.sqrt(a * a + b * b + a * b);
  return unbalancePercent(between(l1, l2), between(l2, l3), between(l3, l1));
}
