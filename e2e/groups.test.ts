import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { marketDayOf } from "@energsys/metering";
import { createFirstToken, startServer } from "@energsys/server";
import { importInventory, sql, storeDeliveries } from "@energsys/store";
import { testDatabase, testKeyProvider } from "@energsys/store/testing";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { launchBrowser } from "./browser.ts";
import { password } from "./sign-in.ts";
import { isBuilt, settle, sidewaysScroll, violations, webRoot } from "./web/fixtures/visit.ts";

/** A folder for pictures of every state, when somebody wants to look at them. */
const pictures = process.env["ENERGSYS_PICTURES"];
const zone = "Europe/Bucharest";
const pointCount = 24;
const nowMs = Date.now();

let browser: Browser;
let closeBrowser: () => Promise<void>;
let server: Awaited<ReturnType<typeof startServer>>;
let database: Awaited<ReturnType<typeof testDatabase>>;
let state: Awaited<ReturnType<Awaited<ReturnType<Browser["newContext"]>>["storageState"]>>;

beforeAll(async () => {
  if (!isBuilt) return;
  database = await testDatabase();
  const { db, url } = database;
  await importInventory(db, {
    branches: [],
    points: Array.from({ length: pointCount }, (_, n) => ({
      pod: `RO005E${510_000_001 + n}`,
      name: n === pointCount - 1 ? "Balanță PT 7" : `Popescu Ion ${n + 1}`,
      address: `Strada Lungă nr. ${n + 1}, Țițești`,
      branch: ["Pitești", n % 2 === 0 ? "PT 7" : "PT 8"],
      phases: n % 3 === 0 ? (3 as const) : (1 as const),
      meter: {
        serial: `${70_000_001 + n}`,
        manufacturer: "TST",
        model: "generic-dlms",
        phases: 1 as const,
        maxCurrentA: n === pointCount - 1 ? 600 : 60,
      },
      installedAt: "2020-01-01T00:00:00Z",
      device: {
        identity: `TST${n}`,
        model: "generic-dlms",
        url: "dlms+tcp://127.0.0.1:4059",
        direction: "dial" as const,
      },
    })),
  });
  const { rows } = await db.query<{ meterId: number; deviceId: number }>(sql`
    select meter_id as "meterId", device_id as "deviceId" from device order by device_id`);
  const today = marketDayOf(nowMs, zone);
  const startMs = today.startMs - 3 * 86_400_000;
  const length = Math.floor((nowMs - startMs) / 900_000);
  await storeDeliveries(
    db,
    rows.map((row, n) => {
      const isBalance = n === pointCount - 1;
      const values = Float64Array.from({ length }, (_, slot) => {
        const evening = 40 + 300 * Math.max(0, Math.sin((((slot % 96) - 30) / 96) * Math.PI * 2));
        // Twelve members of PT 7 behind the balance meter, a tenth lost; one of them fell silent yesterday.
        if (n === 4 && slot > 250) return Number.NaN;
        return Math.round(isBalance ? evening * 11.6 * 1.1 : evening * (0.8 + (n % 5) * 0.1));
      });
      return {
        ...row,
        receivedAtMs: nowMs,
        blocks: [],
        registers: [],
        events: [],
        profiles: [
          {
            obis: "1-0:99.1.0*255",
            periodSeconds: 900,
            columns: [{ obis: "1-0:1.29.0*255", kind: "delta" as const, unit: "Wh", scale: 0 }],
            startsMs: Float64Array.from({ length }, (_, slot) => startMs + slot * 900_000),
            values: [values],
            flags: new Uint16Array(length),
          },
        ],
      };
    }),
    { nowMs, zone },
  );
  server = await startServer({
    databaseUrl: url,
    port: 0,
    webRoot,
    keyProvider: testKeyProvider,
    logLevel: "silent",
    zone,
  });
  ({ browser, close: closeBrowser } = await launchBrowser());
  const context = await browser.newContext();
  const token = await createFirstToken(db, nowMs);
  const origin = server.url;
  await context.request.post(`${origin}/api/first-account`, {
    headers: { origin },
    data: { token, name: "ana.vior", displayName: "Ana Vior", password, language: "en" },
  });
  state = await context.storageState();
  await context.close();
}, 120_000);

afterAll(async () => {
  await closeBrowser?.();
  await server?.stop();
  await database?.drop();
});

async function open(options: {
  width: number;
  scheme?: "light" | "dark";
  language?: "ro" | "en";
}): Promise<Page> {
  const context = await browser.newContext({
    storageState: state,
    viewport: { width: options.width, height: options.width < 600 ? 844 : 900 },
    colorScheme: options.scheme ?? "light",
    reducedMotion: "reduce",
  });
  context.setDefaultTimeout(20_000);
  return context.newPage();
}

async function picture(page: Page, name: string): Promise<void> {
  if (pictures === undefined) return;
  mkdirSync(pictures, { recursive: true });
  await settle(page);
  await page.screenshot({ path: join(pictures, `${name}.png`), fullPage: true });
}

const dialog = (page: Page) => page.locator("[role=dialog]");
const memberCount = (page: Page) => page.locator("#members .e-num").innerText();

