#!/usr/bin/env node
// Finds the Node that this project pins and becomes the command on it, or runs it as its child where an older Node cannot: a plain JavaScript file, since it may be started
// by any Node from 20 on, and older ones cannot read TypeScript.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { frugalFlags, jobsFlags } from "./program-flags.mjs";

const main = fileURLToPath(new URL("../src/main.ts", import.meta.url));
const system = process.platform === "win32" ? "win" : process.platform;

/** The pinned binary, or this process's own when it is new enough to strip types and to know Temporal. */
function findNode() {
  try {
    const manifest = createRequire(import.meta.url).resolve(`node-${system}-${process.arch}/package.json`);
    const name = process.platform === "win32" ? "bin/node.exe" : "bin/node";
    const binary = fileURLToPath(new URL(name, `file://${manifest}`));
    if (existsSync(binary)) return binary;
  } catch {
    // no pinned binary for this platform
  }
  return Number(process.versions.node.split(".")[0]) >= 26 ? process.execPath : undefined;
}

const node = findNode();
if (node === undefined) {
  console.error(
    `energsys: cli.node-missing: no Node 26 for ${system}-${process.arch}; run "npm ci" in the project, or install Node 26`,
  );
  process.exit(1);
}

// Code without its types is kept for the next start (beside the packages, which only whoever may change them can write): less to do
// at each, and 50 MB less for as long as the process lives.
process.env.NODE_COMPILE_CACHE ??= fileURLToPath(
  new URL("../../../node_modules/.cache/energsys", import.meta.url),
);
const flags =
  new Map([
    ["concentrator", frugalFlags],
    ["jobs", jobsFlags],
  ]).get(process.argv[2]) ?? [];
const all = ["--disable-warning=ExperimentalWarning", ...flags, main, ...process.argv.slice(2)];

// Where this Node can become another program (22.15 and newer, not on Windows), nothing of it stays behind.
if (process.execve && process.platform !== "win32") {
  process.removeAllListeners("warning");
  process.execve(node, [node, ...all], process.env);
}

// The channel carries no messages: it ends when this process is killed, and tells the child to stop as well.
const child = spawn(node, all, { stdio: ["inherit", "inherit", "inherit", "ipc"] });
// A terminal sends Ctrl+C to both; a supervisor only to us. The child decides when it has stopped.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
  process.on(signal, () => {
    if (signal !== "SIGINT" || !process.stdin.isTTY) child.kill(signal);
  });
}
child.on("error", (error) => {
  console.error(`energsys: cli.node-missing: ${error.message}`);
  process.exit(1);
});
child.on("exit", (code, signal) => {
  process.exitCode = signal ? 1 : (code ?? 1);
});
