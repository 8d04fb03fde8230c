import type { Command } from "commander";
import { wholeNumber } from "./options.ts";

interface DumpOptions {
  readonly config: string;
  readonly out: string;
  readonly from?: number;
  readonly to?: number;
}

/** The program at the edge: reads what stands on its lines, keeps it, hands it over to the centre (docs/concentrator.md). */
export function addConcentrator(program: Command): void {
  const concentrator = program
    .command("concentrator")
    .description("reads the meters of a street and hands them over to the centre")
    .option("--config <file>", "its configuration, JSON")
    .option("--check", "only say what is wrong with the configuration, and what this machine lacks of it")
    .action(async ({ config, check }: { config?: string; check?: boolean }, command: Command) => {
      // Not a required option: it would be asked for before that of `dump` is looked at.
      if (config === undefined) command.error("error: required option '--config <file>' not specified");
      if (check) {
        const { missingFiles, readConfig } = await import("@energsys/concentrator");
        const configured = readConfig(config);
        const { identity, lines } = configured;
        const missing = missingFiles(configured);
        process.stdout.write(`${JSON.stringify({ ok: true, identity, lines: lines.length, missing })}\n`);
        return;
      }
      process.argv.splice(2, process.argv.length, "--config", config);
      await import(import.meta.resolve("@energsys/concentrator/main"));
    });
  concentrator
    .command("dump")
    .description("writes what the store holds to a file for `energsys import`, while it runs or not")
    .requiredOption("--config <file>", "the configuration of the concentrator")
    .requiredOption("--out <file>", "the dump")
    .option("--from <n>", "first entry of the journal", wholeNumber(1, 2 ** 32 - 1))
    .option("--to <n>", "last entry of the journal", wholeNumber(1, 2 ** 32 - 1))
    .action(async ({ config, out, from, to }: DumpOptions) => {
      const { dumpStore, readConfig } = await import("@energsys/concentrator");
      const outcome = await dumpStore(readConfig(config), out, { from, to }, () => Date.now());
      process.stdout.write(`${JSON.stringify({ out, ...outcome })}\n`);
    });
}
