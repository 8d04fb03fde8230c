import { between } from "../random.ts";

/** How the load of a customer lies on the phases of its supply: parts of one. */
export function phaseShares(key: number, phases: 1 | 3): readonly number[] {
  const weights = Array.from({ length: phases }, (_, phase) => between(0.6, 1.4, key, 0x5a4, phase));
  const sum = weights.reduce((a, b) => a + b, 0);
  return weights.map((weight) => weight / sum);
}
