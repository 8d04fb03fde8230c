export { type FieldFileMeter, type FieldFileOutcome, importFieldFile } from "./field-file.ts";
export { readInventoryPoints } from "./inventory-of-points.ts";
export {
  changePointsImport,
  createPointsImport,
  findPointsImport,
  type ImportContent,
  type LineBefore,
  listLinesBefore,
  listPointsImports,
  markPointsImport,
  noteLinesBefore,
  type PointsImport,
  type PointsImportState,
  pointsImportStates,
} from "./points-import.ts";
export { everyImport, type ImportKind, type ImportView, listImports, type ReadingImport } from "./record.ts";
export { removeUnusedPoint } from "./remove-point.ts";
export { type ImportUndone, undoImport } from "./undo.ts";
