import { sql, usualSignInPolicy } from "@energsys/store";
import { Secret, TOTP } from "otpauth";
import { beforeEach, expect, test } from "vitest";
import { contract, type OperationId } from "../src/contract.ts";
import { nextStage } from "../src/security/enter.ts";
import { browserOf, firstAccount, host, origin, type Person, password, testServer } from "./harness.ts";

const server = await testServer();
const { app, clock, db, services } = server;
let person = await firstAccount(server);
const call: ReturnType<typeof browserOf> = (...given) => browserOf(server, person)(...given);

// Each test an hour later: failures are forgotten, codes are new, and the last proof is too old.
beforeEach(async () => {
  clock.ms += 3_600_001;
  await db.query(sql`delete from second_factor`);
  await db.query(sql`delete from recovery_code`);
  await db.query(sql`delete from sign_in_failure`);
  await services.policies.store(db, usualSignInPolicy);
  person = await signIn();
});

const post = (path: string, payload: object, by?: Person) =>
  app.inject({
    method: "POST",
    url: `/api${path}`,
    headers: { host, origin, ...(by && { cookie: by.cookie, "x-csrf-token": by.csrfToken }) },
    payload,
  });
const cookieOf = (answer: { headers: Record<string, unknown> }) =>
  String(answer.headers["set-cookie"]).split(";", 1)[0]!;

async function signIn(): Promise<Person> {
  const answer = await post("/session", { name: "ana", password });
  if (answer.statusCode !== 201) throw new Error(answer.body);
  return { cookie: cookieOf(answer), csrfToken: answer.json().csrfToken };
}

/** A sign-in that waits for its second step. */
async function halfway(): Promise<Person> {
  const answer = await post("/session", { name: "ana", password });
  expect([answer.statusCode, answer.json().code]).toEqual([401, "sign-in.factor-needed"]);
  const cookie = cookieOf(answer);
  const step = await app.inject({ url: "/api/session/proof", headers: { host, cookie } });
  return { cookie, csrfToken: step.json().csrfToken };
}

const codeOf = (secret: string, ms = clock.ms) =>
  new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: ms });

async function enrolTotp(by: Person = person): Promise<{ secret: string; recoveryCodes: string[] }> {
  const begun = await post("/account/factors/totp", { label: "telephone" }, by);
  const { secret, address } = begun.json();
  expect(address).toMatch(/^otpauth:\/\/totp\/ENERGSys:ana\?/);
  const done = await post("/account/factors/totp/confirmation", { code: codeOf(secret) }, by);
  expect(done.statusCode).toBe(200);
  clock.ms += 30_000;
  return { secret, recoveryCodes: done.json().recoveryCodes };
}

test("an authenticator counts once a code of it was shown, and its secret is nowhere in the database", async () => {
  const begun = await call("POST", "/account/factors/totp", { label: "telephone" });
  const wrong = await call("POST", "/account/factors/totp/confirmation", { code: "000000" });
  expect([wrong.status, wrong.body.code]).toEqual([403, "factor.refused"]);
  expect((await call("GET", "/account/factors")).body.factors).toEqual([]);
  clock.ms += 2_000;
  const done = await call("POST", "/account/factors/totp/confirmation", { code: codeOf(begun.body.secret) });
  expect(done.body).toMatchObject({ signedIn: true });
  expect(done.body.recoveryCodes).toHaveLength(10);
  const { body } = await call("GET", "/account/factors");
  expect(body).toMatchObject({ factors: [{ kind: "totp", label: "telephone" }], recoveryCodesLeft: 10 });
  const { rows } = await db.query<{ whole: string }>(sql`
    select (select string_agg(f::text, ' ') from second_factor f) || (select string_agg(r::text, ' ') from recovery_code r) as whole`);
  expect(rows[0]?.whole).not.toContain(begun.body.secret);
  expect(rows[0]?.whole).not.toContain(done.body.recoveryCodes[0]);
});

test("the password alone then opens nothing: every call is refused until the code is shown", async () => {
  const { secret } = await enrolTotp();
  const half = await halfway();
  const closed = (Object.keys(contract) as OperationId[])
    .map((id) => contract[id] as { method: "GET"; url: string; action: string; stages?: readonly string[] })
    .filter(
      ({ action, stages }) =>
        action !== "anyone" && action !== "first-account" && !stages?.includes("factor"),
    );
  expect(closed.length).toBeGreaterThan(30);
  for (const { method, url } of closed) {
    const answer = await app.inject({
      method,
      url: `/api${url.replaceAll(/:\w+/g, "1")}`,
      headers: { host, origin, cookie: half.cookie, "x-csrf-token": half.csrfToken },
    });
    expect([url, answer.statusCode, answer.json().code]).toEqual([url, 401, "session.missing"]);
  }
  const firstRun = await app.inject({ url: "/api/first-run", headers: { host, cookie: half.cookie } });
  expect(firstRun.json()).not.toHaveProperty("points");

  const done = await post("/session/proof", { code: codeOf(secret) }, half);
  expect(done.statusCode).toBe(200);
  const cookie = cookieOf(done);
  expect(cookie).not.toBe(half.cookie);
  const session = (headers: object) => app.inject({ url: "/api/session", headers: { host, ...headers } });
  expect((await session({ cookie })).statusCode).toBe(200);
  expect((await session({ cookie: half.cookie })).statusCode).toBe(401);
});

