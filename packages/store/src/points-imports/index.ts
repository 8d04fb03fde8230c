export { isErasedSince } from "./erased-since.ts";
export { readInventoryPoints } from "./inventory-of-points.ts";
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
export { removeUnusedPoint } from "./remove-point.ts";
