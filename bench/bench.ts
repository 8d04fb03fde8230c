/** One measured figure. `ok` is there where a goal is. */
export interface Metric {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly goal?: string;
  readonly ok?: boolean;
}

/** A measurement: it runs the product's own path and compares with a limit, a naive way or a peer in the same run. */
export interface Bench {
  readonly name: string;
  /** One line for the list. */
  readonly about: string;
  run(context: BenchContext): Promise<{ metrics: Metric[] }>;
}

export interface BenchContext {
  /** A line for whoever waits; results go into the metrics. */
  log(text: string): void;
  /** Command of a peer's program that does the same work, for the benches that know how to run one. */
  readonly peer?: string;
  /** Points of measure, for the benches whose size can be chosen. */
  readonly points?: number;
}

/** The middle of some runs: what is quoted. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** A figure with the least value it must have. */
export function atLeast(name: string, value: number, unit: string, goal: number): Metric {
  return { name, value, unit, goal: `≥ ${goal}`, ok: value >= goal };
}

/** A figure with the greatest value it may have. */
export function atMost(name: string, value: number, unit: string, goal: number): Metric {
  return { name, value, unit, goal: `≤ ${goal}`, ok: value <= goal };
}
