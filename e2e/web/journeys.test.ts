import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { launchBrowser } from "../browser.ts";
import { startFakeServer } from "./fixtures/fake-server.ts";
import { isBuilt, openPage, webRoot } from "./fixtures/visit.ts";

/** One to the west of the network and one without changes of the clock; more of them in a thorough run. */
const browserZones = [
  "UTC",
  "America/New_York",
  ...(process.env["ENERGSYS_TIMES"] === undefined ? [] : ["Europe/Bucharest", "Europe/Paris"]),
];

type Fake = Awaited<ReturnType<typeof startFakeServer>>;
let browser: Browser;
let closeBrowser: () => Promise<void>;
let fake: Fake;

beforeAll(async () => {
  fake = await startFakeServer({ webRoot, points: 100_000, stageMs: 400 });
  ({ browser, close: closeBrowser } = await launchBrowser());
});
afterAll(async () => {
  await closeBrowser?.();
  await fake?.stop();
});

const focused = (page: Page) =>
  page.evaluate(() => {
    const element = document.activeElement as HTMLElement | null;
    return element?.getAttribute("aria-label") ?? element?.innerText ?? "";
  });

describe.skipIf(!isBuilt)("journeys", () => {
  test("J1 from a silent concentrator to its cause and a field task, in at most 4 steps", async () => {
    const { page, context, faults } = await openPage(browser, fake.url);
    await page.goto(`${fake.url}/op`);
    let steps = 0;
    const step = async (done: Promise<unknown>) => {
      steps += 1;
      await done;
    };
    await step(page.locator('.e-attention a[href="/cfg/equipment/2"]').first().click());
    expect(await page.locator(".e-notice[role=status]").innerText()).toContain("legătura este pierdută");
    // Somebody goes there already, which the page says, and the dialog too.
    await page.locator('.e-notice a[href="/op/field/11"]').waitFor();
    await step(page.getByRole("button", { name: "Lucrare pe teren" }).click());
    await page.locator("[role=dialog] textarea").fill("antena");
    await step(page.keyboard.press("Control+Enter"));
    await page.locator("[role=dialog]").waitFor({ state: "detached" });
    expect(steps).toBeLessThanOrEqual(4);
    const sent = fake.calls.findLast((call) => call.key === "POST /field-tasks")?.body;
    expect(sent).toEqual({ gatewayId: 2, kind: "communication", priority: "normal", note: "antena" });
    expect(faults).toEqual([]);
    await context.close();
  });

  test("J2 a given meter is read by keyboard alone: its serial, Enter, r", async () => {
    const { page, context, faults } = await openPage(browser, fake.url);
    const meter = fake.points.find((point) => point.state === "talking" && point.pointId > 50_000)!;
    await page.goto(`${fake.url}/op`);
    await page.locator(".e-attention li").first().waitFor();
    await page.keyboard.press("Control+k");
    await page.locator(".e-palette-input").waitFor();
    // Enter comes before the answer can.
    await page.keyboard.type(meter.serial);
    await page.keyboard.press("Enter");
    await page.waitForURL(`**/points/${meter.pointId}`);
    await page.locator(".e-now").waitFor();
    await page.keyboard.press("r");
    await page.locator('.e-read[data-state="done"]').waitFor();
    expect(await page.locator(".e-read p").innerText()).toMatch(/Stocat: 96 de intervale/);
    // The tray still knows the read after a reload.
    await page.reload();
    await page.locator(".e-read[data-state=done]").waitFor();
    expect(faults).toEqual([]);
    await context.close();
  });

  test("a read is cancelled, and one that fails says at which hop and what to do", async () => {
    const { page, context } = await openPage(browser, fake.url, { language: "en" });
    const silent = fake.points.find((point) => point.state === "silent")!;
    await page.goto(`${fake.url}/points/${silent.pointId}`);
    await page.locator(".e-now").waitFor();
    await page.keyboard.press("r");
    await page.locator('.e-read[data-state="failed"]').waitFor();
    // Every phase that was gone through has its tick, the one that failed its square, and nothing is said of later ones.
    expect(await page.locator(".e-stages").innerText()).toMatch(
      /✓ waited .*✓ connected .*■ reading [\d.]+ s$/s,
    );
    const told = await page.locator(".e-read p").innerText();
    expect(told).toMatch(/at the meter, after the connection stood/);
    expect(told).toMatch(/check the bus between modem and meter/);
    expect(told).toMatch(/link\.timeout/);
    await page.keyboard.press("r");
    // What failed before stays on the screen until the new read is there.
    await page.locator('.e-read:not([data-state="failed"]) button').click();
    await page.locator('.e-read[data-state="cancelled"]').waitFor();
    await context.close();
  });

  test("what is dangerous asks anew who one is, on every page, and is then done once and with the new token", async () => {
    const { page, context, faults } = await openPage(browser, fake.url, { language: "en" });
    const count = (key: string) => fake.calls.filter((call) => call.key === key).length;
    await page.goto(`${fake.url}/adm/vpn`);
    await page.getByRole("button", { name: "Add a tunnel" }).click();
    await page.getByLabel("Identity of the device").fill("ISK99");
    await page.getByRole("button", { name: "Make keys" }).click();
    // Given up: nothing is made, and the page says why.
    const proof = page.getByRole("dialog").filter({ has: page.locator("input[type=password]") });
    await proof.locator("input[type=password]").waitFor();
    await page.keyboard.press("Escape");
    await page.getByText("It was too long ago that you showed who you are.").waitFor();
    expect(count("POST /vpn/tunnels")).toBe(1);

    await page.getByRole("button", { name: "Make keys" }).click();
    await proof.locator("input[type=password]").fill("correct horse battery");
    await page.keyboard.press("Enter");
    // The file is there once: with the dialog it is gone.
    await page.getByText("This file of 10.90.0.6 is shown once").waitFor();
    expect(await page.getByRole("img", { name: "The file as QR code" }).isVisible()).toBe(true);
    await page.getByRole("button", { name: "The device has it" }).click();
    await page.getByText("PrivateKey").waitFor({ state: "detached" });
    expect(
      fake.calls.filter(({ key }) => key === "POST /vpn/tunnels").map(({ body }) => body.identity),
    ).toEqual(["ISK99", "ISK99", "ISK99"]);

    // Fresh now: other pages ask no more. A device's certificate is a file that is given out once, and replacing one asks for it as such.
    await page.goto(`${fake.url}/adm/certificates`);
    await page.getByRole("button", { name: "Replace the certificate of ENC0000000000118" }).click();
    await page.getByRole("button", { name: "Make the file" }).click();
    await page.getByText("This is the file of ENC0000000000118").waitFor();
    expect(fake.calls.findLast(({ key }) => key === "POST /device-certificates")!.body).toEqual({
      identity: "ENC0000000000118",
      days: 730,
      replace: true,
    });
    const saving = page.waitForEvent("download");
    await page.getByRole("button", { name: "Save ENC0000000000118.pem" }).click();
    expect((await saving).suggestedFilename()).toBe("ENC0000000000118.pem");
    await page.getByRole("button", { name: "I have saved it" }).click();
    await page.getByRole("button", { name: "Revoke the certificate of ENC0000000000120" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Revoke" }).click();
    await page.getByRole("dialog").waitFor({ state: "detached" });
    expect(count("DELETE /device-certificates/N")).toBe(1);

    await page.goto(`${fake.url}/adm/keys`);
    await page.getByRole("button", { name: "Change keys" }).click();
    await expect.poll(() => count("POST /key-changes")).toBe(1);
    expect(await page.getByRole("dialog").count()).toBe(0);

    // Of what is pasted only what is public leaves the browser.
    await page.goto(`${fake.url}/adm/vpn`);
    await page
      .getByLabel("State of the host")
      .fill(
        `PRIVATE=\tPUBLIC=\t51820\toff\n${"K".repeat(43)}=\tPSK=\t(none)\t10.90.0.2/32\t1795651200\t1\t2\t25`,
      );
    await page.getByRole("button", { name: "Take it over" }).click();
    await page.getByText("1 tunnel seen").waitFor();
    const sent = JSON.stringify(fake.calls.findLast(({ key }) => key === "POST /vpn/state")!.body);
    expect(sent).toContain("K".repeat(43));
    expect(sent).not.toMatch(/PRIVATE|PSK/);
    expect(faults).toEqual([]);
    await context.close();
  });

  test("UX-02 of 100,000 rows at most 80 are in the page, at the top, in the middle and at the end", async () => {
    const { page, context } = await openPage(browser, fake.url, { height: 1_400 });
    await page.goto(`${fake.url}/points`);
    const rows = page.locator(".e-grid-lines [role=row]");
    await rows.first().waitFor();
    const grid = page.locator("[role=grid]");
    for (const share of [0, 0.3, 0.7, 1]) {
      await grid.evaluate((element, part) => element.scrollTo({ top: part * element.scrollHeight }), share);
      await page.waitForFunction(() => !document.querySelector(".e-grid-lines")?.textContent?.includes("…"));
      expect(await rows.count()).toBeLessThanOrEqual(80);
      expect(await rows.count()).toBeGreaterThan(10);
    }
    expect(await grid.getAttribute("aria-rowcount")).toBe("100001");
    await page.locator('.e-grid-lines [aria-rowindex="100001"]').waitFor();
    await context.close();
  });

  test("UX-07 the list is worked by keyboard: move, choose, extend, copy, open, and back", async () => {
    const { page, context } = await openPage(browser, fake.url, { language: "en" });
    await page.goto(`${fake.url}/points?sort=name`);
    await page.locator(".e-grid-lines a").first().waitFor();
    await page.locator("[role=grid]").focus();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Space");
    await page.keyboard.press("Shift+ArrowDown");
    await page.keyboard.press("Shift+ArrowDown");
    expect(await page.locator(".e-table-batch [role=status]").innerText()).toBe("3 rows selected");
    await page.keyboard.press("Control+c");
    await page.waitForFunction(async () => (await navigator.clipboard.readText()).includes("\t"));
    const copied = (await page.evaluate(() => navigator.clipboard.readText())).split("\r\n");
    expect(copied).toHaveLength(4);
    expect(copied[0]).toMatch(/^POD\tName\tAddress/);
    await page.keyboard.press("Control+a");
    expect(await page.locator(".e-table-batch [role=status]").innerText()).toBe("100,000 rows selected");
    await page.keyboard.press("Escape");
    expect(await page.locator(".e-table-batch").count()).toBe(0);
    await page.keyboard.press("Control+End");
    await page.locator('[aria-rowindex="100001"]').waitFor();
    await page.keyboard.press("Enter");
    await page.waitForURL("**/points/*");
    await page.goBack();
    await page.waitForURL("**/points?sort=name");
    await context.close();
  });

  test("UX-07 dialogs take the focus, keep it, and give it back", async () => {
    const { page, context } = await openPage(browser, fake.url, { language: "en" });
    await page.goto(`${fake.url}/op`);
    const button = page.locator(".e-palette-button");
    await button.waitFor();
    await button.focus();
    await page.keyboard.press("Enter");
    await page.locator(".e-palette-input").waitFor();
    expect(await focused(page)).toBe("Search and go to");
    for (let turn = 0; turn < 4; turn += 1) await page.keyboard.press("Tab");
    expect(await page.evaluate(() => document.activeElement?.closest("[role=dialog]") !== null)).toBe(true);
    await page.keyboard.press("Escape");
    await page.locator(".e-palette-input").waitFor({ state: "detached" });
    await page.waitForFunction(() => document.activeElement?.className.includes("e-palette-button"));
    await context.close();
  });

  test("UX-14 an address copied into another browser shows the same rows and columns after signing in", async () => {
    const address = `${fake.url}/points?q=titesti&state=silent&sort=name&descending=true`;
    const cells = async (page: Page) => {
      await page.locator(".e-grid-lines a").first().waitFor();
      return page.locator(".e-grid-lines [role=row]").first().innerText();
    };
    const first = await openPage(browser, fake.url);
    await first.page.goto(address);
    const wanted = await cells(first.page);
    const other = await openPage(browser, fake.url, { signedIn: false });
    await other.page.goto(address);
    await other.page.locator("input").first().fill("ana");
    await other.page.locator("input").nth(1).fill("correct horse battery");
    await other.page.keyboard.press("Enter");
    await other.page.waitForURL(address);
    expect(await cells(other.page)).toBe(wanted);
    await first.context.close();
    await other.context.close();
  });

  test.each(["2026-03-29", "2026-10-25"])(
    "UX-13 the curve of %s reads the same in every browser zone",
    async (day) => {
      const seen: Record<string, string[]> = {};
      const next = Temporal.PlainDate.from(day).add({ days: 1 }).toString();
      for (const zone of browserZones) {
        const { page, context } = await openPage(browser, fake.url, { zone, language: "en" });
        await page.goto(`${fake.url}/points/5?tab=curve&from=${day}&to=${next}`);
        const chart = page.locator("[role=slider]").first();
        await chart.locator("canvas").waitFor();
        await chart.focus();
        const texts: string[] = [await page.locator("figcaption").first().innerText()];
        for (const key of ["Home", ...Array.from({ length: 20 }, () => "ArrowRight"), "End"]) {
          await page.keyboard.press(key);
          texts.push((await chart.getAttribute("aria-valuetext")) ?? "");
        }
        seen[zone] = texts;
        await context.close();
      }
      const [wanted, ...others] = Object.values(seen);
      for (const other of others) expect(other).toEqual(wanted);
      const times = wanted!.slice(1).map((text) => /, (.+?)–/.exec(text)?.[1]);
      if (day === "2026-03-29") {
        expect(times).toContain("02:45");
        expect(times.some((time) => time?.startsWith("03:"))).toBe(false);
      } else expect(times.filter((time) => time?.startsWith("03:15"))).toEqual(["03:15 +03", "03:15 +02"]);
      expect(times.at(-1)).toBe("23:45");
    },
  );

  test("the chart zooms by keys and goes back, and its numbers are there as a table", async () => {
    const { page, context } = await openPage(browser, fake.url, { language: "en" });
    await page.goto(`${fake.url}/points/5?tab=curve&from=2026-10-01&to=2026-11-01`);
    const chart = page.locator("[role=slider]").first();
    await chart.locator("canvas").waitFor();
    await chart.focus();
    await page.keyboard.press("Home");
    expect(await chart.getAttribute("aria-valuetext")).toMatch(/^1 Oct 2026 · .* to .* · mean/);
    await page.keyboard.press("+");
    await page.keyboard.press("+");
    await page.keyboard.press("ArrowRight");
    expect(await chart.getAttribute("aria-valuetext")).toMatch(
      /^1 Oct 2026, 00:15–00:30 · [\d.]+ Wh · measured/,
    );
    await page.keyboard.press("Backspace");
    await page.keyboard.press("Backspace");
    await page.keyboard.press("ArrowRight");
    expect(await chart.getAttribute("aria-valuetext")).toMatch(/^2 Oct 2026 · /);
    await page.locator("figure button[aria-pressed]").click();
    const grid = page.locator("figure [role=grid]");
    await grid.waitFor();
    // October 2026 has 31 days, one of them an hour longer.
    expect(await grid.getAttribute("aria-rowcount")).toBe(String(31 * 96 + 4 + 1));
    await context.close();
  });

  test("the period steps with Alt and the arrows, and stands in the address", async () => {
    const { page, context } = await openPage(browser, fake.url, { language: "en" });
    await page.goto(`${fake.url}/points/5?tab=curve&from=2026-10-01&to=2026-11-01`);
    await page.locator("[role=slider] canvas").first().waitFor();
    await page.keyboard.press("Alt+ArrowLeft");
    await page.waitForURL(/from=.*2026-09-01.*to=.*2026-10-01/);
    expect(await page.locator(".e-period-name").innerText()).toMatch(/^1\s?–\s?30 Sep[t]? 2026$/);
    await context.close();
  });

  test("one stream serves all tabs, and the next tab takes it over when the first is closed", async () => {
    // The streams of the tests before end when the server hears that their tabs are gone.
    await expect.poll(() => fake.streamCount(), { timeout: 20_000 }).toBe(0);
    const before = 0;
    const { page, context } = await openPage(browser, fake.url);
    await page.goto(`${fake.url}/op`);
    await page.locator('.e-live[data-kind="live"]').waitFor();
    const second = await context.newPage();
    await second.goto(`${fake.url}/op`);
    await second.locator('.e-live[data-kind="live"]').waitFor();
    expect(fake.streamCount() - before).toBe(1);
    const point = fake.points[0]!;
    const item = (attemptId: number) => ({
      type: "attempt",
      at: new Date().toISOString(),
      deviceId: 1,
      pointId: 1,
      pod: point.pod,
      name: `Heard ${attemptId}`,
      attemptId,
      state: "done",
      cause: "plan",
      errorCode: null,
      intervals: 4,
      registers: 6,
      events: 0,
    });
    fake.send("attempt", item(900_001));
    await second.getByText("Heard 900001").waitFor();
    const opened = fake.streamsOpened();
    await page.close();
    // The count alone is 1 as well while the first tab's stream has not ended yet.
    await expect.poll(() => fake.streamsOpened(), { timeout: 10_000 }).toBe(opened + 1);
    await expect.poll(() => fake.streamCount() - before).toBe(1);
    await second.locator('.e-live[data-kind="live"]').waitFor();
    fake.send("attempt", item(900_002));
    await second.getByText("Heard 900002").waitFor();
    await context.close();
  });

  test("UX-12 a stream that falls silent is called stale within ten seconds", async () => {
    const quiet = await startFakeServer({ webRoot, points: 50 });
    const { page, context } = await openPage(browser, quiet.url, { language: "en" });
    await page.goto(`${quiet.url}/op`);
    await page.locator('.e-live[data-kind="live"]').waitFor();
    quiet.silence(true);
    // At most 5 s to the last heartbeat still under way, then ten.
    await page.locator('.e-live[data-kind="stale"]').waitFor({ timeout: 15_000 });
    expect(await page.locator(".e-live").innerText()).toMatch(/stale since \d\d:\d\d:\d\d/);
    await context.close();
    await quiet.stop();
  });

  test("J9 a formula report from the menu to three people a month, in at most 15 steps", async () => {
    const { page, context, faults } = await openPage(browser, fake.url);
    await page.goto(`${fake.url}/op`);
    await page.locator(".e-attention li").first().waitFor();
    let steps = 0;
    const step = async (done: Promise<unknown>) => {
      steps += 1;
      await done;
    };
    await step(page.locator('nav a[href="/an/reports"]').first().click());
    await step(page.getByRole("link", { name: "Raport nou" }).click());
    await step(page.getByLabel("Denumire").fill("Pierderi lunare"));
    const formula = page.getByLabel("Formula coloanei 1");
    await step(formula.fill("sum([A+] + 3 V)"));
    // What is wrong is said in a sentence, and marked at its column.
    await page.locator(".e-formula-fault mark").waitFor();
    expect(await page.locator(".e-formula-fault mark").innerText()).toBe("+");
    expect(await page.locator(".e-formula").innerText()).toContain("coloana 10");
    await step(formula.fill("sum([A"));
    await step(page.getByRole("button", { name: "A+", exact: true }).click());
    expect(await formula.inputValue()).toBe("sum([A+]");
    await step(page.keyboard.type(")"));
    await page.locator(".e-report-chart").waitFor();
    await step(page.getByRole("button", { name: "Salvează", exact: true }).click());
    await page.waitForURL("**/an/reports/1");
    await step(page.getByRole("button", { name: "Adaugă programare" }).click());
    await step(page.getByLabel("Prin e-mail către").fill("a@exemplu.ro, b@exemplu.ro, c@exemplu.ro"));
    await step(page.locator("[role=dialog] button[type=submit]").click());
    await page.locator("[role=dialog]").waitFor({ state: "detached" });
    expect(steps).toBeLessThanOrEqual(15);
    const sent = (key: string) => fake.calls.findLast((call) => call.key === key)?.body;
    expect(sent("POST /reports")).toMatchObject({
      name: "Pierderi lunare",
      definition: { columns: [{ formula: "sum([A+])" }], period: { kind: "last-month" } },
    });
    expect(sent("POST /reports/N/schedules")).toMatchObject({
      every: "month",
      monthDay: 1,
      recipients: ["a@exemplu.ro", "b@exemplu.ro", "c@exemplu.ro"],
    });
    expect(faults).toEqual([]);
    await context.close();
  });

  test("J11 from the printed address to a first curve: account, trial, point, first read", async () => {
    const fresh = await startFakeServer({ webRoot, points: 3, empty: true, stageMs: 150 });
    const { page, context, faults } = await openPage(browser, fresh.url, { language: "en", signedIn: false });
    await page.goto(`${fresh.url}/#token=letmein`);
    await page.waitForURL("**/first-run**");
    await page.getByLabel("Your name").fill("Ana Viorescu");
    await page.getByLabel("Sign-in name").fill("ana");
    await page.locator("input[type=password]").fill("correct horse battery");
    await page.keyboard.press("Enter");
    await page.getByRole("link", { name: "Add a device" }).click();
    expect(page.url()).not.toContain("letmein");
    await page.getByLabel("Device address (URL)").fill("dlms+tcp://10.0.0.1:4059");
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "Go on: where is it installed?" }).click();
    expect(await page.getByLabel("Meter serial number").inputValue()).toBe("33402264");
    // What was typed survives a reload.
    await page.getByLabel("POD code").fill("RO001E33402264");
    await page.reload();
    expect(await page.getByLabel("POD code").inputValue()).toBe("RO001E33402264");
    await page.getByRole("button", { name: "Add it and read it" }).click();
    expect(await page.locator("[role=alert] strong").innerText()).toBe("2 fields need attention");
    await page.getByLabel("Address", { exact: true }).fill("Str. Lungă 4, Țițești");
    await page.getByLabel("Branch, from the top").fill("Pitești / PT-07");
    await page.getByRole("button", { name: "Add it and read it" }).click();
    await page.getByRole("link", { name: "See its curve" }).click();
    await page.locator("[role=slider] canvas").first().waitFor();
    expect(faults).toEqual([]);
    await context.close();
    await fresh.stop();
  });

  test("the sample network shows how far it is until its first readings are there", async () => {
    const fresh = await startFakeServer({ webRoot, points: 120, empty: true });
    const { page, context } = await openPage(browser, fresh.url, { language: "en" });
    await page.goto(`${fresh.url}/first-run?step=sample`);
    await page.getByRole("button", { name: "Start the sample network" }).click();
    await page.getByText("The sample network is starting").waitFor();
    await page.getByText("first readings stored").waitFor({ timeout: 15_000 });
    await page.getByRole("link", { name: "To Operations" }).waitFor();
    await context.close();
    await fresh.stop();
  });

  test("a session that ends leads to signing in, and back to where one was", async () => {
    const { page, context } = await openPage(browser, fake.url, { language: "en" });
    await page.goto(`${fake.url}/points?state=silent`);
    await page.locator(".e-grid-lines a").first().waitFor();
    await context.clearCookies();
    await page.keyboard.press("/");
    await page.keyboard.type("lunga");
    await page.waitForURL(/\/sign-in\?next=/, { timeout: 15_000 });
    await context.close();
  });

  test("single-letter shortcuts can be switched off, and are never taken from a field", async () => {
    const { page, context } = await openPage(browser, fake.url, { language: "en" });
    await page.goto(`${fake.url}/points`);
    await page.locator(".e-grid-lines a").first().waitFor();
    await page.keyboard.press("/");
    await page.keyboard.type("go?");
    expect(new URL(page.url()).pathname).toBe("/points");
    expect(await page.locator("[data-filter]").inputValue()).toBe("go?");
    await page.locator("h1").click();
    await page.keyboard.press("?");
    await page.getByRole("switch", { name: "Single-letter shortcuts" }).press("Space");
    await page.keyboard.press("Escape");
    await page.getByRole("switch").waitFor({ state: "detached" });
    await page.keyboard.press("?");
    await page.waitForTimeout(300);
    expect(await page.getByRole("switch").count()).toBe(0);
    await context.close();
  });

  test("the account's language holds in a browser that remembers another one", async () => {
    const { page, context } = await openPage(browser, fake.url, { language: "en" });
    await page.goto(`${fake.url}/op`);
    await page.getByRole("heading", { name: "Operations" }).waitFor();
    const csrf = { "x-csrf-token": "fake-csrf" };
    await context.request.patch(`${fake.url}/api/account`, { data: { language: "ro" }, headers: csrf });
    await page.reload();
    await page.getByRole("heading", { name: "Operațiuni" }).waitFor();
    await context.close();
  });

  test("language and theme change at once, and stay after a reload", async () => {
    const { page, context } = await openPage(browser, fake.url, { language: "en" });
    await page.goto(`${fake.url}/op`);
    await page.getByRole("heading", { name: "Operations" }).waitFor();
    await page.getByRole("button", { name: /^EN ?, Language/ }).click();
    await page.getByRole("menuitemradio", { name: "Română" }).click();
    await page.getByRole("heading", { name: "Operațiuni" }).waitFor();
    expect(await page.evaluate(() => document.documentElement.lang)).toBe("ro");
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Temă" }).click();
    await page.getByRole("menuitemradio", { name: "Întunecată" }).click();
    await page.reload();
    await page.getByRole("heading", { name: "Operațiuni" }).waitFor();
    expect(await page.evaluate(() => document.documentElement.dataset.mantineColorScheme)).toBe("dark");
    await context.close();
  });
});
