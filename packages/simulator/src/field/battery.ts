/** What a battery remembers: its charge at an instant, and whether it is being emptied or filled since then. */
export interface BatteryState {
  /** 0 to 1. */
  charge: number;
  sinceMs: number;
  draining: boolean;
}

export interface BatteryOptions {
  /** Hours that a full one feeds its device. */
  readonly capacityHours: number;
  /** Hours that an empty one takes to be full. */
  readonly chargeHours: number;
}

const hourMs = 3_600_000;

/** Rest voltage of a Li-Ion cell by its charge, as data sheets draw it. */
const cell: readonly (readonly [charge: number, volts: number])[] = [
  [0, 3],
  [0.05, 3.35],
  [0.1, 3.5],
  [0.2, 3.6],
  [0.5, 3.75],
  [0.8, 3.95],
  [1, 4.15],
];

/** A backup battery: its charge at any instant follows from when it was begun to be emptied or filled. */
export class Battery {
  readonly #state: BatteryState;
  readonly #options: BatteryOptions;

  constructor(state: BatteryState, options: BatteryOptions) {
    this.#state = state;
    this.#options = options;
  }

  get draining(): boolean {
    return this.#state.draining;
  }

  /** 0 to 1. */
  chargeAt(ms: number): number {
    const { charge, sinceMs, draining } = this.#state;
    const hours = (ms - sinceMs) / hourMs;
    const { capacityHours, chargeHours } = this.#options;
    const now = draining ? charge - hours / capacityHours : charge + hours / chargeHours;
    return Math.min(1, Math.max(0, now));
  }

  voltsAt(ms: number): number {
    const charge = this.chargeAt(ms);
    const above = Math.max(
      1,
      cell.findIndex(([part]) => part >= charge),
    );
    const [highPart, highVolts] = cell[above] as readonly [number, number];
    const [lowPart, lowVolts] = cell[above - 1] as readonly [number, number];
    return lowVolts + ((charge - lowPart) / (highPart - lowPart)) * (highVolts - lowVolts);
  }

  /** When the charge falls to a part; never while it is filled. */
  reachesMs(charge: number): number {
    const { sinceMs, draining } = this.#state;
    if (!draining) return Number.POSITIVE_INFINITY;
    return sinceMs + Math.max(0, this.#state.charge - charge) * this.#options.capacityHours * hourMs;
  }

  /** From now on its device lives on it, or it is filled. */
  turn(draining: boolean, ms: number): void {
    this.#state.charge = this.chargeAt(ms);
    this.#state.sinceMs = ms;
    this.#state.draining = draining;
  }

  /** Somebody put in another one, or the age of this one is played. */
  replace(charge: number, ms: number): void {
    this.#state.charge = charge;
    this.#state.sinceMs = ms;
  }
}
