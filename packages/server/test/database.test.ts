import { sql, trusted } from "@energsys/store";
import { fastify } from "fastify";
import { expect, test, vi } from "vitest";
import { answerProblems } from "../src/errors.ts";
import { browserOf, firstAccount, testServer } from "./harness.ts";

const server = await testServer();
const { db, clock } = server;
const admin = await firstAccount(server);
const call = browserOf(server, admin);

const { rows: named } = await db.query<{ name: string }>(sql`select current_database() as name`);
await db.query(trusted(`alter role report_ro in database "${named[0]!.name}" set statement_timeout = '30s'`));

test("the page tells place, pools, roles, programs and privileges, and no password", async () => {
  const { status, body, text } = await call("GET", "/database");
  expect(status).toBe(200);
  expect(body.server).toMatchObject({ role: "app_web", port: 5432 });
  expect(body.pools.programs.map(({ program }: { program: string }) => program)).toEqual([
    "energsys-server",
    "energsys-server-housekeeping",
    "energsys-jobs",
    "energsys-headend",
    "energsys-dispatcher",
    "energsys-backup",
    "energsys-launcher",
  ]);
  expect(body.roles).toContainEqual(
    expect.objectContaining({
      role: "report_ro",
      present: true,
      settings: expect.arrayContaining(["statement_timeout=30s"]),
    }),
  );
  expect(body.programs).toContainEqual(
    expect.objectContaining({ program: "energsys-server", role: "app_web" }),
  );
  expect(body.findings).toEqual([]);
  expect(text).not.toMatch(/of the tests|SCRAM/);
});

test("a privilege too many is found with what mends it", async () => {
  await db.query(sql`grant select on account to report_ro`);
  const { body } = await call("GET", "/database");
  expect(body.findings).toEqual([
    {
      kind: "extra",
      role: "report_ro",
      table: "account",
      column: null,
      privilege: "SELECT",
      repair: "revoke select on account from report_ro",
    },
  ]);
  const { body: trial } = await call("POST", "/database/trial", {});
  expect(trial.steps).toContainEqual(
    expect.objectContaining({ step: "privileges", outcome: "bad", detail: "database.roles-unmade" }),
  );
  await db.query(sql`revoke select on account from report_ro`);
});

test("the connection is tried step by step, and a wrong password stops at the sign-in", async () => {
  const own = await call("POST", "/database/trial", {});
  expect(own.body).toMatchObject({ role: "app_web" });
  expect(own.body.steps.map(({ outcome }: { outcome: string }) => outcome)).toEqual(
    Array.from({ length: 9 }, () => "good"),
  );
  const { rows } = await db.query(sql`select 1 from health_sample where measure = 'trial'`);
  expect(rows).toEqual([]);
  const wrong = await call("POST", "/database/trial", { analystPassword: "wrong" });
  expect(wrong.body.steps.slice(1, 4)).toMatchObject([
    { step: "reach", outcome: "good" },
    { step: "sign-in", outcome: "bad", detail: "28P01" },
    { step: "version", outcome: "skipped" },
  ]);
});

test("a pool is set and taken back, with reason and name in the log", async () => {
  const change = (connectionsMax: number) =>
    call("PUT", "/database/pools", {
      program: "energsys-headend",
      connectionsMax,
      statementTimeoutMs: 45_000,
      reason: "two more lines",
    });
  expect((await change(9)).status).toBe(202);
  const headend = async () =>
    (await call("GET", "/database")).body.pools.programs.find(
      ({ program }: { program: string }) => program === "energsys-headend",
    );
  expect(await headend()).toMatchObject({
    connectionsMax: 9,
    statementTimeoutMs: 45_000,
    before: { connectionsMax: 6, statementTimeoutMs: 60_000 },
    changedBy: "ana",
  });
  const tooMany = await change(200);
  expect([tooMany.status, tooMany.body.code]).toEqual([409, "pool.too-many-connections"]);
  expect((await change(1)).body.code).toBe("pool.out-of-bounds");
  const undo = () =>
    call("POST", "/database/pools/undo", { program: "energsys-headend", reason: "it was one too many" });
  expect((await undo()).status).toBe(202);
  expect(await headend()).toMatchObject({ connectionsMax: 6, before: null, changedBy: null });
  expect((await undo()).body.code).toBe("pool.not-set");
  const { rows } = await db.query(sql`
    select actor, action, reason from audit.log where object_type = 'database_pool' order by seq`);
  expect(rows).toEqual([
    { actor: "ana", action: "add", reason: "two more lines" },
    { actor: "ana", action: "remove", reason: "it was one too many" },
  ]);
});

