import { createServer } from "node:http";
import { sql } from "@energsys/store";
import Provider from "oidc-provider";
import { afterAll, beforeEach, expect, test } from "vitest";
import { guardedFetch } from "../src/provider/guarded-fetch.ts";
import { browserOf, firstAccount, host, origin, testServer } from "./harness.ts";
import { freePort } from "./slapd.ts";

// A provider of another project, run here; this server is one of its clients.
const port = await freePort();
const issuer = `http://127.0.0.1:${port}`;
const redirectUri = `${origin}/sign-in/callback`;
const clientSecret = "secretul-clientului-foarte-lung";
/** Who signs in at the provider, and what it says about it. */
let login: { accountId: string; amr?: string[]; acr?: string } = { accountId: "maria" };

const provider = new Provider(issuer, {
  clients: [
    {
      client_id: "energsys",
      client_secret: clientSecret,
      redirect_uris: [redirectUri],
      token_endpoint_auth_method: "client_secret_post",
    },
  ],
  cookies: { keys: ["test"] },
  pkce: { required: () => true },
  acrValues: ["strong"],
  features: { devInteractions: { enabled: false } },
  conformIdTokenClaims: false,
  claims: {
    openid: ["sub", "amr", "acr"],
    profile: ["preferred_username", "name"],
    groups: ["groups"],
  },
  findAccount: (_: unknown, id: string) => ({
    accountId: id,
    claims: () => ({
      sub: id,
      preferred_username: id,
      name: `Provider ${id}`,
      groups: id === "maria" ? ["dispatch"] : [],
    }),
  }),
  interactions: { url: (_: unknown, { uid }: { uid: string }) => `/interaction/${uid}` },
});
const listener = createServer((request, response) => {
  if (!request.url?.startsWith("/interaction/")) return provider.callback()(request, response);
  void (async () => {
    const { prompt, params, session } = await provider.interactionDetails(request, response);
    const merge = { mergeWithLastSubmission: true };
    if (prompt.name === "login") return provider.interactionFinished(request, response, { login }, merge);
    const grant = new provider.Grant({ accountId: session!.accountId, clientId: params.client_id });
    grant.addOIDCScope("openid profile groups");
    const consent = { grantId: await grant.save() };
    return provider.interactionFinished(request, response, { consent }, merge);
  })();
});
await new Promise<void>((resolve) => listener.listen(port, "127.0.0.1", resolve));
afterAll(() => {
  listener.closeAllConnections();
  listener.close();
});

const server = await testServer({ loopbackProviders: true });
const { app, db, clock } = server;
const call = browserOf(server, await firstAccount(server));
const settings = (changes: object = {}) => ({
  issuer,
  otherOrigins: [],
  clientId: "energsys",
  redirectUri,
  scopes: ["profile", "groups"],
  nameClaim: "preferred_username",
  displayNameClaim: "name",
  groupsClaim: "groups",
  membersOnly: false,
  acrValues: [],
  factorMethods: ["otp", "hwk"],
  ...changes,
});
let sourceId = 0;
const use = async (changes: object = {}) => {
  await db.query(sql`update session set stepped_up_at = ${new Date(clock.ms).toISOString()}::timestamptz`);
  const given = {
    label: "Single sign-on",
    enabled: true,
    grants: [{ group: "dispatch", role: "operator", branchId: null }],
    provider: settings(changes),
    secret: clientSecret,
  };
  const answer = await (sourceId === 0
    ? call("POST", "/identity-sources", given)
    : call("PUT", `/identity-sources/${sourceId}`, given));
  expect([200, 201]).toContain(answer.status);
  sourceId = answer.body.sourceId;
};
beforeEach(() => {
  login = { accountId: "maria" };
});

const post = (path: string, payload: object, cookie?: string) =>
  app.inject({
    method: "POST",
    url: `/api${path}`,
    headers: { host, origin, ...(cookie ? { cookie } : {}) },
    payload,
  });
const cookiesOf = (header: unknown) => [header].flat().map((each) => String(each).split(";", 1)[0]!);

const begin = async () => {
  const begun = await post(`/session/provider/${sourceId}`, {});
  return { begun, cookie: cookiesOf(begun.headers["set-cookie"])[0]! };
};

