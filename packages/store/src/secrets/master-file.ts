import { randomBytes } from "node:crypto";
import {
  chownSync,
  closeSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  statSync,
  writeSync,
} from "node:fs";
import { dirname } from "node:path";
import { masterKeyLength, masterVersion, parseMasterKeys, readMasterKeys } from "./master-key.ts";

/** Puts a new random master key above those of the file; processes that run see it when they next need one. */
export function addMasterKey(file: string): string {
  const key = new Uint8Array(randomBytes(masterKeyLength));
  const today = new Date().toISOString().slice(0, 10);
  rewrite(file, `# since ${today}\n${Buffer.from(key).toString("hex")}\n${readFileSync(file, "utf8")}`);
  const version = masterVersion(key);
  key.fill(0);
  return version;
}

/** Takes master keys out of the file that nothing here needs any more. Backups of their time still do. */
export function forgetMasterKeys(file: string, needed: ReadonlySet<string>): string[] {
  const [newest, ...older] = readMasterKeys(file);
  const kept = older.filter((key) => needed.has(masterVersion(key)));
  const gone = older.filter((key) => !needed.has(masterVersion(key))).map(masterVersion);
  const lines = [newest!, ...kept].map((key) => Buffer.from(key).toString("hex"));
  if (gone.length > 0) rewrite(file, `${lines.join("\n")}\n`);
  return gone;
}

/** A crash leaves the old file or the new one, never a part: written beside it, made durable, then renamed. */
function rewrite(file: string, text: string): void {
  parseMasterKeys(text, file);
  const { mode, uid, gid } = statSync(file);
  const beside = `${file}.new`;
  const handle = openSync(beside, "w", mode & 0o700);
  try {
    writeSync(handle, text);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
  // A file of somebody else's stays theirs, where we may see to that.
  if (process.getuid?.() === 0) chownSync(beside, uid, gid);
  renameSync(beside, file);
  const folder = openSync(dirname(file), "r");
  fsyncSync(folder);
  closeSync(folder);
}
