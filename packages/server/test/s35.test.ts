import { createServer } from "node:net";
import { defaultNetworks, isAllowed, sql, writeNetworks } from "@energsys/store";
import { afterAll, beforeAll, expect, test } from "vitest";
import { guardedFetch } from "../src/provider/guarded-fetch.ts";
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

/*
 * S35: what is typed and sent to make this system do what its sender may not. Rights by route, role and object are
 * rights-matrix.test.ts; each attempt here is answered with 4xx, nothing is called, nothing leaks. No XML is read anywhere, so there
 * is no bomb to try: what says that it is XML is refused as a body.
 */
const server = await testServer();
const { app, db, clock, services } = server;
const person = await firstAccount(server);
const call = browserOf(server, person);

/** Whoever is called at this port of this machine was called by us. */
let calls = 0;
const listener = createServer((socket) => {
  calls += 1;
  socket.destroy();
});
let port = 0;
beforeAll(async () => {
  await new Promise<void>((resolve) => listener.listen(0, "::", resolve));
  port = (listener.address() as { port: number }).port;
  await writeNetworks(db, defaultNetworks);
  services.networks.forget();
});
afterAll(() => listener.close());

const proven = () =>
  db.query(sql`update session set stepped_up_at = ${new Date(clock.ms).toISOString()}::timestamptz`);

/** Ways to write this machine, its neighbours, the services of a cloud, and everybody at once. */
const inward = [
  ...[
    "127.0.0.1",
    "127.0.0.2",
    "127.255.255.254",
    "127.1",
    "127.0.1",
    "2130706433",
    "0x7f000001",
    "0x7f.0.0.1",
  ],
  ...[
    "017700000001",
    "0177.0.0.1",
    "0177.0.0.01",
    "0x7f.1",
    "0",
    "0.0.0.0",
    "localhost",
    "LOCALHOST",
    "localhost.",
  ],
  ...[
    "any.localhost",
    "[::1]",
    "[0:0:0:0:0:0:0:1]",
    "[::]",
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
    "[::127.0.0.1]",
  ],
  ...[
    "[0:0:0:0:0:ffff:127.0.0.1]",
    "[64:ff9b::7f00:1]",
    "[64:ff9b::127.0.0.1]",
    "[2002:7f00:1::]",
    "[2001::1]",
  ],
  ...[
    "169.254.169.254",
    "2852039166",
    "0xa9fea9fe",
    "0xa9.0xfe.0xa9.0xfe",
    "0251.0376.0251.0376",
    "169.254.0.1",
  ],
  ...[
    "[::ffff:169.254.169.254]",
    "[::ffff:a9fe:a9fe]",
    "[fd00:ec2::254]",
    "[fe80::1]",
    "[fec0::1]",
    "[ff02::1]",
  ],
  ...[
    "100.100.100.200",
    "168.63.129.16",
    "192.0.0.192",
    "224.0.0.1",
    "239.255.255.250",
    "255.255.255.255",
    "240.0.0.1",
  ],
];

test("the list is as long as it should be", () => {
  expect(new Set(inward).size).toBeGreaterThanOrEqual(40);
});

/** The four places where an address is typed. */
const typed = async (address: string) => {
  await proven();
  const answers = [
    await call("POST", "/devices/trials", { url: `dlms+tcp://${address}:${port}` }),
    await call("POST", "/devices", {
      ...{
        url: `iec62056-21+tcp://${address}:${port}?mode=C`,
        manufacturer: "ISK",
        serial: "1",
        identity: "X1",
      },
      ...{ model: "iskra-me162", pod: "RO001EMO0000077", name: "x", address: "x", branch: ["x"], phases: 3 },
      ...{ ctRatio: "1", vtRatio: "1", primaryValues: false },
    }),
    await call("POST", "/identity-sources/trial", {
      directory: { ...directory, servers: [`ldap://${address}:${port}`] },
      secret: "parola",
    }),
    await call("POST", "/identity-sources", {
      ...{ label: "x", enabled: true, grants: [] },
      provider: { ...settings, issuer: `https://${address}:${port}` },
    }),
  ];
  return answers.map(({ status, body }) => `${status} ${body?.code ?? ""}`);
};

