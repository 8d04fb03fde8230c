import type { ReportTable } from "../analysis/table.ts";
import { csvOf } from "./csv.ts";
import { parquetMedia, parquetOf } from "./parquet.ts";
import type { PdfHead } from "./pdf.ts";
import { xlsxMedia, xlsxOf } from "./xlsx.ts";

/** Every kind of file that a report can become. A file of text is told by `media`. */
export const formats = {
  csv: { media: "text/csv; charset=utf-8", write: (table, { language }) => csvOf(table, language) },
  xlsx: { media: xlsxMedia, write: (table, { language }) => xlsxOf(table, language) },
  pdf: { media: "application/pdf", write: onPaper },
  parquet: { media: parquetMedia, write: (table) => parquetOf(table) },
} as const satisfies Record<
  string,
  {
    readonly media: string;
    readonly write: (table: ReportTable, head: PdfHead) => AsyncIterable<Buffer>;
  }
>;
export type FileFormat = keyof typeof formats;

/** What makes pages takes 17 MB: a process that is asked for none does without. */
async function* onPaper(table: ReportTable, head: PdfHead): AsyncGenerator<Buffer> {
  const { pdfOf } = await import("./pdf.ts");
  yield* pdfOf(table, head);
}
