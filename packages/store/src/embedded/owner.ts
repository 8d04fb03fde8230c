import { readFileSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { StoreError } from "../errors.ts";

/** The user that the server runs as. PostgreSQL refuses root, so as root another one is found. */
export interface ServerUser {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
  /** False when the server runs as ourselves and nothing has to be handed over. */
  readonly other: boolean;
}

/** Ourselves, or as root `postgres` when the machine has it, else `nobody`. @throws StoreError `postgres.no-user` */
export function findServerUser(): ServerUser {
  const uid = process.getuid?.() ?? -1;
  const gid = process.getgid?.() ?? -1;
  if (uid !== 0) return { name: process.env.USER ?? String(uid), uid, gid, other: false };
  const entries = readFileSync("/etc/passwd", "utf8")
    .split("\n")
    .map((line) => line.split(":"));
  for (const name of ["postgres", "nobody"]) {
    const entry = entries.find((fields) => fields[0] === name && Number(fields[2]) > 0);
    if (entry) return { name, uid: Number(entry[2]), gid: Number(entry[3]), other: true };
  }
  throw new StoreError(
    "postgres.no-user",
    "PostgreSQL does not run as root and there is no user postgres or nobody",
  );
}

/** True when `user` may enter every folder from the root down to `folder`, which need not exist yet. */
export function canWalkTo(user: ServerUser, folder: string): boolean {
  if (!user.other) return true;
  for (let current = folder; ; current = dirname(current)) {
    const stats = statSync(current, { throwIfNoEntry: false });
    if (stats) {
      const shift = stats.uid === user.uid ? 6 : stats.gid === user.gid ? 3 : 0;
      if (((stats.mode >> shift) & 1) === 0) return false;
    }
    if (current === dirname(current)) return true;
  }
}
