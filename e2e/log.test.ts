import { createFirstToken, type RunningServer, startServer } from "@energsys/server";
import { addAccount, type Database, importInventory, sql } from "@energsys/store";
import { testDatabase, testKeyProvider, urlOfRole } from "@energsys/store/testing";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launchBrowser } from "./browser.ts";
import { isBuilt, lookRules, settle, sidewaysScroll, violations, webRoot } from "./web/fixtures/visit.ts";

// The activity log and the database's page against the real server, which signs in as the role that it has in an installation.
const password = "trei vrăbii pe un fir";
let db: Database;
let drop: () => Promise<void>;
let server: RunningServer;
let browser: Browser;
let closeBrowser: () => Promise<void>;
let page: Page;
/** Where pictures go, when somebody wants to look. */
const folder = process.env.ENERGSYS_PICTURES;

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
  await importInventory(db, {
    branches: [],
    points: [
      {
        pod: "RO001EMO0000001",
        name: "Brutăria Veche",
        address: "Str. Lungă 1, Țițești",
        branch: ["Argeș", "Pitești"],
        phases: 3,
        meter: { serial: "40001", manufacturer: "ISK", model: "iskra-me162", phases: 3 },
        installedAt: "2024-01-01T00:00:00Z",
        device: {
          identity: "ISK1",
          model: "iskra-me162",
          url: "iec62056-21+tcp://127.0.0.1:1?mode=C",
          direction: "dial",
        },
      },
    ],
  });
  server = await startServer({
    databaseUrl: urlOfRole(made.url, "app_web"),
    port: 0,
    webRoot,
    tls: undefined,
    keyProvider: testKeyProvider,
  });
  ({ browser, close: closeBrowser } = await launchBrowser());
  page = await (await context()).newPage();
  await page.goto(`${server.url}/first-run#token=${await createFirstToken(db, Date.now())}`);
  await page.getByLabel("Your name").fill("Ana Vior");
  await page.getByLabel("Sign-in name").fill("ana.vior");
  await page.locator("input[type=password]").fill(password);
  await page.locator("button[type=submit]").click();
  await page.getByRole("heading", { level: 1 }).filter({ hasNotText: "Welcome" }).waitFor();
}, 180_000);
afterAll(async () => {
  await closeBrowser?.();
  await server?.stop();
  await drop?.();
});

/** A second person with a role, signed in by the form; everybody here has the password of the first account. */
async function colleague(name: string, role: string): Promise<Page> {
  const { rows } = await db.query<{ hash: string }>(
    sql`select password_hash as hash from account where account_id = 1`,
  );
  const passwordHash = rows[0]!.hash;
  const account = await addAccount(db, { name, displayName: name, passwordHash, language: "en" });
  await db.query(sql`
    insert into role_grant (account_id, role_id, valid_from)
    select ${account!.accountId}, role_id, now() - interval '2 days' from role where ready = ${role}`);
  const own = await (await context()).newPage();
  await own.goto(`${server.url}/sign-in`);
  await own.locator("input").first().fill(name);
  await own.locator("input[type=password]").fill(password);
  await own.keyboard.press("Enter");
  await own.waitForURL((url) => !url.pathname.startsWith("/sign-in"));
  return own;
}

test.skipIf(!isBuilt)(
  "a CT ratio is changed by two people: one asks with a reason, another approves",
  async () => {
    await page.goto(`${server.url}/points/1?tab=configuration`);
    await page.getByRole("button", { name: "Change ratios" }).click();
    await page.getByLabel("CT ratio").fill("40");
    await page.getByLabel("Reason").fill("Transformatoare noi 200/5");
    await page.getByRole("button", { name: "Ask for approval" }).click();
    await page.getByText("your own: another person decides").waitFor();
    expect(await page.getByRole("button", { name: "Approve" }).count()).toBe(0);

    const billing = await colleague("bia.pop", "billing");
    await billing.goto(`${server.url}/points`);
    await billing.getByRole("link", { name: "Approvals" }).click();
    const row = billing.getByRole("row").filter({ hasText: "Transformatoare noi 200/5" });
    await row.waitFor();
    if (folder) await billing.screenshot({ path: `${folder}/approvals-open.png` });
    await row.getByRole("button", { name: "Approve" }).click();
    const dialog = billing.getByRole("dialog");
    await dialog.getByLabel("Note (optional)").waitFor();
    const shown = (await dialog.innerText()).replaceAll(/\s+/g, " ");
    expect(shown).toContain("1 × 1");
    expect(shown).toContain("40 × 1");
    await settle(billing);
    if (folder) await billing.screenshot({ path: `${folder}/approvals-dialog.png` });
    expect(await violations(billing)).toEqual([]);
    await dialog.getByRole("button", { name: "Approve" }).click();
    await billing.getByText("Nothing waits for approval").waitFor();
    await billing.context().close();
    await page.reload();
    await page.getByText("40 × 1").first().waitFor();
  },
);

