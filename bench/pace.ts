import { median } from "./bench.ts";

const runs = 7;

/** How many of `count` a second `work` does. */
export function perSecond(count: number, work: () => void): number {
  const start = performance.now();
  work();
  return (count * 1000) / (performance.now() - start);
}

/** Two rates measured in turns, the first pair as warm-up: what disturbs the machine disturbs both. */
export function sideBySide(one: () => number, other: () => number) {
  const ours: number[] = [];
  const theirs: number[] = [];
  for (let run = 0; run <= runs; run++) {
    const pair = [one(), other()] as const;
    if (run === 0) continue;
    ours.push(pair[0]);
    theirs.push(pair[1]);
  }
  const ratio = median(ours.map((rate, index) => rate / (theirs[index] as number)));
  return { ours, theirs, ratio };
}
