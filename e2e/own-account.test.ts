import { createHmac, randomBytes } from "node:crypto";
import { createFirstToken, type RunningServer, startServer } from "@energsys/server";
import { type Database, defaultNetworks, masterKeyProvider, sql, writeNetworks } from "@energsys/store";
import { testDatabase } from "@energsys/store/testing";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launchBrowser } from "./browser.ts";
import { isBuilt, lookRules, settle, sidewaysScroll, violations, webRoot } from "./web/fixtures/visit.ts";

// One's own account and the settings of signing in, against the real server. By its name, not its address: a browser makes a
// security key only for a name.
const password = "trei vrăbii pe un fir";
let db: Database;
let drop: () => Promise<void>;
let server: RunningServer;
let url: string;
let browser: Browser;
let closeBrowser: () => Promise<void>;
let ana: Page;

async function context(options: object = {}): Promise<BrowserContext> {
  const made = await browser.newContext({
    viewport: { width: 1280, height: 900 },
    locale: "en-GB",
    reducedMotion: "reduce",
    ...options,
  });
  made.setDefaultTimeout(15_000);
  return made;
}

beforeAll(async () => {
  const made = await testDatabase();
  ({ db, drop } = made);
  // One test asks a directory at this machine, where none is asked unless told.
  await writeNetworks(db, { ...defaultNetworks, directories: ["127.0.0.1"] });
  server = await startServer({
    databaseUrl: made.url,
    port: 0,
    webRoot,
    tls: undefined,
    keyProvider: masterKeyProvider([new Uint8Array(randomBytes(32))]),
  });
  url = server.url.replace("127.0.0.1", "localhost");
  ({ browser, close: closeBrowser } = await launchBrowser());
  ana = await (await context()).newPage();
  await ana.goto(`${url}/first-run#token=${await createFirstToken(db, Date.now())}`);
  await ana.getByLabel("Your name").fill("Ana Vior");
  await ana.getByLabel("Sign-in name").fill("ana.vior");
  await ana.locator("input[type=password]").fill(password);
  await ana.locator("button[type=submit]").click();
  await ana.getByRole("heading", { level: 1 }).filter({ hasNotText: "Welcome" }).waitFor();
}, 180_000);
afterAll(async () => {
  await closeBrowser?.();
  await server?.stop();
  await drop?.();
});

const base32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
let secret = "";
/** What a telephone shows (RFC 6238, written out here so that it owes nothing to the library of the server). */
function codeAt(ms: number): string {
  const bits = [...secret].map((letter) => base32.indexOf(letter).toString(2).padStart(5, "0")).join("");
  const key = Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
  const step = Buffer.alloc(8);
  step.writeBigUInt64BE(BigInt(Math.floor(ms / 30_000)));
  const mac = createHmac("sha1", key).update(step).digest();
  const number = mac.readUInt32BE(mac[19]! & 15) & 0x7fffffff;
  return String(number % 1_000_000).padStart(6, "0");
}
/** A code is taken once: as if the last one had been used long ago. */
const forgetLastCode = () => db.query(sql`update second_factor set last_step = 0 where kind = 'totp'`);

/** Types name and password, as far as the second step. */
async function typePassword(page: Page): Promise<void> {
  await page.goto(`${url}/sign-in`);
  await page.locator("input[name=name]").fill("ana.vior");
  await page.locator("input[name=password]").fill(password);
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "Second step" }).waitFor();
}

