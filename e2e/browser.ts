import { existsSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Browser, chromium } from "playwright-core";

/** A browser of this test run's own, and how to end it. */
export interface TestBrowser {
  readonly browser: Browser;
  close(): Promise<void>;
}

/**
 * Starts the Chromium that an npm package carries, so that nothing must be installed. It is unpacked to a folder of its
 * own, once in a run of tests: the package reuses any browser that it finds in the common temporary folder, whatever its version.
 */
export async function launchBrowser(): Promise<TestBrowser> {
  const shared = process.env["ENERGSYS_TEST_BROWSER"];
  const ready = shared === undefined ? undefined : join(shared, "ready");
  const folder = ready !== undefined && existsSync(ready) ? ready : await unpack(shared ?? tmpdir());
  const kept = ready !== undefined && (folder === ready || moved(folder, ready));
  // Of the package's arguments only this one: its own list makes the browser die at the second context.
  const browser = await chromium.launch({
    executablePath: join(kept ? ready : folder, "chromium"),
    args: ["--no-sandbox"],
  });
  const close = async () => {
    await browser.close();
    if (!kept) rmSync(folder, { recursive: true, force: true });
  };
  return { browser, close };
}

async function unpack(parent: string): Promise<string> {
  const folder = mkdtempSync(join(parent, "energsys-browser-"));
  const before = process.env.TMPDIR;
  process.env.TMPDIR = folder;
  try {
    // Loaded here, not at the top: the package looks at TMPDIR when it is loaded.
    const { default: packed } = await import("@sparticuz/chromium");
    await packed.executablePath();
    return folder;
  } finally {
    if (before === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = before;
  }
}

/** Whole or not at all; where another worker was faster, its browser is taken. */
function moved(folder: string, ready: string): true {
  try {
    renameSync(folder, ready);
  } catch (error) {
    if (!existsSync(ready)) throw error;
    rmSync(folder, { recursive: true, force: true });
  }
  return true;
}
