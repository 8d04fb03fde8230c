import { sql } from "@energsys/store";
import { expect, test } from "vitest";
import {
  browserOf,
  firstAccount,
  host,
  importPoints,
  networkPoint,
  origin,
  password,
  testServer,
} from "./harness.ts";

const server = await testServer();
const { app, db, clock } = server;
await importPoints(db, [networkPoint(1), networkPoint(2)], {
  name: "15 min",
  everySeconds: 900,
  backfillDays: 40,
});
const person = await firstAccount(server);
const call = browserOf(server, person);

/** Entries that `work` left: who, what, on what, how many. */
async function entriesOf(work: () => Promise<unknown>) {
  const { rows: before } = await db.query<{ seq: number }>(sql`select seq from audit.head`);
  await work();
  const { rows } = await db.query(sql`
    select kind, severity, actor, page, operation, action, object_type, object_id, records, after from audit.log
    where seq > ${before[0]?.seq} order by seq`);
  return rows;
}

test("the first account is in the log with the change it made", async () => {
  const { rows } = await db.query(sql`
    select actor, action, object_type, severity from audit.log where operation = 'createFirstAccount' order by seq`);
  expect(rows).toEqual([
    { actor: "anonymous", action: "add", object_type: "account", severity: "normal" },
    { actor: "anonymous", action: "add", object_type: "role_grant", severity: "normal" },
    { actor: "ana", action: "first-account", object_type: null, severity: "security" },
  ]);
});

test("a look at a point is written once in ten minutes, however often its page fetches it", async () => {
  const entries = await entriesOf(async () => {
    for (let time = 0; time < 3; time++) expect((await call("GET", "/points/1")).status).toBe(200);
    await call("GET", "/points/2");
    clock.ms += 600_000;
    await call("GET", "/points/1");
  });
  expect(
    entries.map((entry) => [entry.actor, entry.page, entry.action, entry.object_type, entry.object_id]),
  ).toEqual(["1", "2", "1"].map((id) => ["ana", "points", "view", "point", id]));
});

test("a file is written with its number of rows and its filter, but not with what was searched for", async () => {
  const entries = await entriesOf(() => call("GET", "/points.csv?q=consum&state=silent"));
  expect(entries).toMatchObject([
    {
      kind: "application",
      actor: "ana",
      action: "export",
      operation: "exportPoints",
      records: expect.any(Number),
    },
  ]);
  expect(entries[0]?.after).toEqual({ filter: { q: "***", state: "silent" } });
});

test("an act that changes no configuration is in the log too", async () => {
  const entries = await entriesOf(() => call("POST", "/points/1/reads"));
  expect(entries).toMatchObject([
    { kind: "application", actor: "ana", action: "requestRead", object_type: "point", object_id: "1" },
  ]);
});

test("signing in and being refused are security entries; a name that is no account's is not written down", async () => {
  const signIn = (name: string, given: string) =>
    app.inject({
      method: "POST",
      url: "/api/session",
      headers: { host, origin },
      payload: { name, password: given },
    });
  const entries = await entriesOf(async () => {
    expect((await signIn("ana", password)).statusCode).toBe(201);
    expect((await signIn("ana", "gresit-gresit-1")).statusCode).toBe(401);
    clock.ms += 10_000;
    expect((await signIn("parola-mea-secreta", "x-x-x-x-x-x-x-x")).statusCode).toBe(401);
    await new Promise((resolve) => setTimeout(resolve, 100));
  });
  expect(entries).toMatchObject([
    { actor: "ana", action: "sign-in", severity: "security" },
    { actor: "anonymous", action: "sign-in-refused", severity: "security", object_type: "account" },
    { actor: "anonymous", action: "sign-in-refused", severity: "security", object_type: null },
  ]);
  expect(JSON.stringify(entries)).not.toContain("secreta");
});

test("a call of another site is refused and in the log, once a minute", async () => {
  const entries = await entriesOf(async () => {
    for (let time = 0; time < 3; time++) {
      await app.inject({
        method: "POST",
        url: "/api/points/1/reads",
        headers: { host, origin: "http://evil.example", cookie: person.cookie },
      });
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  });
  expect(entries).toMatchObject([
    { action: "refused", severity: "security", after: { code: "origin.refused" } },
  ]);
});
