export {
  type LocationPlace,
  openLocations,
  openPoints,
  type PointNames,
  podHashes,
  sealLocations,
  sealPoints,
} from "./place-of-point.ts";
export { pointIndexOf } from "./point-index.ts";
export { reindexPersonal } from "./reindex.ts";
export { sealWaiting } from "./seal-waiting.ts";
export { type SubscriberSort, subscriberSorts } from "./subscriber-index.ts";
export type { SubscriberData } from "./subscriber-rows.ts";
export { pointNames, withPointNames } from "./with-names.ts";
