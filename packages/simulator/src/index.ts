export { SimulatorError } from "./errors.ts";
export { type Fault, type FaultKind, type FaultPlan, faultKinds, readFaultPlan } from "./faults.ts";
export type { Inventory, InventoryPoint } from "./inventory.ts";
export { type Likelihood, usualLikelihood } from "./load/happenings.ts";
export { type MeterDescription, type MeterKind, meterKinds } from "./meter/description.ts";
export type { VirtualMeter } from "./meter/virtual-meter.ts";
export { pointsMax, type Simulator, type SimulatorOptions, startSimulator } from "./simulator.ts";
export type { KindShares } from "./town/town.ts";
export type { Ledger, TruthRows } from "./truth.ts";
