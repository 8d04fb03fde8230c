export {
  type Contract,
  type ContractChange,
  endContract,
  listContracts,
  type NewContract,
  startContract,
  takeBackContract,
} from "./contracts.ts";
export {
  decideErasure,
  type Erasure,
  type ErasureDecision,
  listErasures,
  requestErasure,
  withdrawErasure,
} from "./erasures.ts";
export { erasuresFileName, keepErasures, readErasures } from "./erasures-file.ts";
export { countSubscribers, findSubscriberIds, readSubscribers, type SubscriberRow } from "./list.ts";
export { type DoneErasure, listDoneErasures, type ReplayOutcome, replayErasure } from "./replay.ts";
export type { NewSubscriber, SubscriberKind } from "./sealed-rows.ts";
export { changeSubscriber, findSubscriber, findSubscriberByNumber, type Subscriber } from "./subscriber.ts";
export type { SubscriberVersion } from "./versions.ts";
