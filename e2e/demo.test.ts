import { capacityOf, GridTown, TownLedger } from "@energsys/simulator";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launchBrowser, type TestBrowser } from "./browser.ts";
import { type RunningDemo, startDemo } from "./energsys.ts";
import { type Account, makeAccount, password } from "./sign-in.ts";

// The whole product as a newcomer meets it: launcher, database, head-end, server, a virtual field and a real browser.
const days = 5;
/** Of this seed a meter is exchanged on the fourth day, which is long enough ago to stand in the books, and a register rolls over. */
const seed = 3;
const zone = "Europe/Bucharest";
const begin = Temporal.Now.plainDateISO(zone).subtract({ days }).toString();
let demo: RunningDemo;
let chromium: TestBrowser;
let account: Account;
let page: Page;

beforeAll(async () => {
  [demo, chromium] = await Promise.all([
    startDemo(["--points", "14", "--days", String(days), "--seed", String(seed)]),
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

test("the town's concentrator is adopted without a hand: it calls, is drained, and all its meters are points", async () => {
  await expect
    .poll(async () => (await ask("/equipment")).counts, { timeout: 30_000, interval: 500 })
    .toEqual({ online: 1, silent: 0, shutdown: 0, quarantine: 0, retired: 0 });
  const { rows } = await ask("/equipment");
  const concentrator = await ask(`/equipment/${rows[0].gatewayId}`);
  // The exchange too needs nobody: it was entered with both meters.
  expect(concentrator.openDifferences).toEqual([]);
  const town = new GridTown({ points: 14, seed, begin, zone });
  const exchanged = town.points.find(({ exchange }) => exchange)!;
  const { rows: points } = await ask("/points?limit=100");
  const { pointId } = points.find(({ pod }: { pod: string }) => pod === exchanged.pod);
  const { installations } = await ask(`/points/${pointId}`);
  expect(installations.map(({ serial }: { serial: string }) => serial).sort()).toEqual(
    [exchanged.meter.serial, exchanged.exchange!.serial].sort(),
  );
  const meters = concentrator.meterList.filter(({ pointId }: { pointId: number | null }) => pointId !== null);
  expect(meters.length).toBeGreaterThanOrEqual(12);
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

test("what is stored of yesterday is what truly flowed at every point and through the transformer", async () => {
  const town = new GridTown({ points: 14, seed, begin, zone });
  const yesterday = Temporal.Now.plainDateISO(zone).subtract({ days: 1 });
  const { rows } = await ask("/points?limit=100");
  const kinds = new Set<string>();
  for (const { pointId } of rows) {
    const point = await ask(`/points/${pointId}`);
    const { serial, factor } = point.installations[0];
    const channel = point.channels.find(
      (each: { layer: string; obis: string }) => each.layer === "point" && each.obis.startsWith("1-0:1."),
    );
    const kind = kindOf(town, serial);
    // Of the makers' meters one keeps no load curve.
    if (kind === "iec-iskra") continue;
    kinds.add(kind);
    const curve = await ask(
      `/points/${pointId}/load-curve?channel=${channel.channelId}&from=${yesterday}&to=${yesterday.add({ days: 1 })}`,
    );
    const from = Date.parse(curve.start);
    const truth = trueWh(town, serial, from, from + curve.values.length * 900_000);
    expect(
      curve.values.map((value: number) => value * 10 ** curve.scale),
      `${kind} ${serial}`,
    ).toEqual(truth.map((wh) => wh * Number(factor)));
  }
  expect([...kinds]).toEqual(expect.arrayContaining(["pulses", "iec-own", "transformer", "feeder"]));
});

const numberIn = (town: GridTown, serial: string) =>
  town.points.findIndex(({ meter, exchange }) => meter.serial === serial || exchange?.serial === serial);

function kindOf(town: GridTown, serial: string): string {
  const point = town.points[numberIn(town, serial)];
  if (!point) return Number(serial) % 10_000 < 5000 ? "transformer" : "feeder";
  return point.attachment.kind === "pulses" ? "pulses" : point.meter.kind;
}

/** By the model of the town alone: what the meter's own register took in each quarter-hour, Wh. */
function trueWh(town: GridTown, serial: string, fromMs: number, toMs: number): number[] {
  const ledger = new TownLedger(town);
  const kind = kindOf(town, serial);
  if (kind === "transformer" || kind === "feeder")
    return [...ledger[kind](0, fromMs, toMs).netWh].map((wh) => Math.max(0, wh));
  const index = numberIn(town, serial);
  const point = town.points[index]!;
  if (kind !== "pulses")
    return [...ledger.point(index, fromMs, toMs).meteredWh].map((wh) => wh / point.ratio);
  const capacity = capacityOf(point);
  return Array.from({ length: (toMs - fromMs) / 900_000 }, (_, n) => {
    const [before, after] = [n, n + 1].map((nth) => ledger.register(index, fromMs + nth * 900_000)) as [
      number,
      number,
    ];
    return (after - before + capacity) % capacity;
  });
}

test("households and businesses are rated by the example tariffs of their class", async () => {
  const yesterday = Temporal.Now.plainDateISO(zone).subtract({ days: 1 });
  const { energies, tariffs } = await ask(
    `/analysis/multi-rate?of=s&from=${yesterday}&to=${yesterday.add({ days: 1 })}&energies=A%2B&by=day`,
  );
  expect(tariffs.map(({ code }: { code: string }) => code)).toContain("EXEMPLU-CASNIC");
  const zones: { rate: string; energy: string }[] = energies[0].zones;
  expect(zones.map(({ rate }) => rate)).toEqual(expect.arrayContaining(["zi", "noapte"]));
  expect(Number(zones.find(({ rate }) => rate === "noapte")!.energy)).toBeGreaterThan(0);
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
