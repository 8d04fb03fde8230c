import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launchBrowser, type TestBrowser } from "./browser.ts";
import { type RunningDemo, startDemo } from "./energsys.ts";
import { type Account, makeAccount, password } from "./sign-in.ts";

// The whole product as a newcomer meets it: launcher, database, head-end, server, virtual meters and a real browser.
let demo: RunningDemo;
let chromium: TestBrowser;
let account: Account;
let page: Page;

beforeAll(async () => {
  [demo, chromium] = await Promise.all([
    startDemo(["--points", "14", "--days", "3", "--seed", "3"]),
    launchBrowser(),
  ]);
  account = await makeAccount(chromium.browser, demo);
  page = account.page;
}, 180_000);

afterAll(async () => {
  await chromium?.close();
  await demo?.stop();
});

const ask = async (path: string) => (await page.request.get(`${demo.url}/api${path}`)).json();

test("the one-time token of the terminal makes the first account, once", async () => {
  expect(await ask("/session")).toMatchObject({ account: { name: "ana.vior", displayName: "Ana Vior" } });
  const again = await page.request.post(`${demo.url}/api/first-account`, {
    data: {
      token: new URL(demo.firstRunUrl).hash.slice("#token=".length),
      name: "second",
      displayName: "Second",
      password,
      language: "en",
    },
    headers: { origin: demo.url },
  });
  expect(again.ok()).toBe(false);
});

test("the town is read by itself until nothing is missing of yesterday", async () => {
  await expect
    .poll(async () => (await ask("/operations")).coverage, { timeout: 60_000, interval: 500 })
    .toSatisfy(({ expected, present }) => expected > 0 && present === expected);
  const { read } = await ask("/operations");
  expect(read.failed).toBe(0);
});

test("the control room shows what is read, live", async () => {
  await page.goto(`${demo.url}/op`);
  await page.getByRole("heading", { level: 1, name: "Operations" }).waitFor();
  await page.getByText("live", { exact: true }).first().waitFor();
  await page.getByText("stored").first().waitFor();
});

test("a point is found by the end of its meter's serial number and opened by keyboard", async () => {
  const { rows } = await ask("/points?limit=1&sort=serial");
  await page.keyboard.press("Control+k");
  await page.getByRole("combobox").fill(rows[0].serial);
  await page.getByRole("option").first().waitFor();
  await page.keyboard.press("Enter");
  await page.waitForURL(`**/points/${rows[0].pointId}**`);
  await page.getByRole("heading", { level: 1, name: rows[0].pod }).waitFor();
});

test("a read asked for on the screen passes its stages and ends stored", async () => {
  const { rows } = await ask("/points?limit=1&model=energsys-virtual-dlms");
  await page.goto(`${demo.url}/points/${rows[0].pointId}`);
  await page.getByRole("button", { name: "Read now" }).click();
  await expect
    .poll(
      async () =>
        (await ask(`/points/${rows[0].pointId}/attempts`)).rows.find(
          (row: { cause: string }) => row.cause === "read-now",
        )?.state,
      {
        timeout: 30_000,
      },
    )
    .toBe("done");
});

test("a point's load curve is drawn and says how much of it is there", async () => {
  const { rows } = await ask("/points?limit=1&model=energsys-virtual-dlms");
  await page.goto(`${demo.url}/points/${rows[0].pointId}?tab=curve&last=7`);
  await page.locator("figure canvas").first().waitFor();
  await page
    .getByText(/intervals present/)
    .first()
    .waitFor();
});

test("the stored curve is what the meter truly recorded", async () => {
  const { rows } = await ask("/points?limit=1&model=energsys-virtual-dlms");
  const point = await ask(`/points/${rows[0].pointId}`);
  const channel = point.channels.find((each: { layer: string }) => each.layer === "point");
  const yesterday = Temporal.Now.plainDateISO("Europe/Bucharest").subtract({ days: 1 });
  const curve = await ask(
    `/points/${point.pointId}/load-curve?channel=${channel.channelId}&from=${yesterday}&to=${yesterday.add({ days: 1 })}`,
  );
  const { startSimulator } = await import("@energsys/simulator");
  const town = await startSimulator({ points: 14, seed: 3, days: 3, nowMs: Date.now });
  try {
    const serial = point.installations[0].serial;
    const from = Date.parse(curve.start);
    const truth = town.truth(serial, "1-0:1.8.0*255", from, from + curve.values.length * 900_000);
    const factor = Number(point.installations[0].factor);
    expect(curve.values).toEqual(
      Array.from(truth.energies, (energyWh) => energyWh * factor * 10 ** -curve.scale),
    );
  } finally {
    await town.stop();
  }
});

test("the screens hold no error of the console and ask no other host", async () => {
  const context = await chromium.browser.newContext({ storageState: account.state });
  const fresh = await context.newPage();
  const faults: string[] = [];
  fresh.on("console", (message) => message.type() === "error" && faults.push(message.text()));
  fresh.on("pageerror", (error) => faults.push(error.message));
  fresh.on("request", (request) => {
    if (new URL(request.url()).origin !== demo.url && !request.url().startsWith("data:"))
      faults.push(request.url());
  });
  for (const path of [
    "/op",
    "/points",
    "/points/1",
    "/points/1?tab=curve",
    "/points/1?tab=communication",
    "/devices/new",
  ]) {
    await fresh.goto(`${demo.url}${path}`);
    await fresh.getByRole("heading", { level: 1 }).waitFor();
  }
  expect(faults).toEqual([]);
  await context.close();
});
