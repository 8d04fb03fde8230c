import { createWriteStream } from "node:fs";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { formats, limits, readWatchReport, tableOf, watchReports } from "@energsys/server/watch";
import { appendActs, everywhere, type FileFormatName, fileFormats, sql } from "@energsys/store";
import { Argument, type Command, InvalidArgumentError, Option } from "commander";
import { withKeys } from "./keyed-database.ts";

interface Options {
  readonly data?: string;
  readonly json?: boolean;
  readonly of: string;
  readonly from: string;
  readonly to: string;
  readonly format: FileFormatName;
  readonly output?: string;
  readonly language: "ro" | "en";
}

function subjectOf(text: string): string {
  if (!/^(s|[pgmb][1-9]\d{0,8})$/.test(text)) throw new InvalidArgumentError("s, or p, g or b with a number");
  return text;
}

/** The reports that watch, over the whole network: to read, or into a file. */
export function addWatch(program: Command): void {
  program
    .command("watch")
    .description(
      "power quality, events, communication, acquisition and continuity of a point, group or branch",
    )
    .addArgument(new Argument("<report>", "which of them").choices(watchReports))
    .requiredOption("--from <day>", "first day, such as 2026-10-01")
    .requiredOption("--to <day>", "day behind the last one, such as 2026-11-01")
    .option(
      "--of <subject>",
      "s: the whole system; p12, g4, b3: a point, group or branch by number",
      subjectOf,
      "s",
    )
    .option("--output <file>", "where a file goes, instead of the text")
    .addOption(new Option("--format <format>", "of the file").choices(fileFormats).default("csv"))
    .addOption(new Option("--language <language>", "of its words").choices(["ro", "en"]).default("ro"))
    .option("--data <folder>", "where everything is kept (ENERGSYS_DATA)")
    .option("--json", "the result as JSON")
    .action((report: (typeof watchReports)[number], options: Options) =>
      withKeys(options.data, async (db) => {
        const { of, from, to, language, output, format, json } = options;
        const { rows } = await db.query<{ zone: string | null }>(sql`select market_zone() as zone`);
        const zone = rows[0]?.zone ?? "Europe/Bucharest";
        const nowMs = Date.now();
        const services = { db, zone, limits, now: () => nowMs };
        const told = await readWatchReport(report, {
          services,
          scope: everywhere,
          query: { of, from, to },
          language,
          whole: output !== undefined || json === true,
        });
        const records = told.parts.reduce((sum, part) => sum + part.rows.length, 0);
        if (output !== undefined) {
          const at = Temporal.Instant.fromEpochMilliseconds(nowMs).toZonedDateTimeISO(zone).toPlainDateTime();
          const takenAt = `${at.toString({ smallestUnit: "minute" })} ${zone}`;
          const head = { title: told.title, language, takenBy: "energsys watch", takenAt };
          const table = tableOf(told, { zone, language });
          await pipeline(Readable.from(formats[format].write(table, head)), createWriteStream(output));
          const after = { report: told.name, format };
          await appendActs(db, [{ action: "export", objectType: "report", records, after }]);
        }
        const text = output === undefined ? textOf(told) : `${output}: ${records} rows\n`;
        process.stdout.write(json ? `${JSON.stringify(told)}\n` : text);
      }),
    );
}

/** Facts, and each part as lines with its cells one behind the other. */
function textOf({ title, facts, parts }: Awaited<ReturnType<typeof readWatchReport>>): string {
  const lines = [title, ...facts.map(({ label, value }) => `${label}: ${value}`)];
  for (const { title: part, columns, rows, more } of parts) {
    lines.push("", part);
    lines.push(`  ${columns.map(({ label, unit }) => (unit ? `${label} [${unit}]` : label)).join("; ")}`);
    for (const { cells } of rows) lines.push(`  ${cells.map((cell) => cell ?? "-").join("; ")}`);
    if (more > 0) lines.push(`  + ${more}`);
  }
  return `${lines.join("\n")}\n`;
}
