// One unpacked browser for the whole run: the first test that needs it unpacks it (e2e/browser.ts).
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export function setup(): () => void {
  const folder = mkdtempSync(join(tmpdir(), "energsys-browsers-"));
  process.env["ENERGSYS_TEST_BROWSER"] = folder;
  return () => rmSync(folder, { recursive: true, force: true });
}
