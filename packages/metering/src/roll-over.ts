/** What a meter's nameplate says about how much it can count. */
export interface MeterLimits {
  readonly phases: 1 | 3;
  /** Maximum current of the meter, A; without it no roll-over can be told from a mistake. */
  readonly maxCurrentA?: number;
  /** Digits before the decimal point of the index in kWh (kvarh). */
  readonly indexDigits: number;
}

const nominalVoltageV = 230;

/** Most that the meter can count in a time, Wh: phases × 230 V × Imax × hours. `undefined` when Imax is not known. */
export function maxEnergyWh(limits: MeterLimits, seconds: number): number | undefined {
  if (limits.maxCurrentA === undefined) return undefined;
  return (limits.phases * nominalVoltageV * limits.maxCurrentA * seconds) / 3600;
}

/** Index units (Wh × 10^scale) in one turn of the counter; `undefined` for a unit that is not an energy. */
export function indexCapacity(limits: MeterLimits, unit: string, scale: number): number | undefined {
  const perKilo = /^(Wh|varh|VAh)$/.test(unit) ? 3 : /^k(Wh|varh|VAh)$/.test(unit) ? 0 : undefined;
  if (perKilo === undefined) return undefined;
  return 10 ** (limits.indexDigits + perKilo - scale);
}

export type IndexStep =
  | { readonly ok: true; readonly value: number; readonly rolledOver: boolean }
  | { readonly ok: false };

/**
 * Difference of two readings of an index, in its own integers. Where the index went back, it counts as a roll-over when the meter
 * could have counted that much in `seconds`; otherwise it is refused (a reset, an exchange nobody entered, a misreading).
 */
export function indexStep(
  before: number,
  after: number,
  seconds: number,
  index: { readonly unit: string; readonly scale: number; readonly limits: MeterLimits },
): IndexStep {
  const step = after - before;
  if (step >= 0) return { ok: true, value: step, rolledOver: false };
  const capacity = indexCapacity(index.limits, index.unit, index.scale);
  const mostWh = maxEnergyWh(index.limits, seconds);
  if (capacity === undefined || mostWh === undefined) return { ok: false };
  const rolled = step + capacity;
  const most = mostWh / 10 ** index.scale / (index.unit.startsWith("k") ? 1000 : 1);
  return rolled >= 0 && rolled <= most ? { ok: true, value: rolled, rolledOver: true } : { ok: false };
}
