import { createWriteStream } from "node:fs";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import {
  FormulaRunner,
  formats,
  limits,
  outcomeOf,
  ReportError,
  reportTable,
  runReport,
  sentenceOf,
} from "@energsys/server/reports";
import {
  appendActs,
  everywhere,
  type FileFormatName,
  fileFormats,
  findReport,
  listAllReports,
  noteReportRun,
  queryContext,
} from "@energsys/store";
import { type Command, InvalidArgumentError } from "commander";
import { CliError } from "../cli-error.ts";
import { withKeys } from "./keyed-database.ts";

interface Options {
  readonly data?: string;
  readonly json?: boolean;
  readonly format: FileFormatName;
  readonly output: string;
  readonly language: "ro" | "en";
}

const operator = "energsys reports";

function formatOf(text: string): FileFormatName {
  const format = fileFormats.find((one) => one === text);
  if (!format) throw new InvalidArgumentError(fileFormats.join(", "));
  return format;
}

function languageOf(text: string): "ro" | "en" {
  if (text !== "ro" && text !== "en") throw new InvalidArgumentError("ro or en");
  return text;
}

function idOf(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text))
    throw new InvalidArgumentError("the number of a report, as `list` shows it");
  return Number(text);
}

/** Reports that people have defined: to list, and to run into a file with the rights of whoever administers the installation. */
export function addReports(program: Command): void {
  const reports = program.command("reports").description("reports that people have defined");

  reports
    .command("list")
    .description("every report with its owner, schedules and last run")
    .option("--data <folder>", "where everything is kept (ENERGSYS_DATA)")
    .option("--json", "the result as JSON")
    .action(({ data, json }: Options) =>
      withKeys(data, async (db) => {
        const rows = await listAllReports(db);
        if (json) return void process.stdout.write(`${JSON.stringify({ reports: rows })}\n`);
        for (const { reportId, name, owner, schedules, lastRun } of rows)
          process.stdout.write(
            `${String(reportId).padStart(5)}  ${name}  ${owner}  ${schedules} schedules  ${lastRun ?? "never run"}\n`,
          );
      }),
    );

  reports
    .command("run")
    .description("computes a report over the whole network and writes it into a file")
    .argument("<id>", "number of the report", idOf)
    .requiredOption("--output <file>", "where the file goes")
    .option("--format <format>", "csv, xlsx or pdf", formatOf, "csv")
    .option("--language <language>", "ro or en", languageOf, "ro")
    .option("--data <folder>", "where everything is kept (ENERGSYS_DATA)")
    .option("--json", "the result as JSON")
    .action((reportId: number, { data, json, format, output, language }: Options) =>
      withKeys(data, async (db) => {
        const report = await findReport(db, undefined, reportId);
        if (!report) throw new CliError("report.not-found", `no report ${reportId}`);
        const runner = new FormulaRunner();
        const startedMs = Date.now();
        const zone = process.env.ENERGSYS_ZONE ?? "Europe/Bucharest";
        try {
          const place = { context: queryContext(db), zone, nowMs: startedMs, limits, runner };
          const result = await runReport(place, everywhere, report.definition);
          const { name, about, version } = report;
          const table = reportTable(result, { name, about, zone, language });
          const takenAt = Temporal.Instant.fromEpochMilliseconds(startedMs)
            .toZonedDateTimeISO(zone)
            .toPlainDateTime()
            .toString({ smallestUnit: "minute" });
          const head = { title: name, language, takenBy: operator, takenAt: `${takenAt} ${zone}` };
          await pipeline(Readable.from(formats[format].write(table, head)), createWriteStream(output));
          const outcome = outcomeOf(result);
          await noteReportRun(db, {
            reportId,
            version,
            accountId: null,
            by: operator,
            format,
            startedMs,
            nowMs: Date.now(),
            ...outcome,
          });
          await appendActs(db, [
            {
              action: "export",
              objectType: "report",
              records: outcome.rows,
              after: { report: table.name, format },
            },
          ]);
          const told = { output, ...outcome, durationMs: Date.now() - startedMs };
          process.stdout.write(
            json
              ? `${JSON.stringify(told)}\n`
              : `${output}: ${outcome.rows} rows, ${outcome.present} of ${outcome.expected} values there\n`,
          );
        } catch (error) {
          if (!(error instanceof ReportError)) throw error;
          throw new CliError(error.code, sentenceOf(error.code, error.params, language));
        } finally {
          await runner.close();
        }
      }),
    );
}
