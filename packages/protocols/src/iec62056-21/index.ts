export { computeBcc, crc16Arc } from "./checks.ts";
export * from "./clock-setting.ts";
export { decodeDataSets } from "./data-sets.ts";
export * from "./encode.ts";
export {
  encodeBlock,
  encodeCommand,
  encodeFrame,
  encodeText,
  FrameReader,
  type FrameReaderOptions,
  type IecFrame,
} from "./frames.ts";
export * from "./identification.ts";
export { decodeLog, type IecLog, type IecLogEntry } from "./log.ts";
export { telegramOfBodies } from "./message.ts";
export { withEvenParity, withoutParity } from "./parity.ts";
export {
  bracketText,
  decodeProfile,
  type IecColumn,
  type IecProfile,
  type IecProfileBlock,
  type ProfileOptions,
  profileStatusBits,
} from "./profile.ts";
export * from "./reader.ts";
export type * from "./reader-options.ts";
export { decodeReadout, type ReadoutOptions, ReadoutReader } from "./readout.ts";
export { addressMatches, decodeCommand, type MeterRequest, RequestReader, requestOf } from "./requests.ts";
export {
  findStamp,
  formatWallTime,
  formatZonedStamp,
  instantOf,
  type LocalStamp,
  type Season,
  type ZoneOffset,
  zoneOffset,
} from "./stamp.ts";
export * from "./station.ts";
export type * from "./station-options.ts";
export type * from "./telegram.ts";
