import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { startHeadend } from "@energsys/headend";
import { createFirstToken, type RunningServer, startServer } from "@energsys/server";
import { importInventory } from "@energsys/store";
import { testDatabase, testKeyProvider } from "@energsys/store/testing";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { launchBrowser } from "./browser.ts";
import { password } from "./sign-in.ts";
import { isBuilt, webRoot } from "./web/fixtures/visit.ts";

// What comes from a concentrator, and what comes on foot in a file, from the first sight to the values: the concentrator's own
// program above a virtual field in a process of its own, the real head-end, server and database, and a browser.

const zone = "Europe/Bucharest";
const identity = "ENC0000000000041";
const serial = "70600001";

let browser: Browser;
let page: Page;
let server: RunningServer;
let field: ChildProcess;
const ends: (() => unknown)[] = [];

beforeAll(async () => {
  if (!isBuilt) return;
  const { db, url, drop } = await testDatabase();
  ends.push(drop);
  await importInventory(db, {
    branches: [],
    points: [
      {
        pod: "RO005E600000001",
        name: "Popescu Ion",
        address: "Strada Lungă nr. 1, Țițești",
        branch: ["Pitești"],
        phases: 1,
        meter: { serial, manufacturer: "TST", model: "generic-dlms", phases: 1, maxCurrentA: 60 },
        installedAt: "2020-01-01T00:00:00Z",
        // It never calls: its values come on foot.
        device: {
          identity: `TST${serial}`,
          model: "generic-dlms",
          url: "dlms+tcp://?client=2&server=16",
          direction: "call-in",
        },
      },
    ],
  });
  server = await startServer({
    databaseUrl: url,
    port: 0,
    webRoot,
    keyProvider: testKeyProvider,
    logLevel: "silent",
    zone,
  });
  ends.push(() => server.stop());
  const head = await startHeadend({
    database: db,
    keyProvider: testKeyProvider,
    zone,
    listen: "127.0.0.1:0",
    leaseSeconds: 3,
  });
  ends.push(() => head.stop());
  field = spawn(
    process.execPath,
    [
      fileURLToPath(import.meta.resolve("@energsys/cli/bin")),
      ...["simulate", "concentrators", "--call-in", head.listen as string],
      ...["--count", "1", "--modules", "1", "--meters", "0", "--seed", "41"],
    ],
    { stdio: "ignore" },
  );
  ends.push(async () => {
    const ended = once(field, "exit");
    field.kill("SIGTERM");
    if (field.exitCode === null) await ended;
  });
  const launched = await launchBrowser();
  browser = launched.browser;
  ends.push(() => launched.close());
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, locale: "en-GB" });
  context.setDefaultTimeout(20_000);
  const token = await createFirstToken(db, Date.now());
  await context.request.post(`${server.url}/api/first-account`, {
    headers: { origin: server.url },
    data: { token, name: "ana.vior", displayName: "Ana Vior", password, language: "en" },
  });
  page = await context.newPage();
}, 120_000);
afterAll(async () => {
  for (const end of ends.reverse()) await end();
});

/** Loads the page anew until `text` stands on it, as somebody does who waits for a device. */
async function reloadUntil(path: string, text: string | RegExp): Promise<void> {
  await expect
    .poll(
      async () => {
        await page.goto(server.url + path);
        return page
          .getByRole("main")
          .getByText(text)
          .first()
          .waitFor({ timeout: 4_000 })
          .then(() => true)
          .catch(() => false);
      },
      { timeout: 90_000, interval: 500 },
    )
    .toBe(true);
}

