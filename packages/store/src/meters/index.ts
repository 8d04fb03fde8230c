export {
  type ImportedMeter,
  importMeters,
  type MeterImportFault,
  type MeterImportOutcome,
} from "./import.ts";
export {
  findLooseMeters,
  listMeters,
  type MeterFilter,
  type MeterRow,
  type MeterSort,
  meterSorts,
} from "./list.ts";
export {
  addMeter,
  addMeterState,
  addMeterVerification,
  type EnteredMeterState,
  enteredMeterStates,
  findMeter,
  type Meter,
  type MeterLifeState,
  type MeterStep,
  type MeterVerification,
  meterStates,
  type NewMeter,
  type NewMeterState,
  type NewMeterVerification,
  setMeterType,
  undoMeterState,
  verificationKinds,
  withdrawMeterVerification,
} from "./meter.ts";
export { addMeterTest, endMeterTest, type MeterTest, withdrawMeterTest } from "./tests.ts";
export {
  accuracyClasses,
  addMeterType,
  addMeterTypeCertificate,
  changeMeterType,
  findMeterType,
  listMeterTypes,
  type MeterType,
  type MeterTypeCertificate,
  type MeterTypeFacts,
  type MeterTypeRow,
  type MeterTypeVersion,
  meterConnections,
} from "./types.ts";
