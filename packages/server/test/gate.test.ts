import { sql } from "@energsys/store";
import fastify from "fastify";
import { expect, test } from "vitest";
import { contract, type OperationId } from "../src/contract.ts";
import { describeApi, readDescription } from "../src/openapi-file.ts";
import { demandActions } from "../src/security/gate.ts";
import { browserOf, firstAccount, host, origin, testServer } from "./harness.ts";

const server = await testServer({ limits: { bodyBytesMax: 4_096 } });
const { app, db } = server;
const person = await firstAccount(server);
const call = browserOf(server, person);
const signedIn = { host, origin, cookie: person.cookie, "x-csrf-token": person.csrfToken };

const operations = (Object.keys(contract) as OperationId[]).map((operationId) => ({
  operationId,
  ...contract[operationId],
}));
const concrete = (url: string) => `/api${url.replaceAll(/:\w+/g, "1")}`;
const closedOnes = operations.filter(({ action }) => action !== "anyone" && action !== "first-account");
const changing = operations.filter(({ method }) => method !== "GET");

test.each(closedOnes)("$operationId is closed to who is not signed in", async ({ method, url }) => {
  const answer = await app.inject({
    method,
    url: concrete(url),
    headers: { host, origin, "x-csrf-token": "x" },
  });
  expect([answer.statusCode, answer.json().code]).toEqual([401, "session.missing"]);
  expect(answer.headers["content-type"]).toBe("application/problem+json");
});

test.each(changing)("$operationId is refused when another site calls it", async ({ method, url }) => {
  for (const foreign of ["http://evil.example", "null", "http://127.0.0.1:9999", undefined]) {
    const { origin: _, ...headers } = signedIn;
    const answer = await app.inject({
      method,
      url: concrete(url),
      headers: foreign === undefined ? headers : { ...headers, origin: foreign },
    });
    expect([answer.statusCode, answer.json().code]).toEqual([403, "origin.refused"]);
  }
});

test.each(changing.filter(({ action }) => action !== "anyone" && action !== "first-account"))(
  "$operationId is refused without the session's token",
  async ({ method, url }) => {
    const { "x-csrf-token": _, ...headers } = signedIn;
    for (const token of [{}, { "x-csrf-token": "" }, { "x-csrf-token": `${person.csrfToken}x` }]) {
      const answer = await app.inject({ method, url: concrete(url), headers: { ...headers, ...token } });
      expect([answer.statusCode, answer.json().code]).toEqual([403, "csrf.refused"]);
    }
  },
);

test.each(["evil.example", "evil.example:8420", "127.0.0.1.evil.example", "energsys.local"])(
  "a name that was made to point here is refused: %s",
  async (name) => {
    const answer = await app.inject({ url: "/api/first-run", headers: { host: name } });
    expect([answer.statusCode, answer.json().code]).toEqual([421, "host.refused"]);
  },
);

test.each(["127.0.0.1", "localhost:8420", "LOCALHOST", "[::1]:8420", "127.0.0.2:1"])(
  "%s is this machine",
  async (name) => {
    expect((await app.inject({ url: "/api/first-run", headers: { host: name } })).statusCode).toBe(200);
  },
);

test.each([
  ["text/plain", '{"url": "dlms+tcp://127.0.0.1:1"}', 415, "input.media-type"],
  ["application/x-www-form-urlencoded", "url=x", 415, "input.media-type"],
  ["application/json", "{", 400, "input.invalid"],
  ["application/json", '{"url": "dlms+tcp://127.0.0.1:1", "__proto__": {}}', 400, "input.invalid"],
  ["application/json", `${"[".repeat(40)}${"]".repeat(40)}`, 400, "input.invalid"],
  ["application/json", `"${"x".repeat(5_000)}"`, 413, "input.too-large"],
  ["application/json", '{"url": 5}', 400, "input.invalid"],
])("a body of %s that is %s is answered with %i", async (type, payload, status, code) => {
  const answer = await app.inject({
    method: "POST",
    url: "/api/devices/trials",
    headers: { ...signedIn, "content-type": type },
    payload,
  });
  expect([answer.statusCode, answer.json().code]).toEqual([status, code]);
});

test("wrong input is named field by field, what is not known by its object, and nothing of ours is in the answer", async () => {
  const answer = await call("GET", "/points?limit=501&offset=-1&sort=salary&colour=red");
  expect(answer.status).toBe(400);
  expect(Object.keys(answer.body.fields).sort()).toEqual(["/*", "/limit", "/offset", "/sort"]);
  expect(answer.text).not.toContain("colour");
  expect(answer.body.reference).toMatch(/^[\w-]{12}$/);
  expect(answer.text).not.toContain("node_modules");
});

test.each(["/points?q=a%00", "/search?q=%00", "/points?model=%00"])(
  "%s holds a character that no text of the database holds",
  async (path) => {
    const { status, body } = await call("GET", path);
    expect([status, body.code]).toEqual([400, "input.invalid"]);
  },
);

test.each(["/api/%zz", "/%zz"])(
  "%s, which cannot be decoded, is answered like any other problem",
  async (url) => {
    const answer = await app.inject({ url, headers: { host } });
    expect([answer.statusCode, answer.json().code]).toEqual([404, "route.not-found"]);
    expect(answer.headers["content-type"]).toBe("application/problem+json");
  },
);

test("a fault of ours says a reference and nothing else", async () => {
  await db.query(sql`alter table event rename to event_away`);
  try {
    const answer = await call("GET", "/operations");
    expect(answer.body).toEqual({
      type: "/docs/errors#server.fault",
      title: expect.any(String),
      status: 500,
      code: "server.fault",
      reference: expect.any(String),
    });
  } finally {
    await db.query(sql`alter table event_away rename to event`);
  }
});

test("answers carry the headers that keep them private", async () => {
  const { headers } = await call("GET", "/points");
  expect(headers).toMatchObject({
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "content-security-policy": "default-src 'none';frame-ancestors 'none'",
  });
  expect(headers).not.toHaveProperty("x-powered-by");
  expect(headers).not.toHaveProperty("server");
});

test("a route that does not say what it does stops the start", async () => {
  const bare = fastify();
  demandActions(bare);
  await expect(async () => bare.get("/api/secret", () => "open to everybody")).rejects.toThrow(
    "declares no action",
  );
  await bare.close();
});

test("docs/openapi.json is what the routes give", async () => {
  expect(await readDescription()).toBe(await describeApi());
});

test("the running server describes its own routes the same way", () => {
  expect(
    `${JSON.stringify({ ...app.swagger(), paths: withoutWeb(app.swagger().paths ?? {}) }, null, 2)}\n`,
  ).toContain('"getLoadCurve"');
  expect(Object.keys(withoutWeb(app.swagger().paths ?? {})).sort()).toEqual(
    [...new Set(operations.map(({ url }) => url.replaceAll(/:(\w+)/g, "{$1}")))].sort(),
  );
});
const withoutWeb = (paths: object) =>
  Object.fromEntries(Object.entries(paths).filter(([url]) => url !== "/*" && url !== "/{*}"));