test.skipIf(!isBuilt)("an authenticator is added after a fresh proof, with the keyboard alone", async () => {
  await db.query(sql`update session set stepped_up_at = now() - interval '10 minutes'`);
  await ana.goto(`${url}/op`);
  await ana.getByRole("button", { name: "Account: Ana Vior" }).click();
  await ana.getByRole("menuitem", { name: "My account" }).click();
  await ana.getByRole("heading", { level: 1, name: "My account" }).waitFor();
  await ana.getByRole("button", { name: "Add a factor" }).focus();
  await ana.keyboard.press("Enter");
  const dialog = ana.getByRole("dialog", { name: "Add a factor" });
  await dialog.getByLabel("How do you call it?").waitFor();
  await expect.poll(() => ana.evaluate(() => document.activeElement?.tagName)).toBe("INPUT");
  await ana.keyboard.type("my telephone");
  await ana.keyboard.press("Enter");
  // Somebody who found the browser open gets no further.
  const proof = ana.getByRole("dialog", { name: "Is it still you?" });
  await proof.locator("input[type=password]").waitFor();
  await expect
    .poll(() => ana.evaluate(() => (document.activeElement as HTMLInputElement).type))
    .toBe("password");
  await ana.keyboard.type(password);
  await ana.keyboard.press("Enter");
  await proof.waitFor({ state: "detached" });
  secret = ((await dialog.locator("code").textContent()) ?? "").replaceAll(" ", "");
  await expect
    .poll(() => ana.evaluate(() => (document.activeElement as HTMLInputElement).inputMode))
    .toBe("numeric");
  await ana.keyboard.type(codeAt(Date.now()));
  await ana.keyboard.press("Enter");
  await dialog.getByText("Your recovery codes").waitFor();
  expect(((await dialog.locator("pre").textContent()) ?? "").split("\n")).toHaveLength(10);
  await dialog.getByRole("button", { name: "I have kept them" }).click();
  await dialog.waitFor({ state: "detached" });
  await ana.getByText("10 recovery codes are left.").waitFor();
  await ana.getByText("my telephone").waitFor();
});

test.skipIf(!isBuilt)(
  "password and code sign in elsewhere; that session is seen and ended from here",
  async () => {
    const elsewhere = await context();
    const page = await elsewhere.newPage();
    await typePassword(page);
    await page.getByLabel("Code", { exact: true }).fill("000000");
    await page.keyboard.press("Enter");
    await page.getByRole("alert").waitFor();
    await db.query(sql`delete from sign_in_failure`);
    await forgetLastCode();
    await page.getByLabel("Code", { exact: true }).fill(codeAt(Date.now()));
    await page.keyboard.press("Enter");
    await page.getByRole("navigation", { name: "Main menu" }).waitFor();

    await ana.reload();
    await ana.getByText("This browser").waitFor();
    await ana.getByText(/Chrome \d+/).waitFor();
    await ana.getByRole("button", { name: /^End: / }).click();
    await ana.getByText(/Chrome \d+/).waitFor({ state: "detached" });
    await page.getByRole("link", { name: "Points of measure" }).click();
    await page.locator("input[type=password]").waitFor();
    await elsewhere.close();
  },
);

test.skipIf(!isBuilt)("a token opens what it is for, and nothing once it is revoked", async () => {
  await ana.getByRole("button", { name: "Make a token" }).click();
  const dialog = ana.getByRole("dialog", { name: "Make a token" });
  await dialog.getByLabel("What is it for?").fill("billing");
  await dialog.getByRole("checkbox", { name: "Points of measure – see" }).check();
  await dialog.getByRole("button", { name: "Make the token" }).click();
  await dialog.getByText("It is shown this once").waitFor();
  const token = (await dialog.locator("code").textContent()) ?? "";
  await dialog.getByRole("button", { name: "I have kept it" }).click();
  const call = (path: string) =>
    fetch(`${server.url}/api${path}`, { headers: { authorization: `Bearer ${token}` } }).then(
      ({ status }) => status,
    );
  expect(await call("/points")).toBe(200);
  expect(await call("/accounts")).toBe(403);
  await ana.getByRole("button", { name: "Revoke: billing" }).click();
  await ana.getByText("None. A program that calls the API").waitFor();
  expect(await call("/points")).toBe(401);
});

