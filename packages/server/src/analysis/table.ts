import type { Language } from "@energsys/store";
import { byteOrderMark, type CsvCell, csvLine } from "../csv.ts";

/** One table of a report that has several. */
export interface TablePart {
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: AsyncIterable<readonly CsvCell[]> | Iterable<readonly CsvCell[]>;
}

/** A report as a table, for whatever writes it into a file: facts above, columns, rows as they come. */
export interface ReportTable {
  /** Of the file, without its ending. */
  readonly name: string;
  /** In the reader's language, for the head of a page. */
  readonly title: string;
  /** What a reader of the file must know: subject, period, zone, coverage. */
  readonly facts: readonly (readonly [label: string, ...values: string[]])[];
  readonly columns: readonly string[];
  /** Names and kinds of the columns for machines; a table without them does not become a Parquet file. */
  readonly fields?: readonly { readonly name: string; readonly kind: "text" | "number" | "time" }[];
  readonly rows: AsyncIterable<readonly CsvCell[]> | Iterable<readonly CsvCell[]>;
  /** Title of the table, where there are more below it. */
  readonly part?: string;
  readonly more?: readonly TablePart[];
}

/** The tables of a report, in order. */
export const partsOf = ({ part = "", columns, rows, more = [] }: ReportTable): readonly TablePart[] => [
  { title: part, columns, rows },
  ...more,
];

const linesPerChunk = 1_000;

/** A report as the lines of a CSV file. */
export async function* csvOf(table: ReportTable, language: Language): AsyncGenerator<string> {
  let chunk = byteOrderMark + table.facts.map((fact) => csvLine([...fact], language)).join("");
  let lines = 0;
  for (const [nth, { title, columns, rows }] of partsOf(table).entries()) {
    if (title !== "") chunk += `${nth === 0 ? "" : "\r\n"}${csvLine([title], language)}`;
    chunk += csvLine([...columns], language);
    for await (const row of rows) {
      chunk += csvLine(row, language);
      lines++;
      if (lines % linesPerChunk !== 0) continue;
      yield chunk;
      chunk = "";
    }
  }
  yield chunk;
}