test.each(inward)("nothing of ours calls %s: no device, directory or provider", async (address) => {
  const answers = await typed(address);
  // What is no address in any reading of the fields is refused as such, before anybody asks where it leads.
  for (const answer of answers) expect(answer).toMatch(/^400 (?:address\.not-allowed|input\.invalid)$/);
  expect(answers).toContain("400 address.not-allowed");
  expect(calls).toBe(0);
  const { rows } = await db.query(sql`
    select attempt_id::text from attempt union all select source_id::text from identity_source`);
  expect(rows).toEqual([]);
});

test("it is the address that is refused: a device of a private network is tried, a public provider is entered", async () => {
  expect(await typed("127.0.0.1")).toEqual(Array(4).fill("400 address.not-allowed"));
  const tried = await call("POST", "/devices/trials", { url: "dlms+tcp://10.11.12.13:4059" });
  expect(tried.status).toBe(202);
  const provider = { ...settings, issuer: "https://203.0.113.7" };
  const entered = await call("POST", "/identity-sources", {
    label: "x",
    enabled: false,
    grants: [],
    provider,
  });
  expect(entered.status).toBe(201);
  await db.query(sql`delete from attempt`);
});

const directory = {
  ...{
    servers: [] as string[],
    ca: "",
    bindDn: "cn=a",
    base: "dc=a",
    peopleFilter: "(uid=*)",
    nameAttributes: ["uid"],
  },
  ...{
    idAttribute: "entryUUID",
    displayNameAttribute: "cn",
    groups: "none",
    groupBase: "",
    memberAttribute: "member",
  },
  membersOnly: false,
};
const settings = {
  ...{
    issuer: "",
    otherOrigins: [],
    clientId: "x",
    redirectUri: "https://a.example/sign-in/callback",
    scopes: [],
  },
  ...{
    nameClaim: "sub",
    displayNameClaim: "name",
    groupsClaim: "groups",
    membersOnly: false,
    acrValues: [],
    factorMethods: [],
  },
};

test("a name of this machine is refused when it is called, by directory and provider alike", async () => {
  await proven();
  // The resolver of the system knows it; nothing in the words tells.
  const mayConnect = (address: string) => isAllowed(defaultNetworks.providers, address);
  const origins = [`https://ip6-localhost.example:${port}`];
  await expect(guardedFetch(origins, { loopback: false, mayConnect })(origins[0]!)).rejects.toThrow();
  const mixed = [`http://localhost:${port}`];
  await expect(guardedFetch(mixed, { loopback: true, mayConnect })(mixed[0]!)).rejects.toThrow(
    /not among the networks/,
  );
  expect(calls).toBe(0);
});

test("a redirect is not followed", async () => {
  const { createServer: createHttp } = await import("node:http");
  const redirecting = createHttp((_, answer) => {
    answer.writeHead(302, { location: `http://127.0.0.1:${port}/` }).end();
  });
  await new Promise<void>((resolve) => redirecting.listen(0, "127.0.0.1", resolve));
  const from = `http://127.0.0.1:${(redirecting.address() as { port: number }).port}`;
  const fetched = guardedFetch([from, `http://127.0.0.1:${port}`], {
    loopback: true,
    mayConnect: () => true,
  })(from);
  await expect(fetched).rejects.toThrow(/not followed/);
  redirecting.close();
  expect(calls).toBe(0);
});

test("the lists are changed with a fresh proof and stand in the log; what is neither network nor word is refused", async () => {
  await db.query(sql`update session set stepped_up_at = null`);
  const lists = { ...defaultNetworks, devices: ["private", "203.0.113.0/24"] };
  expect((await call("PUT", "/networks", lists)).body.code).toBe("session.step-up-needed");
  await proven();
  const wrong = await call("PUT", "/networks", { ...lists, devices: ["10.0.0.0/33"] });
  expect([wrong.status, wrong.body.fields]).toEqual([400, { "/devices/0": expect.any(String) }]);
  expect((await call("PUT", "/networks", lists)).body).toEqual(lists);
  const { rows } = await db.query(sql`
    select actor, after from audit.log where object_type = 'setting' and object_id = 'networks' order by seq desc limit 1`);
  expect(rows[0]).toMatchObject({ actor: "ana", after: { value: lists } });
  const tried = await call("POST", "/networks/trial", { address: "203.0.113.7", ...lists });
  expect(tried.body).toEqual({
    address: "203.0.113.7",
    devices: true,
    directories: true,
    providers: true,
    mail: true,
  });
});

