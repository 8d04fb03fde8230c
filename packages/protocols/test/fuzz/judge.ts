import { isDeepStrictEqual } from "node:util";
import type { Counters } from "./instrument.ts";
import type { FuzzTarget } from "./targets.ts";

/** What is wrong with a decoder, shown by an input. */
export interface Failure {
  readonly kind: "throws" | "steps" | "size" | "split" | "differs" | "slow";
  readonly detail: string;
}

/** The two typed errors of the package. */
const isRefusal = (error: unknown): boolean =>
  error instanceof Error && (error.name === "DecodeError" || error.name === "LinkError");

/** Holds a dialogue with its counters cleared before; what it rejects for is a fault, and so is too much work. */
export async function converseOnce(
  target: FuzzTarget,
  input: Uint8Array,
  counters: Counters,
): Promise<Failure | undefined> {
  counters.clear();
  try {
    await target.converse?.(input);
  } catch (error) {
    return { kind: "throws", detail: String(error) };
  }
  const steps = counters.steps();
  return steps > stepsMaxOf(target, input.length)
    ? { kind: "steps", detail: `${steps} steps for ${input.length} bytes` }
    : undefined;
}

/** How much a result holds: nodes, characters, and bytes that are not just a view of the input. */
export function sizeOf(value: unknown, input: Uint8Array): number {
  if (typeof value === "string") return 1 + value.length;
  if (typeof value !== "object" || value === null) return 1;
  if (ArrayBuffer.isView(value)) return value.buffer === input.buffer ? 1 : 1 + value.byteLength;
  let size = 1;
  if (value instanceof Map) for (const [key, each] of value) size += sizeOf(key, input) + sizeOf(each, input);
  else for (const each of Object.values(value)) size += sizeOf(each, input);
  return size;
}

export function stepsMaxOf(target: FuzzTarget, length: number): number {
  return 4000 + length * (target.stepsPerByteMax ?? 150);
}

function sizeMaxOf(target: FuzzTarget, length: number): number {
  return 2000 + length * (target.sizePerByteMax ?? 60);
}

/** Runs a decoder on one input, with its counters cleared before. */
export function runOnce(target: FuzzTarget, input: Uint8Array, counters: Counters): Failure | undefined {
  counters.clear();
  try {
    target.decode(input);
  } catch (error) {
    if (!isRefusal(error)) return { kind: "throws", detail: String(error) };
  }
  return undefined;
}

const msPerKiBMax = 5;

/**
 * Whether a decoder takes longer than it may, on this machine and with its counters in. Only for long runs: the work is
 * measured in steps otherwise. The best of three counts, since others use the machine too.
 */
export function judgeTime(target: FuzzTarget, input: Uint8Array): Failure | undefined {
  const allowedMs = msPerKiBMax * Math.max(1, input.length / 1024);
  let bestMs = Number.POSITIVE_INFINITY;
  for (let attempt = 0; attempt < 3 && bestMs > allowedMs; attempt++) {
    const startedMs = performance.now();
    try {
      target.decode(input);
    } catch {
      // A refusal takes time as well; what was thrown is judged elsewhere.
    }
    bestMs = Math.min(bestMs, performance.now() - startedMs);
  }
  if (bestMs <= allowedMs) return undefined;
  return { kind: "slow", detail: `${bestMs.toFixed(1)} ms for ${input.length} bytes` };
}

/** The properties that cost more than a run: work, size, the same in any split, and what the target adds. */
export function judge(
  target: FuzzTarget,
  input: Uint8Array,
  counters: Counters,
  cut: () => readonly Uint8Array[],
): Failure | undefined {
  counters.clear();
  let result: unknown;
  let refused = false;
  try {
    result = target.decode(input);
  } catch (error) {
    if (!isRefusal(error)) return { kind: "throws", detail: String(error) };
    refused = true;
  }
  const steps = counters.steps();
  if (steps > stepsMaxOf(target, input.length)) {
    return { kind: "steps", detail: `${steps} steps for ${input.length} bytes` };
  }
  const size = refused ? 0 : sizeOf(result, input);
  if (size > sizeMaxOf(target, input.length)) {
    return { kind: "size", detail: `a result of ${size} for ${input.length} bytes` };
  }
  try {
    if (!refused && target.agrees && !target.agrees(input, result)) {
      return { kind: "differs", detail: "another way of decoding gives something else" };
    }
    if (target.stream) {
      const whole = outcomeOf(() => target.stream!([input]));
      const parts = outcomeOf(() => target.stream!(cut()));
      if (!isDeepStrictEqual(whole, parts))
        return { kind: "split", detail: "cut elsewhere it gives something else" };
    }
  } catch (error) {
    return { kind: "throws", detail: String(error) };
  }
  return undefined;
}

function outcomeOf(run: () => unknown): unknown {
  try {
    return { result: run() };
  } catch (error) {
    if (!isRefusal(error)) throw error;
    return { refused: (error as Error & { code: string }).code };
  }
}
