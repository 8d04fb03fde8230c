import { createHash, randomBytes } from "node:crypto";
import { existsSync, writeFileSync } from "node:fs";
import { readMasterKeys } from "../secrets/master-key.ts";

/** The key that backups are sealed with. It is not the master key: who has a backup and this key has no meter's password yet. */
export interface BackupKey {
  readonly bytes: Uint8Array;
  /** Tells keys apart without saying anything of them; it stands in each sealed file. */
  readonly id: string;
}

export const keyIdLength = 8;

/** @throws StoreError `secret.key-file`, `secret.key-mode`, `secret.key-sample` */
export function readBackupKey(file: string): BackupKey {
  const bytes = readMasterKeys(file)[0]!;
  const id = createHash("sha256").update("energsys backup key\0").update(bytes).digest();
  return { bytes, id: id.subarray(0, keyIdLength).toString("hex") };
}

/** Makes the key of an installation once: 32 bytes as hex, readable by its owner alone. True when it was made just now. */
export function makeBackupKey(file: string): boolean {
  if (existsSync(file)) return false;
  writeFileSync(file, `${randomBytes(32).toString("hex")}\n`, { mode: 0o400, flag: "wx" });
  return true;
}
