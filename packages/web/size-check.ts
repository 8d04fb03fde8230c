// Sizes of the built application, gzipped: the start-up script at most 300 kB, any other chunk at most 60 kB.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

const startUpMax = 300_000;
const lazyMax = 60_000;

export interface SizeReport {
  readonly startUp: number;
  readonly sizes: readonly { readonly path: string; readonly start: boolean; readonly bytes: number }[];
  readonly faults: readonly string[];
}

/** `faults` lists what is too large; `sizes` every script with its gzipped bytes. */
export function checkSizes(dist: string): SizeReport {
  const html = readFileSync(join(dist, "index.html"), "utf8");
  const start = new Set([...html.matchAll(/(?:src|href)="\/(assets\/[^"]+\.js)"/g)].map((match) => match[1]));
  const sizes = readdirSync(join(dist, "assets"))
    .filter((name) => name.endsWith(".js"))
    .map((name) => {
      const path = `assets/${name}`;
      return {
        path,
        start: start.has(path),
        bytes: gzipSync(readFileSync(join(dist, path)), { level: 9 }).length,
      };
    });
  const startUp = sizes.filter((one) => one.start).reduce((sum, one) => sum + one.bytes, 0);
  const faults = sizes
    .filter((one) => !one.start && one.bytes > lazyMax)
    .map((one) => `${one.path}: ${one.bytes} bytes, at most ${lazyMax}`);
  if (startUp > startUpMax) faults.push(`start-up scripts: ${startUp} bytes, at most ${startUpMax}`);
  if (startUp === 0) faults.push("no start-up script in index.html");
  return { startUp, sizes, faults };
}

if (process.argv[1]?.endsWith("size-check.ts")) {
  const { startUp, sizes, faults } = checkSizes(join(import.meta.dirname, "dist"));
  const lazy = Math.max(0, ...sizes.filter((one) => !one.start).map((one) => one.bytes));
  console.log(`start-up ${startUp} bytes gzipped, largest lazy chunk ${lazy}`);
  for (const fault of faults) console.error(fault);
  process.exitCode = faults.length > 0 ? 1 : 0;
}
