/** Relative uncertainty of an energy by the class of its meter, with that of the current transformers in front of it. */
export const relativeUncertainty = {
  "class-0.5S-with-ct": 0.007,
  "class-1": 0.01,
  "class-2": 0.02,
} as const;
export type MeterAccuracy = keyof typeof relativeUncertainty;

/** Uncertainty of a sum or difference of energies whose errors are independent: the root of the squares. */
export function balanceUncertaintyWh(
  parts: readonly { readonly energyWh: number; readonly relative: number }[],
): number {
  let squares = 0;
  for (const { energyWh, relative } of parts) squares += (energyWh * relative) ** 2;
  return Math.sqrt(squares);
}
