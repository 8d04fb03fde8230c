import type { Command } from "commander";

/** The program at the edge: reads what stands on its lines, keeps it, hands it over to the centre (docs/concentrator.md). */
export function addConcentrator(program: Command): void {
  program
    .command("concentrator")
    .description("reads the meters of a street and hands them over to the centre")
    .requiredOption("--config <file>", "its configuration, JSON")
    .option("--check", "only say what is wrong with the configuration")
    .action(async ({ config, check }: { config: string; check?: boolean }) => {
      if (check) {
        const { readConfig } = await import("@energsys/concentrator");
        const { identity, lines } = readConfig(config);
        process.stdout.write(`${JSON.stringify({ ok: true, identity, lines: lines.length })}\n`);
        return;
      }
      process.argv.splice(2, process.argv.length, "--config", config);
      await import(import.meta.resolve("@energsys/concentrator/main"));
    });
}
