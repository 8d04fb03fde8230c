export { type BaseManifest, findLines, type Line } from "./archive.ts";
export type { RestoreCheckOutcome } from "./check.ts";
export { type BackupKey, makeBackupKey, readBackupKey } from "./key.ts";
export { type RestoreOptions, type RestoreOutcome, restore, settleRestored } from "./restore.ts";
export { type BackupRun, type BackupState, readBackupState, readLastRuns } from "./runs.ts";
export {
  type BackupOptions,
  type BackupServiceOptions,
  backUpOnce,
  backupTimes,
  checkOnce,
  runBackups,
} from "./service.ts";
