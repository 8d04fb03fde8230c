import { createFirstToken, type RunningServer, startServer } from "@energsys/server";
import { type Database, importInventory, sql } from "@energsys/store";
import { testDatabase, testKeyProvider } from "@energsys/store/testing";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launchBrowser } from "./browser.ts";
import { isBuilt, lookRules, settle, sidewaysScroll, violations, webRoot } from "./web/fixtures/visit.ts";

// The screens of people and rights against the real server, as an administrator and the people meet them.
const password = "trei vrăbii pe un fir";
let db: Database;
let drop: () => Promise<void>;
let server: RunningServer;
let browser: Browser;
let closeBrowser: () => Promise<void>;
let admin: Page;

const point = (n: number, branch: string[]) => ({
  pod: `RO001EMO000000${n}`,
  name: `Loc ${n}`,
  address: `Str. Lungă ${n}, Țițești`,
  branch,
  phases: 1 as const,
  meter: { serial: `4000${n}`, manufacturer: "ISK", model: "iskra-me162", phases: 1 as const },
  installedAt: "2024-01-01T00:00:00Z",
  device: {
    identity: `ISK${n}`,
    model: "iskra-me162",
    url: `iec62056-21+tcp://127.0.0.1:1?mode=C`,
    direction: "dial" as const,
  },
});

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

const call = async (page: Page, method: "POST" | "GET", path: string, data?: object) => {
  const { csrfToken } = await (await page.request.get(`${server.url}/api/session`)).json();
  const answer = await page.request.fetch(`${server.url}/api${path}`, {
    method,
    headers: { origin: server.url, "x-csrf-token": csrfToken },
    ...(data ? { data } : {}),
  });
  return answer.json();
};

beforeAll(async () => {
  const made = await testDatabase();
  ({ db, drop } = made);
  await importInventory(db, {
    branches: [],
    points: [
      point(1, ["Argeș", "Pitești"]),
      point(2, ["Argeș", "Pitești", "PT 7"]),
      point(3, ["Argeș", "Câmpulung"]),
    ],
  });
  server = await startServer({
    databaseUrl: made.url,
    port: 0,
    webRoot,
    tls: undefined,
    keyProvider: testKeyProvider,
  });
  ({ browser, close: closeBrowser } = await launchBrowser());
  const ctx = await context();
  admin = await ctx.newPage();
  await admin.goto(`${server.url}/first-run#token=${await createFirstToken(db, Date.now())}`);
  await admin.getByLabel("Your name").fill("Ana Vior");
  await admin.getByLabel("Sign-in name").fill("ana.vior");
  await admin.locator("input[type=password]").fill(password);
  await admin.locator("button[type=submit]").click();
  await admin.getByRole("heading", { level: 1 }).filter({ hasNotText: "Welcome" }).waitFor();
  // A colleague who is operator of the whole network.
  const { roles } = await call(admin, "GET", "/roles");
  const operator = roles.find((role: { ready: string }) => role.ready === "operator");
  await call(admin, "POST", "/accounts", {
    name: "ion",
    displayName: "Ion Ionescu",
    language: "en",
    grants: [{ roleId: operator.roleId, branchId: null }],
  });
}, 180_000);
afterAll(async () => {
  await closeBrowser?.();
  await server?.stop();
  await drop?.();
});

let invitation = "";

