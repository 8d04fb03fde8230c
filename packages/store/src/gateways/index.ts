export * from "./adoption.ts";
export { findPointChain, type PointChain } from "./chain.ts";
export { type DumpImport, type DumpImportOutcome, type DumpMeter, importDump } from "./dump-import.ts";
export * from "./journal.ts";
export { adoptMeters, type MeterAdopted, type MeterAdoption } from "./meter-adoption.ts";
export { acceptExchange, type MeterExchange } from "./meter-exchange.ts";
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
export * from "./proposals.ts";
export * from "./registry.ts";
export * from "./requests.ts";
export { type ConcentratorState, concentratorStates } from "./standing.ts";
export type { GatewayVersion } from "./versions.ts";
