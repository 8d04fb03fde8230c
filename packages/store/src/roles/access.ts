import type { Queryable } from "../database.ts";
import { StoreError } from "../errors.ts";
import { instant, sql } from "../sql.ts";
import { databaseRoles } from "./privileges.ts";
import { scramVerifier } from "./scram.ts";

/** Where the database is and how much of it is used. */
export interface DatabaseServerFacts {
  readonly version: string;
  readonly database: string;
  /** Role of the one who asks. */
  readonly role: string;
  /** Is the connection of the one who asks ciphered? */
  readonly tls: boolean;
  readonly bytes: number;
  readonly connectionsUsed: number;
  readonly connectionsMax: number;
}

export interface DatabaseRoleFacts {
  readonly role: string;
  readonly present: boolean;
  readonly signsIn: boolean;
  readonly validUntil: number | null;
  readonly connectionsMax: number | null;
  readonly connections: number;
  /** Of these, ciphered ones. */
  readonly tlsConnections: number;
  /** What a session of the role begins with, such as `statement_timeout=5s`. */
  readonly settings: readonly string[];
}

export interface DatabaseProgram {
  readonly program: string;
  readonly role: string;
  /** Null by the socket of the same machine. */
  readonly address: string | null;
  readonly connections: number;
  readonly tls: boolean;
  readonly oldestAt: number;
}

export async function readDatabaseServer(db: Queryable): Promise<DatabaseServerFacts> {
  const { rows } = await db.query<DatabaseServerFacts>(sql`
    select current_setting('server_version') as version, current_database() as database, current_user as role,
      coalesce((select ssl from pg_stat_ssl where pid = pg_backend_pid()), false) as tls,
      pg_database_size(current_database())::bigint as bytes,
      (select count(*)::int from pg_stat_activity where backend_type = 'client backend') as "connectionsUsed",
      current_setting('max_connections')::int as "connectionsMax"`);
  return rows[0]!;
}

/** The roles of ours with what a session of them begins with, and how many sessions there are. */
export async function readDatabaseRoles(db: Queryable): Promise<DatabaseRoleFacts[]> {
  const { rows } = await db.query<DatabaseRoleFacts>(sql`
    select wanted.role, pg_roles.oid is not null as present, coalesce(rolcanlogin, false) as "signsIn",
      case when isfinite(rolvaliduntil) then rolvaliduntil end as "validUntil", nullif(rolconnlimit, -1) as "connectionsMax",
      (select count(*)::int from pg_stat_activity where usename = wanted.role) as connections,
      (select count(*)::int from pg_stat_activity join pg_stat_ssl using (pid) where usename = wanted.role and ssl) as "tlsConnections",
      coalesce((
        select setconfig from pg_db_role_setting
        where setrole = pg_roles.oid and setdatabase = (select oid from pg_database where datname = current_database())
      ), '{}') as settings
    from unnest(${databaseRoles}::text[]) with ordinality as wanted (role, place)
    left join pg_roles on rolname = wanted.role order by place`);
  return rows;
}

/** Who is connected to this database, by program. */
export async function readDatabasePrograms(db: Queryable): Promise<DatabaseProgram[]> {
  const { rows } = await db.query<DatabaseProgram>(sql`
    select coalesce(application_name, '') as program, coalesce(usename, '') as role, host(client_addr) as address,
      count(*)::int as connections, coalesce(bool_and(ssl), false) as tls, min(backend_start) as "oldestAt"
    from pg_stat_activity left join pg_stat_ssl using (pid)
    where backend_type in ('client backend', 'walsender') and coalesce(datname, current_database()) = current_database()
    group by 1, 2, 3 order by 2, 1, 3`);
  return rows;
}

/**
 * Gives analysts (`report_ro`) a password until an instant, or with null takes it back. Whoever is signed in as analyst is put out.
 * The password goes to the server as a verifier. @throws StoreError `database.roles-unmade`
 */
export async function setAnalystPassword(
  db: Queryable,
  given: { readonly password: string; readonly validUntilMs: number } | null,
): Promise<void> {
  try {
    await db.query(sql`
      select set_analyst_password(${given && scramVerifier(given.password)}::text,
        ${given && instant(given.validUntilMs)}::timestamptz)`);
  } catch (cause) {
    const { code } = cause as { code?: string };
    // No such role or function, or not ours to change.
    if (code === "42704" || code === "42883" || code === "42501") {
      throw new StoreError(
        "database.roles-unmade",
        "the roles of the database are not made, or may not be changed by the owner of the tables",
        cause,
      );
    }
    throw cause;
  }
}
