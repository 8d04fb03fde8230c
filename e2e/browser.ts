import { mkdtempSync, rmSync } from "node:fs";
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
 * own: the package reuses any browser that it finds in the common temporary folder, whatever its version.
 */
export async function launchBrowser(): Promise<TestBrowser> {
  const folder = mkdtempSync(join(tmpdir(), "energsys-browser-"));
  const before = process.env.TMPDIR;
  process.env.TMPDIR = folder;
  try {
    // Loaded here, not at the top: the package looks at TMPDIR when it is loaded.
    const { default: packed } = await import("@sparticuz/chromium");
    const executablePath = await packed.executablePath();
    // Of its arguments only this one: its own list makes the browser die at the second context.
    const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
    const close = async () => {
      await browser.close();
      rmSync(folder, { recursive: true, force: true });
    };
    return { browser, close };
  } finally {
    if (before === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = before;
  }
}
