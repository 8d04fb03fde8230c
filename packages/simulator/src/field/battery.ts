/** What a battery does: feeds its device, is charged, or stands by. */
export type BatteryFlow = "feeding" | "charging" | "resting";

/** What a battery remembers: its charge at an instant, and what it does since then. */
export interface BatteryState {
  /** 0 to 1. */
  charge: number;
  sinceMs: number;
  flow: BatteryFlow;
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

/** A backup battery: its charge at any instant follows from when it began to feed or to be charged. */
export class Battery {
  readonly #state: BatteryState;
  readonly #options: BatteryOptions;

  constructor(state: BatteryState, options: BatteryOptions) {
    this.#state = state;
    this.#options = options;
  }

  /** 0 to 1. */
  chargeAt(ms: number): number {
    const { charge, sinceMs, flow } = this.#state;
    const hours = (ms - sinceMs) / hourMs;
    const { capacityHours, chargeHours } = this.#options;
    if (flow === "feeding") return Math.max(0, charge - hours / capacityHours);
    return flow === "charging" ? Math.min(1, charge + hours / chargeHours) : charge;
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

  /** When the charge falls to a part; never while it feeds nothing. */
  reachesMs(charge: number): number {
    const { sinceMs, flow } = this.#state;
    if (flow !== "feeding") return Number.POSITIVE_INFINITY;
    return sinceMs + Math.max(0, this.#state.charge - charge) * this.#options.capacityHours * hourMs;
  }

  /** What it does from now on. */
  turn(flow: BatteryFlow, ms: number): void {
    this.#state.charge = this.chargeAt(ms);
    this.#state.sinceMs = ms;
    this.#state.flow = flow;
  }

  /** Somebody put in another one, or the age of this one is played. */
  replace(charge: number, ms: number): void {
    this.#state.charge = charge;
    this.#state.sinceMs = ms;
  }
}
