export { type FileFormat, formats } from "../exports/formats.ts";
export { limits } from "../limits.ts";
export { FormulaRunner } from "./formula-runner.ts";
export { outcomeOf } from "./outcome.ts";
export { ReportError } from "./report-error.ts";
export { runReport } from "./run-report.ts";
export { sentenceOf } from "./sentences.ts";
export { fileNameOf, reportTable } from "./table.ts";
