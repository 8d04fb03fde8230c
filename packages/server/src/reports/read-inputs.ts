import { type FormulaInput, quality, type SlotValues } from "@energsys/metering";
import {
  type Counted,
  type Energy,
  energies,
  type Period,
  type Queryable,
  type QueryContext,
  type ReportDefinition,
  readNetSeries,
  readSeries,
  readSteps,
  type Series,
} from "@energsys/store";
import type { EnergyName } from "../schemas/analysis.ts";

export const quarterSeconds = 900;

/** What the check knows of an input before anything is read. A group, its balance meters, and what each row is may have members. */
export const inputOf = ({ energy, of }: ReportDefinition["inputs"][number]): FormulaInput => ({
  unit: energy.startsWith("R") ? "kvarh" : energy.startsWith("S") ? "kVAh" : "kWh",
  step: quarterSeconds,
  group: /^[gm]|^row/.test(of),
});

/** Series of one energy of each of these, `net` from both directions. */
export async function readEnergy(
  context: QueryContext,
  counted: readonly Counted[],
  energy: EnergyName,
  period: Period,
): Promise<Series[]> {
  return energy === "net"
    ? readNetSeries(context, counted, period)
    : readSeries(context, counted, { ...period, obis: energies[energy] });
}

/** The steps that the series of these will have, before they are read. */
export async function stepsOf(
  db: Queryable,
  members: readonly Counted[],
  energy: EnergyName,
  period: Period,
): Promise<number[]> {
  const read = (name: Energy) => readSteps(db, members, { ...period, obis: energies[name] });
  if (energy !== "net") return read(energy);
  const [taken, given] = [await read("A+"), await read("A-")];
  return taken.map((step, nth) => Math.max(step, given[nth]!));
}

/** Points of what counts, one by one, each with its sign and its time in it. */
export const membersOf = ({ sources }: Counted): Counted[] =>
  [...Map.groupBy(sources, ({ pointId }) => pointId)].map(([pointId, own]) => ({
    subject: { kind: "point", pointId },
    sources: own,
  }));

/** A series by a longer step: sums of what is there, marked where a part is missing. */
export function atStep(series: Series, stepSeconds: number): Series {
  const ratio = stepSeconds / series.stepSeconds;
  if (ratio === 1) return series;
  if (!Number.isInteger(ratio))
    throw new RangeError(`no step of ${stepSeconds} s of one of ${series.stepSeconds} s`);
  let length = 0;
  const days = series.days.map(({ day, first, slots }) => {
    const whole = Math.floor(slots / ratio);
    const place = { day, first: length, slots: whole, from: first };
    length += whole;
    return place;
  });
  const made = {
    values: new Float64Array(length).fill(Number.NaN),
    flags: new Uint16Array(length),
    expected: new Uint32Array(length),
    present: new Uint32Array(length),
    good: new Uint32Array(length),
    estimated: new Uint32Array(length),
  };
  for (const { first, slots, from } of days) {
    for (let slot = 0; slot < slots; slot++) {
      for (let part = 0; part < ratio; part++) {
        const [to, at] = [first + slot, from + slot * ratio + part];
        for (const name of ["expected", "present", "good", "estimated"] as const)
          made[name][to] = made[name][to]! + series[name][at]!;
        const value = series.values[at]!;
        if (Number.isNaN(value)) continue;
        made.values[to] = Number.isNaN(made.values[to]!) ? value : made.values[to]! + value;
        made.flags[to] = made.flags[to]! | series.flags[at]!;
      }
    }
  }
  return { ...series, ...made, stepSeconds, days: days.map(({ from: _, ...place }) => place) };
}

/** Values in base units for the formulas; a sum to which some point did not bring its own is marked partial. */
export function valuesOf(series: Series): SlotValues {
  const factor = 10 ** series.scale;
  const values = factor === 1 ? series.values : series.values.map((value) => value * factor);
  const flags = series.flags.map((bits, slot) =>
    !Number.isNaN(values[slot]!) && series.present[slot]! < series.expected[slot]!
      ? bits | quality.partial
      : bits,
  );
  return { values, flags };
}
