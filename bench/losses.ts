import { type LossMode, type Ranking, rankCells, suspectsOfVisits } from "@energsys/metering";
import { atLeast, type Bench, type Metric } from "./bench.ts";
import { type GuiltyPoint, lossesTown } from "./losses-field.ts";

/** Towns that nobody looked at while the ranking was made. */
const seeds = [9_001, 9_002, 9_003, 9_004, 9_005, 9_006, 9_007, 9_008, 9_009, 9_010];
const usualPoints = 1_500;
const month = { begin: "2026-02-01", days: 28 };
const firstSuspects = 3;

interface Tally {
  guilty: number;
  /** Among the first three suspects of their transformer; two that were interchanged are one. */
  found: number;
  /** Of these, with their mode as the likeliest, and with it among those named. */
  first: number;
  named: number;
  /** Of those that are not found and named first: why. */
  otherwise: number;
  fourth: number;
  interchanged: number;
  little: number;
  hidden: number;
  /** Among the first three where each of two interchanged points counts by itself. */
  singly: number;
}

const noTally = (): Tally => ({
  guilty: 0,
  found: 0,
  first: 0,
  named: 0,
  otherwise: 0,
  fourth: 0,
  interchanged: 0,
  little: 0,
  hidden: 0,
  singly: 0,
});

/** Less than this in the month, Wh, and nobody would look for it. */
const littleWh = 10_000;

export const bench: Bench = {
  name: "losses",
  about:
    "thieves and errors of ten towns, a month each: who stands among the first three suspects of a transformer, with the reason",
  async run(context) {
    const byMode = new Map<string, Tally>();
    // Its guilty stand there on purpose, seven or eight of them.
    const first = noTally();
    const suspects = { first: 0, guilty: 0 };
    const named = new Map<LossMode, { suspects: number; guilty: number }>();
    let transformers = 0;
    let seconds = 0;
    for (const seed of seeds) {
      const { cells, guilty } = lossesTown({ seed, points: context.points ?? usualPoints, ...month });
      const start = performance.now();
      const rankings = rankCells(cells);
      seconds += (performance.now() - start) / 1000;
      transformers += cells.length;
      const guiltyPoints = new Set(guilty.map(({ point }) => point));
      for (const { suspects: ranked } of rankings.values()) {
        for (const { id, modes } of suspectsOfVisits(ranked, firstSuspects)) {
          const mode = modes[0]?.mode;
          if (mode === undefined) continue;
          const tally = named.get(mode) ?? { suspects: 0, guilty: 0 };
          named.set(mode, tally);
          tally.suspects += 1;
          if (guiltyPoints.has(id)) tally.guilty += 1;
        }
        if (!ranked[0]) continue;
        suspects.first += 1;
        if (guiltyPoints.has(ranked[0].id)) suspects.guilty += 1;
      }
      for (const one of guilty) {
        const tally = byMode.get(one.kind) ?? noTally();
        byMode.set(one.kind, tally);
        count(tally, rankings.get(one.transformer), one);
        if (one.transformer === 0) count(first, rankings.get(one.transformer), one);
      }
      context.log(`seed ${seed}: ${guilty.length} guilty at ${cells.length} transformers`);
    }
    return { metrics: metricsOf(byMode, first, named, suspects, transformers, seconds) };
  },
};

function count(tally: Tally, ranking: Ranking<number> | undefined, { point, kind, wh }: GuiltyPoint): void {
  const suspects = ranking?.suspects ?? [];
  const found = suspectsOfVisits(suspects, firstSuspects).find(({ id }) => id === point);
  tally.guilty += 1;
  if (!found) {
    if (suspects.some(({ id }) => id === point)) tally.fourth += 1;
    else if (kind === "swapped") tally.interchanged += 1;
    else if (wh < littleWh) tally.little += 1;
    else tally.hidden += 1;
    return;
  }
  tally.found += 1;
  if (suspects.indexOf(found) < firstSuspects) tally.singly += 1;
  if (found.modes[0]?.mode === kind) tally.first += 1;
  else tally.otherwise += 1;
  if (found.modes.some(({ mode }) => mode === kind)) tally.named += 1;
}

function metricsOf(
  byMode: ReadonlyMap<string, Tally>,
  firstTransformers: Tally,
  named: ReadonlyMap<LossMode, { readonly suspects: number; readonly guilty: number }>,
  suspects: { readonly first: number; readonly guilty: number },
  transformers: number,
  seconds: number,
): Metric[] {
  const all = noTally();
  const metrics: Metric[] = [];
  for (const [mode, tally] of [...byMode].sort(([a], [b]) => a.localeCompare(b))) {
    metrics.push({ name: `${mode}: guilty`, value: tally.guilty, unit: "points" });
    metrics.push({ name: `${mode}: among the first three`, value: tally.found / tally.guilty, unit: "part" });
    metrics.push({ name: `${mode}: and named first`, value: tally.first / tally.guilty, unit: "part" });
    metrics.push({ name: `${mode}: and among those named`, value: tally.named / tally.guilty, unit: "part" });
    for (const key of Object.keys(all) as (keyof Tally)[]) all[key] += tally[key];
  }
  const precisions = [...named].map(([mode, { suspects, guilty }]) => ({
    name: `${mode}: of those that it is said of, guilty of anything (of ${suspects})`,
    value: guilty / suspects,
    unit: "part",
  }));
  return [
    { name: "guilty", value: all.guilty, unit: "points" },
    atLeast("among the first three, the reason named first", all.first / all.guilty, "part", 0.7),
    {
      name: "among the first three, the reason among those named",
      value: all.named / all.guilty,
      unit: "part",
    },
    { name: "among the first three", value: all.found / all.guilty, unit: "part" },
    {
      name: "among the first three, each of two interchanged counted by itself",
      value: all.singly / all.guilty,
      unit: "part",
    },
    {
      name: "among the first three, the reason named first, outside of each town's first transformer",
      value: (all.first - firstTransformers.first) / (all.guilty - firstTransformers.guilty),
      unit: "part",
    },
    { name: "missed: found, another reason named first", value: all.otherwise, unit: "points" },
    { name: "missed: fourth or later, behind others", value: all.fourth, unit: "points" },
    { name: "missed: interchanged, and the books fit", value: all.interchanged, unit: "points" },
    { name: "missed: less than 10 kWh in the month", value: all.little, unit: "points" },
    { name: "missed: no suspect", value: all.hidden, unit: "points" },
    ...precisions,
    atLeast("first suspects that are guilty", suspects.guilty / Math.max(1, suspects.first), "part", 0.5),
    { name: "transformers with a suspect", value: suspects.first / transformers, unit: "part" },
    { name: "ranking of one transformer's month", value: (seconds * 1000) / transformers, unit: "ms" },
    ...metrics,
  ];
}
