export { type LocationSort, locationSorts } from "../personal/location-index.ts";
export { addLocation, changeLocation, type LocationFacts, undoLocationChange } from "./change.ts";
export {
  addFitting,
  enclosureMaterials,
  endFitting,
  type FirstFitting,
  type Fitting,
  type FittingFacts,
  type FittingKind,
  type FittingOutcome,
  fittingKinds,
  fittingOf,
  fittingOutcomes,
  type NewFitting,
  storeFirstFittings,
  withdrawFitting,
} from "./fittings.ts";
export {
  findLocationIds,
  type LocationFilter,
  type LocationRow,
  readLocationRows,
  type SealState,
  sealStates,
} from "./list.ts";
export { findLocation, type Location, type LocationPoint, type LocationVersion } from "./location.ts";
export { addPoint, type NewPoint, removePoint } from "./points.ts";