test("a code is taken once, also from two at one moment, and those of the minute before and after", async () => {
  const { secret } = await enrolTotp();
  const code = codeOf(secret);
  const halves = [await halfway(), await halfway()];
  const answers = [];
  for (const half of halves) {
    answers.push((await post("/session/proof", { code }, half)).statusCode);
    clock.ms += 2_000;
  }
  expect(answers).toEqual([200, 403]);

  clock.ms += 120_000;
  const at = async (ms: number) => {
    clock.ms += 400_000;
    const half = await halfway();
    return (await post("/session/proof", { code: codeOf(secret, clock.ms + ms) }, half)).statusCode;
  };
  expect([await at(-60_000), await at(-30_000), await at(30_000), await at(60_000)]).toEqual([
    403, 200, 200, 403,
  ]);
});

test("guesses at the code are slowed down like guesses at a password", async () => {
  const { secret } = await enrolTotp();
  const half = await halfway();
  const answers = await Promise.all(
    Array.from({ length: 40 }, (_, n) => post("/session/proof", { code: String(100_000 + n) }, half)),
  );
  expect(answers.filter(({ statusCode }) => statusCode === 403)).toHaveLength(1);
  expect(answers.filter(({ statusCode }) => statusCode === 429)).toHaveLength(39);
  clock.ms += 2_000;
  expect((await post("/session/proof", { code: codeOf(secret) }, half)).statusCode).toBe(200);
});

test("a recovery code opens once, however it is typed", async () => {
  const { recoveryCodes } = await enrolTotp();
  const typed = ` ${recoveryCodes[3]!.toUpperCase().replaceAll("-", " ")} `;
  expect((await post("/session/proof", { code: typed }, await halfway())).statusCode).toBe(200);
  clock.ms += 2_000;
  expect((await post("/session/proof", { code: recoveryCodes[3]! }, await halfway())).statusCode).toBe(403);
});

test("a half-done sign-in ends after ten minutes", async () => {
  const { secret } = await enrolTotp();
  const half = await halfway();
  clock.ms += 10 * 60_000 + 1;
  const late = await post("/session/proof", { code: codeOf(secret) }, half);
  expect([late.statusCode, late.json().code]).toEqual([401, "session.missing"]);
});

test("what is dangerous asks anew who one is after five minutes; the proof changes the session's id", async () => {
  const dangerous = () => call("POST", "/account/recovery-codes");
  expect((await dangerous()).status).toBe(201);
  clock.ms += 5 * 60_000 + 1;
  expect((await dangerous()).body.code).toBe("session.step-up-needed");
  expect((await call("GET", "/session/proof")).body.ways).toEqual(["password"]);
  expect((await post("/session/proof", { password: "wrong wrong wrong" }, person)).statusCode).toBe(403);
  clock.ms += 2_000;
  const proven = await post("/session/proof", { password }, person);
  expect(proven.statusCode).toBe(200);
  const before = person;
  person = { cookie: cookieOf(proven), csrfToken: proven.json().csrfToken };
  expect(person.cookie).not.toBe(before.cookie);
  expect((await dangerous()).status).toBe(201);
  expect((await browserOf(server, before)("GET", "/session")).status).toBe(401);

  // With a second factor the password is no longer enough.
  const { secret } = await enrolTotp();
  clock.ms += 5 * 60_000 + 1;
  expect((await call("GET", "/session/proof")).body.ways).toEqual(["totp", "recovery"]);
  expect((await post("/session/proof", { password }, person)).statusCode).toBe(403);
  clock.ms += 2_000;
  expect((await post("/session/proof", { code: codeOf(secret) }, person)).statusCode).toBe(200);
});

test("when the policy wants a second factor of everybody, who has none sets one up before anything else", async () => {
  const { body: policy } = await call("GET", "/sign-in-policy");
  expect((await call("PUT", "/sign-in-policy", { ...policy, factorFor: "everybody" })).status).toBe(200);
  const half = await halfway();
  const step = await app.inject({ url: "/api/session/proof", headers: { host, cookie: half.cookie } });
  expect(step.json()).toMatchObject({ stage: "enrol", ways: [] });
  expect((await browserOf(server, half)("GET", "/points")).status).toBe(401);
  const begun = await post("/account/factors/totp", { label: "telephone" }, half);
  const done = await post("/account/factors/totp/confirmation", { code: codeOf(begun.json().secret) }, half);
  expect(done.json()).toMatchObject({ signedIn: true, recoveryCodes: expect.any(Array) });
  const session = await app.inject({ url: "/api/session", headers: { host, cookie: cookieOf(done) } });
  expect(session.statusCode).toBe(200);
});

