export { type ComingConflict, findComingConflicts } from "./coming.ts";
export { findErasedSince } from "./erased-since.ts";
export { type KnownPoint, readInventoryPoints } from "./inventory-of-points.ts";
export {
  changePointsImport,
  createPointsImport,
  findImportProfile,
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
export { removeUnusedMeters, removeUnusedPoints } from "./remove-point.ts";
