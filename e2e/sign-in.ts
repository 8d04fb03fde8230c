import type { Browser, BrowserContext, Page } from "playwright-core";
import type { RunningDemo } from "./energsys.ts";

export interface Account {
  readonly page: Page;
  readonly context: BrowserContext;
  /** Cookies and storage, for further windows of the same person. */
  readonly state: Awaited<ReturnType<BrowserContext["storageState"]>>;
}

export const password = "trei vrăbii pe un fir";

/** Makes the first account on the first-run page, as a newcomer does with the address that the terminal printed. */
export async function makeAccount(browser: Browser, demo: RunningDemo): Promise<Account> {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 900 },
    locale: "en-GB",
    ignoreHTTPSErrors: true,
  });
  const page = await context.newPage();
  await page.goto(demo.firstRunUrl);
  await page.getByLabel("Your name").fill("Ana Vior");
  await page.getByLabel("Sign-in name").fill("ana.vior");
  await page.locator("input[type=password]").fill(password);
  await page.locator("button[type=submit]").click();
  await page.getByRole("heading", { level: 1 }).filter({ hasNotText: "Welcome" }).waitFor();
  return { page, context, state: await context.storageState() };
}
