import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { importDump } from "@energsys/store";
import type { Command } from "commander";
import { zoneName } from "./options.ts";
import { withDatabase } from "./with-database.ts";

interface Options {
  readonly data?: string;
  readonly dryRun?: boolean;
  readonly json?: boolean;
  readonly zone: string;
}

export function addImport(program: Command): void {
  program
    .command("import")
    .description("takes in a dump of an adopted concentrator (ENERGSYS-MC-DUMP/1)")
    .argument("<file>", "the dump, or one part of it")
    .option("--dry-run", "only checks the file and says what it holds")
    .option("--data <folder>", "where everything is kept (ENERGSYS_DATA)")
    .option("--zone <name>", "zone of the market days", zoneName, "Europe/Bucharest")
    .option("--json", "the result as JSON")
    .action(async (file: string, { data, dryRun, json, zone }: Options) => {
      const bytes = await readFile(file);
      await withDatabase(data, async (db) => {
        const outcome = await importDump(
          db,
          bytes,
          { fileName: basename(file), by: "process:cli", dryRun: dryRun ?? false },
          { nowMs: Date.now(), zone },
        );
        const { identity, first, last, entries, beyondCursor, unreadable, stored } = outcome;
        const held = `${identity}: ${entries} entries, ${first} to ${last}, ${beyondCursor} that the line did not bring yet, ${unreadable} unreadable`;
        const done = stored
          ? `stored: ${stored.intervals} intervals, ${stored.registers} registers, ${stored.events} events; ${stored.kept} entries kept for meters that nobody adopted`
          : "nothing stored (dry run)";
        process.stdout.write(json ? `${JSON.stringify(outcome)}\n` : `${held}\n${done}\n`);
      });
    });
}
