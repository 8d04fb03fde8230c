import { hkdfSync } from "node:crypto";
import pg from "pg";

/** Who acts, and from where: what the activity log says of a write. */
export interface Actor {
  /** Name of an account, or `process:headend` for what no person asked for. */
  readonly actor: string;
  /** First digits of the session's hash: enough to tell sessions apart, no use to anyone. */
  readonly session?: string;
  readonly address?: string;
  readonly page?: string;
  /** operationId of the API, or the command. */
  readonly operation?: string;
  readonly reason?: string;
}

/** The actor of a process: `energsys-headend` acts as `process:headend`. */
export const processActor = (applicationName: string): Actor => ({
  actor: `process:${applicationName.replace(/^energsys-/, "")}`,
});

/** Key of the hashes under which personal data stands in the log; another one than any that seals. */
export const auditHashKey = (masterKey: Uint8Array): Uint8Array =>
  new Uint8Array(hkdfSync("sha256", masterKey, new Uint8Array(), "energsys audit hash", 32));

/** SQL that names the actor for the rest of a transaction (audit.acting in migration audit). */
export const setActor = (actor: Actor): string =>
  `select set_config('app.actor', ${pg.escapeLiteral(JSON.stringify(actor))}, true)`;

/** Start-up options of a connection, in which a backslash keeps a space from ending the value. */
export const actorOptions = (actor: Actor, hashKey: Uint8Array | undefined): string => {
  const json = JSON.stringify(actor).replaceAll(/[\\ ]/g, "\\$&");
  const key = hashKey ? ` -c app.audit_key=${Buffer.from(hashKey).toString("hex")}` : "";
  return `-c app.actor=${json}${key}`;
};
