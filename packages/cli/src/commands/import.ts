import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { everyImport, everywhere, importFieldFile, undoImport } from "@energsys/store";
import { type Command, InvalidArgumentError } from "commander";
import { zoneName } from "./options.ts";
import { withDatabase } from "./with-database.ts";

interface Options {
  readonly data?: string;
  readonly dryRun?: boolean;
  readonly undo?: number;
  readonly json?: boolean;
  readonly zone: string;
}

const by = "process:cli";

export function addImport(program: Command): void {
  program
    .command("import")
    .description(
      "takes in a file from the field: a dump of a concentrator (ENERGSYS-MC-DUMP/1) or readings of a hand-held (CSV)",
    )
    .argument("[file]", "the file, or one part of a dump")
    .option("--dry-run", "only checks the file and says what it holds")
    .option("--undo <id>", "takes an import back instead", importId)
    .option("--data <folder>", "where everything is kept (ENERGSYS_DATA)")
    .option("--zone <name>", "zone of the market days", zoneName, "Europe/Bucharest")
    .option("--json", "the result as JSON")
    .action(async (file: string | undefined, options: Options, command: Command) => {
      if ((file === undefined) === (options.undo === undefined))
        command.error("error: name a file, or an import with --undo");
      if (file === undefined) await takeBack(options.undo!, options);
      else await takeIn(file, options);
    });
}

function importId(text: string): number {
  if (!/^[1-9]\d{0,9}$/.test(text)) throw new InvalidArgumentError("a number from the list of imports");
  return Number(text);
}

async function takeIn(file: string, { data, dryRun, json, zone }: Options): Promise<void> {
  const bytes = await readFile(file);
  await withDatabase(data, async (db) => {
    const outcome = await importFieldFile(
      db,
      bytes,
      { fileName: basename(file), by, scope: everywhere, dryRun: dryRun ?? false },
      { nowMs: Date.now(), zone },
    );
    if (json) return void process.stdout.write(`${JSON.stringify(outcome)}\n`);
    const { kind, identity, entries, beyondCursor, meters, refused, before, stored } = outcome;
    const lines = [
      kind === "concentrator-dump"
        ? `${identity}: ${entries} entries, ${outcome.first} to ${outcome.last}, ${beyondCursor} that the line did not bring yet, ${refused.length} unreadable`
        : kind === "load-curves"
          ? `load curves: ${entries} intervals of ${meters.length} meters, ${refused.length} lines or curves refused`
          : `hand-held: ${entries} readings of ${meters.length} meters, ${refused.length} lines refused`,
      ...meters.map(
        ({ name, adopted, intervals, readings, added, differ, lower }) =>
          `  ${name}: ${intervals} intervals, ${readings} readings; ${added} new, ${differ} differ${lower > 0 ? `, ${lower} lower than before` : ""}${adopted ? "" : " (nobody adopted it)"}`,
      ),
      ...(kind !== "concentrator-dump"
        ? refused.map(
            ({ line, reason, text }) => `  ${line === null ? "curve" : `line ${line}`}: ${reason}: ${text}`,
          )
        : []),
      ...(before === null ? [] : [`taken in before, as import ${before}`]),
      stored
        ? `stored as import ${stored.importId}: ${stored.intervals} intervals, ${stored.registers} registers, ${stored.events} events; ${stored.kept} entries kept for meters that nobody adopted`
        : "nothing stored (dry run)",
    ];
    process.stdout.write(`${lines.join("\n")}\n`);
  });
}

async function takeBack(importId: number, { data, json, zone }: Options): Promise<void> {
  await withDatabase(data, async (db) => {
    const undone = await undoImport(
      db,
      everyImport(by),
      importId,
      { reason: "energsys import --undo" },
      { nowMs: Date.now(), zone },
    );
    const { intervals, registers, kept } = undone;
    process.stdout.write(
      json
        ? `${JSON.stringify(undone)}\n`
        : `import ${importId} taken back: ${intervals} intervals and ${registers} readings are as they were; ${kept} that were changed since stay\n`,
    );
  });
}
