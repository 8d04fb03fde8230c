/**
 * What a register has not shown at the end of an interval it shows in the next: the steps of all registers together leave a noise that takes back
 * what it gave. Summed up, with what lies long ago fading, it is as small as the steps themselves, while what flows adds up: the same month tells
 * of a ratio twice as well. Noise that goes on instead (something that nobody explains) is taken as its changes.
 * @param follows correlation of the noise with itself one interval on, -0.5 where it is steps alone
 */
export function whiten(values: Float64Array, usable: Uint8Array, follows: number): Float64Array {
  if (follows === 0) return values;
  const whitened = new Float64Array(values.length);
  const keeps = follows < 0 ? Math.min(keepsMost, root(-follows)) : 0;
  const takes = Math.min(takesMost, Math.max(0, follows));
  for (let i = 0; i < values.length; i++) {
    if (!usable[i]) continue;
    const before = i > 0 && usable[i - 1] ? i - 1 : undefined;
    whitened[i] =
      values[i]! + (before === undefined ? 0 : keeps * whitened[before]! - takes * values[before]!);
  }
  return whitened;
}

/** Fades within some two hours: what lasts longer is rather the line's data than anybody's load. */
const keepsMost = 0.85;
const takesMost = 0.7;

/** By how much a noise is the difference of what is independent, from its correlation one interval on. */
const root = (follows: number): number =>
  follows >= 0.5 ? 1 : (1 - Math.sqrt(1 - 4 * follows * follows)) / (2 * follows);

/** How what is left goes with itself one interval on, -0.5 to 1. */
export function followsItself(left: Float64Array, usable: Uint8Array): number {
  let [products, squares] = [0, 0];
  let [pairs, count] = [0, 0];
  for (let i = 0; i < left.length; i++) {
    if (!usable[i]) continue;
    squares += left[i]! * left[i]!;
    count++;
    if (i === 0 || !usable[i - 1]) continue;
    products += left[i]! * left[i - 1]!;
    pairs++;
  }
  if (squares === 0 || pairs === 0) return 0;
  return Math.max(-0.5, products / pairs / (squares / count));
}
