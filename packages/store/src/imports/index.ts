export { type FieldFileMeter, type FieldFileOutcome, importFieldFile } from "./field-file.ts";
export { findHistoryProfile, saveHistoryProfile } from "./profiles.ts";
export { everyImport, type ImportKind, type ImportView, listImports, type ReadingImport } from "./record.ts";
export { type ImportUndone, undoImport } from "./undo.ts";
