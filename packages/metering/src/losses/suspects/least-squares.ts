/** Coefficients with their variances of a least-squares fit of a few columns. */
export interface Fit {
  readonly coefficients: Float64Array;
  /** Of the coefficients, times the variance of what is left: p × p, by row. */
  readonly covariance: Float64Array;
  readonly left: Float64Array;
  readonly leftSquares: number;
}

/** Fits y by columns; a column that adds nothing to those before it gets 0. Normal equations: the columns are few and centred. */
export function leastSquares(y: Float64Array, columns: readonly Float64Array[], observations: number): Fit {
  const p = columns.length;
  const n = y.length;
  // Beside one another numbers of Wh and of kW² would spoil the elimination: each column counts in its own size.
  const scale = columns.map((column) => {
    let squares = 0;
    for (let i = 0; i < n; i++) squares += column[i]! * column[i]!;
    return squares > 0 ? 1 / Math.sqrt(squares) : 0;
  });
  const width = 2 * p + 1;
  const rows: Float64Array[] = [];
  for (let a = 0; a < p; a++) {
    const row = new Float64Array(width);
    const columnA = columns[a]!;
    for (let b = 0; b < p; b++) {
      if (b < a) {
        row[b] = rows[b]![a]!;
        continue;
      }
      const columnB = columns[b]!;
      let sum = 0;
      for (let i = 0; i < n; i++) sum += columnA[i]! * columnB[i]!;
      row[b] = sum * scale[a]! * scale[b]!;
    }
    let right = 0;
    for (let i = 0; i < n; i++) right += columnA[i]! * y[i]!;
    row[p] = right * scale[a]!;
    row[p + 1 + a] = 1;
    rows.push(row);
  }
  const dropped = new Uint8Array(p);
  for (let pivot = 0; pivot < p; pivot++) {
    const row = rows[pivot]!;
    if (row[pivot]! < 1e-9) {
      dropped[pivot] = 1;
      continue;
    }
    const by = 1 / row[pivot]!;
    for (let at = 0; at < width; at++) row[at] = row[at]! * by;
    for (let other = 0; other < p; other++) {
      if (other === pivot) continue;
      const factor = rows[other]![pivot]!;
      if (factor === 0) continue;
      for (let at = 0; at < width; at++) rows[other]![at] = rows[other]![at]! - factor * row[at]!;
    }
  }
  const coefficients = new Float64Array(p);
  for (let a = 0; a < p; a++) coefficients[a] = dropped[a] ? 0 : rows[a]![p]! * scale[a]!;
  const left = y.slice();
  for (let a = 0; a < p; a++) {
    const by = coefficients[a]!;
    if (by === 0) continue;
    const column = columns[a]!;
    for (let i = 0; i < n; i++) left[i] = left[i]! - by * column[i]!;
  }
  let leftSquares = 0;
  for (let i = 0; i < n; i++) leftSquares += left[i]! * left[i]!;
  const variance = leftSquares / Math.max(1, observations - p);
  const covariance = new Float64Array(p * p);
  for (let a = 0; a < p; a++) {
    for (let b = 0; b < p; b++) {
      if (dropped[a] || dropped[b]) continue;
      covariance[a * p + b] = rows[a]![p + 1 + b]! * scale[a]! * scale[b]! * variance;
    }
  }
  return { coefficients, covariance, left, leftSquares };
}
