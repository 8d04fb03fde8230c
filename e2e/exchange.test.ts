import { mkdirSync } from "node:fs";
import { join } from "node:path";
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
const total = "1-0:1.8.0*255";
const nowMs = Date.now();
/** Yesterday at 13:07 local, inside the quarter-hour that begins at 13:00. */
const yesterday = Temporal.Instant.fromEpochMilliseconds(nowMs)
  .toZonedDateTimeISO(zone)
  .toPlainDate()
  .subtract({ days: 1 });
const startMs = yesterday.toZonedDateTime(zone).epochMilliseconds;
const atField = `${yesterday}T13:07`;
const atMs = Temporal.PlainDateTime.from(atField).toZonedDateTime(zone).epochMilliseconds;

let browser: Browser;
let closeBrowser: () => Promise<void>;
let server: Awaited<ReturnType<typeof startServer>>;
let database: Awaited<ReturnType<typeof testDatabase>>;
let state: Awaited<ReturnType<Awaited<ReturnType<Browser["newContext"]>>["storageState"]>>;
let pointId = 0;

beforeAll(async () => {
  if (!isBuilt) return;
  database = await testDatabase();
  const { db, url } = database;
  await importInventory(db, {
    branches: [],
    points: [1, 2].map((n) => ({
      pod: `RO005E51000000${n}`,
      name: n === 1 ? "Popescu Ion" : "Ionescu Maria",
      address: `Strada Lungă nr. ${n}, Țițești`,
      branch: ["Pitești", "PT 7"],
      phases: 1 as const,
      meter: {
        serial: `7000000${n}`,
        manufacturer: "TST",
        model: "generic-dlms",
        phases: 1 as const,
        maxCurrentA: 60,
        indexDigits: 6,
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
  const { rows } = await db.query<{ meterId: number; deviceId: number; pointId: number }>(sql`
    select meter_id as "meterId", device_id as "deviceId", point_id as "pointId" from device join installation using (meter_id)
    order by device_id`);
  const [{ meterId, deviceId, ...first }] = rows as [(typeof rows)[number]];
  pointId = first.pointId;
  // The index of the old meter, in Wh, to the last border of a quarter-hour before it went.
  const values = Float64Array.from({ length: 53 }, (_, slot) => 5_000_000 + slot * 230);
  const index = (ms: number, value: string) => ({
    obis: total,
    measuredAtMs: ms,
    value,
    unit: "kWh",
    flags: 0,
  });
  await storeDeliveries(
    db,
    [
      {
        meterId,
        deviceId,
        receivedAtMs: nowMs,
        blocks: [],
        events: [],
        registers: [index(startMs + 12 * 3_600_000, "5011.040")],
        profiles: [
          {
            obis: "1-0:99.1.0*255",
            periodSeconds: 900,
            columns: [{ obis: total, kind: "index" as const, unit: "Wh", scale: 0 }],
            startsMs: Float64Array.from(values, (_, slot) => startMs + (slot - 1) * 900_000),
            values: [values],
            flags: new Uint16Array(values.length),
          },
        ],
      },
    ],
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
  await context.request.post(`${server.url}/api/first-account`, {
    headers: { origin: server.url },
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

async function open(options: { width: number; scheme?: "light" | "dark" }): Promise<Page> {
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

/** Goes on by Tab until the field, button or link with this name is reached: what cannot be reached by keyboard is not found. */
async function tabTo(page: Page, name: RegExp): Promise<void> {
  for (let steps = 0; steps < 60; steps++) {
    await page.keyboard.press("Tab");
    const now = await page.evaluate(() => {
      const element = document.activeElement as HTMLInputElement | null;
      return (
        element?.labels?.[0]?.textContent ?? element?.getAttribute("aria-label") ?? element?.textContent ?? ""
      );
    });
    if (name.test(now.trim())) return;
  }
  throw new Error(`no field ${name} by keyboard`);
}

async function type(page: Page, name: RegExp, text: string): Promise<void> {
  await tabTo(page, name);
  await page.keyboard.press("Control+a");
  await page.keyboard.type(text);
}

describe.skipIf(!isBuilt)("exchange of a meter", () => {
  test("by keyboard alone: typed, checked, doubted, corrected, made with a picture, and taken back", async () => {
    const page = await open({ width: 1280 });
    await page.goto(`${server.url}/points/${pointId}?tab=configuration`);
    await page.getByRole("link", { name: "Exchange the meter" }).focus();
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { level: 1, name: /Meter exchange at/ }).waitFor();
    // A check of an empty form leads to what is missing.
    await page.getByRole("button", { name: "Check" }).focus();
    await page.keyboard.press("Enter");
    await expect
      .poll(() => page.evaluate(() => document.activeElement?.getAttribute("aria-invalid")))
      .toBe("true");
    await picture(page, "exchange-faults");
    expect(await violations(page)).toEqual([]);
    await page.getByLabel("Exchanged at").fill(atField);
    await page.getByLabel("Exchanged at").focus();
    await type(page, /^Last index A\+/, "5010");
    await type(page, /^Serial number/, "90001");
    await type(page, /^Imax/, "60");
    await type(page, /^First index A\+/, "0,133");
    await type(page, /^Light/, "1000");
    await type(page, /^Pulse output/, "0,5");
    await type(page, /^Name that it gives/, "TST90001");
    await tabTo(page, /^Check/);
    await page.keyboard.press("Enter");
    // It is below what the meter showed before: a doubt, to be said or mended.
    await page.getByText(/A\+: below its last reading, 5.?011.04 kWh/).waitFor();
    expect(await page.getByRole("button", { name: "Exchange the meter" }).isDisabled()).toBe(true);
    await picture(page, "exchange-doubt");
    expect(await violations(page)).toEqual([]);
    await page.getByLabel(/^Last index A\+/).fill("5012,077");
    await page.getByText("Something was typed since: check again.").waitFor();
    await page.getByRole("button", { name: "Check again" }).focus();
    await page.keyboard.press("Enter");
    await page.getByText("Nothing is doubtful.").waitFor();
    const across = page.getByRole("region", { name: "A+ across the exchange" }).first();
    expect(await across.innerText()).toMatch(/13:00–13:15\s*◆\s*both meters/);
    await type(page, /^Who exchanged it/, "Ion Electricianu");
    await type(page, /^Reason/, "verificare metrologică");
    await page.locator("input[type=file]").setInputFiles({
      name: "contor.png",
      mimeType: "image/png",
      buffer: Buffer.from(
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
        "base64",
      ),
    });
    await page.getByText("1 picture", { exact: false }).waitFor();
    await picture(page, "exchange-ready");
    expect(await violations(page)).toEqual([]);
    await tabTo(page, /^Exchange the meter/);
    await page.keyboard.press("Enter");
    await page.getByText(/^Exchanged[;.]/).waitFor();
    await page.getByText("entered by ana.vior").waitFor();
    await settle(page);
    await picture(page, "exchange-made");
    const { rows } = await database.db.query<{ serial: string; at: number; led: string }>(sql`
      select serial, lower(during) as at, trim_scale(led_pulses_per_kwh)::text as led from installation join meter using (meter_id)
      where point_id = ${pointId} and upper_inf(during)`);
    expect(rows).toEqual([{ serial: "90001", at: atMs, led: "1000" }]);
    expect(
      await page
        .getByRole("img", { name: /Picture contor.png/ })
        .evaluate((img: HTMLImageElement) => img.naturalWidth),
    ).toBe(1);
    await page.getByRole("button", { name: "Take back" }).focus();
    await page.keyboard.press("Enter");
    await page.locator("[role=dialog] input:focus").waitFor();
    await page.keyboard.type("another point");
    await page.locator("[role=dialog]").getByRole("button", { name: "Take back" }).focus();
    expect(await violations(page, "[role=dialog]")).toEqual([]);
    await page.keyboard.press("Enter");
    await page.getByText(/taken back by ana.vior/).waitFor();
    await picture(page, "exchange-undone");
    const { rows: back } = await database.db.query(sql`
      select serial from installation join meter using (meter_id) where point_id = ${pointId}`);
    expect(back).toEqual([{ serial: "70000001" }]);
    await page.context().close();
  }, 180_000);

  test("what the point is changes from a date on, shows in its history and as it was before, and is taken back", async () => {
    const page = await open({ width: 1280 });
    await page.goto(`${server.url}/points/${pointId}?tab=configuration`);
    await page.getByRole("button", { name: "Change", exact: true }).focus();
    await page.keyboard.press("Enter");
    const form = page.getByRole("form", { name: "What the point is, from a date on" });
    await form.getByLabel("Category").selectOption("business");
    await form.getByLabel("Approved power, kW").fill("0");
    await form.getByText("A number above zero, or empty").waitFor();
    await form.getByLabel("Approved power, kW").fill("13,8");
    await form.getByLabel("Checked by the point with code").fill("RO005E510000002");
    await form.getByLabel("Protected customer").check();
    await form.getByLabel(/^From/).fill(`${yesterday}T00:00`);
    await form.getByLabel("Reason").fill("contract 17");
    await picture(page, "attributes-form");
    expect(await violations(page)).toEqual([]);
    await form.getByRole("button", { name: "Change from then on" }).focus();
    await page.keyboard.press("Enter");
    await page.getByText("The point is changed.").waitFor();
    await page.getByText("13.8 kW").first().waitFor();
    await page.getByText(/ana.vior on .*: contract 17/).waitFor();
    await page.getByRole("link", { name: "RO005E510000002" }).waitFor();
    await settle(page);
    await picture(page, "attributes-1280");
    expect(await violations(page)).toEqual([]);
    // The day before yesterday it was what it had always been.
    await page.goto(
      `${server.url}/points/${pointId}?tab=configuration&on=${yesterday.subtract({ days: 2 })}`,
    );
    await page.getByText(/^As it was on/).waitFor();
    expect(await page.locator(".e-facts").first().innerText()).toMatch(/Category\s+not told/);
    expect(await page.getByRole("button", { name: "Change", exact: true }).count()).toBe(0);
    await picture(page, "attributes-on");
    expect(await violations(page)).toEqual([]);
    await page.getByRole("button", { name: "Back to now" }).focus();
    await page.keyboard.press("Enter");
    await page.getByText("13.8 kW").first().waitFor();
    await page
      .getByRole("region", { name: "What the point was" })
      .getByRole("button", { name: "Take back" })
      .focus();
    await page.keyboard.press("Enter");
    await page.locator("[role=dialog] input:focus").waitFor();
    await page.keyboard.type("another point");
    await page.locator("[role=dialog]").getByRole("button", { name: "Take back" }).focus();
    await page.keyboard.press("Enter");
    await page.getByText("took a change back").waitFor();
    await expect.poll(() => page.locator(".e-facts").first().innerText()).toMatch(/Category\s+not told/);
    await page.context().close();
  }, 120_000);

  test.each([
    { width: 1280, scheme: "dark" },
    { width: 390, scheme: "light" },
    { width: 390, scheme: "dark" },
  ] as const)(
    "the task and the list are readable at $width pixels, $scheme",
    async ({ width, scheme }) => {
      const page = await open({ width, scheme });
      await page.goto(`${server.url}/points/${pointId}/exchange`);
      await page.getByLabel("Exchanged at").fill(atField);
      await page.getByLabel(/^Last index A\+/).fill("5012.077");
      await page.getByLabel("Serial number").fill("90009");
      await page.getByLabel("CT ratio").fill("40");
      await page.getByLabel(/^Name that it gives/).fill("TST90009");
      await page.getByRole("button", { name: "Check" }).click();
      await page.getByText("Nothing is doubtful.").waitFor();
      await page.getByText(/Other ratios wait for another person/).waitFor();
      await settle(page);
      await picture(page, `exchange-${width}-${scheme}`);
      expect(await violations(page)).toEqual([]);
      expect(await sidewaysScroll(page)).toBeLessThanOrEqual(0);
      await page.goto(`${server.url}/points/${pointId}?tab=configuration`);
      await page.getByText("entered by ana.vior").waitFor();
      await settle(page);
      await picture(page, `exchange-list-${width}-${scheme}`);
      expect(await violations(page)).toEqual([]);
      expect(await sidewaysScroll(page)).toBeLessThanOrEqual(0);
      await page.context().close();
    },
    120_000,
  );
});
