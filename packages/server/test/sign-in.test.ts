import { createFirstToken, sql } from "@energsys/store";
import { expect, test } from "vitest";
import { browserOf, host, origin, password, testServer } from "./harness.ts";

const server = await testServer();
const { app, db, clock } = server;

const post = (url: string, payload: object, headers: Record<string, string> = {}) =>
  app.inject({ method: "POST", url: `/api${url}`, headers: { host, origin, ...headers }, payload });
const signIn = (name: string, secret: string, headers: Record<string, string> = {}) =>
  post("/session", { name, password: secret }, headers);
const idOf = (setCookie: unknown) => /^sid=([^;]+)/.exec(String(setCookie))?.[1];
const account = { name: "ana", displayName: "Ana Vior", password, language: "ro" };

test("a fresh installation asks for the first account and takes no wrong token", async () => {
  const before = await app.inject({ url: "/api/first-run", headers: { host } });
  expect(before.json()).toEqual({
    accountNeeded: true,
    zone: "Europe/Bucharest",
    version: expect.any(String),
  });
  const refused = await post("/first-account", { ...account, token: "guessed" });
  expect([refused.statusCode, refused.json().code]).toEqual([403, "first-run.token-refused"]);
});

test.each([
  ["short", "password.too-short"],
  ["parolaparola1", "password.common"],
  ["111111111111", "password.common"],
  ["energsys-2026!", "password.common"],
  ["xx-Ana Vior-42", "password.common"],
])("the password %s is refused with %s", async (given, code) => {
  const token = await createFirstToken(db, clock.ms);
  const answer = await post("/first-account", { ...account, token, password: given });
  expect([answer.statusCode, answer.json().code]).toEqual([400, code]);
  expect(answer.json().fields).toHaveProperty("/password");
});

test("a token is worth nothing after thirty minutes, nor once a newer one was printed", async () => {
  const old = await createFirstToken(db, clock.ms - 31 * 60_000);
  expect((await post("/first-account", { ...account, token: old })).json().code).toBe(
    "first-run.token-refused",
  );
  const replaced = await createFirstToken(db, clock.ms);
  await createFirstToken(db, clock.ms);
  expect((await post("/first-account", { ...account, token: replaced })).json().code).toBe(
    "first-run.token-refused",
  );
});

test("of several who use the token at one moment one gets the account", async () => {
  const token = await createFirstToken(db, clock.ms);
  const answers = await Promise.all(
    ["ana", "ion"].map((name) => post("/first-account", { ...account, name, token })),
  );
  expect(answers.map((answer) => answer.statusCode).sort()).toEqual([201, 409]);
  await db.query(sql`delete from account`);
});

test("the token makes the first account once, signed in, the password as an argon2id hash", async () => {
  const token = await createFirstToken(db, clock.ms);
  const made = await post("/first-account", { ...account, token });
  expect(made.statusCode).toBe(201);
  expect(made.json()).toMatchObject({
    account: { name: "ana", language: "ro" },
    csrfToken: expect.any(String),
  });
  expect(String(made.headers["set-cookie"])).toMatch(/^sid=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax$/);
  const { rows } = await db.query<{ password_hash: string }>(sql`select password_hash from account`);
  expect(rows[0]?.password_hash).toMatch(
    /^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/,
  );
  const again = await post("/first-account", { ...account, name: "ion", token });
  expect([again.statusCode, again.json().code]).toEqual([409, "first-run.done"]);
});

test("only the hash of a session's id is stored, and each sign-in gets a new id", async () => {
  const first = await signIn("Ana", password);
  const planted = idOf(first.headers["set-cookie"])!;
  const second = await signIn("ana", password, { cookie: `sid=${planted}` });
  expect([first.statusCode, second.statusCode]).toEqual([201, 201]);
  expect(idOf(second.headers["set-cookie"])).not.toBe(planted);
  const { rows } = await db.query(sql`
    select from session where session_sha256 = sha256(${planted}::bytea) union all
    select from session where session_sha256 = ${Buffer.from(planted)}`);
  expect(rows).toHaveLength(1);
});

test("a wrong password and an unknown name get the same answer, and only the first failure is free", async () => {
  const wrong = await signIn("ana", "not the password at all");
  clock.ms += 2_000;
  const unknown = await signIn("nobody", "not the password at all");
  const without = ({ reference: _, ...rest }: Record<string, unknown>) => rest;
  expect([wrong.statusCode, without(wrong.json())]).toEqual([unknown.statusCode, without(unknown.json())]);
  expect(wrong.json().code).toBe("sign-in.refused");
  const early = await signIn("ana", password);
  expect([early.statusCode, early.json().code]).toEqual([429, "sign-in.slow-down"]);
  expect(Number(early.headers["retry-after"])).toBeGreaterThan(0);
});

