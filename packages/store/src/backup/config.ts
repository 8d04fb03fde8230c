import { StoreError } from "../errors.ts";
import { readBackupKey } from "./key.ts";
import { type BackupServiceOptions, backupTimes } from "./service.ts";

export const keepDaysDefault = 14;

/**
 * Reads the environment of the process once.
 * @throws StoreError `backup.configuration` with everything that is wrong, line by line
 */
export function readBackupConfig(
  environment: Readonly<Record<string, string | undefined>>,
): Omit<BackupServiceOptions, "now" | "onLog"> {
  const wrong: string[] = [];
  const need = (name: string, form: RegExp, meaning: string): string => {
    const value = environment[name] ?? "";
    if (!form.test(value)) wrong.push(`${name}: must be ${meaning}`);
    return value;
  };
  const url = need("ENERGSYS_DATABASE_URL", /^postgres(ql)?:\/\//, "postgres://… of the database");
  const backups = need("ENERGSYS_BACKUP_FOLDER", /^\//, "the path of a folder");
  const dataFolder = need("ENERGSYS_DATA_FOLDER", /^\//, "the path of the data folder");
  const keyFile = need("ENERGSYS_BACKUP_KEY_FILE", /./, "a file with 64 hex digits");
  const server = need("ENERGSYS_BACKUP_SERVER", /^(embedded|own)$/, "embedded or own") as "embedded" | "own";
  const keepDays = Number(environment.ENERGSYS_BACKUP_KEEP_DAYS ?? keepDaysDefault);
  if (!Number.isInteger(keepDays) || keepDays < 1 || keepDays > 3650)
    wrong.push("ENERGSYS_BACKUP_KEEP_DAYS: must be a number of days, 1 to 3650");
  if (wrong.length > 0) throw new StoreError("backup.configuration", wrong.join("\n"));
  return { url, backups, dataFolder, key: readBackupKey(keyFile), server, keepDays, ...backupTimes };
}