test.skipIf(!isBuilt)("a security key is added, and signs in", async () => {
  const devtools = await ana.context().newCDPSession(ana);
  await devtools.send("WebAuthn.enable");
  const { authenticatorId } = await devtools.send("WebAuthn.addVirtualAuthenticator", {
    options: {
      protocol: "ctap2",
      transport: "usb",
      hasResidentKey: false,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  await ana.getByRole("button", { name: "Add a factor" }).click();
  const dialog = ana.getByRole("dialog", { name: "Add a factor" });
  await dialog.getByLabel("How do you call it?").fill("blue key");
  await dialog.getByRole("button", { name: "Security key" }).click();
  await dialog.waitFor({ state: "detached" });
  await ana.getByText("blue key").waitFor();
  const { credentials } = await devtools.send("WebAuthn.getCredentials", { authenticatorId });
  expect(credentials.map(({ rpId }) => rpId)).toEqual(["localhost"]);

  await ana.context().clearCookies();
  await typePassword(ana);
  await ana.getByRole("button", { name: "Use the security key" }).click();
  await ana.getByRole("navigation", { name: "Main menu" }).waitFor();
  const { rows } = await db.query<{ ways: string[] }>(
    sql`select ways from session where stage = 'full' order by created_at desc limit 1`,
  );
  expect(rows[0]?.ways).toEqual(["password", "webauthn"]);
});

test.skipIf(!isBuilt)(
  "the settings of signing in: a directory that does not answer, the policy, a sealed account",
  async () => {
    await ana.goto(`${url}/adm/sign-in`);
    await ana.getByRole("button", { name: "Add an LDAP directory" }).click();
    const dialog = ana.getByRole("dialog", { name: "Directories and providers" });
    await dialog.getByLabel("Name on the sign-in page").fill("Town");
    await dialog.getByLabel(/^Servers/).fill("ldap://127.0.0.1:1");
    await dialog.getByLabel("Service account (DN)").fill("cn=reader,dc=test");
    await dialog.getByLabel("Where people are looked for (DN)").fill("dc=test");
    await dialog.getByLabel("Password of the service account").fill("secret");
    await dialog.getByRole("button", { name: "Try now, without storing" }).click();
    await dialog.getByRole("listitem").filter({ hasText: "Connection" }).waitFor();
    await dialog.getByText("127.0.0.1:1").first().waitFor();
    await dialog.getByRole("button", { name: "Store" }).click();
    await dialog.waitFor({ state: "detached" });
    await ana.getByText("Town", { exact: true }).waitFor();

    await ana.getByLabel("Characters of a password at least").fill("14");
    await ana.getByLabel("Second factor", { exact: true }).selectOption({ label: "For the roles below" });
    await ana.getByRole("button", { name: "Store" }).click();
    await ana.getByText("Stored").waitFor();
    const { rows } = await db.query<{ min: number }>(
      sql`select (value ->> 'passwordLengthMin')::int as min from setting where name = 'sign-in-policy'`,
    );
    expect(rows).toEqual([{ min: 14 }]);

    await ana.getByRole("button", { name: "Make it: break-glass-1" }).click();
    const sealed = (await ana.getByRole("status").locator("code").textContent()) ?? "";
    expect(sealed).toMatch(/^([a-z2-9]{5}-){5}[a-z2-9]{5}$/);
    await ana.getByText(/^sealed /).waitFor();
  },
);

test.skipIf(!isBuilt)(
  "an account that lay unused is renewed, and a colleague's factors are taken away",
  async () => {
    const { csrfToken } = await (await ana.request.get(`${url}/api/session`)).json();
    const headers = { origin: url, "x-csrf-token": csrfToken };
    const policy = await (await ana.request.get(`${url}/api/sign-in-policy`)).json();
    await ana.request.put(`${url}/api/sign-in-policy`, { headers, data: { ...policy, unusedDaysMax: 30 } });
    await ana.request.post(`${url}/api/accounts`, {
      headers,
      data: { name: "ion", displayName: "Ion Ionescu", language: "en" },
    });
    await db.query(sql`update account set created_at = now() - interval '90 days' where name = 'ion'`);
    await db.query(sql`
    insert into recovery_code (account_id, code_sha256) select account_id, '\\x00' from account where name = 'ion'`);
    await ana.goto(`${url}/adm/users`);
    await ana.getByText("refused: unused for too long").waitFor();
    await ana.getByRole("link", { name: "Ion Ionescu" }).click();
    await ana.getByRole("button", { name: "Renew the account" }).click();
    await ana.getByRole("button", { name: "Renew the account" }).waitFor({ state: "detached" });
    await ana.getByText("refused: unused for too long").waitFor({ state: "detached" });

    await ana.getByRole("button", { name: "Reset second factors" }).click();
    await ana.getByRole("button", { name: "Take them away" }).click();
    await ana.getByText("Ion Ionescu has no second factor any more.").waitFor();
    const { rows } = await db.query(
      sql`select from recovery_code join account using (account_id) where name = 'ion'`,
    );
    expect(rows).toEqual([]);
  },
);

const screens = [
  { name: "sign-in", path: "/sign-in", signedIn: false, ready: "form" },
  { name: "second step", path: "/sign-in", signedIn: false, step: true, ready: "h2" },
  {
    name: "back from a provider",
    path: "/sign-in/callback?error=access_denied",
    signedIn: false,
    ready: "[role=alert]",
  },
  { name: "account", path: "/account", ready: ".e-panel li" },
  { name: "a new factor", path: "/account", ready: ".e-panel li", open: ".e-panel-head button >> nth=0" },
  { name: "a new token", path: "/account", ready: ".e-panel li", open: ".e-panel-head button >> nth=-1" },
  { name: "settings of sign-in", path: "/adm/sign-in", ready: "form" },
  { name: "a source", path: "/adm/sign-in", ready: "form", open: ".e-panel-body button >> nth=0" },
];
const folder = process.env.ENERGSYS_PICTURES;

test.skipIf(!isBuilt).each(screens)(
  "$name has no fault that axe finds, light on a desk and dark on a phone",
  async ({ name, path, ready, signedIn = true, step = false, open }) => {
    const state = await ana.context().storageState();
    const ctx = await context({
      ...(signedIn ? { storageState: state } : {}),
      colorScheme: "light",
      viewport: { width: 1280, height: 860 },
    });
    const page = await ctx.newPage();
    await page.goto(`${url}${path}`);
    await page
      .locator(ready === "h2" ? "form" : ready)
      .first()
      .waitFor();
    if (step) {
      await page.locator("input[name=name]").fill("ana.vior");
      await page.locator("input[name=password]").fill(password);
      await page.keyboard.press("Enter");
      await page.locator("h2").waitFor();
      await page.locator("form").waitFor();
    }
    if (open !== undefined) {
      await page.locator(open).click();
      await page.getByRole("dialog").locator("form").waitFor();
    }
    for (const [width, scheme, rules] of [
      [1280, "light", undefined],
      [390, "dark", lookRules],
    ] as const) {
      await page.emulateMedia({ colorScheme: scheme });
      await page.setViewportSize({ width, height: 860 });
      await settle(page);
      expect(await violations(page, open === undefined ? "html" : "[role=dialog]", rules)).toEqual([]);
      expect(await sidewaysScroll(page)).toBeLessThanOrEqual(0);
      if (folder) await page.screenshot({ path: `${folder}/${name}-${scheme}-${width}.png`, fullPage: true });
    }
    await ctx.close();
  },
);

test.skipIf(!isBuilt)(
  "who signs in by a provider is sent there to show who they are, and told when it is away",
  async () => {
    await db.query(sql`delete from second_factor`);
    await db.query(sql`
    with source as (
      insert into identity_source (kind, label, enabled, settings)
      values ('oidc', 'Single sign-on', true, ${JSON.stringify({
        issuer: "https://localhost:1",
        otherOrigins: [],
        clientId: "energsys",
        redirectUri: `${url}/sign-in/callback`,
        scopes: [],
        nameClaim: "sub",
        displayNameClaim: "name",
        groupsClaim: "groups",
        membersOnly: false,
        acrValues: [],
        factorMethods: [],
      })}::jsonb) returning source_id)
    update account set source_id = source.source_id, subject = 'town ana', password_hash = null, language = 'en' from source
    where name = 'ana.vior'`);
    await db.query(sql`update session set stepped_up_at = null`);
    await ana.goto(`${url}/account`);
    await ana.getByText("Your password is kept by your organisation").waitFor();
    await ana.getByRole("button", { name: "Add a factor" }).click();
    await ana.keyboard.type("my telephone");
    await ana.keyboard.press("Enter");
    const proof = ana.getByRole("dialog", { name: "Is it still you?" });
    await proof.getByRole("button", { name: "Sign in there again" }).click();
    await proof.getByText("sign-in.provider-away").first().waitFor();
    await settle(ana);
    expect(await violations(ana, "[role=dialog]")).toEqual([]);
    if (folder) await ana.screenshot({ path: `${folder}/proof by a provider.png` });
  },
);
