/**
 * Randomness without state: every draw is a function of its keys, so any instant of any meter can be computed alone,
 * in any order, and again. Keys are 32 bit integers; texts become one by `keyOf`.
 */
export function hash(...keys: number[]): number {
  let h = 0x9e3779b9;
  for (const key of keys) h = mix(h ^ mix(key | 0));
  return h >>> 0;
}

/** Uniform in [0, 1). */
export const uniform = (...keys: number[]): number => hash(...keys) / 4_294_967_296;

/** A row of draws in [0, 1) from one key, for the inside of a day: cheaper than a hash for each (Mulberry32). */
export function draws(key: number): () => number {
  let state = key | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let h = Math.imul(state ^ (state >>> 15), 1 | state);
    h = (h + Math.imul(h ^ (h >>> 7), 61 | h)) ^ h;
    return ((h ^ (h >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Uniform in [low, high). */
export const between = (low: number, high: number, ...keys: number[]): number =>
  low + (high - low) * uniform(...keys);

/** Whole number in [low, high]. */
export const whole = (low: number, high: number, ...keys: number[]): number =>
  low + Math.floor((high - low + 1) * uniform(...keys));

/** Standard normal, by Box and Muller from two draws. */
export function normal(...keys: number[]): number {
  const radius = Math.sqrt(-2 * Math.log(1 - uniform(...keys, 1)));
  return radius * Math.cos(2 * Math.PI * uniform(...keys, 2));
}

/** One element; the list must not be empty. */
export const pick = <T>(list: readonly T[], ...keys: number[]): T =>
  list[Math.floor(list.length * uniform(...keys))] as T;

/** FNV-1a of a text. */
export function keyOf(text: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  return h | 0;
}

// The finisher of MurmurHash3: every bit of the key reaches every bit of the result.
function mix(h: number): number {
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}
