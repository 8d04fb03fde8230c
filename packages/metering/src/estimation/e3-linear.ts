import type { EstimationMethod } from "./method.ts";

const longestSeconds = 7200;

/** A straight line between the neighbours: over two hours at most, since a day has humps. */
export const linear: EstimationMethod = {
  code: "E3",
  about: "straight line between two valid neighbours, up to two hours",
  estimate(gap, series) {
    const { wholeFrom, wholeTo } = gap;
    const count = wholeTo - wholeFrom;
    if (count * series.input.periodSeconds > longestSeconds) return undefined;
    if (!series.fitAt(wholeFrom - 1) || !series.fitAt(wholeTo)) return undefined;
    const before = BigInt(series.values[wholeFrom - 1]!);
    const after = BigInt(series.values[wholeTo]!);
    const steps = BigInt(count + 1);
    const tops: bigint[] = [];
    for (let at = gap.from; at < gap.to; at++)
      tops.push(before * steps + (after - before) * BigInt(at - wholeFrom + 1));
    return { tops, bottom: steps };
  },
};
