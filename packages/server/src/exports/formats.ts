import { csvOf, type ReportTable } from "../analysis/table.ts";
import { parquetMedia, parquetOf } from "./parquet.ts";
import { type PdfHead, pdfMedia, pdfOf } from "./pdf.ts";
import { xlsxMedia, xlsxOf } from "./xlsx.ts";

/** Every kind of file that a report can become. A file of text is told by `media`. */
export const formats = {
  csv: { media: "text/csv; charset=utf-8", write: (table, { language }) => csvOf(table, language) },
  xlsx: { media: xlsxMedia, write: (table, { language }) => xlsxOf(table, language) },
  pdf: { media: pdfMedia, write: pdfOf },
  parquet: { media: parquetMedia, write: (table) => parquetOf(table) },
} as const satisfies Record<
  string,
  {
    readonly media: string;
    readonly write: (table: ReportTable, head: PdfHead) => AsyncIterable<string | Buffer>;
  }
>;
export type FileFormat = keyof typeof formats;
