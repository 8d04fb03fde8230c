import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import {
  capturedSession,
  isThere,
  ownSession,
  type Peer,
  readSession,
  replay,
  startPeer,
} from "@energsys/drivers/testing";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launchBrowser, type TestBrowser } from "./browser.ts";
import { allowThisMachine, type RunningDemo, startEmpty } from "./energsys.ts";
import { makeAccount } from "./sign-in.ts";

// An empty system and one meter: its recorded session is replayed byte by byte over TCP, and the browser does the rest.
let system: RunningDemo;
let chromium: TestBrowser;
let page: Page;
const peers: Peer[] = [];

beforeAll(async () => {
  [system, chromium] = await Promise.all([startEmpty(), launchBrowser()]);
  page = (await makeAccount(chromium.browser, system)).page;
}, 180_000);

afterAll(async () => {
  for (const peer of peers) await peer.stop();
  await chromium?.close();
  await system?.stop();
});

test("an empty system leads to a first device or to the sample network", async () => {
  await page.getByRole("link", { name: "Add a device" }).waitFor();
  await page.getByRole("link", { name: "Start the sample network" }).waitFor();
});

const meters = [
  ["a real ISKRA ME162", capturedSession("iec-isk-me162-mode-c"), "RO001E100000162", "33,402.264"],
  ["our own recording", ownSession("own-mode-c"), "RO001E100000701", undefined],
] as const;

for (const [name, file, pod, energyKwh] of meters) {
  test.skipIf(!isThere(file))(
    `${name} is added by its address, tried, read, and the browser shows its register`,
    async () => {
      const steps = readSession(file);
      const peer = await startPeer(replay(steps));
      peers.push(peer);
      // The meter is at this machine, where otherwise no device is dialled.
      allowThisMachine(system.folder);
      await page.goto(`${system.url}/devices/new`);
      const another = page.getByRole("button", { name: "Add another one" });
      const address = page.getByLabel("Device address (URL)");
      await another.or(address).waitFor();
      if (await another.isVisible()) await another.click();
      await page.getByLabel("Device address (URL)").fill(`iec62056-21+tcp://127.0.0.1:${peer.port}?mode=C`);
      await page.getByRole("button", { name: "Try it" }).click();
      await page.getByText("This is what answered").waitFor();
      await page.getByRole("button", { name: /Go on/ }).click();
      await page.getByLabel("POD code").fill(pod);
      await page.getByLabel("Address", { exact: true }).fill("Str. Fântânii 4, Țițești");
      await page.getByLabel("Branch, from the top").fill("Argeș");
      await page.getByRole("button", { name: "Add it and read it" }).click();
      await page
        .getByRole("link", { name: "Open the point" })
        .or(page.getByRole("link", { name: "See its curve" }))
        .first()
        .click();
      await page.getByRole("heading", { level: 1, name: pod }).waitFor();
      await page.getByRole("tab", { name: "Registers" }).click();
      const shown = energyKwh ?? grouped(registerOf(steps));
      await page.getByText(shown).first().waitFor();
      expect(peer.complaints).toEqual([]);
    },
    60_000,
  );
}

test("the sample network is started on the screen and comes beside what is there", async () => {
  const devices = async () => (await (await page.request.get(`${system.url}/api/operations`)).json()).devices;
  const before = await devices();
  await page.goto(`${system.url}/first-run`);
  await page.getByRole("link", { name: "Start the sample network" }).click();
  const start = page.getByRole("button", { name: "Start the sample network" });
  await start.click();
  // What its inventory names, each once: 60 consumers, the balance meters above them, and the concentrators.
  const file = join(system.folder, "sample-network.json");
  await expect.poll(() => existsSync(file), { timeout: 60_000, interval: 500 }).toBe(true);
  const { points, gateways } = JSON.parse(readFileSync(file, "utf8"));
  expect(points.length).toBeGreaterThan(60);
  expect(gateways.length).toBeGreaterThan(1);
  await expect
    .poll(devices, { timeout: 60_000, interval: 500 })
    .toBe(before + points.length + gateways.length);
}, 90_000);

/** Value of 1.8.0 in the readout of a recording. */
function registerOf(steps: readonly { dir: string; hex: string }[]): string {
  const bytes = Buffer.concat(
    steps.filter(({ dir }) => dir === "from-meter").map(({ hex }) => Buffer.from(hex, "hex")),
  );
  return /1\.8\.0\(0*(\d+\.\d+)\*kWh\)/.exec(bytes.toString("latin1"))![1]!;
}

function grouped(value: string): string {
  const [whole = "", fraction = ""] = value.split(".");
  return `${Number(whole).toLocaleString("en-GB")}.${fraction}`;
}