test("guesses wait 1, 2, 4 … 300 s, refused tries do not count, and the right password ends it", async () => {
  clock.ms += 3_600_001;
  const waits: number[] = [];
  for (let guess = 0; guess < 11; guess++) {
    expect((await signIn("ana", `guess number ${guess}`)).statusCode).toBe(401);
    const refused = await signIn("ana", password);
    expect(refused.statusCode).toBe(429);
    waits.push(Number(refused.headers["retry-after"]));
    clock.ms += waits.at(-1)! * 1_000;
  }
  expect(waits).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300]);
  expect((await signIn("ana", password)).statusCode).toBe(201);
  const { rows } = await db.query(sql`select from sign_in_failure where subject like '#%'`);
  expect(rows).toHaveLength(0);
});

test("of a hundred guesses at one moment one reaches the hash", async () => {
  clock.ms += 3_600_001;
  const answers = await Promise.all(
    Array.from({ length: 100 }, (_, n) => signIn(`name${n}`, "guess guess guess")),
  );
  expect(answers.filter((answer) => answer.statusCode === 401)).toHaveLength(1);
  expect(answers.filter((answer) => answer.statusCode === 429)).toHaveLength(99);
});

test("a session ends after thirty minutes without a call, after twelve hours, and when its account is disabled", async () => {
  clock.ms += 3_600_001;
  const session = async () => {
    const answer = await signIn("ana", password);
    const headers = { host, cookie: `sid=${idOf(answer.headers["set-cookie"])}` };
    return async () => (await app.inject({ url: "/api/session", headers })).statusCode;
  };
  const idle = await session();
  expect(await idle()).toBe(200);
  clock.ms += 29 * 60_000;
  expect(await idle()).toBe(200);
  clock.ms += 31 * 60_000;
  expect(await idle()).toBe(401);

  const busy = await session();
  for (let minutes = 0; minutes < 12 * 60; minutes += 20) {
    expect(await busy()).toBe(200);
    clock.ms += 20 * 60_000;
  }
  expect(await busy()).toBe(401);

  const disabled = await session();
  await db.query(sql`update account set disabled = true`);
  expect(await disabled()).toBe(401);
  expect((await signIn("ana", password)).statusCode).toBe(401);
  await db.query(sql`update account set disabled = false`);
  clock.ms += 3_600_001;
});

test("signing out ends the session for good, and nobody signed in is told so", async () => {
  const answer = await signIn("ana", password);
  const person = { cookie: `sid=${idOf(answer.headers["set-cookie"])}`, csrfToken: answer.json().csrfToken };
  const call = browserOf(server, person);
  expect((await call("DELETE", "/session")).status).toBe(204);
  const after = await call("GET", "/session");
  expect([after.status, after.body.code]).toEqual([401, "session.missing"]);
});

test("a hash with older parameters is replaced at the next sign-in", async () => {
  const old = "$argon2id$v=19$m=8192,t=1,p=1$c2FsdHNhbHRzYWx0c2FsdA";
  const { argon2Sync } = await import("node:crypto");
  const tag = argon2Sync("argon2id", {
    message: password,
    nonce: Buffer.from("c2FsdHNhbHRzYWx0c2FsdA", "base64"),
    memory: 8192,
    passes: 1,
    parallelism: 1,
    tagLength: 32,
  });
  const hash = `${old}$${Buffer.from(tag).toString("base64").replace(/=+$/, "")}`;
  await db.query(sql`update account set password_hash = ${hash}`);
  expect((await signIn("ana", password)).statusCode).toBe(201);
  const { rows } = await db.query<{ password_hash: string }>(sql`select password_hash from account`);
  expect(rows[0]?.password_hash).toContain("$m=19456,t=2,p=1$");
  expect((await signIn("ana", password)).statusCode).toBe(201);
});

test("changing the language needs the token of the session", async () => {
  const answer = await signIn("ana", password);
  const cookie = `sid=${idOf(answer.headers["set-cookie"])}`;
  const patch = (headers: Record<string, string>) =>
    app.inject({
      method: "PATCH",
      url: "/api/account",
      headers: { host, origin, cookie, ...headers },
      payload: { language: "en" },
    });
  expect((await patch({})).json().code).toBe("csrf.refused");
  expect((await patch({ "x-csrf-token": "guess" })).json().code).toBe("csrf.refused");
  expect((await patch({ "x-csrf-token": answer.json().csrfToken })).json().account.language).toBe("en");
});

test("who comes while others are being checked waits for their turn", async () => {
  clock.ms += 3_600_001;
  const answers = await Promise.all(
    Array.from({ length: 8 }, (_, n) =>
      app.inject({
        method: "POST",
        url: "/api/session",
        headers: { host, origin },
        payload: { name: `person${n}`, password: "guess guess guess" },
        remoteAddress: `127.0.1.${n}`,
      }),
    ),
  );
  // Two are checked at a time; the others wait for their turn instead of being sent away.
  expect(answers.map((answer) => answer.statusCode)).toEqual(Array(8).fill(401));
});