test("a policy names roles that there are", async () => {
  const { body: policy } = await call("GET", "/sign-in-policy");
  const answer = await call("PUT", "/sign-in-policy", { ...policy, keyRoles: ["Auditor", "Aprobator"] });
  expect([answer.status, answer.body.fields]).toEqual([400, { "/keyRoles/1": "Is no role" }]);
  expect((await call("PUT", "/sign-in-policy", { ...policy, keyRoles: ["Auditor"] })).status).toBe(200);
});

test("the sealed accounts need no factor, open once made, and their use is an alarm", async () => {
  const made = await call("POST", "/break-glass/1");
  expect(made.body.password).toMatch(/^([a-z2-9]{5}-){5}[a-z2-9]{5}$/);
  const { body: policy } = await call("GET", "/sign-in-policy");
  await call("PUT", "/sign-in-policy", { ...policy, factorFor: "everybody", unusedDaysMax: 7 });
  clock.ms += 300 * 86_400_000;
  const opened = await post("/session", { name: made.body.name, password: made.body.password });
  expect(opened.statusCode).toBe(201);
  const { rows } = await db.query(
    sql`select from audit.log where action = 'sign-in-break-glass' and severity = 'alarm'`,
  );
  expect(rows).toHaveLength(1);
  // Ana's own account has lain unused for too long by now: the same answer as for a wrong password.
  const unused = await post("/session", { name: "ana", password });
  expect([unused.statusCode, unused.json().code]).toEqual([401, "sign-in.refused"]);
  const sealed = { cookie: cookieOf(opened), csrfToken: opened.json().csrfToken };
  const { rows: people } = (await browserOf(server, sealed)("GET", "/accounts")).body;
  const lying = people.filter((one: { unused: boolean }) => one.unused);
  expect(lying.map(({ name }: { name: string }) => name)).toEqual(["ana"]);
  expect((await browserOf(server, sealed)("POST", `/accounts/${lying[0].accountId}/renewal`)).status).toBe(
    204,
  );
  clock.ms += 2_000;
  const renewed = await post("/session", { name: "ana", password });
  expect([renewed.statusCode, renewed.json().code]).toEqual([401, "sign-in.factor-needed"]);
  clock.ms += 8 * 86_400_000;
  const later = await post("/session", { name: "ana", password });
  expect([later.statusCode, later.json().code]).toEqual([401, "sign-in.refused"]);
  clock.ms -= 8 * 86_400_000 + 2_000;
  clock.ms -= 300 * 86_400_000;
});

test("another password ends the other sessions and takes a fresh session", async () => {
  const other = await signIn();
  const wrong = await call("POST", "/account/password", {
    current: "not it not it",
    password: "vrabia mălai visează",
  });
  expect([wrong.status, wrong.body.fields]).toEqual([403, { "/current": expect.any(String) }]);
  clock.ms += 2_000;
  const changed = await post(
    "/account/password",
    { current: password, password: "vrabia mălai visează" },
    person,
  );
  expect(changed.statusCode).toBe(200);
  for (const old of [other, person])
    expect((await browserOf(server, old)("GET", "/session")).status).toBe(401);
  person = { cookie: cookieOf(changed), csrfToken: changed.json().csrfToken };
  clock.ms += 2_000;
  const back = await post("/account/password", { current: "vrabia mălai visează", password }, person);
  expect(back.statusCode).toBe(200);
});

test("one sees where one is signed in and ends what one does not know", async () => {
  const other = await signIn();
  const { rows } = (await call("GET", "/account/sessions")).body;
  const stranger = rows.find((row: { current: boolean }) => !row.current);
  expect(rows.filter((row: { current: boolean }) => row.current)).toHaveLength(1);
  expect((await call("DELETE", `/account/sessions/${stranger.sessionId}`)).status).toBe(204);
  expect((await call("DELETE", `/account/sessions/${stranger.sessionId}`)).status).toBe(404);
  const third = await signIn();
  const revoked = (await call("DELETE", "/account/sessions")).body.revoked;
  expect(revoked).toBeGreaterThan(0);
  for (const ended of [other, third])
    expect((await browserOf(server, ended)("GET", "/session")).status).toBe(401);
  expect((await call("GET", "/session")).status).toBe(200);
});

test("what is missing after each way, for each demand", () => {
  const totp = [{ kind: "totp" as const }];
  const key = [{ kind: "webauthn" as const }];
  expect(nextStage(["password"], [], "none")).toBe("full");
  expect(nextStage(["password"], totp, "none")).toBe("factor");
  expect(nextStage(["password"], [], "factor")).toBe("enrol");
  expect(nextStage(["provider", "provider-factor"], [], "factor")).toBe("full");
  expect(nextStage(["password"], totp, "key")).toBe("factor");
  expect(nextStage(["password", "totp"], totp, "key")).toBe("enrol");
  expect(nextStage(["password", "totp"], [...totp, ...key], "key")).toBe("factor");
  expect(nextStage(["password", "recovery"], key, "key")).toBe("enrol");
  expect(nextStage(["password", "recovery"], key, "factor")).toBe("full");
  expect(nextStage(["password", "webauthn"], key, "key")).toBe("full");
});
