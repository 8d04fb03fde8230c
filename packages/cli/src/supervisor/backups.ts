import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { type BackupKey, findLines, makeBackupKey, readBackupKey } from "@energsys/store";
import { CliError } from "../cli-error.ts";
import type { KeptProcess } from "./keep-running.ts";
import { findOwnDatabase } from "./own-database.ts";

export interface BackupPlaces {
  readonly folder: string;
  readonly keyFile: string;
}

/** Where the backups of a data folder lie, and the key that seals them: `ENERGSYS_BACKUP_FOLDER` and `ENERGSYS_BACKUP_KEY_FILE` move them. */
export function backupPlaces(dataFolder: string, folder?: string, keyFile?: string): BackupPlaces {
  return {
    folder: resolve(folder ?? process.env.ENERGSYS_BACKUP_FOLDER ?? join(dataFolder, "backups")),
    keyFile: resolve(keyFile ?? process.env.ENERGSYS_BACKUP_KEY_FILE ?? join(dataFolder, "backup.key")),
  };
}

/** The key to open backups with: it must be there. @throws CliError `backup.key-missing` */
export function openBackupKey({ folder, keyFile }: BackupPlaces): BackupKey {
  if (!existsSync(keyFile))
    throw new CliError("backup.key-missing", `there is no key ${keyFile} for the backups in ${folder}`);
  return readBackupKey(keyFile);
}

/**
 * The key to seal backups with. It is made with the first backup; where there are backups and no key, somebody must look for it
 * first. True in `made` when it was made just now.
 */
export function findBackupKey(places: BackupPlaces): { key: BackupKey; made: boolean } {
  const made = findLines(places.folder).length === 0 && makeBackupKey(places.keyFile);
  return { key: openBackupKey(places), made };
}

/** Options of the process that backs up. */
export function backupProcess(
  dataFolder: string,
  databaseUrl: string,
  places: BackupPlaces,
): Omit<ConstructorParameters<typeof KeptProcess>[0], "onEnd"> {
  return {
    name: "backup",
    main: "@energsys/store/backup-main",
    environment: {
      ENERGSYS_DATABASE_URL: databaseUrl,
      ENERGSYS_BACKUP_FOLDER: places.folder,
      ENERGSYS_BACKUP_KEY_FILE: places.keyFile,
      ENERGSYS_BACKUP_SERVER: findOwnDatabase(dataFolder) === undefined ? "embedded" : "own",
      ENERGSYS_DATA_FOLDER: dataFolder,
    },
    logFile: join(dataFolder, "log", "backup.log"),
  };
}
