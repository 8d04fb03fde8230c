import {
  applyRoles,
  comparePrivileges,
  type DatabaseRole,
  databaseRoles,
  openDatabase,
  placeOf,
  privileges,
  scramVerifier,
  setAnalystPassword,
  sql,
  trusted,
  tryDatabase,
  wordsOf,
} from "@energsys/store";
import { testDatabase, urlOfRole } from "@energsys/store/testing";
import { afterAll, expect, test } from "vitest";

const { db, url, drop } = await testDatabase();
afterAll(drop);

const as = (role: DatabaseRole) => openDatabase({ url: urlOfRole(url, role), connectionsMax: 1 });

/** Tables and views of ours; a month of a table is its table. */
const { rows: tables } = await db.query<{ name: string }>(sql`
  select case when n.nspname = 'audit' then 'audit.' else '' end || relname as name
  from pg_class as c join pg_namespace as n on n.oid = relnamespace
  where n.nspname in ('public', 'audit') and relkind in ('r', 'p', 'v') and not relispartition order by 1`);

test("every table has its line in the table of privileges, and no line is without its table", () => {
  expect(Object.keys(privileges).sort()).toEqual(tables.map(({ name }) => name).sort());
});

test("what is granted is what the table of privileges says, for every role and table", async () => {
  const { rows } = await db.query<{ granted: string }>(sql`
    select grantee || ' ' || case when table_schema = 'audit' then 'audit.' else '' end || table_name || ' ' || privilege_type as granted
    from information_schema.role_table_grants
    where table_schema in ('public', 'audit') and grantee = any(${[...databaseRoles, "PUBLIC"]}::text[])
      and table_name not similar to '(load_day|block|event|group_day|log)_\\d{4}_\\d{2}'`);
  const wanted = Object.entries(privileges).flatMap(([table, row]) =>
    Object.entries(row).flatMap(([role, given]) =>
      typeof given === "string" ? wordsOf(given).map((word) => `${role} ${table} ${word}`) : [],
    ),
  );
  expect(rows.map(({ granted }) => granted).sort()).toEqual(wanted.sort());
});

test("columns that analysts see are those that were named", async () => {
  const { rows } = await db.query<{ granted: string }>(sql`
    select grantee::regrole || ' ' || relname || ' ' || attname as granted
    from pg_attribute join pg_class on pg_class.oid = attrelid cross join aclexplode(attacl)
    where relnamespace in ('public'::regnamespace, 'audit'::regnamespace)`);
  const wanted = Object.entries(privileges).flatMap(([table, row]) =>
    Object.entries(row).flatMap(([role, given]) =>
      typeof given === "string" ? [] : given.columns.map((column) => `${role} ${table} ${column}`),
    ),
  );
  expect(rows.map(({ granted }) => granted).sort()).toEqual(wanted.sort());
});

test("nothing of ours belongs to a role that can sign in", async () => {
  const { rows } = await db.query(sql`
    select c.relname, pg_get_userbyid(relowner) as owner from pg_class as c
    where relnamespace in ('public'::regnamespace, 'audit'::regnamespace) and relkind in ('r', 'p', 'v')
      and relowner <> 'owner'::regrole`);
  expect(rows).toEqual([]);
  const { rows: owner } = await db.query(
    sql`select rolcanlogin, rolsuper from pg_roles where rolname = 'owner'`,
  );
  expect(owner).toEqual([{ rolcanlogin: false, rolsuper: false }]);
});

test("an analyst reads curves and sees no names, secrets or people, and cannot write", async () => {
  const analyst = as("report_ro");
  await analyst.query(sql`select count(*) from load_interval where day = '2026-11-01' and channel_id = 1`);
  await analyst.query(sql`select point_id, phases from point`);
  for (const refused of [
    sql`select sealed from point`,
    sql`select pod_hash from point`,
    sql`select sealed from location`,
    sql`select secret from device`,
    sql`select name from account`,
    sql`select count(*) from audit.log`,
    sql`update meter set serial = 'x'`,
    sql`create table own (a int)`,
  ]) {
    await expect(analyst.query(refused)).rejects.toMatchObject({ code: "42501" });
  }
  const { rows } = await analyst.query(sql`select current_setting('statement_timeout') as timeout`);
  expect(rows).toHaveLength(1);
  await analyst.close();
});

test("the head-end sees no people; the server writes into the log by its function alone", async () => {
  const headend = as("app_headend");
  for (const refused of [
    sql`select name from account`,
    sql`select sealed from point`,
    sql`select sealed from location`,
  ]) {
    await expect(headend.query(refused)).rejects.toMatchObject({ code: "42501" });
  }
  await expect(headend.query(sql`select count(*) from audit.log`)).rejects.toMatchObject({ code: "42501" });
  await headend.query(
    sql`select make_month('load_day', 'load_day_2031_01', '2031-01-01', '2031-02-01', true)`,
  );
  await expect(
    headend.query(sql`select make_month('account', 'account_2031_01', 'a', 'b', true)`),
  ).rejects.toThrow();
  await headend.close();
  const web = as("app_web");
  await web.query(sql`insert into reading_plan (name, every_seconds) values ('roles', 900)`);
  const { rows } = await db.query(sql`select actor, role from audit.log where after ->> 'name' = 'roles'`);
  expect(rows).toEqual([{ actor: "process:energsys", role: "app_web" }]);
  await expect(web.query(sql`insert into audit.log select * from audit.log`)).rejects.toMatchObject({
    code: "42501",
  });
  await expect(web.query(sql`alter table point disable trigger all`)).rejects.toMatchObject({
    code: "42501",
  });
  await expect(web.query(sql`set session_replication_role = replica`)).rejects.toMatchObject({
    code: "42501",
  });
  await web.close();
});

