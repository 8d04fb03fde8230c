import { type Series, Turns } from "@energsys/store";
import type { Asked } from "./asked-report.ts";
import { compute, coverageOf, type Window, windowOf } from "./compute.ts";
import { FixedInputs } from "./load-inputs.ts";
import { type Computed, cellOf, type ResultRow, zeroes } from "./result.ts";
import type { TaskResult } from "./task.ts";

/** A report whose rows are intervals, days, months, or the whole period. */
export async function byTime(asked: Asked): Promise<Computed> {
  const { definition, fromDay, toDay } = asked;
  const fixed = await FixedInputs.load(asked);
  const ready = await fixed.at(fixed.step);
  const inputs = definition.inputs.map(({ name }) => ready.get(name)!);
  const series = inputs.map((input) => input.series);
  const { days } = series[0]!;
  const whole = windowOf(days, "", fromDay, toDay);
  const parts =
    definition.rows === "day" || definition.rows === "month" ? partsOf(definition.rows, days, asked) : [];
  const [results] = await compute(asked, [inputs], [whole, ...parts]);
  const [total, ...rest] = results!;
  const base = {
    coverage: coverageOf(series, whole.fromSlot, whole.toSlot),
    divisionsByZero: zeroes(total!),
    step: null,
  };
  if (definition.rows === "interval") return { ...base, ...intervalsOf(series, total!, whole) };
  const row = (key: string, cells: readonly TaskResult[], { fromSlot, toSlot }: Window) => ({
    key,
    cells: cells.map((cell) => cellOf(cell)!),
    coverage: coverageOf(series, fromSlot, toSlot),
  });
  if (definition.rows === "period") return { ...base, rows: [row("", total!, whole)], total: null };
  const rows: ResultRow[] = [];
  const turns = new Turns();
  for (const [nth, part] of parts.entries()) {
    if (turns.isLong) await turns.next();
    rows.push(row(part.key, rest[nth]!, part));
  }
  return { ...base, rows, total: total!.map(cellOf) };
}

/** A window for each day or month of which something has ended. */
function partsOf(rows: "day" | "month", days: Series["days"], { fromDay, toDay }: Asked): Window[] {
  const own = days.filter(({ day }) => day >= fromDay && day < toDay);
  const keys = Map.groupBy(own, ({ day }) => (rows === "day" ? day : day.slice(0, 7)));
  return [...keys].map(([key, part]) => {
    const last = part.at(-1)!;
    return { key, fromSlot: part[0]!.first, toSlot: last.first + last.slots };
  });
}

/** Rows of the series; what is one number stands below them. */
function intervalsOf(
  inputs: readonly Series[],
  results: readonly TaskResult[],
  whole: Window,
): Pick<Computed, "rows" | "total" | "step"> {
  const series = results.flatMap((result) => ("starts" in result ? [result] : []));
  const total = results.some((result) => "value" in result) ? results.map(cellOf) : null;
  const [first] = series;
  if (!first) return { rows: [], total, step: null };
  const { stepSeconds, startMs } = inputs[0]!;
  const lastEnd = startMs + whole.toSlot * stepSeconds * 1000;
  const rows = Array.from(first.starts, (start, nth): ResultRow => {
    const [from, to] = [start, first.starts[nth + 1] ?? lastEnd].map((ms) =>
      Math.round((ms - startMs) / (stepSeconds * 1000)),
    ) as [number, number];
    return {
      key: start,
      cells: results.map((result) =>
        "starts" in result
          ? { value: result.values[nth]!, flags: result.flags[nth]! }
          : { value: Number.NaN, flags: 0 },
      ),
      coverage: coverageOf(inputs, from, to),
    };
  });
  const step = first.starts.length > 1 ? (first.starts[1]! - first.starts[0]!) / 1000 : stepSeconds;
  return { rows, total, step };
}
