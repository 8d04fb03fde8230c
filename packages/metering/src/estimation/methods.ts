import { checkMeter } from "./e1-check-meter.ts";
import { outageZero } from "./e2-outage.ts";
import { linear } from "./e3-linear.ts";
import { likeDays } from "./e4-like-days.ts";
import { likeWeekday } from "./e5-like-weekday.ts";
import { byProfile } from "./e6-profile.ts";
import { average } from "./e7-average.ts";
import type { EstimationMethod } from "./method.ts";

/** Every method in the order in which they are tried; a new one is a file and a line here, and keeps its number for ever. */
const byCode = {
  E1: checkMeter,
  E2: outageZero,
  E3: linear,
  E4: likeDays,
  E5: likeWeekday,
  E6: byProfile,
  E7: average,
} as const;

export type MethodCode = keyof typeof byCode;
export const methodCodes = Object.keys(byCode) as readonly MethodCode[];
export const estimationMethods: Readonly<Record<MethodCode, EstimationMethod>> = byCode;

/** How a value came about, in a byte for each interval: the number of the method, and these bits. */
export const methodMark = {
  none: 0,
  number: 0x0f,
  /** Scaled to the step of the register (S). */
  scaled: 0x10,
  /** A person gave the value. */
  edited: 0x20,
  /** A person looked at the measured value, and it stands although rules refuse it. */
  verified: 0x40,
  /** A person refuses the measured value, whatever rules say: an estimate takes its place. */
  refused: 0x80,
} as const;

/**
 * The estimate was billed: it stands until a person decides, whatever comes late. A measured value that a person verified has no number, so
 * both together say this.
 */
export const isBilled = (mark: number): boolean =>
  (mark & (methodMark.edited | methodMark.verified)) === methodMark.verified &&
  (mark & methodMark.number) !== 0;

/** The mark of an estimate once it is billed. */
export const billedMark = (mark: number): number => mark | methodMark.verified;

/** `E4`, `E4+S`, `edited`, `verified`; `undefined` for a measured value. */
export function methodOf(mark: number): string | undefined {
  if ((mark & methodMark.edited) !== 0) return "edited";
  if ((mark & methodMark.verified) !== 0 && !isBilled(mark)) return "verified";
  const code = methodCodes[(mark & methodMark.number) - 1];
  return code && (mark & methodMark.scaled) !== 0 ? `${code}+S` : code;
}

/** The byte of a method by its word, without bits of persons: `E4+S` is 4 and `scaled`. 0 for none. */
export function markOf(method: string | null): number {
  const [code, scaled] = (method ?? "").split("+");
  const number = methodCodes.findIndex((known) => known === code) + 1;
  return number | (scaled === "S" ? methodMark.scaled : 0);
}
