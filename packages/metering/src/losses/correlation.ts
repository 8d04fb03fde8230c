/** Pearson's r of two series, of the places where both have a value; absent where one of them does not move. */
export function pearson(a: ArrayLike<number>, b: ArrayLike<number>): number | undefined {
  const count = Math.min(a.length, b.length);
  let n = 0;
  let sumA = 0;
  let sumB = 0;
  for (let i = 0; i < count; i++) {
    if (Number.isNaN(a[i]!) || Number.isNaN(b[i]!)) continue;
    n++;
    sumA += a[i]!;
    sumB += b[i]!;
  }
  const [meanA, meanB] = [sumA / n, sumB / n];
  let both = 0;
  let ofA = 0;
  let ofB = 0;
  for (let i = 0; i < count; i++) {
    if (Number.isNaN(a[i]!) || Number.isNaN(b[i]!)) continue;
    const [x, y] = [a[i]! - meanA, b[i]! - meanB];
    both += x * y;
    ofA += x * x;
    ofB += y * y;
  }
  const scale = Math.sqrt(ofA * ofB);
  return n < 3 || scale === 0 ? undefined : Math.max(-1, Math.min(1, both / scale));
}

/** Members by how their daily energy goes with the daily loss, the strongest first, in either direction. */
export function correlateDaily<Id>(
  lossWh: ArrayLike<number>,
  members: readonly { readonly id: Id; readonly dailyWh: ArrayLike<number> }[],
): { readonly id: Id; readonly r: number }[] {
  return members
    .flatMap(({ id, dailyWh }) => {
      const r = pearson(lossWh, dailyWh);
      return r === undefined ? [] : [{ id, r }];
    })
    .sort((a, b) => Math.abs(b.r) - Math.abs(a.r));
}
