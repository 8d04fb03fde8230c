import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { marketDayOf } from "@energsys/metering";
import { createFirstToken, startServer } from "@energsys/server";
import { editValues, everywhere, importInventory, sql, storeDeliveries } from "@energsys/store";
import { testDatabase, testKeyProvider } from "@energsys/store/testing";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { launchBrowser } from "./browser.ts";
import { password } from "./sign-in.ts";
import { isBuilt, settle, sidewaysScroll, violations, webRoot } from "./web/fixtures/visit.ts";

const pictures = process.env["ENERGSYS_PICTURES"];
const zone = "Europe/Bucharest";
const nowMs = Date.now();
const hourMs = 3_600_000;
/** Two days ago, so that everything of it has ended. */
const day = marketDayOf(nowMs - 48 * hourMs, zone);

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
    points: [
      {
        pod: "RO005E510000001",
        name: "Popescu Ion",
        address: "Strada Lungă nr. 1, Țițești",
        branch: ["Pitești", "PT 7"],
        phases: 1,
        meter: { serial: "70000001", manufacturer: "TST", model: "generic-dlms", phases: 1, maxCurrentA: 60 },
        installedAt: "2020-01-01T00:00:00Z",
        device: {
          identity: "TST1",
          model: "generic-dlms",
          url: "dlms+tcp://127.0.0.1:4059",
          direction: "dial",
        },
      },
    ],
  });
  const { rows } = await db.query<{ meterId: number; deviceId: number }>(
    sql`select meter_id as "meterId", device_id as "deviceId" from device`,
  );
  const deliver = (values: Float64Array, receivedAtMs: number, byte: number, index: string) =>
    storeDeliveries(
      db,
      [
        {
          ...rows[0]!,
          receivedAtMs,
          blocks: [{ kind: "dlms", bytes: Uint8Array.from({ length: 64 }, (_, n) => (byte + n) % 256) }],
          registers: [
            { obis: "1-0:1.8.0*255", measuredAtMs: day.startMs, value: index, unit: "kWh", flags: 0 },
          ],
          events: [],
          profiles: [
            {
              obis: "1-0:99.1.0*255",
              periodSeconds: 900,
              columns: [{ obis: "1-0:1.29.0*255", kind: "delta" as const, unit: "Wh", scale: 0 }],
              startsMs: Float64Array.from(values, (_, slot) => day.startMs + slot * 900_000),
              values: [values],
              flags: new Uint16Array(values.length),
            },
          ],
        },
      ],
      { nowMs: receivedAtMs, zone },
    );
  const whole = Float64Array.from(
    { length: (day.endMs - day.startMs) / 900_000 },
    (_, n) => 200 + ((n * 37) % 150),
  );
  await deliver(
    whole.map((value, n) => (n >= 40 && n < 48 ? Number.NaN : value)),
    nowMs - 20 * hourMs,
    16,
    "1200.5",
  );
  await deliver(whole, nowMs - 10 * hourMs, 96, "1201.5");
  const { rows: channels } = await db.query<{ channelId: number }>(
    sql`select channel_id as "channelId" from channel where point_id is not null`,
  );
  await editValues(
    db,
    everywhere,
    {
      channelId: channels[0]!.channelId,
      day: day.date,
      values: [{ slot: 44, value: 777 }],
      reason: "misreading",
      comment: "seen on site, display photographed",
      by: "dan.pop",
    },
    { nowMs: nowMs - 5 * hourMs, zone },
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

async function open(width: number, scheme: "light" | "dark" = "light"): Promise<Page> {
  const context = await browser.newContext({
    storageState: state,
    viewport: { width, height: width < 600 ? 844 : 900 },
    colorScheme: scheme,
    reducedMotion: "reduce",
    timezoneId: "America/New_York",
  });
  context.setDefaultTimeout(20_000);
  return context.newPage();
}

async function picture(page: Page, name: string): Promise<void> {
  if (pictures === undefined) return;
  mkdirSync(pictures, { recursive: true });
  await settle(page);
  await page.screenshot({ path: join(pictures, `${name}.png`) });
}

const dialog = (page: Page) => page.locator("[role=dialog]");
/** An instant as the field for it takes it, on the network's clock. */
const field = (ms: number) =>
  Temporal.Instant.fromEpochMilliseconds(ms)
    .toZonedDateTimeISO(zone)
    .toPlainDateTime()
    .toString()
    .slice(0, 16);

describe.skipIf(!isBuilt)("what was known when, and how a value came about", () => {
  test("the curve is shown as it was known at an instant, marked as the past, and an interval explains itself by keyboard", async () => {
    const page = await open(1280);
    const curve = `${server.url}/points/1?tab=curve&from=${day.date}&to=${Temporal.PlainDate.from(day.date).add({ days: 1 })}`;
    await page.goto(curve);
    await page.getByText("No intervals in this period").waitFor({ state: "detached" });
    await page.getByText("missing", { exact: false }).first().waitFor({ state: "attached" });
    const coverage = () => page.locator(".e-statistics").innerText();
    await expect.poll(coverage).toContain("96 of 96");
    await page.getByRole("button", { name: "As known at…" }).click();
    await page.getByLabel("As known at").fill(field(nowMs - 15 * hourMs));
    await page.getByText("The past is shown: as known at").waitFor();
    await expect.poll(coverage).toContain("88 of 96");
    await picture(page, "known-past");
    expect(await violations(page)).toEqual([]);
    await page.getByRole("button", { name: "Show what is known now" }).click();
    await expect.poll(coverage).toContain("96 of 96");
    await page.getByRole("button", { name: "Table" }).first().click();
    await page.getByRole("grid", { name: "The same values as a table" }).focus();
    for (let step = 0; step < 44; step++) await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await dialog(page).getByText("given by dan.pop").waitFor();
    await dialog(page).getByText("misreading: “seen on site, display photographed”").waitFor();
    await dialog(page).locator("summary").first().click();
    await dialog(page).getByText("60 61 62 63").first().waitFor();
    await picture(page, "interval-story");
    expect(await violations(page, "[role=dialog]")).toEqual([]);
    await page.keyboard.press("Escape");
    await dialog(page).waitFor({ state: "detached" });
    await page.context().close();
  }, 120_000);

  test("registers too, on a phone in the dark", async () => {
    const page = await open(390, "dark");
    await page.goto(`${server.url}/points/1?tab=registers`);
    const cell = (text: string) => page.getByRole("grid").getByText(text).first();
    await cell("1,201.5").waitFor();
    await picture(page, "registers-phone");
    await cell("1,201.5").click();
    await dialog(page).getByText("1,200.5 kWh").waitFor();
    await picture(page, "register-story-phone");
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "As known at…" }).click();
    await page.getByLabel("As known at").fill(field(nowMs - 15 * hourMs));
    await cell("1,201.5").waitFor({ state: "detached" });
    await cell("1,200.5").waitFor();
    await picture(page, "registers-past-phone");
    expect(await sidewaysScroll(page)).toBe(0);
    await page.context().close();
  }, 120_000);
});