describe.skipIf(!isBuilt)("groups", () => {
  test("a group is made by a rule, its effect shown, applied, and taken back", async () => {
    const page = await open({ width: 1280 });
    await page.goto(`${server.url}/cfg/groups`);
    await page.getByRole("button", { name: "New group" }).click();
    await dialog(page).getByLabel("Kind").selectOption("free");
    await dialog(page).getByLabel("Group", { exact: true }).fill("Long street, one phase");
    await dialog(page).getByLabel("Branch", { exact: true }).selectOption({ label: "Pitești" });
    await dialog(page).getByText("1", { exact: true }).click();
    await dialog(page)
      .getByLabel(/Words of code/)
      .fill("lunga");
    await dialog(page).getByText("chooses 16 points now").waitFor();
    await picture(page, "new-group");
    expect(await violations(page, "[role=dialog]")).toEqual([]);
    await dialog(page).getByRole("button", { name: "Make the group" }).click();
    await page.getByRole("heading", { level: 1, name: "Long street, one phase" }).waitFor();
    await page.getByRole("button", { name: "Apply the rule" }).click();
    await dialog(page).getByRole("button", { name: "Show the effect" }).click();
    await dialog(page).getByText("16 points come").waitFor();
    expect(await dialog(page).innerText()).toMatch(/0 → 16 members, from/);
    await dialog(page).getByLabel("Reason").fill("as built");
    await picture(page, "effect");
    expect(await violations(page, "[role=dialog]")).toEqual([]);
    await dialog(page).getByRole("button", { name: "Apply" }).click();
    await page.getByText("The group is changed.").waitFor();
    await expect.poll(() => memberCount(page)).toBe("16");
    await page.getByText("The group is changed.").locator("..").getByRole("button", { name: "Undo" }).click();
    await page.getByText("The change is taken back.").waitFor();
    await expect.poll(() => memberCount(page)).toBe("0");
    // Both stand in the group's own list of changes; taking the taking back back brings the members again.
    await page.locator(".e-change-list").getByRole("button", { name: "Undo" }).click();
    await expect.poll(() => memberCount(page)).toBe("16");
    await page.context().close();
  }, 120_000);

  test("a transformer with its balance meter shows what went in against what its members count", async () => {
    const page = await open({ width: 1280 });
    await page.goto(`${server.url}/cfg/groups`);
    await page.getByRole("button", { name: "New group" }).click();
    await dialog(page).getByLabel("Group", { exact: true }).fill("PT 7");
    await dialog(page).getByLabel("Branch", { exact: true }).selectOption({ label: "Pitești" });
    await dialog(page).getByRole("button", { name: "Make the group" }).click();
    await page.getByRole("heading", { level: 1, name: "PT 7" }).waitFor();
    const pods = Array.from({ length: 12 }, (_, n) => `RO005E${510_000_001 + 2 * n}`);
    const change = async (button: string, codes: string, from: string) => {
      await page.getByRole("button", { name: button }).click();
      await dialog(page).getByLabel(/^From/).fill(from);
      await dialog(page)
        .getByLabel(/Codes of points/)
        .fill(codes);
      await dialog(page).getByRole("button", { name: "Show the effect" }).click();
      await dialog(page).getByLabel("Reason").fill("as built");
      await picture(page, `change-${button.split(" ")[1]}`);
      await dialog(page).getByRole("button", { name: "Apply" }).click();
      await dialog(page).waitFor({ state: "detached" });
    };
    await change("Change members", `${pods.join("\n")}\nRO-NOBODY`, "2026-01-01T00:00");
    await change("Change balance meters", `RO005E${510_000_001 + pointCount - 1}`, "2026-01-01T00:00");
    // The server sums within seconds; the page looks again by itself, or at once when it is loaded anew.
    await expect
      .poll(
        async () => {
          await page.reload();
          await page.locator("#balance").waitFor();
          await settle(page);
          const figures = page.locator(".e-figures");
          return (await figures.count()) === 0 ? "" : figures.innerText();
        },
        { timeout: 60_000 },
      )
      .toMatch(/Balance meters\s+[\d.,]+ kWh/);
    expect(await page.locator(".e-figures").innerText()).toMatch(/of the values are good/);
    await picture(page, "group-1280");
    await page.context().close();
  }, 180_000);

  test.each([
    { width: 1280, scheme: "light" },
    { width: 1280, scheme: "dark" },
    { width: 390, scheme: "light" },
    { width: 390, scheme: "dark" },
  ] as const)(
    "the screens are readable at $width pixels, $scheme",
    async ({ width, scheme }) => {
      const page = await open({ width, scheme });
      await page.goto(`${server.url}/cfg/groups`);
      await page.locator(".e-grid-lines a").first().waitFor();
      await page.locator(".e-check-list button").first().click();
      await page.locator(".e-check-findings li").first().waitFor();
      await settle(page);
      await picture(page, `groups-${width}-${scheme}`);
      expect(await violations(page)).toEqual([]);
      expect(await sidewaysScroll(page)).toBeLessThanOrEqual(0);
      await page.getByRole("link", { name: "PT 7", exact: true }).click();
      await page.locator(".e-figures").waitFor();
      await page.locator(".e-chart canvas").waitFor();
      await settle(page);
      await picture(page, `group-${width}-${scheme}`);
      expect(await violations(page)).toEqual([]);
      expect(await sidewaysScroll(page)).toBeLessThanOrEqual(0);
      await page.context().close();
    },
    120_000,
  );
});