test("another address is asked of a launcher, and chosen only after a trial that went well", async () => {
  const place = { host: "db.example", port: 5432, database: "energsys", tls: "verified" };
  const nobody = await call("POST", "/database/address/trial", place);
  expect([nobody.status, nobody.body.code]).toEqual([409, "database.no-launcher"]);
  await db.query(sql`insert into setting (name, value)
    values ('launcher', ${JSON.stringify({ pid: 1, at: new Date(clock.ms).toISOString() })}::jsonb)`);
  const heard: string[] = [];
  const unlisten = await db.listen("energsys_supervisor", (payload) => heard.push(payload));
  const { body: asked } = await call("POST", "/database/address/trial", place);
  expect((await call("GET", "/database/address")).body).toMatchObject({
    launcher: true,
    change: { id: asked.id, state: "asked", ...place, by: "ana", good: false, roles: [] },
  });
  const choose = () => call("POST", "/database/address", { id: asked.id, reason: "a server of its own" });
  expect((await choose()).body.code).toBe("database.address-untried");
  const tried = (good: boolean, triedAtMs: number) =>
    db.query(sql`update setting set value = value || ${JSON.stringify({ state: "tried", good, triedAtMs })}::jsonb
      where name = 'database-address'`);
  for (const [good, agoMs] of [
    [false, 0],
    [true, 16 * 60_000],
  ] as const) {
    await tried(good, clock.ms - agoMs);
    expect((await choose()).body.code).toBe("database.address-untried");
  }
  await tried(true, clock.ms);
  expect((await choose()).status).toBe(202);
  expect((await choose()).body.code).toBe("database.address-untried");
  await vi.waitFor(() => expect(heard).toHaveLength(2));
  const { rows } = await db.query(sql`
    select actor, reason, after -> 'value' ->> 'state' as state from audit.log
    where object_type = 'setting' and object_id = 'database-address' and after -> 'value' ->> 'state' = 'chosen'`);
  expect(rows).toEqual([{ actor: "ana", reason: "a server of its own", state: "chosen" }]);
  await unlisten();
});

test("a statement that runs into its time is answered as a question that asks too much", async () => {
  const app = fastify();
  answerProblems(app);
  app.get("/", () =>
    db.transaction(async (transaction) => {
      await transaction.query(sql`set local statement_timeout = '10ms'`);
      return transaction.query(sql`select pg_sleep(60)`);
    }),
  );
  const answer = await app.inject("/");
  expect([answer.statusCode, answer.json().code]).toEqual([422, "query.too-long"]);
});

test("a pool asks anew who one is", async () => {
  clock.ms += 600_000;
  const refused = await call("PUT", "/database/pools", {
    program: "energsys-server",
    connectionsMax: 9,
    statementTimeoutMs: 20_000,
    reason: "later",
  });
  expect([refused.status, refused.body.code]).toEqual([403, "session.step-up-needed"]);
});

test("a password for analysts asks anew who one is", async () => {
  clock.ms += 600_000;
  for (const method of ["POST", "DELETE"] as const) {
    const refused = await call(
      method,
      "/database/analyst-password",
      method === "POST" ? { days: 30 } : undefined,
    );
    expect([refused.status, refused.body.code]).toEqual([403, "session.step-up-needed"]);
  }
});
