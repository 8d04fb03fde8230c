import type { FormulaInput, InputValues, MemberFold, SlotValues } from "@energsys/metering";
import type { DatedCalendar } from "./rates.ts";

/** Slots of the frame that one row is made of, and days around them that the formulas look at. */
export interface TaskWindow {
  readonly fromSlot: number;
  readonly toSlot: number;
}

/** What is to be made of members that have the same slots, for each row. */
export interface FoldTask {
  readonly folds: readonly MemberFold[];
  readonly rows: readonly { readonly slots: number; readonly members: readonly SlotValues[] }[];
}

/** What is to be computed: formulas, what their names are, the frame, and values for each subject. */
export interface FormulaTask {
  readonly zone: string;
  readonly stepSeconds: number;
  readonly days: readonly { readonly date: string; readonly first: number; readonly slots: number }[];
  readonly windows: readonly TaskWindow[];
  readonly formulas: readonly string[];
  readonly calendars: readonly DatedCalendar[];
  readonly inputs: readonly (readonly [name: string, input: FormulaInput])[];
  /** For each subject: values by input, in the order of `inputs`. */
  readonly sets: readonly (readonly InputValues[])[];
}

/** What the thread is given. */
export type ThreadTask = { readonly formulas: FormulaTask } | { readonly folds: FoldTask };

/** A number of one window, or a series of it with the start of each of its values. */
export type TaskResult =
  | { readonly value: number; readonly flags: number; readonly zeroDivisions: number }
  | {
      readonly starts: Float64Array;
      readonly values: Float64Array;
      readonly flags: Uint16Array;
      readonly zeroDivisions: number;
    };

/** From the thread: that it is still at work, what it found, or why a formula was refused. */
export type ThreadMessage =
  | { readonly kind: "alive" }
  | { readonly kind: "done"; readonly results: readonly (readonly (readonly TaskResult[])[])[] }
  | { readonly kind: "folded"; readonly rows: readonly (readonly SlotValues[])[] }
  | {
      readonly kind: "refused";
      readonly nth: number;
      readonly code: string;
      readonly column: number;
      readonly params: Readonly<Record<string, string | number>>;
    }
  | { readonly kind: "broke"; readonly detail: string };
