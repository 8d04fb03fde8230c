import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import {
  guessHistory,
  type HistoryField,
  type HistoryMapping,
  historyFields,
  isDump,
} from "@energsys/metering";
import { fileText } from "@energsys/metering/file-text";
import { historyContent, historyTable } from "@energsys/server/history-content";
import {
  type Database,
  everyImport,
  everywhere,
  importFieldFile,
  saveHistoryProfile,
  undoImport,
} from "@energsys/store";
import { type Command, InvalidArgumentError, Option } from "commander";
import { CliError } from "../cli-error.ts";
import { zoneName } from "./options.ts";
import { withDatabase } from "./with-database.ts";

interface Options {
  readonly data?: string;
  readonly dryRun?: boolean;
  readonly final?: boolean;
  readonly undo?: number;
  readonly json?: boolean;
  readonly zone: string;
  readonly kind?: HistoryMapping["kind"];
  readonly column: Readonly<Record<string, string>>;
  readonly obis?: string;
  readonly unit?: string;
}

const by = "process:cli";

export function addImport(program: Command): void {
  program
    .command("import")
    .description(
      "takes in a file from the field: a dump of a concentrator (ENERGSYS-MC-DUMP/1) or readings of a hand-held (CSV), or values of past times from any table (CSV, XLSX)",
    )
    .argument("[file]", "the file, or one part of a dump")
    .option("--dry-run", "only checks the file and says what it holds")
    .addOption(
      new Option("--kind <kind>", "of a table: what it holds; its columns are found by their heads").choices(
        Object.keys(historyFields),
      ),
    )
    .option("--column <field=head>", "of a table: the column of a field, by its head or as #1", columnOf, {})
    .option("--obis <code>", "of a table: the register of all its lines")
    .option("--unit <unit>", "of a table: the unit of all its lines")
    .option("--final", "its load curves are the last word: where they replace other values, nobody need look")
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

const fields = [...new Set(Object.values(historyFields).flat())];

/** `serial=Contor`, beside those before. */
function columnOf(text: string, before: Readonly<Record<string, string>>): Record<string, string> {
  const [field = "", ...head] = text.split("=");
  if (!fields.some((known) => known === field) || head.join("=").trim() === "")
    throw new InvalidArgumentError(`${fields.join(", ")}, and a column, such as serial=Contor or serial=#1`);
  return { ...before, [field]: head.join("=").trim() };
}

/** What the columns hold, as far as somebody said it: the rest by the heads. */
function mappingOf(header: readonly string[], { kind, column, obis, unit }: Options): HistoryMapping {
  const columns: Partial<Record<HistoryField, number>> = {};
  for (const [field, head] of Object.entries(column)) {
    const place = /^#[1-9]\d{0,3}$/.test(head)
      ? Number(head.slice(1)) - 1
      : header.findIndex((one) => one.trim().toLowerCase() === head.toLowerCase());
    if (place < 0 || place >= header.length)
      throw new CliError("import.no-column", `the file has no column ${head}: ${header.join(", ")}`);
    columns[field as HistoryField] = place;
  }
  const taken = new Set(Object.values(columns));
  const guessed = Object.entries(guessHistory(header, kind!).columns).filter(
    ([field, place]) => !(field in columns) && !taken.has(place),
  );
  return {
    kind: kind!,
    columns: { ...Object.fromEntries(guessed), ...columns },
    ...(obis === undefined ? {} : { obis }),
    ...(unit === undefined ? {} : { unit }),
  };
}

/** The file as the importers read it; a table is mapped as asked, or as one with the same head line was before. */
async function contentOf(db: Database, bytes: Uint8Array, options: Options) {
  const { kind } = options;
  // A workbook is a ZIP file.
  const workbook = bytes[0] === 0x50 && bytes[1] === 0x4b;
  const file = workbook ? { workbook: bytes } : { text: fileText(bytes) };
  if (kind !== undefined) {
    const [header = []] = await historyTable(file);
    return historyContent(db, file, mappingOf(header, options));
  }
  if (Object.keys(options.column).length > 0 || options.obis !== undefined || options.unit !== undefined)
    throw new CliError("import.kind-unknown", "--column, --obis and --unit need --kind");
  return historyContent(db, file, undefined);
}

/** `serial = Contor; start = Data`: what was read as what. */
const describeMapping = ({ kind, columns, obis, unit }: HistoryMapping, header: readonly string[]): string =>
  `${kind}: ${[
    ...Object.entries(columns).map(([field, place]) => `${field} = ${header[place]}`),
    ...(obis === undefined ? [] : [`obis ${obis}`]),
    ...(unit === undefined ? [] : [`unit ${unit}`]),
  ].join("; ")}`;

function importId(text: string): number {
  if (!/^[1-9]\d{0,9}$/.test(text)) throw new InvalidArgumentError("a number from the list of imports");
  return Number(text);
}

async function takeIn(file: string, options: Options): Promise<void> {
  const { data, dryRun, final, json, zone } = options;
  const bytes = await readFile(file);
  await withDatabase(data, async (db) => {
    const { text, header, mapping } = isDump(bytes) ? {} : await contentOf(db, bytes, options);
    const outcome = await importFieldFile(
      db,
      text === undefined ? bytes : new TextEncoder().encode(text),
      { fileName: basename(file), by, scope: everywhere, dryRun: dryRun ?? false, isFinal: final ?? false },
      { nowMs: Date.now(), zone },
    );
    if (outcome.stored && header && mapping) await saveHistoryProfile(db, header, mapping, by);
    const mapped = header && mapping ? { mapping } : {};
    if (json) return void process.stdout.write(`${JSON.stringify({ ...outcome, ...mapped })}\n`);
    const { kind, identity, entries, beyondCursor, meters, refused, before, stored } = outcome;
    const lines = [
      ...(header && mapping ? [describeMapping(mapping, header)] : []),
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
