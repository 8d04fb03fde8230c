export { Bus, type BusOptions } from "./bus.ts";
export { type BusPlace, type BusServer, joinBus, listenBus } from "./bus-server.ts";
export { attachBlockDevice, attachMeter, attachSupplyUnit, type BusSlave } from "./bus-slaves.ts";
export { calledMeter, meterStream } from "./called-meter.ts";
export { fieldEvents } from "./event-ring.ts";
export { actOn } from "./field-console.ts";
export { buildFieldSite, type FieldSite, type FieldSiteOptions } from "./field-site.ts";
export { LocalModule, type LocalModuleOptions } from "./local-module.ts";
export { listenModem, type ModemServer } from "./modem-server.ts";
export { type InputState, type ModuleState, type NewInput, newModuleState } from "./module-state.ts";
export type { PulseSource } from "./pulse-input.ts";
export { PulseMeter, type PulseMeterOptions } from "./pulse-meter.ts";
export { RadioLink, type RadioLinkOptions, type RadioState } from "./radio-link.ts";
export {
  newSupplyState,
  type Rails,
  type SupplyState,
  SupplyUnit,
  type SupplyUnitOptions,
} from "./supply-unit.ts";
export { buildTownSite, type TownSite, type TownSiteOptions } from "./town-site.ts";
export {
  startVirtualConcentrator,
  type VirtualConcentrator,
  type VirtualConcentratorOptions,
} from "./virtual-concentrator.ts";
export { type Subscriber, VirtualModem, type VirtualModemOptions } from "./virtual-modem.ts";
