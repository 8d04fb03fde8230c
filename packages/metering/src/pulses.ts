import { type Decimal, parseDecimal } from "./decimal.ts";
import { formatQuotient, formatScaled } from "./validation/figures.ts";

/** What a pulse stands for. The constant of the light on the front and that of the output differ on one meter. */
export type PulseConstant = { readonly whPerPulse: string } | { readonly pulsesPerKwh: string };

/** A local module counts a contact that was closed for 30 ms and open for 30 ms (docs/protocols/module-concentrator.md, section 2). */
export const pulseGapShortestS = 0.06;

/** Pulses between two readings of a counter of so many bits, through its end where the second is lower. */
export function countedPulses(from: number, to: number, bits: 16 | 32): number {
  const turn = 2 ** bits;
  if (![from, to].every((count) => Number.isInteger(count) && count >= 0 && count < turn)) {
    throw new RangeError(`a counter of ${bits} bits does not show ${from} or ${to}`);
  }
  return to >= from ? to - from : to - from + turn;
}

/** Wh of one pulse as a fraction of integers. */
function whOf(constant: PulseConstant): { readonly top: bigint; readonly bottom: bigint } {
  const given = "whPerPulse" in constant ? constant.whPerPulse : constant.pulsesPerKwh;
  const { digits, decimals }: Decimal = parseDecimal(given);
  if (digits <= 0) throw new RangeError(`not a pulse constant: ${given}`);
  const tens = 10n ** BigInt(decimals);
  return "whPerPulse" in constant
    ? { top: BigInt(digits), bottom: tens }
    : { top: 1000n * tens, bottom: BigInt(digits) };
}

/** Exact Wh of so many pulses; rounded to `decimals` places only where the constant gives an endless fraction. */
export function pulseEnergyWh(pulses: number, constant: PulseConstant, decimals = 9): string {
  const { top, bottom } = whOf(constant);
  return plain(formatQuotient(BigInt(pulses) * top, bottom, decimals));
}

/** Mean power in W that a time between two pulses means: 3600 s × Wh of a pulse / gap. */
export function pulseGapPowerW(gapSeconds: string, constant: PulseConstant, decimals = 3): string {
  const { top, bottom } = whOf(constant);
  const gap = parseDecimal(gapSeconds);
  if (gap.digits <= 0) throw new RangeError(`not a time between two pulses: ${gapSeconds}`);
  const seconds = 10n ** BigInt(gap.decimals);
  return plain(formatQuotient(3600n * top * seconds, bottom * BigInt(gap.digits), decimals));
}

/** Pulses a second, and seconds between two of them, at a power: what a filter against bouncing contacts has to let through. */
export function pulseRate(
  powerW: number,
  constant: PulseConstant,
  decimals = 3,
): { perSecond: string; gapSeconds: string } {
  const { top, bottom } = whOf(constant);
  const power = BigInt(powerW);
  return {
    perSecond: formatQuotient(power * bottom, 3600n * top, decimals),
    gapSeconds: formatQuotient(3600n * top, power * bottom, decimals),
  };
}

/** A decimal without zeros at its end. */
function plain(text: string): string {
  const { digits, decimals } = parseDecimal(text);
  return formatScaled(digits, -decimals);
}
