import type { Balance } from "./balance.ts";

/** A group before something was done and after it. */
export interface LossComparison {
  readonly beforePercent: number | undefined;
  readonly afterPercent: number | undefined;
  /** After less before, percentage points. */
  readonly changePoints: number | undefined;
  /** What the loss after would have been at the percentage before, less what it was, Wh: positive is saved. */
  readonly savedWh: number | undefined;
  /** Of the change in energy, by the meters' classes of both windows. */
  readonly uncertaintyWh: number;
  /** Whether the change is more than the meters' errors could make of nothing. */
  readonly significant: boolean;
  /** Both windows are complete enough to be compared. */
  readonly reportable: boolean;
}

/** Compares two windows that may differ in length and load: percentages are compared, and the energy is that of the load after. */
export function compareLosses(before: Balance, after: Balance): LossComparison {
  const { lossPercent: beforePercent } = before;
  const { lossPercent: afterPercent } = after;
  const known = beforePercent !== undefined && afterPercent !== undefined;
  const savedWh = known ? (beforePercent / 100) * after.inputWh - after.lossWh : undefined;
  // The uncertainty of the window before counts at the scale of the load after.
  const scale = before.inputWh === 0 ? 0 : after.inputWh / before.inputWh;
  const uncertaintyWh = Math.hypot(before.uncertaintyWh * scale, after.uncertaintyWh);
  return {
    beforePercent,
    afterPercent,
    changePoints: known ? afterPercent - beforePercent : undefined,
    savedWh,
    uncertaintyWh,
    significant: savedWh !== undefined && Math.abs(savedWh) > uncertaintyWh,
    reportable: before.reportable && after.reportable,
  };
}
