// `npm test`: the checks, then every test. The last line counts them, for people and for CI. `npm run test:thorough` does what is left
// to chance as often as the documentation claims: 50 kills where a usual run does a few, and takes an hour or two.
import { spawnSync } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { pinnedNode } from "./pinned-node.mjs";
import { makeScratch } from "./scratch.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const scratch = makeScratch();
const results = join(scratch, "results.json");
process.env.TMPDIR = scratch;

const run = (args) => spawnSync(pinnedNode(), args, { cwd: root, stdio: "inherit" }).status ?? 1;

const thorough = "--thorough";
const args = process.argv.slice(2).filter((arg) => arg !== thorough);
if (process.argv.includes(thorough))
  Object.assign(process.env, { ENERGSYS_TIMES: "50", ENERGSYS_TOWN_DAYS: "31" });

const checked = run(["scripts/check.mjs"]);
const tested = run([
  "--disable-warning=ExperimentalWarning",
  join("node_modules", "vitest", "vitest.mjs"),
  "run",
  "--reporter=default",
  "--reporter=json",
  `--outputFile.json=${results}`,
  ...args,
]);

let counted = { numPassedTests: 0, numFailedTests: 0, numPendingTests: 0 };
try {
  counted = JSON.parse(readFileSync(results, "utf8"));
} catch {
  console.error("test: the run ended before it could count");
}
// The tests' database server may still be ending.
rmSync(scratch, { recursive: true, force: true, maxRetries: 10, retryDelay: 1000 });
const failed =
  counted.numFailedTests + (checked === 0 ? 0 : 1) + (tested !== 0 && counted.numFailedTests === 0 ? 1 : 0);
const skipped = counted.numPendingTests > 0 ? `, ${counted.numPendingTests} skipped` : "";
console.log(`${counted.numPassedTests} passed, ${failed} failed${skipped}`);
process.exit(failed > 0 || counted.numPassedTests === 0 ? 1 : 0);