describe.skipIf(!isBuilt)("from the field to the page of a point", () => {
  test("a concentrator that called is adopted, so are its meters from the list of differences, and what it reads on request stands at the point", async () => {
    await reloadUntil("/cfg/equipment", identity);
    await page.getByRole("link", { name: identity }).click();
    await page.getByText("Nobody has adopted it").waitFor();
    await page.getByRole("button", { name: "Adopt", exact: true }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Name").fill("MC-41");
    await dialog.getByLabel("Branch").selectOption({ label: "Pitești" });
    await dialog.getByRole("button", { name: "Adopt", exact: true }).click();
    await page.getByText("is adopted.").waitFor();

    // It calls again, tells what is behind it, and every meter there is news.
    const path = new URL(page.url()).pathname;
    await reloadUntil(path, "Adopt (8)");
    await page.getByRole("button", { name: "Adopt (8)" }).click();
    const codes = dialog.getByRole("textbox");
    await codes.nth(0).fill("RO005E600000041");
    await codes.nth(1).fill("RO005E600000042");
    await dialog.getByRole("button", { name: "Check (2)" }).click();
    await dialog.getByText("2 can be adopted, 0 are refused. Nothing is written yet.").waitFor();
    await dialog.getByRole("button", { name: "Adopt (2)" }).click();
    await expect.poll(() => dialog.getByText("adopted: to its point").count()).toBe(2);
    await dialog.getByRole("button", { name: "Close" }).last().click();
    await page.getByRole("button", { name: "Adopt (6)" }).waitFor();

    const askedMs = Date.now();
    await page.getByRole("button", { name: "Read everything now" }).click();
    await page.getByText("It reads all its meters now.").waitFor({ timeout: 60_000 });
    for (const pod of ["RO005E600000041", "RO005E600000042"]) {
      await page.goto(`${server.url}/points?q=${pod}`);
      await page.getByRole("link", { name: pod }).click();
      await page.getByRole("heading", { level: 1, name: pod }).waitFor();
      await reloadUntil(new URL(page.url()).pathname, /A\+\s*\d[\d,.]*\s*kWh/);
      // Not what its journal held from before, but the read that was asked for.
      const measuredMs = async () => {
        const answer = await page.request.get(`${server.url}/api${new URL(page.url()).pathname}`);
        const { now } = (await answer.json()) as { now: { obis: string; measuredAt: string }[] };
        return Date.parse(now.find(({ obis }) => obis === "1-0:1.8.0*255")?.measuredAt ?? "");
      };
      await expect
        .poll(measuredMs, { timeout: 60_000, interval: 500 })
        .toBeGreaterThanOrEqual(Math.floor(askedMs / 1000) * 1000);
      const chain = page.locator("section[aria-labelledby=chain]");
      await chain.getByRole("link", { name: "MC-41" }).waitFor();
      expect(await chain.getByText("stands", { exact: true }).count()).toBe(1);
    }
  }, 300_000);

  test("a hand-held's file is checked, taken in, and taken back with a reason", async () => {
    await page.goto(`${server.url}/cfg/field-imports`);
    const today = new Date().toISOString().slice(0, 10);
    await page.locator("input[type=file]").setInputFiles({
      name: "ruta-7.csv",
      mimeType: "text/csv",
      buffer: Buffer.from(
        `serial;obis;time;value\r\n${serial};1.8.0;${today}T00:00:00Z;1523,4\r\n999;1.8.0;${today}T00:00:00Z;7\r\n`,
      ),
    });
    await page.getByRole("button", { name: "Check the file" }).click();
    await page.getByRole("button", { name: "Import", exact: true }).click();
    const row = page.getByRole("row").filter({ hasText: "ruta-7.csv" });
    await row.getByText("in force").waitFor();
    const registers = "/points/1?tab=registers";
    await reloadUntil(registers, "1,523.4");

    await page.goto(`${server.url}/cfg/field-imports`);
    await row.getByRole("button", { name: "Take back ruta-7.csv" }).click();
    await page.getByRole("dialog").getByLabel("Reason").fill("another route");
    await page.getByRole("dialog").getByRole("button", { name: "Take back" }).click();
    await row.getByText("taken back").waitFor();
    expect(await row.textContent()).toContain("another route");
    await reloadUntil(registers, "No register values yet");
  }, 120_000);
});
