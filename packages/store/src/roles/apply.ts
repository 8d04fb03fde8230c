import pg from "pg";
import type { Database } from "../database.ts";
import { identifier, sql, trusted } from "../sql.ts";
import {
  databaseRoles,
  functionPrivileges,
  privileges,
  replicatingRoles,
  roleSettings,
  rowPolicies,
  wordsOf,
} from "./privileges.ts";
import { scramVerifier } from "./scram.ts";

const quoted = (table: string): string =>
  (table.includes(".") ? table : `public.${table}`)
    .split(".")
    .map((part) => identifier(part).text)
    .join(".");

/**
 * The statements that make the roles of one database what `privileges` says: roles, owner, grants. `passwords` are those of the roles
 * that may sign in; what has none keeps the one that it has. To be run by a superuser, or by somebody who may make roles and owns
 * the tables. Repeating it changes nothing.
 */
export function roleStatements(
  database: string,
  passwords: Readonly<Partial<Record<string, string>>>,
): string[] {
  const statements: string[] = [];
  for (const role of ["owner", ...databaseRoles]) {
    statements.push(`do $$ begin
  create role ${identifier(role).text} nologin;
exception when duplicate_object or unique_violation then null;
end $$`);
  }
  for (const role of databaseRoles) {
    const name = identifier(role).text;
    const password = passwords[role];
    if (password !== undefined) {
      statements.push(`alter role ${name} login password ${pg.escapeLiteral(scramVerifier(password))}`);
    }
    statements.push(
      `alter role ${name} in database ${identifier(database).text} set search_path = public, pg_temp`,
    );
    for (const [setting, value] of Object.entries(roleSettings[role])) {
      statements.push(
        `alter role ${name} in database ${identifier(database).text} set ${setting} = ${pg.escapeLiteral(value)}`,
      );
    }
    statements.push(`grant connect on database ${identifier(database).text} to ${name}`);
  }
  // On an own server it may not be ours to give.
  for (const role of replicatingRoles) {
    statements.push(`do $$ begin
  if not (select rolreplication from pg_roles where rolname = '${role}') then
    alter role ${role} replication;
  end if;
exception when insufficient_privilege then null;
end $$`);
  }
  statements.push(ownership);
  statements.push(`revoke all on all tables in schema public, audit from ${databaseRoles.join(", ")}`);
  statements.push(`revoke all on all sequences in schema public, audit from ${databaseRoles.join(", ")}`);
  statements.push(`grant usage on schema public to ${databaseRoles.join(", ")}`);
  statements.push(
    "grant usage on schema audit to app_web, app_headend, app_dispatcher, app_jobs, auditor_ro",
  );
  for (const [table, row] of Object.entries(privileges)) {
    for (const [role, given] of Object.entries(row)) {
      const what =
        typeof given === "string" ? wordsOf(given).join(", ") : `select (${given.columns.join(", ")})`;
      statements.push(`grant ${what} on ${quoted(table)} to ${role}`);
    }
  }
  // Some statements draw a row's number themselves, such as a location's, or that of a key, which is sealed with it.
  statements.push("grant usage on all sequences in schema public to app_web, app_headend, app_jobs");
  // The health page counts connections and replicas; without this each role sees but its own. On an own server it may not be ours to give.
  statements.push(`do $$ begin
  grant pg_read_all_stats to app_web;
exception when insufficient_privilege then null;
end $$`);
  // So that a function of the owner's can give analysts a password, and no role of a process can change a role.
  statements.push(`do $$ begin
  if not (select rolcreaterole from pg_roles where rolname = 'owner') then
    alter role owner createrole;
  end if;
  if not pg_has_role('owner', 'report_ro', 'member with admin option') then
    grant report_ro to owner with admin option;
  end if;
exception when insufficient_privilege then null;
end $$`);
  for (const [table, roles] of Object.entries(rowPolicies)) {
    const policy = `${identifier(`${table}_kept`).text} on ${quoted(table)}`;
    statements.push(`drop policy if exists ${policy}`);
    statements.push(`create policy ${policy} to ${roles.join(", ")} using (true) with check (true)`);
  }
  for (const [signature, roles] of Object.entries(functionPrivileges)) {
    statements.push(`grant execute on function ${signature} to ${roles.join(", ")}`);
  }
  return statements;
}

/** Everything of ours belongs to `owner`; what belongs to an extension stays. */
const ownership = `do $$ declare thing record; begin
  for thing in
    select c.oid::regclass::text as name, c.relkind from pg_class as c
    where relnamespace in ('public'::regnamespace, 'audit'::regnamespace) and relkind in ('r', 'p', 'v')
      and relowner <> 'owner'::regrole
      and not exists (select from pg_depend where classid = 'pg_class'::regclass and objid = c.oid and deptype = 'e')
  loop
    execute format('alter %s %s owner to owner', case thing.relkind when 'v' then 'view' else 'table' end, thing.name);
  end loop;
  for thing in
    select p.oid::regprocedure::text as name from pg_proc as p
    where pronamespace in ('public'::regnamespace, 'audit'::regnamespace) and proowner <> 'owner'::regrole
      and not exists (select from pg_depend where classid = 'pg_proc'::regclass and objid = p.oid and deptype = 'e')
  loop
    execute format('alter function %s owner to owner', thing.name);
  end loop;
  alter schema audit owner to owner;
  grant create, usage on schema public to owner;
end $$`;

/**
 * Lets `owner` migrate an empty database: the role, and the right to make schemas and extensions in this database. To be run as
 * `applyRoles`; what it cannot give here stays with whoever migrates.
 */
export async function prepareOwner(db: Database): Promise<void> {
  const { rows } = await db.query<{ database: string }>(sql`select current_database() as database`);
  await db.transaction(async (transaction) => {
    await transaction.query(sql`select pg_advisory_xact_lock(hashtextextended('energsys roles', 0))`);
    await transaction.query(
      trusted(`do $$ begin
  create role owner nologin;
exception when duplicate_object or unique_violation then null;
end $$`),
    );
    await transaction.query(
      trusted(`grant create, connect on database ${identifier(rows[0]!.database).text} to owner`),
    );
    await transaction.query(trusted("grant create, usage on schema public to owner"));
  });
}

/** Makes the roles and their rights; after each migration, since new tables belong to whoever migrated. */
export async function applyRoles(
  db: Database,
  passwords: Readonly<Partial<Record<string, string>>>,
): Promise<void> {
  const { rows } = await db.query<{ database: string }>(sql`select current_database() as database`);
  await db.transaction(async (transaction) => {
    // Roles belong to the whole server: two databases that make them at once would meet.
    await transaction.query(sql`select pg_advisory_xact_lock(hashtextextended('energsys roles', 0))`);
    for (const statement of roleStatements(rows[0]?.database ?? "", passwords)) {
      await transaction.query(trusted(statement));
    }
  });
}
