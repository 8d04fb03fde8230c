// Makes a bare clone ready: installs what package-lock.json names and builds the web application, each only when
// something changed. Runs on the machine's own Node (20 or newer), hence plain JavaScript without dependencies.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { pinnedNode } from "./pinned-node.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const oldest = 20;

function fail(code, message) {
  console.error(`energsys: ${code}: ${message}`);
  process.exit(1);
}

function run(command, args) {
  const { status } = spawnSync(command, args, { cwd: root, stdio: "inherit" });
  return status === 0;
}

function hashOf(files) {
  const hash = createHash("sha256");
  for (const file of files) hash.update(`${relative(root, file)}\0`).update(readFileSync(file));
  return hash.digest("hex");
}

function filesBelow(folder) {
  return readdirSync(folder, { recursive: true })
    .map((name) => join(folder, name))
    .filter((file) => !/[\\/](node_modules|dist)[\\/]/.test(file) && statSync(file).isFile())
    .sort();
}

function stampIs(file, value) {
  return existsSync(file) && readFileSync(file, "utf8") === value;
}

function install() {
  const stamp = join(root, "node_modules", ".energsys-installed");
  const wanted = hashOf([join(root, "package-lock.json")]);
  if (stampIs(stamp, wanted)) return;
  console.error("energsys: installing packages …");
  // npm_execpath is npm's own script when this runs under `npm run`; no install script of any package is needed.
  const npm = process.env.npm_execpath;
  const args = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
  const done = npm?.endsWith(".js") ? run(process.execPath, [npm, ...args]) : run("npm", args);
  if (!done) fail("install.failed", "npm ci did not finish; the lines above say why");
  writeFileSync(stamp, wanted);
}

function buildWeb() {
  const web = join(root, "packages", "web");
  const stamp = join(web, "dist", ".energsys-built");
  const wanted = hashOf([...filesBelow(web), join(root, "package-lock.json")]);
  if (stampIs(stamp, wanted)) return;
  console.error("energsys: building the web application …");
  const vite = join(root, "node_modules", "vite", "bin", "vite.js");
  if (!run(pinnedNode(), [vite, "build", "--logLevel", "error", web])) {
    fail("install.web-build-failed", "the web application did not build; the lines above say why");
  }
  mkdirSync(join(web, "dist"), { recursive: true });
  writeFileSync(stamp, wanted);
}

if (Number(process.versions.node.split(".")[0]) < oldest) {
  fail(
    "install.node-old",
    `Node ${process.versions.node} is too old; ${oldest} or newer is needed to install`,
  );
}
install();
buildWeb();
