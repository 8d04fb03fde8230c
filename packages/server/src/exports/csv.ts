import type { Language } from "@energsys/store";
import { partsOf, type ReportTable, type Row, RowReader } from "../analysis/table.ts";
import { byteOrderMark, type CsvCell, csvLine, formatCell } from "../csv.ts";
import { TextBytes } from "./text-bytes.ts";

/** Bytes that are handed on at once. */
const chunkBytes = 65_536;

/** A report as a CSV file, written as its rows come. */
export async function* csvOf(table: ReportTable, language: Language): AsyncGenerator<Buffer> {
  const bytes = new TextBytes(chunkBytes);
  bytes.add(byteOrderMark);
  for (const fact of table.facts) bytes.add(csvLine([...fact], language));
  for (const [nth, { title, columns, rows }] of partsOf(table).entries()) {
    if (title !== "") bytes.add(`${nth === 0 ? "" : "\r\n"}${csvLine([title], language)}`);
    bytes.add(csvLine([...columns], language));
    const lines = new Lines(bytes, language);
    const reader = new RowReader(rows);
    for (;;) {
      const row = reader.next() ?? (await reader.later());
      if (!row) break;
      lines.add(row);
      if (bytes.length >= chunkBytes) yield bytes.take();
    }
  }
  yield bytes.take();
}

/** Lines of one table. Most cells are the very one above them, and stand there as that one does. */
class Lines {
  readonly #bytes: TextBytes;
  readonly #language: Language;
  readonly #above: CsvCell[] = [];
  readonly #texts: string[] = [];

  constructor(bytes: TextBytes, language: Language) {
    this.#bytes = bytes;
    this.#language = language;
  }

  add(row: Row): void {
    for (let column = 0; column < row.length; column++) {
      if (column > 0) this.#bytes.add(";");
      const cell = row[column]!;
      if (this.#above[column] !== cell) {
        this.#above[column] = cell;
        this.#texts[column] = formatCell(cell, this.#language);
      }
      this.#bytes.add(this.#texts[column]!);
    }
    this.#bytes.add("\r\n");
  }
}
