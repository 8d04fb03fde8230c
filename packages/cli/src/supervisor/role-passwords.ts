import { randomBytes } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type DatabaseRole, databaseRoles } from "@energsys/store";
import { CliError } from "../cli-error.ts";

export type RolePasswords = Readonly<Partial<Record<DatabaseRole, string>>>;

/** Roles of people, who get their passwords otherwise, and of what this release does not run. */
const withoutPassword: readonly DatabaseRole[] = ["portal_ro", "auditor_ro", "report_ro", "replication"];

/** Where the passwords of the processes' roles lie, beside the master key. */
export const rolePasswordFile = (folder: string): string => join(folder, "database-roles.json");

/** Passwords of the roles of processes: made once, readable by their owner alone. @throws CliError `data.roles-unreadable` */
export function findRolePasswords(file: string): RolePasswords {
  let known: Record<string, string> = {};
  try {
    if (existsSync(file)) known = JSON.parse(readFileSync(file, "utf8")) as Record<string, string>;
    const missing = databaseRoles.filter((role) => !withoutPassword.includes(role) && !known[role]);
    if (missing.length > 0) {
      for (const role of missing) known[role] = randomBytes(24).toString("base64url");
      writeFileSync(file, `${JSON.stringify(known, null, 2)}\n`, { mode: 0o600 });
    }
  } catch (cause) {
    throw new CliError("data.roles-unreadable", `${file}: ${(cause as Error).message}`, cause);
  }
  return known as RolePasswords;
}

/** The same database, for another role. */
export function asRole(url: string, role: DatabaseRole, passwords: RolePasswords): string {
  const own = new URL(url);
  own.username = role;
  own.password = passwords[role] ?? "";
  return own.href;
}
