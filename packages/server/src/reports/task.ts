import type { FormulaInput } from "@energsys/metering";

/** One series in base units by slot of the frame, NaN where nothing is. */
export interface TaskSeries {
  readonly values: Float64Array;
  readonly flags: Uint16Array;
}
export interface TaskValues extends TaskSeries {
  readonly members?: readonly TaskSeries[] | undefined;
}

/** Slots of the frame that one row is made of, and days around them that the formulas look at. */
export interface TaskWindow {
  readonly fromSlot: number;
  readonly toSlot: number;
}

/** What the thread is given: formulas, what their names are, the frame, and values for each subject. */
export interface FormulaTask {
  readonly zone: string;
  readonly stepSeconds: number;
  readonly days: readonly { readonly date: string; readonly first: number; readonly slots: number }[];
  readonly windows: readonly TaskWindow[];
  readonly formulas: readonly string[];
  readonly inputs: readonly (readonly [name: string, input: FormulaInput])[];
  /** For each subject: values by input, in the order of `inputs`. */
  readonly sets: readonly (readonly TaskValues[])[];
  /** How many members the groups of each subject have, where a formula asks for them. */
  readonly members: readonly (readonly (number | undefined)[])[];
}

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
  | {
      readonly kind: "refused";
      readonly nth: number;
      readonly code: string;
      readonly column: number;
      readonly params: Readonly<Record<string, string | number>>;
    }
  | { readonly kind: "broke"; readonly detail: string };
