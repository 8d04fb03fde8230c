import { chownSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { superuser } from "./cluster.ts";
import type { ServerUser } from "./owner.ts";

/**
 * Who may connect to the embedded server, first rule that fits. It listens on a socket, which only its own user reaches; the lines of
 * the loopback addresses are for whoever lets it listen there. Whole copies of the cluster and its WAL go to the role `backup`, and to
 * the owner of the server for `energsys backup`; `replication` as a database means only this kind of connection, so the role of that
 * name, which publishes tables, cannot take the cluster away.
 */
const rules = `# Written by ENERGSys at each start.
local replication ${superuser},backup              scram-sha-256
local all         all                          scram-sha-256
host  all         all             127.0.0.1/32 scram-sha-256
host  all         all             ::1/128      scram-sha-256
`;

/** Writes the rules beside the cluster and gives the path, for the setting `hba_file`. */
export function writeAccessRules(root: string, user: ServerUser): string {
  const path = join(root, "pg_hba.conf");
  writeFileSync(`${path}.new`, rules, { mode: 0o600 });
  if (user.other) chownSync(`${path}.new`, user.uid, user.gid);
  renameSync(`${path}.new`, path);
  return path;
}
