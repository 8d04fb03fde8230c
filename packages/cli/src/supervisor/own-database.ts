import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type DatabaseRole, placeOf } from "@energsys/store";
import { CliError } from "../cli-error.ts";
import { asRole, findRolePasswords, rolePasswordFile } from "./role-passwords.ts";

/** A PostgreSQL that is not the embedded one. */
export interface OwnDatabase {
  readonly url: string;
  /**
   * Each process signs in under its own role, with the passwords of the data folder: so it is where the address was tried as each of
   * them. What `DATABASE_URL` names is used by every process as it stands there.
   */
  readonly perRole: boolean;
}

interface AddressFile {
  readonly url: string;
  /** What was there before, to go back to; null: the embedded server. */
  readonly before: string | null;
}

/** An address may hold a password: readable by its owner alone, and nowhere in the database. */
const addressFile = (folder: string): string => join(folder, "database-address.json");

export function readAddress(folder: string): AddressFile | undefined {
  const file = addressFile(folder);
  if (!existsSync(file)) return undefined;
  try {
    const { url, before = null } = JSON.parse(readFileSync(file, "utf8")) as Partial<AddressFile>;
    return { url: checked(String(url), file), before };
  } catch (cause) {
    if (cause instanceof CliError) throw cause;
    throw new CliError("database.url-invalid", `${file}: ${(cause as Error).message}`, cause);
  }
}

/** From the next start on the processes use that address; what was used until now is kept. Whole or not at all. */
export function writeAddress(folder: string, url: string): void {
  const before = readAddress(folder)?.url ?? null;
  const file = addressFile(folder);
  const text = `${JSON.stringify({ url: checked(url, "the address"), before }, null, 2)}\n`;
  writeFileSync(`${file}.new`, text, { mode: 0o600, flush: true });
  renameSync(`${file}.new`, file);
}

/** Goes back to the address before. @throws CliError `database.address-unset` */
export function undoAddress(folder: string): void {
  const now = readAddress(folder);
  if (!now) throw new CliError("database.address-unset", "no address was set for this data folder");
  if (now.before === null) rmSync(addressFile(folder));
  else writeAddress(folder, now.before);
}

/**
 * The server that `DATABASE_URL` names, else the one whose address was set for the data folder, or `undefined`: then the embedded one
 * is used. @throws CliError `database.url-invalid`
 */
export function findOwnDatabase(folder: string): OwnDatabase | undefined {
  const named = process.env.DATABASE_URL;
  if (named) return { url: checked(named, "DATABASE_URL"), perRole: false };
  const set = readAddress(folder);
  return set && { url: set.url, perRole: true };
}

/** The address for a role of a process. */
export function urlForRole(folder: string, { url, perRole }: OwnDatabase, role: DatabaseRole): string {
  return perRole ? asRole(url, role, findRolePasswords(rolePasswordFile(folder))) : url;
}

/** The address for whoever migrates, when it names somebody to sign in as. */
export const hasOwner = ({ url }: OwnDatabase): boolean => placeOf(url).role !== "";

/** Its text is not repeated: a password may stand in it. */
function checked(url: string, name: string): string {
  if (!/^postgres(?:ql)?:\/\/./.test(url))
    throw new CliError("database.url-invalid", `${name} is not postgres://user:password@host:port/database`);
  return url;
}
