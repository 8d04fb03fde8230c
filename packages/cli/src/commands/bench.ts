import type { Command } from "commander";
import { CliError } from "../cli-error.ts";
import { wholeNumber } from "./options.ts";

/** What `bench/` exports: the measurements by name, each loaded only when it is run (bench/bench.ts). */
interface BenchModule {
  readonly benches: Readonly<Record<string, () => Promise<{ bench: Bench }>>>;
}

interface Bench {
  readonly name: string;
  readonly about: string;
  run(context: { log(text: string): void; peer?: string; points?: number }): Promise<{ metrics: Metric[] }>;
}

interface Metric {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly goal?: string;
  readonly ok?: boolean;
}

export function addBench(program: Command): void {
  program
    .command("bench")
    .description("a measurement of bench/; without a name lists them")
    .argument("[name]")
    .option("--peer <command>", "a peer's program that does the same work, measured in the same run (decode)")
    .option(
      "--points <count>",
      "points of measure, for benches whose size can be chosen (validate)",
      wholeNumber(1, 10_000_000),
    )
    .option("--json", "the result as JSON")
    .action(async (name: string | undefined, options: { peer?: string; points?: number; json?: boolean }) => {
      const { benches } = await loadBenches();
      if (name === undefined) return list(benches, options.json ?? false);
      const load = benches[name];
      if (!load)
        throw new CliError("bench.unknown", `no bench ${name}; there are ${Object.keys(benches).join(", ")}`);
      const { bench } = await load();
      const { metrics } = await bench.run({
        log: (text) => process.stderr.write(`${text}\n`),
        ...(options.peer === undefined ? {} : { peer: options.peer }),
        ...(options.points === undefined ? {} : { points: options.points }),
      });
      process.stdout.write(
        options.json ? `${JSON.stringify({ bench: name, metrics }, null, 2)}\n` : format(metrics),
      );
      const missed = metrics.filter(({ ok }) => ok === false);
      if (missed.length > 0)
        throw new CliError("bench.missed", missed.map((metric) => metric.name).join(", "));
    });
}

/** The measurements are development code: an installation without it has none. */
async function loadBenches(): Promise<BenchModule> {
  try {
    return (await import(import.meta.resolve("@energsys/bench"))) as BenchModule;
  } catch (cause) {
    throw new CliError(
      "bench.absent",
      `the measurements are not installed: ${(cause as Error).message}`,
      cause,
    );
  }
}

async function list(benches: BenchModule["benches"], json: boolean): Promise<void> {
  const rows = await Promise.all(Object.values(benches).map(async (load) => (await load()).bench));
  const facts = rows.map(({ name, about }) => ({ name, about }));
  if (json) process.stdout.write(`${JSON.stringify({ benches: facts }, null, 2)}\n`);
  else for (const { name, about } of facts) process.stdout.write(`${name.padEnd(16)} ${about}\n`);
}

function format(metrics: readonly Metric[]): string {
  return metrics
    .map(({ name, value, unit, goal, ok }) => {
      const verdict = ok === undefined ? "" : ok ? "ok" : "MISSED";
      const shown = value.toLocaleString("en", { maximumSignificantDigits: 4 });
      return `${name.padEnd(52)} ${shown.padStart(14)} ${unit.padEnd(14)} ${(goal ?? "").padEnd(12)} ${verdict}\n`;
    })
    .join("");
}
