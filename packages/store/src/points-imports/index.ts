export { type ComingConflict, findComingConflicts } from "./coming.ts";
export { isErasedSince } from "./erased-since.ts";
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
export { removeUnusedMeter, removeUnusedPoint } from "./remove-point.ts";
