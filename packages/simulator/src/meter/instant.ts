import { phaseShares } from "../load/phases.ts";
import { between } from "../random.ts";

/** What a meter measures at one moment. Per phase: L1, or L1 to L3. */
export interface InstantValues {
  readonly importW: number;
  readonly exportW: number;
  readonly volts: readonly number[];
  readonly amps: readonly number[];
  readonly powerFactor: number;
  readonly frequencyHz: number;
}

/**
 * Power wanders by a few per cent around the mean of the quarter-hour, in steps of ten seconds. The voltage drops with
 * the load; the current is what power, voltage and power factor make it.
 * @param lostPhase a phase without voltage: the power is that of the others
 */
export function instantValues(
  meter: {
    readonly key: number;
    readonly phases: 1 | 3;
    readonly tangent: number;
    readonly primary?: { readonly ratio: number; readonly volts: number };
  },
  meanWh: { readonly import: number; readonly export: number },
  supplied: boolean,
  ms: number,
  lostPhase?: number,
): InstantValues {
  const phases = Array.from({ length: meter.phases }, (_, phase) => phase);
  if (!supplied) {
    const none = phases.map(() => 0);
    return { importW: 0, exportW: 0, volts: none, amps: none, powerFactor: 1, frequencyHz: 0 };
  }
  const { primary = { ratio: 1, volts: 1 } } = meter;
  const step = Math.floor(ms / 10_000);
  const wander = between(0.93, 1.07, meter.key, 0x0aa, step);
  const importW = Math.round(meanWh.import * 4 * wander);
  const exportW = importW > 0 ? 0 : Math.round(meanWh.export * 4 * wander);
  const powerFactor = Math.cos(Math.atan(meter.tangent));
  const shares = phaseShares(meter.key, meter.phases).map((share, phase) =>
    phase === lostPhase ? 0 : share,
  );
  const sum = shares.reduce((a, b) => a + b, 0);
  const grid = between(-2, 2, 0x617d, Math.floor(ms / 300_000));
  const volts = shares.map((share, phase) => {
    if (phase === lostPhase) return 0;
    const loadW = ((importW - exportW) * share) / sum / (primary.ratio * primary.volts);
    const volt = 233 + grid + between(-1.2, 1.2, meter.key, 0xb01, phase, step) - loadW * 0.0006;
    return Math.round(volt * primary.volts * 10) / 10;
  });
  const amps = shares.map((share, phase) => {
    if (phase === lostPhase) return 0;
    const apparent = ((importW + exportW) * share) / sum / powerFactor;
    return Math.round((apparent / (volts[phase] as number)) * 100) / 100;
  });
  const frequencyHz = Math.round(between(49.97, 50.03, 0xf4e, step) * 100) / 100;
  return { importW, exportW, volts, amps, powerFactor: Math.round(powerFactor * 1000) / 1000, frequencyHz };
}
