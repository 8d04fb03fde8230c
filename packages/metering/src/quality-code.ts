import { quality } from "./quality.ts";

/** State of a value as partners know it: measured, estimated, edited by a person, questionable, missing. */
export type ValueState = "V" | "E" | "M" | "Q" | "N";

const refusedBits =
  quality.criticalError |
  quality.notValid |
  quality.clockInvalid |
  quality.suspect |
  quality.future |
  quality.decreased;

/** The state of one interval. */
export function stateOf(value: number, flags: number): ValueState {
  if ((flags & quality.edited) !== 0 && !Number.isNaN(value)) return "M";
  if (Number.isNaN(value)) return "N";
  if ((flags & refusedBits) !== 0) return "Q";
  return (flags & quality.estimated) !== 0 ? "E" : "V";
}

/** Codes `system.category.index` by bit (IEC 61968-9, ReadingQualityType), in the order of their weight. */
const codes: readonly (readonly [bit: number, code: string])[] = [
  [quality.edited, "3.7.0"],
  [quality.estimated, "3.8.0"],
  [quality.suspect, "3.6.0"],
  [quality.notValid, "1.5.258"],
  [quality.criticalError, "1.1.0"],
  [quality.clockInvalid, "1.1.9"],
  [quality.clockAdjusted, "1.4.9"],
  [quality.partial, "1.4.2"],
  [quality.powerDown, "1.2.32"],
];

/** Codes of one interval; `1.0.0` (valid, from the meter) when nothing else is to be said, `2.5.259` for one that is known to be missing. */
export function qualityCodes(value: number, flags: number): string[] {
  if (Number.isNaN(value)) return ["2.5.259"];
  const said = codes.flatMap(([bit, code]) => ((flags & bit) !== 0 ? [code] : []));
  return said.length > 0 ? said : ["1.0.0"];
}

/** What each state is called elsewhere. */
export const stateCodes: Readonly<
  Record<ValueState, { readonly espi: number | null; readonly sap: string; readonly mscons: string }>
> = {
  V: { espi: 17, sap: "01", mscons: "220" },
  E: { espi: 8, sap: "02", mscons: "67" },
  M: { espi: 7, sap: "02", mscons: "67" },
  Q: { espi: 10, sap: "03", mscons: "Z18" },
  N: { espi: null, sap: "99", mscons: "Z30" },
};
