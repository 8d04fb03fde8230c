import type { Queryable } from "../database.ts";
import { sql } from "../sql.ts";
import { type DatabaseRole, databaseRoles, privileges, replicatingRoles, wordsOf } from "./privileges.ts";

/** One thing in which the database differs from the table of privileges, and the statement that mends it. */
export interface PrivilegeFinding {
  readonly kind: "missing" | "extra" | "owner" | "no-role" | "too-mighty";
  /** A role of ours, or PUBLIC. */
  readonly role: string;
  readonly table: string | null;
  readonly column: string | null;
  readonly privilege: string | null;
  readonly repair: string;
}

export interface TablePrivileges {
  readonly table: string;
  /** By role: letters of what the table of privileges says and of what is granted; `*` after S for some columns only. */
  readonly roles: Readonly<Record<DatabaseRole, { readonly wanted: string; readonly granted: string }>>;
}

interface Granted {
  readonly table: string;
  readonly owner: string;
  readonly role: string;
  readonly column: string | null;
  readonly privilege: string;
}

const letterOf: Readonly<Record<string, string>> = { SELECT: "S", INSERT: "I", UPDATE: "U", DELETE: "D" };
const inOrder = (letters: Iterable<string>): string => {
  const held = new Set(letters);
  return ["S", "S*", "I", "U", "D", "+"].filter((letter) => held.has(letter)).join("");
};

/** What is granted on our tables and views, whole or by column. A month of a table is left out: nobody is granted one alone. */
async function readGranted(db: Queryable): Promise<Granted[]> {
  const { rows } = await db.query<Granted>(sql`
    with ours as (
      select c.oid, case when n.nspname = 'audit' then 'audit.' else '' end || relname as name, pg_get_userbyid(relowner) as owner,
        coalesce(relacl, acldefault('r', relowner)) as acl, relowner
      from pg_class as c join pg_namespace as n on n.oid = relnamespace
      where n.nspname in ('public', 'audit') and relkind in ('r', 'p', 'v') and not relispartition
        and not exists (select from pg_depend where classid = 'pg_class'::regclass and objid = c.oid and deptype = 'e'))
    select name as table, owner, case grantee when 0 then 'PUBLIC' else pg_get_userbyid(grantee) end as role, null as column,
      privilege_type as privilege
    from ours left join lateral aclexplode(acl) as given on grantee <> relowner
    union all
    select name, owner, case grantee when 0 then 'PUBLIC' else pg_get_userbyid(grantee) end, attname, privilege_type
    from ours join pg_attribute on attrelid = ours.oid cross join lateral aclexplode(attacl)
    where attacl is not null and grantee <> relowner`);
  return rows;
}

const keyOf = (role: string, table: string, column: string | null, privilege: string): string =>
  JSON.stringify([role, table, column, privilege]);

function* wantedKeys(): Generator<string> {
  for (const [table, row] of Object.entries(privileges)) {
    for (const [role, given] of Object.entries(row)) {
      if (typeof given === "string") {
        for (const word of wordsOf(given)) yield keyOf(role, table, null, word);
      } else {
        for (const column of given.columns) yield keyOf(role, table, column, "SELECT");
      }
    }
  }
}

/** Compares roles, tables and privileges of the database with the table of privileges. Any role of a process can ask. */
export async function comparePrivileges(
  db: Queryable,
): Promise<{ tables: TablePrivileges[]; findings: PrivilegeFinding[] }> {
  const [granted, { rows: roles }] = await Promise.all([
    readGranted(db),
    db.query<{ role: string; mighty: boolean; replicates: boolean }>(sql`
      select rolname as role, rolreplication as replicates,
        rolsuper or rolbypassrls or rolcreatedb or (rolcreaterole and rolcanlogin) as mighty
      from pg_roles where rolname = any(${["owner", ...databaseRoles]}::text[])`),
  ]);
  const findings: PrivilegeFinding[] = [];
  const add = (finding: Partial<PrivilegeFinding> & Pick<PrivilegeFinding, "kind" | "role" | "repair">) =>
    findings.push({ table: null, column: null, privilege: null, ...finding });

  const present = new Map(roles.map((facts) => [facts.role, facts]));
  for (const role of ["owner", ...databaseRoles]) {
    const facts = present.get(role);
    const mayReplicate = replicatingRoles.includes(role as DatabaseRole);
    const replication = mayReplicate ? "replication" : "noreplication";
    if (facts === undefined) add({ kind: "no-role", role, repair: "energsys db roles" });
    else if (facts.mighty || (facts.replicates && !mayReplicate)) {
      add({
        kind: "too-mighty",
        role,
        repair: `alter role ${role} nosuperuser nobypassrls nocreatedb ${replication}`,
      });
    } else if (mayReplicate && !facts.replicates) {
      add({ kind: "missing", role, privilege: "REPLICATION", repair: `alter role ${role} replication` });
    }
  }
  const owners = new Map(granted.map(({ table, owner }) => [table, owner]));
  for (const [table, owner] of owners) {
    if (owner !== "owner")
      add({ kind: "owner", role: owner, table, repair: `alter table ${table} owner to owner` });
  }
  const held = granted.filter(
    ({ role, privilege }) =>
      privilege !== null && (role === "PUBLIC" || databaseRoles.includes(role as DatabaseRole)),
  );
  const have = new Set(held.map((row) => keyOf(row.role, row.table, row.column, row.privilege)));
  const wanted = new Set(wantedKeys());
  const statement = (verb: "grant" | "revoke", key: string): PrivilegeFinding => {
    const [role, table, column, privilege] = JSON.parse(key) as [string, string, string | null, string];
    const what = `${privilege.toLowerCase()}${column === null ? "" : ` (${column})`} on ${table}`;
    return {
      kind: verb === "grant" ? "missing" : "extra",
      role,
      table,
      column,
      privilege,
      repair: verb === "grant" ? `grant ${what} to ${role}` : `revoke ${what} from ${role}`,
    };
  };
  for (const key of wanted) if (!have.has(key)) findings.push(statement("grant", key));
  for (const key of have) if (!wanted.has(key)) findings.push(statement("revoke", key));

  const letters = (keys: ReadonlySet<string>) => {
    const found = new Map<string, Set<string>>();
    for (const key of keys) {
      const [role, table, column, privilege] = JSON.parse(key) as [string, string, string | null, string];
      const letter = `${letterOf[privilege] ?? "+"}${column === null ? "" : "*"}`;
      const place = `${role} ${table}`;
      found.set(place, (found.get(place) ?? new Set()).add(letter));
    }
    return (role: string, table: string) => inOrder(found.get(`${role} ${table}`) ?? []);
  };
  const [said, given] = [letters(wanted), letters(have)];
  const tables = [...new Set([...Object.keys(privileges), ...owners.keys()])].sort().map((table) => ({
    table,
    roles: Object.fromEntries(
      databaseRoles.map((role) => [role, { wanted: said(role, table), granted: given(role, table) }]),
    ) as TablePrivileges["roles"],
  }));
  return { tables, findings };
}
