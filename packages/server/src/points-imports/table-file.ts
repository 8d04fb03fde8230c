import { CsvError, parse } from "csv-parse/sync";
import { JobError } from "../jobs/kind.ts";

/** A table of a file: its head line, and lines of as many cells. */
export interface FileTable {
  readonly delimiter: ";" | "," | "\t" | "|";
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

const rowsMax = 200_000;
const columnsMax = 64;
const delimiters = [";", ",", "\t", "|"] as const;

/** Lines before the head that may be titles. */
const titlesMax = 20;

/** The mark that stands most often, outside of quotes, in the first line that has two of one, otherwise in the first that has any. */
function guessDelimiter(text: string): FileTable["delimiter"] {
  const lines = text.split(/\r?\n/, titlesMax).map((line) => {
    const bare = line.replaceAll(/"[^"]*"/g, "");
    const counts = delimiters.map((mark) => bare.split(mark).length - 1);
    const most = Math.max(...counts);
    return { most, mark: delimiters[counts.indexOf(most)]! };
  });
  return (lines.find(({ most }) => most > 1) ?? lines.find(({ most }) => most > 0))?.mark ?? ";";
}

/**
 * Reads a CSV file (RFC 4180; semicolons, commas, tabs or bars) whose first line names the columns; a title of one cell may
 * stand above. Lines that are empty are left out, cells are trimmed. @throws JobError `points-import.file-unreadable` with the line, `points-import.file-empty`, `points-import.file-too-large`
 */
export function readTable(text: string): FileTable {
  const delimiter = guessDelimiter(text);
  let lines: string[][];
  try {
    lines = parse(text, {
      delimiter,
      bom: true,
      skip_empty_lines: true,
      trim: true,
      relax_column_count: true,
      to_line: rowsMax + 2,
    });
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    // The library's words quote the line, which holds names: only its number is told.
    throw new JobError(
      "points-import.file-unreadable",
      `line ${error.lines ?? "?"} is no line of a CSV file`,
      error,
    );
  }
  const titles = lines.slice(0, titlesMax).findIndex((line) => line.filter((cell) => cell !== "").length > 1);
  const [header, ...rows] = lines.slice(Math.max(0, titles));
  if (!header || rows.length === 0)
    throw new JobError("points-import.file-empty", "the file has no line below its head");
  if (rows.length > rowsMax)
    throw new JobError("points-import.file-too-large", `the file has more than ${rowsMax} lines`);
  if (header.length > columnsMax)
    throw new JobError("points-import.file-too-large", `the file has more than ${columnsMax} columns`);
  const even = rows.map((row) => header.map((_, at) => row[at] ?? ""));
  return { delimiter, header, rows: even };
}
