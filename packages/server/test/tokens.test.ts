import { sql } from "@energsys/store";
import { expect, test } from "vitest";
import { guessingAddress, isNetwork } from "../src/security/networks.ts";
import { browserOf, firstAccount, host, testServer } from "./harness.ts";

const server = await testServer({ trustedProxies: ["127.0.0.9"] });
const { app, db, clock } = server;
const person = await firstAccount(server);
const call = browserOf(server, person);

const make = async (changes: object = {}) => {
  const given = { label: "billing", actions: ["points.see"], addresses: [], days: 30, ...changes };
  return call("POST", "/account/tokens", given);
};
/** Calls as a program: no cookie, no origin, no CSRF token. */
const by = (
  token: string,
  method: "GET" | "POST" | "DELETE" | "PUT",
  path: string,
  remoteAddress = "127.0.0.1",
) =>
  app.inject({
    method,
    url: `/api${path}`,
    headers: { host, authorization: `Bearer ${token}` },
    remoteAddress,
  });

test("a token is shown once, kept as a hash, and does what it was made for and nothing else", async () => {
  const { status, body } = await make();
  expect(status).toBe(201);
  expect(body.token).toMatch(/^energsys_[\w-]{43}$/);
  const { rows } = await db.query<{ whole: string }>(sql`select t::text as whole from api_token t`);
  expect(rows[0]?.whole).not.toContain(body.token);
  expect(JSON.stringify((await call("GET", "/account/tokens")).body)).not.toContain(body.token);

  expect((await by(body.token, "GET", "/points")).statusCode).toBe(200);
  for (const [method, path] of [
    ["GET", "/operations"],
    ["POST", "/points/1/reads"],
    ["GET", "/session"],
    ["GET", "/account/tokens"],
    ["POST", "/account/tokens"],
    ["PUT", "/sign-in-policy"],
  ] as const) {
    const answer = await by(body.token, method, path);
    expect([path, answer.statusCode, answer.json().code]).toEqual([path, 403, "token.scope"]);
  }
});

test("what needs a person cannot be put into a token", async () => {
  for (const actions of [["own.session"], ["points.see", "anyone"], ["no.such"]]) {
    const { status, body } = await make({ actions });
    expect([status, body.code]).toEqual([403, "token.scope"]);
  }
  const strong = await make({ actions: ["sign-in.change"] });
  const answer = await by(strong.body.token, "PUT", "/sign-in-policy");
  expect([answer.statusCode, answer.json().code]).toEqual([403, "token.scope"]);
});

test("a token opens only from its addresses, as the named proxy and nobody else tells them", async () => {
  const { body } = await make({ addresses: ["10.1.2.3/8", "fd00::/8"] });
  expect(body.row.addresses).toEqual(["10.0.0.0/8", "fd00::/8"]);
  const from = (remoteAddress: string, forwarded?: string) =>
    app.inject({
      url: "/api/points",
      headers: {
        host,
        authorization: `Bearer ${body.token}`,
        ...(forwarded === undefined ? {} : { "x-forwarded-for": forwarded }),
      },
      remoteAddress,
    });
  expect((await from("10.9.9.9")).statusCode).toBe(200);
  expect((await from("fd12::1")).statusCode).toBe(200);
  expect((await from("192.168.1.1")).json().code).toBe("token.address");
  expect((await from("127.0.0.9", "10.9.9.9")).statusCode).toBe(200);
  expect((await from("192.168.1.1", "10.9.9.9")).json().code).toBe("token.address");
  const listed = (await call("GET", "/account/tokens")).body.rows.find(
    (row: { tokenId: number }) => row.tokenId === body.row.tokenId,
  );
  expect(listed).toMatchObject({
    lastUsedAt: expect.any(String),
    lastAddress: expect.stringMatching(/^10\.|^fd12/),
  });
});

test.each([
  { days: 0 },
  { days: 366 },
  { addresses: ["10.0.0.0/33"] },
  { addresses: ["everywhere"] },
  { actions: [] },
])("%o is refused", async (changes) => {
  const { status, body } = await make(changes);
  expect([status, body.code]).toEqual([400, "input.invalid"]);
});

test("a token ends when it is revoked, when its time is over, and with its owner's account", async () => {
  const revoked = await make();
  expect((await call("DELETE", `/account/tokens/${revoked.body.row.tokenId}`)).status).toBe(204);
  expect((await by(revoked.body.token, "GET", "/points")).json().code).toBe("token.refused");

  const { body } = await make();
  await db.query(sql`update account set disabled = true`);
  expect((await by(body.token, "GET", "/points")).statusCode).toBe(401);
  await db.query(sql`update account set disabled = false`);
  expect((await by(body.token, "GET", "/points")).statusCode).toBe(200);
  clock.ms += 30 * 86_400_000;
  expect((await by(body.token, "GET", "/points")).json().code).toBe("token.refused");
  expect((await by("energsys_guess", "GET", "/first-run")).json().code).toBe("token.refused");
});

test.each([
  ["10.0.0.5", "10.0.0.5"],
  ["::ffff:10.0.0.5", "10.0.0.5"],
  ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"],
  ["2001:DB8:1:2::9", "2001:db8:1:2::/64"],
  ["2001:db8::1", "2001:db8:0:0::/64"],
  ["::1", "0:0:0:0::/64"],
  ["fe80::1%eth0", "fe80:0:0:0::/64"],
])("guesses from %s are counted by %s", (address, counted) => {
  expect(guessingAddress(address)).toBe(counted);
});

test.each(["10.0.0.0/8", "::/0", "1.2.3.4"])("%s is a network", (text) => expect(isNetwork(text)).toBe(true));
test.each(["", "10.0.0", "10.0.0.0/", "10.0.0.0/8/8", "fd00::/129", "10.0.0.0/-1", "host"])(
  "%s is none",
  (text) => expect(isNetwork(text)).toBe(false),
);
