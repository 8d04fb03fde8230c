export * from "./adoption.ts";
export * from "./dump-import.ts";
export * from "./journal.ts";
export * from "./meters.ts";
export {
  type Adoption,
  adoptGateway,
  changeGateway,
  type HandOver,
  handOverEffect,
  handOverGateway,
  retireGateway,
} from "./ownership.ts";
export * from "./registry.ts";
export * from "./requests.ts";
export { type ConcentratorState, concentratorStates } from "./standing.ts";
