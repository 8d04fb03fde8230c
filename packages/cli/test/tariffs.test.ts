import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { testDatabase, testMasterKey } from "@energsys/store/testing";
import { Command } from "commander";
import { afterAll, afterEach, expect, test, vi } from "vitest";
import { addTariffs } from "../src/commands/tariffs.ts";

const { url, drop } = await testDatabase();
const folder = mkdtempSync(join(tmpdir(), "energsys-tariffs-"));
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await drop();
});
afterEach(() => {
  process.exitCode = 0;
});
process.env.DATABASE_URL = url;
vi.stubEnv("ENERGSYS_MASTER_KEY", Buffer.from(testMasterKey).toString("hex"));

async function run(...words: string[]): Promise<string> {
  const program = new Command().exitOverride();
  addTariffs(program);
  let text = "";
  const write = vi.spyOn(process.stdout, "write").mockImplementation((chunk) => {
    text += String(chunk);
    return true;
  });
  try {
    await program.parseAsync(["node", "energsys", "tariffs", ...words]);
  } finally {
    write.mockRestore();
  }
  return text;
}
const fileOf = (name: string, content: string): string => {
  const file = join(folder, name);
  writeFileSync(file, content);
  return file;
};

test("templates are a file that imports, exports the same and, imported again, changes nothing", async () => {
  const file = fileOf("templates.json", await run("export", "--templates"));
  expect(await run("check", file)).toContain("0 faults");
  expect(await run("import", file, "--reason", "start")).toContain("RO-3-ZONE: new, 1 versions set");
  const exported = fileOf("exported.json", await run("export"));
  expect(await run("import", exported, "--reason", "again")).toContain("RO-3-ZONE: 0 versions set");
  expect(await run("list")).toMatch(/RO-ZI-NOAPTE.*zi, noapte/);
  expect(JSON.parse(await run("export", "--code", "RO-CASNIC"))).toMatchObject([
    { code: "RO-CASNIC", versions: [{ validFrom: "2026-01-01" }] },
  ]);
});

test("faults are told with their place and exit code 1; what is no file of tariffs is refused by a code", async () => {
  const [first] = JSON.parse(await run("export", "--templates"));
  first.versions[0].terms.components[0].price = "0,45";
  expect(await run("check", fileOf("faulty.json", JSON.stringify(first)))).toContain(
    "RO-CASNIC 2026-01-01: tariff.bad-price energie",
  );
  expect(process.exitCode).toBe(1);
  for (const [name, text] of [
    ["broken.json", "{"],
    ["other.json", '{"code":"X"}'],
    ["terms.json", '{"code":"X","name":"X","versions":[{"validFrom":"2026-01-01","terms":{}}]}'],
  ] as const) {
    await expect(run("check", fileOf(name, text))).rejects.toMatchObject({
      code: "tariffs.file-unreadable",
    });
  }
});
