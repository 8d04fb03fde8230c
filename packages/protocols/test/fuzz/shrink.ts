/** A shorter and plainer input that still fails: stretches are cut out, then bytes set to zero, while `fails` says so. */
export function shrink(
  input: Uint8Array,
  fails: (input: Uint8Array) => boolean,
  attemptsMax = 3000,
): Uint8Array {
  let best: Uint8Array = input.slice();
  let attempts = 0;
  const attempt = (candidate: Uint8Array): boolean => {
    if (attempts++ >= attemptsMax || !fails(candidate)) return false;
    best = candidate;
    return true;
  };
  for (let length = best.length >> 1; length >= 1; length >>= 1) {
    for (let at = 0; at + length <= best.length; ) {
      const shorter = new Uint8Array(best.length - length);
      shorter.set(best.subarray(0, at));
      shorter.set(best.subarray(at + length), at);
      if (!attempt(shorter)) at += length;
    }
  }
  for (let at = 0; at < best.length; at++) {
    for (const plain of [0x00, 0x30]) {
      if (best[at] === plain || best[at] === 0) continue;
      const plainer = best.slice();
      plainer[at] = plain;
      if (attempt(plainer)) break;
    }
  }
  return best;
}
