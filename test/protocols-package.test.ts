import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { type Simulator, startSimulator } from "@energsys/simulator";
import { afterAll, beforeAll, expect, test } from "vitest";

// What somebody has who installs the packed libraries, and nothing of this workspace, in a folder of his own.
const execute = promisify(execFile);
const root = fileURLToPath(new URL("..", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "energsys-package-"));
const installed = join(folder, "node_modules", "@energsys", "protocols");
let town: Simulator;

beforeAll(async () => {
  town = await startSimulator({ points: 8, days: 1, shares: { "dlms-wrapper": 1, "iec-own": 1 } });
  await execute(process.execPath, [join(root, "scripts", "pack-protocols.mjs"), folder]);
  const file = readdirSync(folder).find((name) => name.endsWith(".tgz")) ?? "";
  writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
  await execute("npm", ["install", "--offline", "--no-audit", "--no-fund", "--silent", `./${file}`], {
    cwd: folder,
  });
});

afterAll(async () => {
  await town.stop();
  rmSync(folder, { recursive: true, force: true });
});

test("every entry point is JavaScript with types, and none needs another package", async () => {
  const { exports, dependencies } = JSON.parse(readFileSync(join(installed, "package.json"), "utf8"));
  expect(dependencies).toBeUndefined();
  for (const [name, files] of Object.entries<Record<string, string>>(exports)) {
    for (const file of Object.values(files))
      expect([file, existsSync(join(installed, file))]).toEqual([file, true]);
    const entry = name.replace(/^\./, "@energsys/protocols");
    const names = await run(`console.log(Object.keys(await import(${JSON.stringify(entry)})).length)`);
    expect([name, Number(names) > 0]).toEqual([name, true]);
    const page = `${name.replace("./", "") === "." ? "index" : name.replace("./", "")}.md`;
    expect([page, existsSync(join(installed, "api", page))]).toEqual([page, true]);
  }
});

test.each([
  ["iec62056-21", /1\.8\.0.*value: '\d{7}\.\d{3}'.*kWh/s],
  ["dlms", /octet-string.*(uint32|double-long-unsigned)/s],
] as const)("the first program of %s reads a meter", async (library, printed) => {
  const meter = town.inventory.points.find(
    ({ device }) => device.url.startsWith(library) && !device.url.includes("auth="),
  );
  const { hostname, port, searchParams } = new URL(meter?.device.url ?? "");
  const program =
    /```ts\n(.*?)```/s.exec(readFileSync(join(installed, library, "README.md"), "utf8"))?.[1] ?? "";
  expect(program.trim().split("\n").length).toBeLessThanOrEqual(15);
  const aimed = program
    .replace(/connect\(\d+, "192\.0\.2\.7"\)/, `connect(${port}, "${hostname}")`)
    .replace("28342193", searchParams.get("address") ?? "");
  expect(await run(aimed)).toMatch(printed);
});

/** What the program prints; it runs beside the town, which answers from this process. */
async function run(program: string): Promise<string> {
  const file = join(folder, "program.js");
  writeFileSync(file, program);
  const { stdout } = await execute(process.execPath, ["--disable-warning=ExperimentalWarning", file], {
    cwd: folder,
    timeout: 20_000,
  });
  return stdout;
}
