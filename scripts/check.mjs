// What a machine can say of the code before a test runs: format and lint, types, and that the command lists are whole.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { pinnedNode } from "./pinned-node.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const bin = (...parts) => join(root, "node_modules", ...parts);

const steps = [
  ["biome", [bin("@biomejs", "biome", "bin", "biome"), "check", "--error-on-warnings", "."]],
  ["types", [bin("typescript", "bin", "tsc"), "--noEmit", "-p", "tsconfig.json"]],
  [
    "types of the web application",
    [bin("typescript", "bin", "tsc"), "--noEmit", "-p", "packages/web/tsconfig.json"],
  ],
];

for (const [name, args] of steps) {
  const { status } = spawnSync(pinnedNode(), args, { cwd: root, stdio: "inherit" });
  if (status !== 0) {
    console.error(`check: ${name} found something`);
    process.exit(1);
  }
  console.error(`check: ${name} ok`);
}