test("a verifier is what PostgreSQL itself makes of the password", () => {
  // Salt and iterations of RFC 7677, section 3.
  const salt = Buffer.from("W22ZaJ0SNY7soEsUEjb6gQ==", "base64");
  expect(scramVerifier("pencil", salt)).toBe(
    "SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=:wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=",
  );
});

test("a role of a process compares the grants, and each difference comes with the statement that mends it", async () => {
  const web = as("app_web");
  expect((await comparePrivileges(web)).findings).toEqual([]);
  await db.query(sql`grant update on point to report_ro`);
  await db.query(sql`grant select (sealed) on point to report_ro`);
  await db.query(sql`revoke select on branch from app_headend`);
  await db.query(sql`grant select on account to public`);
  const { findings, tables } = await comparePrivileges(web);
  expect(findings.map(({ kind, repair }) => `${kind}: ${repair}`).sort()).toEqual([
    "extra: revoke select (sealed) on point from report_ro",
    "extra: revoke select on account from PUBLIC",
    "extra: revoke update on point from report_ro",
    "missing: grant select on branch to app_headend",
  ]);
  expect(tables.find(({ table }) => table === "point")?.roles.report_ro).toEqual({
    wanted: "S*",
    granted: "S*U",
  });
  for (const { repair } of findings) await db.query(trusted(repair));
  expect((await comparePrivileges(web)).findings).toEqual([]);
  await web.close();
});

test("a consumer sees the own points' intervals through the portal, for the own time, and nobody without being named", async () => {
  await db.query(sql`insert into branch (name) values ('Nord')`);
  await db.query(sql`insert into location (branch_id) select branch_id from branch limit 1`);
  await db.query(sql`
    insert into point (point_id, location_id, phases, direction) overriding system value
    select point_id, location_id, 1, 'import' from location, unnest(array[101, 102]) as point_id`);
  await db.query(sql`
    insert into consumer_point (consumer_id, point_id, during)
    select case point_id when 101 then 7 else 8 end, point_id, '[2026-01-01,)' from point`);
  const portal = as("portal_ro");
  const seen = (consumer?: string) =>
    portal.transaction(async (transaction) => {
      if (consumer !== undefined) {
        await transaction.query(sql`select set_config('app.consumer_id', ${consumer}, true)`);
      }
      const { rows } = await transaction.query<{ id: number }>(sql`select point_id as id from portal_point`);
      await transaction.query(sql`select count(*) from portal_interval`);
      return rows.map(({ id }) => id);
    });
  expect(await seen("7")).toEqual([101]);
  expect(await seen("8")).toEqual([102]);
  expect(await seen("9")).toEqual([]);
  expect(await seen()).toEqual([]);
  for (const refused of [
    sql`select * from consumer_point`,
    sql`select sealed from point`,
    sql`select * from load_interval`,
    sql`select name from account`,
  ]) {
    await expect(portal.query(refused)).rejects.toMatchObject({ code: "42501" });
  }
  await portal.close();
  // The owner of the table is under the same rule; the server keeps the table and sees it whole.
  const { rows: forced } = await db.query(
    sql`select relrowsecurity, relforcerowsecurity from pg_class where relname = 'consumer_point'`,
  );
  expect(forced).toEqual([{ relrowsecurity: true, relforcerowsecurity: true }]);
  const web = as("app_web");
  expect((await web.query(sql`select * from consumer_point`)).rows).toHaveLength(2);
  await web.close();
});

test("the server gives analysts a password that works until it is taken back, and can change no other role", async () => {
  const web = as("app_web");
  const password = "parola-de-analist-1";
  await setAnalystPassword(web, { password, validUntilMs: Date.now() + 86_400_000 });
  const own = new URL(urlOfRole(url, "report_ro"));
  own.password = password;
  const { steps } = await tryDatabase(own.href);
  expect(steps.map(({ step, outcome, detail }) => [step, outcome, detail])).toEqual([
    ["name", "good", placeOf(url).host],
    ["reach", "good", null],
    ["sign-in", "good", "report_ro"],
    ["version", "good", expect.stringMatching(/^\d/)],
    ["migrations", "good", null],
    ["privileges", "good", null],
    ["read", "good", null],
    ["write", "good", "read-only"],
    ["latency", "good", expect.stringMatching(/^\d+\.\d ms$/)],
  ]);
  await setAnalystPassword(web, null);
  expect((await tryDatabase(own.href)).steps.map(({ outcome }) => outcome)).toEqual([
    ...["good", "good", "bad"],
    ...Array.from({ length: 6 }, () => "skipped"),
  ]);
  await expect(web.query(sql`alter role report_ro login`)).rejects.toMatchObject({ code: "42501" });
  await expect(web.query(sql`select set_analyst_password('in the clear', null)`)).rejects.toMatchObject({
    code: "22023",
  });
  await web.close();
  // Roles are the whole server's: the other tests sign in with this one.
  await db.query(sql`alter role report_ro valid until 'infinity'`);
  await applyRoles(db, { report_ro: decodeURIComponent(new URL(urlOfRole(url, "report_ro")).password) });
});
