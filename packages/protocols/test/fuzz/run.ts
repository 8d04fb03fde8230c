/**
 * The fuzzer as a program: `npm run fuzz -- --runs 1e7 [--target apdu,data] [--seconds 60] [--seed N] [--save] [--timed]
 * [--length 65536]`; `npm run fuzz:nightly` is the run of every night. `--seconds` is for all decoders together. Prints a line of JSON for each decoder and exits with 1 when one of them fails. `--save`
 * keeps what shows it under test/fixtures/fuzz, where the tests try it again from then on; `--timed` also judges time (5 ms
 * for each KiB, counters in); `--length` allows longer inputs than 1 KiB and begins with seeds repeated to that length,
 * which shows work that grows faster than the input.
 */
import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { instrumentFolder } from "./instrument.ts";

const { values } = parseArgs({
  options: {
    runs: { type: "string", default: "1e5" },
    seed: { type: "string" },
    target: { type: "string" },
    seconds: { type: "string" },
    save: { type: "boolean", default: false },
    timed: { type: "boolean", default: false },
    length: { type: "string", default: "1024" },
  },
});
const runs = Number(values.runs);
const lengthMax = Number(values.length);
const seed = Number(values.seed ?? Math.floor(Date.now() / 1000));
if (![runs, seed, lengthMax].every((number) => Number.isSafeInteger(number) && number >= 0)) {
  console.error("fuzz: --runs, --seed and --length are integers");
  process.exit(2);
}

const counters = instrumentFolder(new URL("../../src/", import.meta.url));
// Only what is loaded from here on is counted.
const { fuzz } = await import("./fuzz.ts");
const { readSeeds, sharedIsThere } = await import("./seeds.ts");
const { targets } = await import("./targets.ts");

/** What is left of a decoder's run, the corpus gone: state that decoders keep would grow with the inputs. */
const heapGrowthMax = 32 * 1024 * 1024;
setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;
function heapUsed(): number {
  collectGarbage();
  return process.memoryUsage().heapUsed;
}

const only = values.target?.split(",");
const unknown = only?.filter((name) => !targets.some((target) => target.name === name)) ?? [];
if (unknown.length > 0) {
  console.error(
    `fuzz: no such target: ${unknown.join(", ")}; there are ${targets.map(({ name }) => name).join(", ")}`,
  );
  process.exit(2);
}
const chosen = targets.filter(({ name }) => !only || only.includes(name));
const seconds = values.seconds === undefined ? undefined : Number(values.seconds);
const seeds = readSeeds();
const begunMs = performance.now();
/** Each has an equal share of what is left: one that is done early leaves its time to the others. */
const endOf = (index: number, seconds: number): number => {
  const nowMs = performance.now();
  return nowMs + (begunMs + seconds * 1000 - nowMs) / (chosen.length - index);
};
let failed = 0;
let done = 0;
for (const [index, target] of chosen.entries()) {
  const heapBefore = heapUsed();
  const startedMs = performance.now();
  const own = target.seeds(seeds);
  const swollen = lengthMax > 1024 ? own.map((bytes) => repeated(bytes, lengthMax)) : [];
  const report = await fuzz(target, [...own, ...swollen], counters, {
    runs,
    ...(seconds !== undefined && { deadlineMs: endOf(index, seconds) }),
    seed,
    timed: values.timed,
    lengthMax,
  });
  const tookSeconds = (performance.now() - startedMs) / 1000;
  const failures: { kind: string; detail: string; hex: string }[] = report.failures.map(
    ({ input, ...failure }) => ({
      ...failure,
      hex: Buffer.from(input).toString("hex"),
    }),
  );
  await new Promise((resolve) => setImmediate(resolve));
  const heapGrowth = heapUsed() - heapBefore;
  done++;
  if (heapGrowth > heapGrowthMax)
    failures.push({ kind: "heap", detail: `${heapGrowth} bytes kept`, hex: "" });
  failed += failures.length;
  console.log(
    JSON.stringify({
      ...report,
      failures,
      heapGrowthKiB: Math.round(heapGrowth / 1024),
      seconds: Number(tookSeconds.toFixed(1)),
      runsPerSecond: Math.round(report.runs / tookSeconds),
    }),
  );
  if (values.save) for (const failure of failures.filter(({ hex }) => hex !== "")) save(target.name, failure);
}
console.log(
  JSON.stringify({
    seed,
    captures: sharedIsThere ? "with the shared ones" : "own only",
    targets: done,
    failed,
  }),
);
process.exit(failed > 0 || done === 0 ? 1 : 0);

function repeated(bytes: Uint8Array, length: number): Uint8Array {
  return Uint8Array.from({ length: bytes.length === 0 ? 0 : length }, (_, at) => bytes[at % bytes.length]!);
}

function save(target: string, failure: { kind: string; hex: string }): void {
  const folder = join(import.meta.dirname, "../fixtures/fuzz");
  mkdirSync(folder, { recursive: true });
  const name = createHash("sha256").update(failure.hex).digest("hex").slice(0, 8);
  writeFileSync(join(folder, `${target}.${failure.kind}.${name}.hex`), `${failure.hex}\n`);
}
