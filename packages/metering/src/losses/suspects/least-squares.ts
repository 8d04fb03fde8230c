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
  const { products, right, scale } = normalEquations(y, columns);
  const inverse = invert(products, p);
  const coefficients = new Float64Array(p);
  for (let a = 0; a < p; a++) {
    let sum = 0;
    for (let b = 0; b < p; b++) sum += inverse[a * p + b]! * right[b]!;
    coefficients[a] = sum * scale[a]!;
  }
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
  const covariance = inverse;
  for (let a = 0; a < p; a++)
    for (let b = 0; b < p; b++)
      covariance[a * p + b] = covariance[a * p + b]! * scale[a]! * scale[b]! * variance;
  return { coefficients, covariance, left, leftSquares };
}

/**
 * Products of all columns with one another and with y. Beside one another numbers of Wh and of kW² would spoil the elimination: each column counts
 * in its own size. Two by two, so that each value that is fetched is used twice.
 */
function normalEquations(y: Float64Array, columns: readonly Float64Array[]) {
  const p = columns.length;
  const n = y.length;
  const products = new Float64Array(p * p);
  const right = new Float64Array(p);
  for (let a = 0; a < p; a += 2) {
    const first = columns[a]!;
    const second = columns[a + 1] ?? first;
    let rightFirst = 0;
    let rightSecond = 0;
    for (let i = 0; i < n; i++) {
      rightFirst += first[i]! * y[i]!;
      rightSecond += second[i]! * y[i]!;
    }
    right[a] = rightFirst;
    if (a + 1 < p) right[a + 1] = rightSecond;
    for (let b = a; b < p; b += 2) {
      const third = columns[b]!;
      const fourth = columns[b + 1] ?? third;
      let firstThird = 0;
      let firstFourth = 0;
      let secondThird = 0;
      let secondFourth = 0;
      for (let i = 0; i < n; i++) {
        const one = first[i]!;
        const two = second[i]!;
        const three = third[i]!;
        const four = fourth[i]!;
        firstThird += one * three;
        firstFourth += one * four;
        secondThird += two * three;
        secondFourth += two * four;
      }
      products[a * p + b] = firstThird;
      products[b * p + a] = firstThird;
      if (b + 1 < p) {
        products[a * p + b + 1] = firstFourth;
        products[(b + 1) * p + a] = firstFourth;
      }
      if (a + 1 < p) {
        products[(a + 1) * p + b] = secondThird;
        products[b * p + a + 1] = secondThird;
      }
      if (a + 1 < p && b + 1 < p) {
        products[(a + 1) * p + b + 1] = secondFourth;
        products[(b + 1) * p + a + 1] = secondFourth;
      }
    }
  }
  const scale = Float64Array.from({ length: p }, (_, a) => {
    const squares = products[a * p + a]!;
    return squares > 0 ? 1 / Math.sqrt(squares) : 0;
  });
  for (let a = 0; a < p; a++) {
    right[a] = right[a]! * scale[a]!;
    for (let b = 0; b < p; b++) products[a * p + b] = products[a * p + b]! * scale[a]! * scale[b]!;
  }
  return { products, right, scale };
}

/** Inverse of a symmetric matrix by its triangle (Cholesky); rows and columns that depend on those before them become 0. */
function invert(matrix: Float64Array, p: number): Float64Array {
  const lower = new Float64Array(p * p);
  const dropped = new Uint8Array(p);
  for (let a = 0; a < p; a++) {
    for (let b = 0; b <= a; b++) {
      if (dropped[b]) continue;
      let sum = matrix[a * p + b]!;
      for (let c = 0; c < b; c++) sum -= lower[a * p + c]! * lower[b * p + c]!;
      if (a > b) lower[a * p + b] = sum / lower[b * p + b]!;
      else if (sum < 1e-9) dropped[a] = 1;
      else lower[a * p + a] = Math.sqrt(sum);
    }
    if (dropped[a]) lower.fill(0, a * p, a * p + p);
  }
  // Rows of the triangle's inverse, then what they give with one another.
  const half = new Float64Array(p * p);
  for (let a = 0; a < p; a++) {
    if (dropped[a]) continue;
    const diagonal = lower[a * p + a]!;
    for (let b = 0; b < a; b++) {
      const factor = lower[a * p + b]!;
      if (factor === 0) continue;
      for (let c = 0; c <= b; c++) half[a * p + c] = half[a * p + c]! - factor * half[b * p + c]!;
    }
    for (let c = 0; c < a; c++) half[a * p + c] = half[a * p + c]! / diagonal;
    half[a * p + a] = 1 / diagonal;
  }
  const inverse = new Float64Array(p * p);
  for (let k = 0; k < p; k++) {
    for (let a = 0; a <= k; a++) {
      const by = half[k * p + a]!;
      if (by === 0) continue;
      for (let b = 0; b <= k; b++) inverse[a * p + b] = inverse[a * p + b]! + by * half[k * p + b]!;
    }
  }
  return inverse;
}
