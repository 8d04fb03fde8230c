import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { fuzz } from "./fuzz.ts";
import { Counters, instrument } from "./instrument.ts";
import { judge } from "./judge.ts";
import { cutAnywhere } from "./mutate.ts";
import { Random } from "./random.ts";
import { bytesOfHex } from "./seeds.ts";
import { type FuzzTarget, targets } from "./targets.ts";

/** For all decoders together, in one run of the tests. */
const seconds = Number(process.env.ENERGSYS_TIMES ?? 6);

/** Another seed every time, so that many runs of the tests try more than one; ENERGSYS_FUZZ_SEED repeats one. */
const seed = Number(process.env.ENERGSYS_FUZZ_SEED ?? Math.floor(Date.now() / 1000));

test(`no decoder fails on changed telegrams (ENERGSYS_FUZZ_SEED=${seed})`, { timeout: 300_000 }, () => {
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    [
      "--disable-warning=ExperimentalWarning",
      join(import.meta.dirname, "run.ts"),
      "--runs",
      "1e9",
      "--seconds",
      String(seconds),
      "--seed",
      String(seed),
      "--save",
    ],
    { encoding: "utf8" },
  );
  const reports = stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as { target?: string; failures?: unknown[]; places?: number });
  expect(stderr).toBe("");
  expect(reports.filter(({ failures }) => failures && failures.length > 0)).toEqual([]);
  expect(reports.flatMap(({ target }) => target ?? [])).toEqual(targets.map(({ name }) => name));
  // Counters that count nothing would let every decoder pass.
  expect(reports.filter(({ target, places }) => target && (places ?? 0) < 10)).toEqual([]);
  expect(status).toBe(0);
});

const folder = join(import.meta.dirname, "../fixtures/fuzz");
const found = existsSync(folder) ? readdirSync(folder).filter((file) => file.endsWith(".hex")) : [];

test.skipIf(found.length === 0).each(found)("what once broke a decoder does so no more: %s", async (file) => {
  const target = targets.find(({ name }) => file.startsWith(`${name}.`));
  const input = bytesOfHex(readFileSync(join(folder, file), "utf8"));
  const random = new Random(1);
  for (let attempt = 0; attempt < 20; attempt++) {
    const cut = () => cutAnywhere(input, random);
    expect(target && judge(target, input, new Counters(), cut)).toBeUndefined();
    await target?.converse?.(input);
  }
});

const plain = { seeds: () => [] };

/** A decoder in JavaScript with counters in it, as the hooks of the real run put them there. */
function counted(source: string): { decode: (bytes: Uint8Array) => unknown; counters: Counters } {
  const counters = new Counters();
  const body = instrument(`(function decode(bytes) {${source}})`, counters);
  const endless = () => {
    throw new Error("endless");
  };
  const make = new Function("__hits", "__endless", `return ${body}`);
  return { decode: make(counters.hits, endless) as (bytes: Uint8Array) => unknown, counters };
}

test("counters lead the fuzzer through four conditions, one inside the other, which luck alone does not pass", async () => {
  const { decode, counters } = counted(
    "if (bytes[0] === 0xe6) if (bytes[1] === 0x17) if (bytes[2] === 0x5b) if (bytes[3] === 0xc4) throw new TypeError('deep'); return 0;",
  );
  counters.literals.clear();
  const target: FuzzTarget = { ...plain, name: "deep", decode, literals: ["x"] };
  const { failures } = await fuzz(target, [new Uint8Array(8)], counters, { runs: 200_000, seed: 7 });
  const [failure] = failures;
  expect(failure).toMatchObject({ kind: "throws", detail: "TypeError: deep" });
  expect([...(failure?.input ?? [])]).toEqual([0xe6, 0x17, 0x5b, 0xc4]);
});

test.each<[string, string, Partial<FuzzTarget>]>([
  ["steps", "let n = 0; for (const a of bytes) for (const b of bytes) if (a === b) n++; return n;", {}],
  ["steps", "while (bytes[0] & 1);", {}],
  ["size", "return bytes[0] > 200 ? 'x'.repeat(100000) : '';", {}],
  ["differs", "return bytes.length;", { agrees: (bytes) => bytes[0] === 0 }],
  ["split", "return 0;", { stream: (chunks) => chunks.map((chunk) => chunk[0]) }],
])("the fuzzer notices a decoder that fails by its %s", async (kind, source, more) => {
  const { decode, counters } = counted(source);
  const target: FuzzTarget = { ...plain, name: kind, decode, literals: ["~"], ...more };
  const seeds = [new Uint8Array(kind === "steps" ? 900 : 4), new Uint8Array(2)];
  const { failures } = await fuzz(target, seeds, counters, { runs: 3000, seed: 3 });
  expect(failures.map((failure) => failure.kind)).toContain(source.startsWith("while") ? "throws" : kind);
});

test("the same seed tries the same inputs", async () => {
  const inputsOf = async (seed: number): Promise<string[]> => {
    const inputs: string[] = [];
    const decode = (bytes: Uint8Array) => inputs.push(bytes.toHex());
    await fuzz(
      { ...plain, name: "log", decode, literals: ["ab"] },
      [Uint8Array.of(1, 2, 3)],
      new Counters(),
      {
        runs: 200,
        seed,
      },
    );
    return inputs;
  };
  expect(await inputsOf(5)).toEqual(await inputsOf(5));
  expect(await inputsOf(5)).not.toEqual(await inputsOf(6));
});
