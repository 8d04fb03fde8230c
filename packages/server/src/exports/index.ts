export type { ReportTable } from "../analysis/table.ts";
export { type CsvCell, decimal, localTime, whole } from "../csv.ts";
export { csvOf } from "./csv.ts";
export { pdfOf } from "./pdf.ts";
export { xlsxOf } from "./xlsx.ts";
