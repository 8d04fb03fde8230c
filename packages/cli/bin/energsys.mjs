#!/usr/bin/env node
// Finds the Node that this project pins and runs the command on it: a plain JavaScript file, since it may be started
// by any Node from 20 on, and older ones cannot read TypeScript.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

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

// The channel carries no messages: it ends when this process is killed, and tells the child to stop as well.
const child = spawn(node, ["--disable-warning=ExperimentalWarning", main, ...process.argv.slice(2)], {
  stdio: ["inherit", "inherit", "inherit", "ipc"],
});
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
