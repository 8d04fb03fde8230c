import { sql, trusted } from "@energsys/store";
import { expect, test } from "vitest";
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
  expect(body.pools.map(({ program }: { program: string }) => program)).toContain("energsys-server");
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
});

test("the connection is tried step by step, and a wrong password stops at the sign-in", async () => {
  const own = await call("POST", "/database/trial", {});
  expect(own.body).toMatchObject({ role: "app_web" });
  expect(own.body.steps.map(({ outcome }: { outcome: string }) => outcome)).toEqual(
    Array.from({ length: 5 }, () => "good"),
  );
  const { rows } = await db.query(sql`select 1 from health_sample where measure = 'trial'`);
  expect(rows).toEqual([]);
  const wrong = await call("POST", "/database/trial", { analystPassword: "wrong" });
  expect(wrong.body.steps.slice(1, 4)).toMatchObject([
    { step: "reach", outcome: "good" },
    { step: "sign-in", outcome: "bad", detail: "28P01" },
    { step: "read", outcome: "skipped" },
  ]);
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
