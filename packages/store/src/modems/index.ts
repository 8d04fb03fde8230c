export {
  type ImportedModem,
  importModems,
  type ModemImportFault,
  type ModemImportOutcome,
} from "./import.ts";
export {
  addModem,
  changeModem,
  type DatedAct,
  findModem,
  listModems,
  type Modem,
  type ModemFacts,
  type ModemRow,
  placeModem,
  type Served,
} from "./modem.ts";
export {
  addSim,
  changeSim,
  findSim,
  type GivenSim,
  listSims,
  placeSim,
  type Sim,
  type SimRow,
  type SimState,
  setSimState,
  simStates,
} from "./sim.ts";