const formulas = ["=1+1", "+40", "-2+3", "@SUM(A1)", "\t=1", "\r=1", '=HYPERLINK("http://x")'];

test("no cell of a file begins with a formula", async () => {
  await importPoints(
    db,
    formulas.map((name, n) => networkPoint(n + 1, { name, branch: [name] })),
  );
  const { text } = await call("GET", "/points.csv");
  expect(text.split("\r\n").length).toBeGreaterThan(formulas.length);
  for (const line of text.replace("\uFEFF", "").split("\r\n"))
    for (const cell of line.split(";")) expect(cell).not.toMatch(/^"?[=+@\t\r]|^"?-(?![\d.,]+"?$)/);
});

const injections = [
  ...[
    "' or '1'='1",
    "'; drop table account; --",
    "admin'--",
    '" or ""="',
    "1; select pg_sleep(5)",
    "\\'; --",
  ],
  ...["*", "*)(uid=*", "admin)(&)", "*)(|(uid=*))", "\0", "a\u0000b", "(objectClass=*)", "\\2a", "%00"],
];

test.each(injections)("%j opens nothing and finds nothing", async (text) => {
  clock.ms += 400_000;
  const signIn = await app.inject({
    method: "POST",
    url: "/api/session",
    headers: { host, origin },
    payload: { name: text, password },
  });
  expect(signIn.statusCode).toBeGreaterThanOrEqual(400);
  expect(signIn.statusCode).toBeLessThan(500);
  expect(signIn.headers["set-cookie"]).toBeUndefined();
  const found = await call("GET", `/points?q=${encodeURIComponent(text)}`);
  expect(found.status).toBeLessThan(500);
  if (found.status === 200) expect(found.body.total ?? found.body.rows.length).toBe(0);
});

test("a session that was planted before the sign-in is not the one after it", async () => {
  const planted = "A".repeat(43);
  clock.ms += 400_000;
  const answer = await app.inject({
    method: "POST",
    url: "/api/session",
    headers: { host, origin, cookie: `sid=${planted}; __Host-sid=${planted}` },
    payload: { name: "ana", password },
  });
  expect(answer.statusCode).toBe(201);
  expect(String(answer.headers["set-cookie"])).not.toContain(planted);
  for (const cookie of [`sid=${planted}`, `__Host-sid=${planted}`]) {
    const asked = await app.inject({ url: "/api/session", headers: { host, cookie } });
    expect(asked.statusCode).toBe(401);
  }
});

test.each([
  ["another site", { origin: "https://evil.example" }],
  ["a sandboxed frame", { origin: "null" }],
  ["another port", { origin: "http://127.0.0.1:9999" }],
  ["no origin", {}],
  ["a site that resolves to this machine", { origin: "http://evil.example", host: "evil.example" }],
])("a post of %s is refused, cookie and all", async (_, headers) => {
  const before = await db.query(sql`select count(*) from session`);
  const answer = await app.inject({
    method: "POST",
    url: "/api/devices/trials",
    headers: { host, cookie: person.cookie, "x-csrf-token": person.csrfToken, ...headers },
    payload: { url: "dlms+tcp://10.0.0.1" },
  });
  expect(answer.statusCode).toBeGreaterThanOrEqual(400);
  expect(answer.statusCode).toBeLessThan(500);
  expect((await db.query(sql`select count(*) from session`)).rows).toEqual(before.rows);
  expect((await db.query(sql`select from attempt`)).rowCount).toBe(0);
});

test.each(["text/xml", "application/xml", "application/x-www-form-urlencoded", "text/plain"])(
  "a body of %s is refused",
  async (type) => {
    const bomb = `<!DOCTYPE a [<!ENTITY b "${"x".repeat(100)}"><!ENTITY c "&b;&b;&b;">]><a>&c;</a>`;
    const answer = await app.inject({
      method: "POST",
      url: "/api/devices/trials",
      headers: {
        host,
        origin,
        cookie: person.cookie,
        "x-csrf-token": person.csrfToken,
        "content-type": type,
      },
      payload: bomb,
    });
    expect(answer.statusCode).toBe(415);
  },
);
