import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { launchBrowser } from "../browser.ts";
import { startFakeServer } from "./fixtures/fake-server.ts";
import { clippedTexts, isBuilt, openPage, sidewaysScroll, violations, webRoot } from "./fixtures/visit.ts";

type Fake = Awaited<ReturnType<typeof startFakeServer>>;
let browser: Browser;
let closeBrowser: () => Promise<void>;
let full: Fake;
let empty: Fake;

beforeAll(async () => {
  full = await startFakeServer({ webRoot, points: 2_000, stageMs: 150 });
  empty = await startFakeServer({ webRoot, points: 0, empty: true });
  ({ browser, close: closeBrowser } = await launchBrowser());
});
afterAll(async () => {
  await closeBrowser?.();
  await full?.stop();
  await empty?.stop();
});

interface Screen {
  readonly name: string;
  readonly path: string;
  readonly outside?: boolean;
  readonly empty?: boolean;
  /** What is waited for, and opened, before the look. */
  readonly ready: string;
  readonly act?: (page: Page) => Promise<void>;
}

const screens: readonly Screen[] = [
  { name: "sign-in", path: "/sign-in", outside: true, ready: "form" },
  {
    name: "sign-in refused",
    path: "/sign-in",
    outside: true,
    ready: "form",
    act: async (page) => {
      await page.locator("input").first().fill("ana");
      await page.locator("input").nth(1).fill("wrong");
      await page.keyboard.press("Enter");
      await page.locator("[role=alert]").waitFor();
    },
  },
  { name: "first run", path: "/first-run#token=letmein", outside: true, empty: true, ready: "form" },
  { name: "what to read first", path: "/first-run", ready: ".e-choice" },
  { name: "operations", path: "/op", ready: ".e-attention li" },
  { name: "operations without devices", path: "/op", empty: true, ready: ".e-empty" },
  { name: "points", path: "/points", ready: ".e-grid-lines a" },
  { name: "points without a match", path: "/points?q=zzzzzz", ready: ".e-empty" },
  { name: "points before the first", path: "/points", empty: true, ready: ".e-empty" },
  { name: "overview of a point", path: "/points/5", ready: ".e-chart canvas" },
  { name: "load curve", path: "/points/5?tab=curve", ready: ".e-chart canvas" },
  {
    name: "load curve of a year",
    path: "/points/5?tab=curve&from=2026-01-01&to=2027-01-01",
    ready: ".e-chart canvas",
  },
  {
    name: "load curve as table",
    path: "/points/5?tab=curve",
    ready: ".e-chart canvas",
    act: async (page) => {
      await page.locator("figure button[aria-pressed]").click();
      await page.locator(".e-grid-lines [role=row]").first().waitFor();
    },
  },
  { name: "registers", path: "/points/5?tab=registers", ready: ".e-grid-lines [role=row]" },
  { name: "events", path: "/points/5?tab=events", ready: ".e-grid-lines [role=row]" },
  { name: "communication", path: "/points/5?tab=communication", ready: ".e-grid-lines [role=row]" },
  { name: "configuration", path: "/points/5?tab=configuration", ready: "table" },
  { name: "a point that is not there", path: "/points/99999999", ready: "[role=alert]" },
  { name: "an address that is not there", path: "/nothing/here", ready: ".e-empty" },
  {
    name: "a read under way",
    path: "/points/6",
    ready: ".e-chart canvas",
    act: async (page) => {
      await page.keyboard.press("r");
      await page.locator(".e-stages").waitFor();
    },
  },
  { name: "adding a device", path: "/devices/new", ready: "form" },
  {
    name: "a device that answered",
    path: "/devices/new",
    ready: "form",
    act: async (page) => {
      await page.locator("main input").first().fill("dlms+tcp://10.0.0.1:4059");
      await page.keyboard.press("Enter");
      await page.locator("#found").waitFor();
    },
  },
  {
    name: "a form with faults",
    path: "/devices/new",
    ready: "form",
    act: async (page) => {
      await page.locator("main input").first().fill("dlms+tcp://10.0.0.1:4059");
      await page.keyboard.press("Enter");
      await page.locator("#found").waitFor();
      await page.locator("main .e-row button").first().click();
      await page.locator("main button[type=submit]").click();
      await page.locator("[role=alert]").waitFor();
    },
  },
  {
    name: "the palette",
    path: "/op",
    ready: ".e-attention li",
    act: async (page) => {
      await page.keyboard.press("Control+k");
      await page.locator(".e-palette-input").fill("titesti");
      await page.locator("[role=option]").nth(3).waitFor();
    },
  },
  {
    name: "the list of shortcuts",
    path: "/op",
    ready: ".e-attention li",
    act: async (page) => {
      await page.keyboard.press("?");
      await page.locator("dl.e-facts").waitFor();
    },
  },
  {
    name: "the jobs tray",
    path: "/op",
    ready: ".e-attention li",
    act: async (page) => {
      await page.locator(".e-header-end button").first().click();
      await page.locator("[role=dialog]").waitFor();
    },
  },
  { name: "all parts", path: "/_parts", ready: "[data-part=marks]" },
];

async function look(screen: Screen, visit: Parameters<typeof openPage>[2]) {
  const url = screen.empty ? empty.url : full.url;
  const opened = await openPage(browser, url, { ...visit, signedIn: !screen.outside });
  await opened.page.goto(url + screen.path);
  await opened.page.locator(screen.ready).first().waitFor();
  await screen.act?.(opened.page);
  await opened.page.waitForTimeout(250);
  return opened;
}

describe.skipIf(!isBuilt)("every screen", () => {
  test.each(screens)(
    "UX-06 $name: axe finds nothing, in light and dark, on a desk and on a phone",
    async (screen) => {
      for (const scheme of ["light", "dark"] as const)
        for (const width of [1280, 390]) {
          const { page, context, faults } = await look(screen, { scheme, width });
          expect(await violations(page), `${scheme} ${width}`).toEqual([]);
          expect(faults, `${scheme} ${width}`).toEqual([]);
          await context.close();
        }
    },
  );

  test.each(screens)("UX-08 $name: nothing is wider than a window of 320 px", async (screen) => {
    const { page, context } = await look(screen, { width: 320, height: 640 });
    expect(await sidewaysScroll(page)).toBeLessThanOrEqual(0);
    await context.close();
  });

  test.each(screens.filter((screen) => screen.name !== "all parts"))(
    "UX-15 $name: no text is cut when all are stretched",
    async (screen) => {
      for (const width of [1280, 390]) {
        const { page, context } = await look(screen, { width, stretched: true });
        expect(await clippedTexts(page), String(width)).toEqual([]);
        expect(await sidewaysScroll(page)).toBeLessThanOrEqual(0);
        await context.close();
      }
    },
  );
});