test.skipIf(!isBuilt)("J14: a new user gets a colleague's rights for one branch in five steps", async () => {
  await admin.goto(`${server.url}/adm/users`);
  await admin.getByRole("link", { name: "Add a user" }).click(); // 1
  await admin.getByLabel("Name", { exact: true }).fill("Maria Stan"); // 2
  await admin.getByLabel("Sign-in name").fill("maria");
  await admin.getByLabel("Colleague", { exact: true }).selectOption({ label: "Ion Ionescu" }); // 3
  await admin.getByLabel("Branch", { exact: true }).selectOption({ label: "Argeș › Pitești" }); // 4
  await admin.getByText("What is copied: Operator").waitFor();
  await admin.getByRole("button", { name: "Add the user" }).click(); // 5
  invitation = (await admin.locator("code").textContent()) ?? "";
  expect(invitation).toMatch(/\/invitation#[\w-]{32}$/);
});

test.skipIf(!isBuilt)(
  "the invited person chooses a password, sees only the branch, and is told whom to ask",
  async () => {
    const ctx = await context();
    const page = await ctx.newPage();
    await page.goto(invitation);
    await page.getByText("Your sign-in name is maria").waitFor();
    expect(page.url()).not.toContain("#");
    await page.getByLabel("Password", { exact: true }).fill("unu doi trei ajung acum");
    await page.getByLabel("The same once more").fill("unu doi trei ajung acum");
    await page.getByRole("button", { name: "Set the password" }).click();
    await page.getByLabel("Sign-in name").or(page.locator("input[name=name]")).first().fill("maria");
    await page.locator("input[type=password]").fill("unu doi trei ajung acum");
    await page.locator("button[type=submit]").click();
    await page.getByRole("heading", { name: "Operations" }).waitFor();
    await page
      .getByRole("navigation", { name: "Main menu" })
      .getByRole("link", { name: "Points of measure" })
      .click();
    await page.getByText("RO001EMO0000002").waitFor();
    expect(await page.getByText("RO001EMO0000003").count()).toBe(0);
    expect(await page.getByText("Scope: Pitești").count()).toBe(1);
    expect(await page.getByRole("link", { name: "Users & rights" }).count()).toBe(0);
    await page.keyboard.press("Control+k");
    await page.getByRole("dialog").getByRole("combobox").fill("users");
    expect(await page.getByRole("option", { name: /Users & rights/ }).count()).toBe(0);
    await page.goto(`${server.url}/adm/users`);
    await page.getByText("You need the right Users & rights – see").waitFor();
    await page.getByText("Ask Ana Vior.").waitFor();

    // What is taken away is gone with the next call, the menu follows.
    await page.goto(`${server.url}/op`);
    await page.getByRole("heading", { name: "Operations" }).waitFor();
    await db.query(sql`update account set disabled = true where name = 'maria'`);
    await page.getByRole("link", { name: "Points of measure" }).click();
    await page.locator("input[type=password]").waitFor();
    await db.query(sql`update account set disabled = false where name = 'maria'`);
    await ctx.close();
  },
);

test.skipIf(!isBuilt)(
  "a change shows what it does before it is saved, and the log of grants knows it",
  async () => {
    await admin.goto(`${server.url}/adm/users`);
    await admin.getByRole("link", { name: "Maria Stan" }).click();
    await admin.getByRole("combobox", { name: "Role" }).selectOption({ label: "Technician" });
    await admin.getByLabel("Branch", { exact: true }).selectOption({ label: "Argeș › Câmpulung" });
    await admin.getByRole("button", { name: "Add to the change" }).click();
    await admin.getByText(/Gains: .*Devices – change/).waitFor();
    await admin.getByText("Sees 3 points: 1 more, 0 fewer than now.").waitFor();
    await admin.getByRole("button", { name: "Save the change" }).click();
    await admin.getByRole("cell", { name: "Technician", exact: true }).waitFor();
    await admin.getByRole("button", { name: "Take away: Technician" }).click();
    await admin.getByText(/Loses: .*Devices – change/).waitFor();
    await admin.getByRole("button", { name: "Save the change" }).click();
    await admin.getByRole("cell", { name: "Technician", exact: true }).waitFor({ state: "detached" });
  },
);

test.skipIf(!isBuilt)(
  "seeing as somebody else shows their pages under a banner and changes nothing",
  async () => {
    await admin.getByRole("button", { name: "See as this user" }).click();
    await admin.getByText("You look at the system as Maria Stan does").waitFor();
    expect(await admin.getByRole("link", { name: "Users & rights" }).count()).toBe(0);
    await admin.getByRole("link", { name: "Points of measure" }).click();
    await admin.getByText("RO001EMO0000002").waitFor();
    expect(await admin.getByText("RO001EMO0000003").count()).toBe(0);
    await admin.getByRole("link", { name: "RO001EMO0000002" }).click();
    await admin.getByRole("button", { name: "Read now" }).click();
    await admin.getByText("Nothing can be changed while you look as somebody else.").waitFor();
    await admin.getByRole("button", { name: "Back to my own view" }).click();
    await admin.getByRole("link", { name: "Add a user" }).waitFor();
  },
);

test.skipIf(!isBuilt)("a ready-made role is copied and changed", async () => {
  await admin.goto(`${server.url}/adm/roles`);
  await admin.getByRole("button", { name: "Copy: Planner" }).click();
  await admin.getByLabel("Name of the role").fill("Planner who reads");
  await admin.getByRole("checkbox", { name: "Points of measure: command" }).check();
  await admin.getByRole("button", { name: "Save the role" }).click();
  await admin.getByRole("button", { name: "Edit: Planner who reads" }).click();
  await admin.getByRole("checkbox", { name: "Operations: see" }).uncheck();
  await admin.getByText("Loses: Operations – see").waitFor();
  await admin.getByRole("button", { name: "Save the role" }).click();
  await admin.getByRole("button", { name: "Edit: Planner who reads" }).waitFor();
});

const screens = [
  { name: "people", path: "/adm/users", ready: "table" },
  { name: "a new person", path: "/adm/users/new", ready: "form" },
  { name: "a person", path: "/adm/users/1", ready: "#may" },
  { name: "roles", path: "/adm/roles", ready: "table" },
  { name: "access review", path: "/adm/access", ready: "table" },
  { name: "an invitation that is not valid", path: "/invitation#nothing", ready: "[role=alert]" },
];
const folder = process.env.ENERGSYS_PICTURES;

test.skipIf(!isBuilt).each(screens)(
  "$name has no fault that axe finds, light on a desk and dark on a phone",
  async ({ name, path, ready }) => {
    const state = await admin.context().storageState();
    const ctx = await context({
      storageState: state,
      colorScheme: "light",
      viewport: { width: 1280, height: 860 },
    });
    const page = await ctx.newPage();
    await page.goto(`${server.url}${path}`);
    await page.locator(ready).first().waitFor();
    for (const [width, scheme, rules] of [
      [1280, "light", undefined],
      [390, "dark", lookRules],
    ] as const) {
      await page.emulateMedia({ colorScheme: scheme });
      await page.setViewportSize({ width, height: 860 });
      await settle(page);
      expect(await violations(page, "html", rules)).toEqual([]);
      expect(await sidewaysScroll(page)).toBeLessThanOrEqual(0);
      if (folder) await page.screenshot({ path: `${folder}/${name}-${scheme}-${width}.png`, fullPage: true });
    }
    await ctx.close();
  },
);
