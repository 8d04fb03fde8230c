import {
  type EstimationInput,
  estimate,
  type MethodCode,
  methodCodes,
  type SeriesDay,
  standardProfile,
} from "@energsys/metering";
import { type BacktestClass, backtestClasses } from "./backtest-curves.ts";
import type { Bench, Metric } from "./bench.ts";
import { randomFrom } from "./store-field.ts";

const lengthsHours = [1, 2, 6, 24, 72];
/** Gaps of each length in each class. */
const trials = 200;
const historyDays = 60;

/** What is compared: each method by itself, the rule as it is applied, and that with the register's step known. */
const ways: readonly {
  readonly name: string;
  readonly order: readonly MethodCode[];
  readonly register: boolean;
}[] = [
  ...(["E3", "E4", "E5", "E6", "E7"] as const).map((code) => ({
    name: code,
    order: [code],
    register: false,
  })),
  { name: "as applied", order: methodCodes, register: false },
  { name: "as applied, S", order: methodCodes, register: true },
];

/** Sums of errors of one way in one class at one length; energies in Wh. */
interface Errors {
  absolute: number;
  signed: number;
  truth: number;
  /** Of intervals with energy: sum of |error| / truth, and how many. */
  relative: number;
  counted: number;
  /** |error of the gap's sum|, added up. */
  sums: number;
  gaps: number;
}

/** Known values are hidden, estimated, and compared with what they were. */
export const bench: Bench = {
  name: "backtest",
  about: "estimation: hides known values in gaps of several lengths and gives each method's error by class",
  async run({ log }) {
    const { classes, absent } = backtestClasses();
    for (const file of absent) log(`skipped: ../shared/loads/${file} is not there`);
    const metrics: Metric[] = [];
    log("| class | gap | method | gaps | MAPE % | Σ\\|error\\| / Σ % | bias % | error of the sum % |");
    log("| --- | --- | --- | --- | --- | --- | --- | --- |");
    let estimated = 0;
    const began = performance.now();
    for (const kind of classes) {
      for (const hours of lengthsHours) {
        const errors = compare(kind, hours);
        for (const [name, sum] of errors) {
          estimated += sum.gaps;
          if (sum.gaps === 0) continue;
          const { mape, weighted, bias, ofSum } = shares(sum);
          log(
            `| ${kind.name} | ${hours} h | ${name} | ${sum.gaps} | ${mape.toFixed(1)} | ${weighted.toFixed(1)} | ${bias.toFixed(1)} | ${ofSum.toFixed(1)} |`,
          );
          if (name === "as applied")
            metrics.push({
              name: `${kind.name}, ${hours} h: Σ|error| / Σ as applied`,
              value: weighted,
              unit: "%",
            });
          if (name === "as applied, S")
            metrics.push({
              name: `${kind.name}, ${hours} h: error of the sum with the register`,
              value: ofSum,
              unit: "%",
              goal: "0",
              ok: sum.sums === 0,
            });
        }
      }
    }
    metrics.push({
      name: "gaps estimated",
      value: estimated / ((performance.now() - began) / 1000),
      unit: "1/s",
    });
    return { metrics };
  },
};

const shares = ({ absolute, signed, truth, relative, counted, sums }: Errors) => ({
  mape: (100 * relative) / counted,
  weighted: (100 * absolute) / truth,
  bias: (100 * signed) / truth,
  ofSum: (100 * sums) / truth,
});

function compare(kind: BacktestClass, hours: number): Map<string, Errors> {
  const random = randomFrom(11 + hours);
  const length = (hours * 3600) / kind.periodSeconds;
  const errors = new Map<string, Errors>(
    ways.map(({ name }) => [
      name,
      { absolute: 0, signed: 0, truth: 0, relative: 0, counted: 0, sums: 0, gaps: 0 },
    ]),
  );
  for (let trial = 0; trial < trials; trial++) {
    const curve = kind.curves[Math.floor(random() * kind.curves.length)]!;
    const span = Math.ceil(hours / 24) + 2;
    const first = historyDays + Math.floor(random() * (curve.length - historyDays - span));
    const truth = curve.slice(first, first + span);
    const slots = truth.reduce((sum, { values }) => sum + values.length, 0);
    const perDay = truth[0]!.values.length;
    const from = perDay + Math.floor(random() * (slots - perDay - length - 1));
    const hidden = hide(truth, from, from + length);
    const startMs = truth[0]!.startMs;
    const borderMs = (slot: number) => startMs + slot * kind.periodSeconds * 1000;
    const step = valuesOf(truth, from, from + length).reduce((sum, value) => sum + value, 0);
    const input: EstimationInput = {
      kind: "delta",
      periodSeconds: kind.periodSeconds,
      zone: kind.zone,
      days: hidden,
      history: curve.slice(first - historyDays, first),
      profile: standardProfile(kind.profile, annualOf(curve), kind),
    };
    const registers = [
      { atMs: borderMs(from), value: 0 },
      { atMs: borderMs(from + length), value: step },
    ];
    for (const { name, order, register } of ways) {
      const { days, left } = estimate(register ? { ...input, registers } : input, order);
      if (left > 0) continue;
      add(errors.get(name)!, valuesOf(days, from, from + length), valuesOf(truth, from, from + length));
    }
  }
  return errors;
}

/** Energy of a year by what the whole curve has: an expectation as good as one can be. */
const annualOf = (curve: readonly SeriesDay[]): number => {
  const sum = curve.reduce((all, { values }) => all + values.reduce((day, value) => day + value, 0), 0);
  return Math.round((sum * 365) / curve.length);
};

function hide(days: readonly SeriesDay[], from: number, to: number): SeriesDay[] {
  let at = 0;
  return days.map((day) => {
    const values = day.values.map((value, slot) =>
      at + slot >= from && at + slot < to ? Number.NaN : value,
    );
    at += values.length;
    return { ...day, values };
  });
}

const valuesOf = (days: readonly { readonly values: Float64Array }[], from: number, to: number): number[] =>
  days.flatMap(({ values }) => [...values]).slice(from, to);

function add(errors: Errors, estimates: readonly number[], truth: readonly number[]): void {
  let sum = 0;
  estimates.forEach((value, at) => {
    const was = truth[at]!;
    errors.absolute += Math.abs(value - was);
    errors.truth += was;
    sum += value - was;
    if (was === 0) return;
    errors.relative += Math.abs(value - was) / was;
    errors.counted++;
  });
  errors.signed += sum;
  errors.sums += Math.abs(sum);
  errors.gaps++;
}
