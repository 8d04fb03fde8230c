import type { Counters } from "./instrument.ts";
import { converseOnce, type Failure, judge, judgeTime, runOnce, stepsMaxOf } from "./judge.ts";
import { cutAnywhere, mutate } from "./mutate.ts";
import { Random } from "./random.ts";
import { shrink } from "./shrink.ts";
import type { FuzzTarget } from "./targets.ts";

export interface FuzzReport {
  readonly target: string;
  readonly runs: number;
  readonly corpus: number;
  /** Places of the code that were reached, and the most steps for a byte (of inputs of 64 bytes and more). */
  readonly places: number;
  readonly stepsPerByte: number;
  readonly failures: readonly (Failure & { readonly input: Uint8Array })[];
}

export interface FuzzOptions {
  readonly runs: number;
  /** Ends there, whatever is left of the runs (`performance.now()`). */
  readonly deadlineMs?: number;
  readonly seed: number;
  /** One input in so many is judged for splits, size and steps too; those that find something new always are. */
  readonly judgedEvery?: number;
  readonly lengthMax?: number;
  /** Judges wall-clock time too. */
  readonly timed?: boolean;
}

const corpusMax = 4000;
const failuresMax = 5;

/** 1, 2, 3, 4-7, 8-15, 16-31, 32-127, 128 and more: a loop that runs once more is only new when it matters. */
function bucketOf(hits: number): number {
  if (hits < 4) return 1 << (hits - 1);
  if (hits < 8) return 8;
  if (hits < 16) return 16;
  if (hits < 32) return 32;
  return hits < 128 ? 64 : 128;
}

/** Notes what was reached; true when some place was reached in a new bucket. */
function note(counters: Counters, seen: Uint8Array): boolean {
  const { hits, used } = counters;
  let found = false;
  for (let at = 0; at < used; at++) {
    const count = hits[at]!;
    if (count === 0) continue;
    const bucket = bucketOf(count);
    if ((seen[at]! & bucket) === 0) {
      seen[at]! |= bucket;
      found = true;
    }
  }
  return found;
}

/** Feeds a decoder with changed inputs, keeping those that reach something new. The same seed gives the same run. */
export async function fuzz(
  target: FuzzTarget,
  seeds: readonly Uint8Array[],
  counters: Counters,
  options: FuzzOptions,
): Promise<FuzzReport> {
  const random = new Random(options.seed);
  const lengthMax = options.lengthMax ?? 1024;
  const seen = new Uint8Array(counters.hits.length);
  const corpus: Uint8Array[] = [];
  const failures: (Failure & { input: Uint8Array })[] = [];
  const failed = new Set<string>();
  const literals = [...counters.literals, ...(target.literals ?? [])].map((text) =>
    Uint8Array.from(text, (character) => character.charCodeAt(0)),
  );
  let stepsPerByte = 0;
  const judgedEvery = options.judgedEvery ?? 16;
  const cut = (input: Uint8Array) => () => cutAnywhere(input, random);
  const check = (input: Uint8Array, thorough: boolean, dialogue?: { failure: Failure | undefined }): void => {
    let failure = dialogue ? dialogue.failure : runOnce(target, input, counters);
    const isNew = note(counters, seen);
    if (isNew && corpus.length < corpusMax) corpus.push(input.slice());
    const steps = isNew || thorough ? counters.steps() : 0;
    if (input.length >= 64) stepsPerByte = Math.max(stepsPerByte, steps / input.length);
    if (!dialogue && (isNew || thorough || steps > stepsMaxOf(target, input.length))) {
      failure ??= judge(target, input, counters, cut(input));
      if (options.timed) failure ??= judgeTime(target, input);
    }
    if (!failure) return;
    const name = `${failure.kind} ${failure.kind === "throws" ? failure.detail : ""}`;
    if (failed.has(name) || failures.length >= failuresMax) return;
    failed.add(name);
    // Dialogues cannot be repeated in one go: theirs are kept as they are.
    const small = dialogue
      ? input.slice()
      : shrink(input, (shorter) => {
          if (failure?.kind === "slow") return judgeTime(target, shorter) !== undefined;
          const random = new Random(options.seed);
          for (let attempt = 0; attempt < (failure?.kind === "split" ? 4 : 1); attempt++) {
            const found = judge(target, shorter, counters, () => cutAnywhere(shorter, random));
            if (found?.kind === failure.kind) return true;
          }
          return false;
        });
    failures.push({ ...failure, input: small });
  };

  const tryOne = async (input: Uint8Array, thorough: boolean): Promise<void> => {
    check(input, thorough, { failure: await converseOnce(target, input, counters) });
  };

  for (const seed of seeds) {
    if (target.converse) await tryOne(seed.subarray(0, lengthMax), true);
    else check(seed.subarray(0, lengthMax), true);
  }
  if (corpus.length === 0) corpus.push(new Uint8Array(0));
  const material = { corpus, literals, lengthMax };
  let runs = 0;
  for (; runs < options.runs; runs++) {
    if (runs % 64 === 0 && options.deadlineMs !== undefined && performance.now() > options.deadlineMs) break;
    // Half of the time one of the latest finds: what is new is worth most.
    const recent = random.below(2) === 0 ? Math.min(corpus.length, 32) : corpus.length;
    const parent = corpus[corpus.length - 1 - random.below(recent)]!;
    let input = mutate(parent, random, material);
    if (target.repair && random.below(4) > 0) input = target.repair(input);
    if (target.converse) await tryOne(input, runs % judgedEvery === 0);
    else check(input, runs % judgedEvery === 0);
    // What a decoder's promises hold is let go only when they are run.
    if (runs % 500 === 499) await new Promise((resolve) => setImmediate(resolve));
  }
  let places = 0;
  for (let at = 0; at < counters.used; at++) if (seen[at]! > 0) places++;
  return {
    target: target.name,
    runs,
    corpus: corpus.length,
    places,
    stepsPerByte: Math.round(stepsPerByte * 10) / 10,
    failures,
  };
}