/** The way through the provider's pages, as a browser goes it; returns what it brings back. */
async function visit(location: string): Promise<Record<string, string>> {
  const jar = new Map<string, string>();
  let next = location;
  for (let hops = 0; hops < 12; hops++) {
    if (next.startsWith(redirectUri)) return Object.fromEntries(new URL(next).searchParams);
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join("; ");
    const answer = await fetch(next, { redirect: "manual", headers: cookie ? { cookie } : {} });
    for (const line of answer.headers.getSetCookie()) {
      const [pair = ""] = line.split(";", 1);
      const equals = pair.indexOf("=");
      if (pair.endsWith("=")) jar.delete(pair.slice(0, equals));
      else jar.set(pair.slice(0, equals), pair.slice(equals + 1));
    }
    const to = answer.headers.get("location");
    if (!to) throw new Error(`${answer.status} ${await answer.text()}`);
    next = new URL(to, next).href;
  }
  throw new Error("the provider sends round in circles");
}

async function signIn() {
  const { begun, cookie } = await begin();
  const answer = await visit(begun.json().location);
  return post("/session/provider", answer, cookie);
}

test("who comes back from the provider is in, with the roles of today's groups, known by issuer and subject", async () => {
  await use();
  const { begun } = await begin();
  const { searchParams } = new URL(begun.json().location);
  expect(searchParams.get("code_challenge_method")).toBe("S256");
  for (const name of ["state", "nonce", "code_challenge"])
    expect(searchParams.get(name)?.length).toBeGreaterThan(20);
  const done = await signIn();
  expect(done.statusCode).toBe(201);
  expect(done.json()).toMatchObject({
    account: { name: "maria", displayName: "Provider maria" },
    actions: expect.arrayContaining(["operations.see"]),
  });
  const { rows } = await db.query(sql`select subject from account where name = 'maria'`);
  expect(rows).toEqual([{ subject: `${issuer} maria` }]);
});

test("an answer opens once, only for the browser that left, and only as it was given", async () => {
  await use();
  const { begun, cookie } = await begin();
  const answer = await visit(begun.json().location);
  const other = await begin();
  const refused = async (payload: object, by?: string) => {
    const { statusCode, body } = await post("/session/provider", payload, by);
    return [statusCode, JSON.parse(body).code];
  };
  const refusal = [401, "sign-in.provider-refused"];
  expect(await refused(answer)).toEqual(refusal);
  expect(await refused(answer, other.cookie)).toEqual(refusal);
  expect((await post("/session/provider", answer, cookie)).statusCode).toBe(201);
  expect(await refused(answer, cookie)).toEqual(refusal);
  for (const changed of [{ state: "guessed" }, { code: "guessed" }, { iss: "http://127.0.0.1:1" }]) {
    const again = await begin();
    const came = await visit(again.begun.json().location);
    expect(await refused({ ...came, ...changed }, again.cookie)).toEqual(refusal);
  }
  const late = await begin();
  const came = await visit(late.begun.json().location);
  clock.ms += 11 * 60_000;
  expect(await refused(came, late.cookie)).toEqual(refusal);
});

test("a second factor that the provider saw counts, and a weaker answer than asked for opens nothing", async () => {
  await use();
  const { body: policy } = await call("GET", "/sign-in-policy");
  expect((await call("PUT", "/sign-in-policy", { ...policy, factorFor: "everybody" })).status).toBe(200);
  expect((await signIn()).json().code).toBe("sign-in.factor-needed");
  login = { accountId: "maria", amr: ["pwd", "otp"] };
  expect((await signIn()).statusCode).toBe(201);
  await use({ acrValues: ["strong"] });
  expect((await signIn()).json().code).toBe("sign-in.provider-refused");
  login = { accountId: "maria", amr: ["pwd", "otp"], acr: "strong" };
  expect((await signIn()).statusCode).toBe(201);
});

