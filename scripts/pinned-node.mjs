import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** The Node that this project pins, once installed; the running one where the platform has none. */
export function pinnedNode() {
  const windows = process.platform === "win32";
  const name = `node-${windows ? "win" : process.platform}-${process.arch}`;
  const binary = fileURLToPath(
    new URL(`../node_modules/${name}/bin/node${windows ? ".exe" : ""}`, import.meta.url),
  );
  return existsSync(binary) ? binary : process.execPath;
}
