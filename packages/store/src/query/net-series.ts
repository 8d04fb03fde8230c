import { energies } from "./energies.ts";
import type { Period } from "./frame.ts";
import { type QueryContext, readSeries, readSteps, type Series } from "./series.ts";
import type { Counted } from "./subjects.ts";

/** Import less export of each subject by interval: where one of them is measured by the hour, by the hour. */
export async function readNetSeries(
  context: QueryContext,
  counted: readonly Counted[],
  period: Period,
): Promise<Series[]> {
  const asked = [energies["A+"], energies["A-"]].map((obis) => ({ ...period, obis }));
  const steps: number[][] = [];
  for (const request of asked) steps.push(await readSteps(context.db, counted, request));
  const least = counted.map((_, nth) => Math.max(...steps.map((own) => own[nth]!)));
  const sides: Series[][] = [];
  for (const request of asked) sides.push(await readSeries(context, counted, request, least));
  return sides[0]!.map((taken, nth) => netSeries(taken, sides[1]![nth]!));
}

/**
 * Import less export by interval, over the same slots. A side of which nothing is expected counts as nothing; an interval that lacks
 * all of a side that should be there has no value.
 */
function netSeries(taken: Series, given: Series): Series {
  if (taken.stepSeconds !== given.stepSeconds || taken.values.length !== given.values.length)
    throw new RangeError("import and export are of different intervals");
  const scale = Math.min(taken.scale, given.scale);
  const [of, less] = [10 ** (taken.scale - scale), 10 ** (given.scale - scale)];
  const part = ({ values, expected }: Series, slot: number) =>
    Number.isNaN(values[slot]!) && expected[slot] === 0 ? 0 : values[slot]!;
  const both = (name: "expected" | "present" | "good" | "estimated") =>
    taken[name].map((count, slot) => count + given[name][slot]!);
  const present = both("present");
  return {
    ...taken,
    scale,
    values: taken.values.map((_, slot) =>
      present[slot] === 0 ? Number.NaN : part(taken, slot) * of - part(given, slot) * less,
    ),
    flags: taken.flags.map((bits, slot) => bits | given.flags[slot]!),
    expected: both("expected"),
    present,
    good: both("good"),
    estimated: both("estimated"),
  };
}