test("who has no factor here shows anew who they are by a fresh login at the provider, and can then add one", async () => {
  await use();
  const { body: policy } = await call("GET", "/sign-in-policy");
  await call("PUT", "/sign-in-policy", { ...policy, factorFor: "nobody" });
  const asPerson = (done: Awaited<ReturnType<typeof signIn>>) => ({
    cookie: cookiesOf(done.headers["set-cookie"]).find((each) => each.startsWith("sid="))!,
    csrfToken: done.json().csrfToken,
  });
  const maria = asPerson(await signIn());
  // At once: the provider may have asked hours ago.
  const asMaria = browserOf(server, maria);
  const refused = await asMaria("POST", "/account/factors/totp", { label: "telephone" });
  expect([refused.status, refused.body.code]).toEqual([403, "session.step-up-needed"]);
  expect((await asMaria("GET", "/session/proof")).body.ways).toEqual(["provider"]);
  const prove = async (change: (location: URL) => void = () => {}) => {
    const begun = await app.inject({
      method: "POST",
      url: "/api/session/proof/provider",
      headers: { host, origin, cookie: maria.cookie, "x-csrf-token": maria.csrfToken },
    });
    expect(begun.statusCode).toBe(200);
    const location = new URL(begun.json().location);
    expect(location.searchParams.get("prompt")).toBe("login");
    change(location);
    const flow = cookiesOf(begun.headers["set-cookie"])[0]!;
    return { flow, came: await visit(location.href) };
  };
  const finish = async ({ flow, came }: Awaited<ReturnType<typeof prove>>, cookie = maria.cookie) =>
    post("/session/provider", came, [flow, cookie].join("; "));
  // Another person at the provider, no time of the login, or no session: no proof. Another session of hers proves that one alone.
  login = { accountId: "ion" };
  expect((await finish(await prove())).statusCode).toBe(401);
  login = { accountId: "maria" };
  const timeless = await prove(({ searchParams }) => {
    searchParams.delete("max_age");
    searchParams.delete("prompt");
  });
  expect((await finish(timeless)).statusCode).toBe(401);
  const elsewhere = asPerson(await signIn());
  login = { accountId: "maria" };
  expect((await finish(await prove(), "sid=none")).statusCode).toBe(401);
  expect((await finish(await prove(), elsewhere.cookie)).statusCode).toBe(201);
  expect((await asMaria("POST", "/account/factors/totp", { label: "telephone" })).status).toBe(403);

  const done = await finish(await prove());
  expect(done.statusCode).toBe(201);
  const proven = browserOf(server, asPerson(done));
  expect((await proven("POST", "/account/factors/totp", { label: "telephone" })).status).toBe(200);
  expect((await asMaria("GET", "/session")).status).toBe(401);
});

test("when only members may come in, others do not", async () => {
  await use({ membersOnly: true });
  login = { accountId: "ion", amr: ["otp"] };
  expect((await signIn()).json().code).toBe("sign-in.provider-refused");
});

test("a provider that is away, or points elsewhere, is said to be away and is called nowhere else", async () => {
  let called = 0;
  const elsewhere = createServer((_, response) => {
    called += 1;
    response.end("{}");
  });
  const otherPort = await freePort();
  await new Promise<void>((resolve) => elsewhere.listen(otherPort, "127.0.0.1", resolve));
  afterAll(() => elsewhere.close());
  const other = `http://127.0.0.1:${otherPort}`;
  const liar = createServer((_, response) => {
    response.setHeader("content-type", "application/json");
    response.end(
      JSON.stringify({
        issuer: liarIssuer,
        authorization_endpoint: `${other}/a`,
        token_endpoint: `${other}/t`,
        jwks_uri: `${other}/j`,
        response_types_supported: ["code"],
        subject_types_supported: ["public"],
        id_token_signing_alg_values_supported: ["RS256"],
      }),
    );
  });
  const liarPort = await freePort();
  const liarIssuer = `http://127.0.0.1:${liarPort}`;
  await new Promise<void>((resolve) => liar.listen(liarPort, "127.0.0.1", resolve));
  afterAll(() => liar.close());
  await use({ issuer: liarIssuer });
  const { begun, cookie } = await begin();
  const state = new URL(begun.json().location).searchParams.get("state")!;
  const done = await post("/session/provider", { code: "x", state }, cookie);
  expect([done.statusCode, done.json().code]).toEqual([503, "sign-in.provider-away"]);
  expect(called).toBe(0);
  await use({ issuer: `http://127.0.0.1:${await freePort()}` });
  const away = (await begin()).begun;
  expect([away.statusCode, away.json().code]).toEqual([503, "sign-in.provider-away"]);
});

test.each([
  ["http://127.0.0.1:1/x", false],
  ["http://10.0.0.1/x", true],
  ["http://169.254.169.254/latest/meta-data", true],
  ["http://[::ffff:127.0.0.1]:1/x", true],
  ["http://127.0.0.1.evil.example/x", true],
  ["https://other.example/x", true],
  ["file:///etc/passwd", true],
])("%s is not called", async (address, loopback) => {
  const { origin } = new URL(address);
  const origins = address.startsWith("https") ? ["https://issuer.example"] : [origin];
  await expect(guardedFetch(origins, { loopback, mayConnect: () => true })(address)).rejects.toThrow(
    /not HTTPS|not among/,
  );
});
