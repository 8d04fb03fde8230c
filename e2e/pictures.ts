// Takes pictures of every screen of a running demonstration: `npm run pictures` writes those of the documentation,
// `npm run pictures -- FOLDER` all of them, in both languages and themes, at 1280 and 390 pixels.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Browser, Page } from "playwright-core";
import { launchBrowser } from "./browser.ts";
import { startDemo } from "./energsys.ts";
import { makeAccount } from "./sign-in.ts";

const [folder] = process.argv.slice(2);
const documentation = fileURLToPath(new URL("../docs/images", import.meta.url));

/** A screen, by its path once the ids of the town are known. */
const screens = {
  operations: "/op",
  points: "/points",
  "point-overview": "/points/POINT",
  "point-load-curve": "/points/POINT?tab=curve&last=7",
  "point-registers": "/points/POINT?tab=registers",
  "point-events": "/points/POINT?tab=events",
  "point-communication": "/points/POINT?tab=communication",
  "point-configuration": "/points/POINT?tab=configuration",
  "add-device": "/devices/new",
} as const;

type Theme = "light" | "dark";
const sizes = {
  wide: { width: 1280, height: 900 },
  tall: { width: 1280, height: 1400 },
  narrow: { width: 390, height: 844 },
} as const;

const demo = await startDemo(["--points", "60", "--days", "40", "--seed", "7"]);
const { browser, close } = await launchBrowser();
try {
  const account = await makeAccount(browser, demo);
  await waitForTown(account.page);
  const pointId = await threePhasePoint(account.page);
  if (folder === undefined) await takeForDocumentation(browser, account.state, pointId);
  else await takeAll(browser, account.state, pointId, folder);
} finally {
  await close();
  await demo.stop();
}

/** Until every device has been read once and the curves are there. */
async function waitForTown(page: Page): Promise<void> {
  for (let waited = 0; waited < 60; waited++) {
    const answer = await page.request.get(`${demo.url}/api/operations`);
    const { read, attemptsOpen } = await answer.json();
    if (read.done >= 60 && attemptsOpen < 5) return;
    await page.waitForTimeout(1000);
  }
  throw new Error("the town was not read within a minute");
}

async function threePhasePoint(page: Page): Promise<number> {
  const { rows } = await (
    await page.request.get(`${demo.url}/api/points?limit=60&model=energsys-virtual-dlms`)
  ).json();
  const point = rows.find((row: { phases: number }) => row.phases === 3) ?? rows[0];
  return point.pointId;
}

type State = Awaited<ReturnType<typeof makeAccount>>["state"];

async function takeForDocumentation(browser: Browser, state: State, pointId: number): Promise<void> {
  mkdirSync(documentation, { recursive: true });
  for (const name of [
    "operations",
    "points",
    "point-overview",
    "point-load-curve",
    "point-communication",
  ] as const) {
    await take(browser, state, {
      name,
      pointId,
      language: "en",
      theme: "light",
      size: name === "point-load-curve" ? "tall" : "wide",
      file: join(documentation, `${name}.png`),
    });
  }
  await take(browser, state, {
    name: "point-load-curve",
    pointId,
    language: "ro",
    theme: "dark",
    size: "narrow",
    file: join(documentation, "phone-dark.png"),
  });
}

async function takeAll(browser: Browser, state: State, pointId: number, out: string): Promise<void> {
  mkdirSync(out, { recursive: true });
  for (const language of ["ro", "en"] as const) {
    for (const theme of ["light", "dark"] as const) {
      for (const size of ["wide", "narrow"] as const) {
        for (const name of Object.keys(screens) as (keyof typeof screens)[]) {
          await take(browser, state, {
            name,
            pointId,
            language,
            theme,
            size,
            file: join(out, `${name}-${size}-${theme}-${language}.png`),
          });
        }
      }
    }
  }
}

interface Shot {
  readonly name: keyof typeof screens;
  readonly pointId: number;
  readonly language: "ro" | "en";
  readonly theme: Theme;
  readonly size: keyof typeof sizes;
  readonly file: string;
}

async function take(browser: Browser, state: State, shot: Shot): Promise<void> {
  const context = await browser.newContext({
    storageState: state,
    viewport: sizes[shot.size],
    colorScheme: shot.theme,
    locale: shot.language === "ro" ? "ro-RO" : "en-GB",
    reducedMotion: "reduce",
  });
  const page = await context.newPage();
  await page.request.patch(`${demo.url}/api/account`, {
    data: { language: shot.language },
    headers: { origin: demo.url, "x-csrf-token": await csrfToken(page) },
  });
  await page.goto(`${demo.url}${screens[shot.name].replace("POINT", String(shot.pointId))}`);
  await page.waitForLoadState("load");
  await page.waitForTimeout(1500);
  await page.screenshot({ path: shot.file });
  await context.close();
}

async function csrfToken(page: Page): Promise<string> {
  const answer = await page.request.get(`${demo.url}/api/session`);
  return (await answer.json()).csrfToken;
}