test.skipIf(!isBuilt)(
  "J8: an auditor finds in three steps and less than 20 s who changed the CT ratio of a point, from what to what and why",
  async () => {
    const auditor = await colleague("aud.itor", "auditor");
    await auditor.goto(`${server.url}/points`);
    await auditor.getByRole("link", { name: "RO001EMO0000001" }).first().waitFor();
    const begunMs = Date.now();
    let steps = 0;
    const step = async (work: () => Promise<void>) => {
      steps += 1;
      await work();
    };
    await step(() => auditor.getByRole("link", { name: "RO001EMO0000001" }).first().click());
    await step(() => auditor.getByRole("link", { name: "Its log" }).first().click());
    let words = "";
    await step(async () => {
      const row = auditor
        .getByRole("row")
        .filter({ hasText: /1\s*→\s*40/ })
        .filter({ hasText: "Transformatoare noi 200/5" });
      words = (await row.first().innerText()).replaceAll(/\s+/g, " ");
    });
    expect(steps).toBeLessThanOrEqual(3);
    expect(Date.now() - begunMs).toBeLessThan(20_000);
    // Who changed it and who had asked for it, from what to what, and why.
    expect(words).toContain("bia.pop");
    expect(words).toContain("asked for by ana.vior");
    expect(words).toMatch(/1 → 40/);
    await auditor.context().close();
  },
);

test.skipIf(!isBuilt)("a person's and a device's page lead to their part of the log", async () => {
  await page.goto(`${server.url}/adm/users/1`);
  await page.getByRole("link", { name: "Its log" }).click();
  await page.waitForURL(/object=account/);
  await page.getByText("granted right").first().waitFor();
  await page.goto(`${server.url}/adm/users/1`);
  await page.getByRole("link", { name: "What they did" }).click();
  await page.getByText("asked for other ratios").first().waitFor();
  await page.goto(`${server.url}/points/1?tab=configuration`);
  await page.getByRole("link", { name: "Its log" }).nth(1).click();
  await page.waitForURL(/object=device/);
});

test.skipIf(!isBuilt)("the connection of the database is tested step by step", async () => {
  await page.goto(`${server.url}/adm/database`);
  await page.getByText("All privileges are as they should be").waitFor();
  await page.getByRole("button", { name: "Test the connection" }).click();
  await page.getByText("Written and rolled back").waitFor();
  expect(await page.getByText("failed").count()).toBe(0);
});

const screens = [
  { name: "log-parametrisation", path: "/adm/log", ready: ".e-log-table" },
  { name: "log-application", path: "/adm/log?tab=application", ready: ".e-log-table" },
  { name: "log-communication", path: "/adm/log?tab=communication", ready: "[role=tabpanel]:visible" },
  { name: "approvals", path: "/cfg/approvals?show=all", ready: ".e-list-table" },
  { name: "database", path: "/adm/database", ready: "#database-privileges" },
];
test.skipIf(!isBuilt).each(screens)(
  "$name has no fault that axe finds, light on a desk and dark on a phone",
  async ({ name, path, ready }) => {
    // A difference is shown too, not only that all is well.
    await db.query(sql`grant select on account to report_ro`);
    const state = await page.context().storageState();
    const ctx = await context({
      storageState: state,
      colorScheme: "light",
      viewport: { width: 1280, height: 860 },
    });
    const visited = await ctx.newPage();
    await visited.goto(`${server.url}${path}`);
    await visited.locator(ready).first().waitFor();
    for (const [width, scheme, rules] of [
      [1280, "light", undefined],
      [390, "dark", lookRules],
    ] as const) {
      await visited.emulateMedia({ colorScheme: scheme });
      await visited.setViewportSize({ width, height: 860 });
      await settle(visited);
      expect(await violations(visited, "html", rules)).toEqual([]);
      expect(await sidewaysScroll(visited)).toBeLessThanOrEqual(0);
      if (folder)
        await visited.screenshot({ path: `${folder}/${name}-${scheme}-${width}.png`, fullPage: true });
    }
    await ctx.close();
  },
  60_000,
);
