import type { CsvCell } from "../csv.ts";

export type Row = readonly CsvCell[];
/** All of them, or some at a time as they are read: to wait for each row takes longer than to write it. */
export type Rows = Iterable<Row> | AsyncIterable<Iterable<Row>>;

/** One table of a report that has several. */
export interface TablePart {
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: Rows;
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
  readonly rows: Rows;
  /** Title of the table, where there are more below it. */
  readonly part?: string;
  readonly more?: readonly TablePart[];
}

/** The tables of a report, in order. */
export const partsOf = ({ part = "", columns, rows, more = [] }: ReportTable): readonly TablePart[] => [
  { title: part, columns, rows },
  ...more,
];

/** Rows in the blocks in which they come. */
export async function* blocksOf(rows: Rows): AsyncGenerator<Iterable<Row>> {
  if (Symbol.asyncIterator in rows) yield* rows;
  else yield rows;
}

/** Rows one after the other, whatever blocks they come in: `reader.next() ?? (await reader.later())`. */
export class RowReader {
  readonly #blocks: AsyncIterator<Iterable<Row>>;
  #block: Iterator<Row> = [].values();

  constructor(rows: Rows) {
    this.#blocks = blocksOf(rows);
  }

  /** The next row of the block at hand. */
  next(): Row | undefined {
    const { done, value } = this.#block.next();
    return done ? undefined : value;
  }

  /** The first row of the blocks to come, once the block at hand has no more. */
  async later(): Promise<Row | undefined> {
    for (;;) {
      const { done, value } = await this.#blocks.next();
      if (done) return undefined;
      this.#block = value[Symbol.iterator]();
      const row = this.next();
      if (row) return row;
    }
  }
}
