/** Limits of the supply voltage, as a network sets them. Those of EN 50160 for 230 V unless told. */
export interface VoltageLimits {
  /** Within these for `shareRequired` of the week. */
  readonly lowV: number;
  readonly highV: number;
  /** Within these always. */
  readonly wideLowV: number;
  readonly wideHighV: number;
  readonly shareRequired: number;
  /** Least part of the week's means that must be there and unflagged for a verdict. */
  readonly unflaggedMin: number;
  readonly unbalanceMaxPercent: number;
}

export const en50160: VoltageLimits = {
  lowV: 207,
  highV: 253,
  wideLowV: 195.5,
  wideHighV: 253,
  shareRequired: 0.95,
  unflaggedMin: 0.9,
  unbalanceMaxPercent: 2,
};

/** Means of ten minutes in a week. */
export const meansPerWeek = 1008;
