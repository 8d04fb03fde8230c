import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { addMeterType } from "@energsys/store";
import { testDatabase, testMasterKey } from "@energsys/store/testing";
import { Command } from "commander";
import { afterAll, expect, test, vi } from "vitest";
import { addMeters } from "../src/commands/meters.ts";

const { db, url, drop } = await testDatabase();
const folder = mkdtempSync(join(tmpdir(), "energsys-meters-"));
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await drop();
});
process.env.DATABASE_URL = url;
vi.stubEnv("ENERGSYS_MASTER_KEY", Buffer.from(testMasterKey).toString("hex"));
await addMeterType(db, {
  manufacturer: "AEM",
  name: "CST 0410",
  facts: {
    model: "generic-dlms",
    phases: 1,
    connection: "direct",
    accuracyClass: "B",
    ledPulsesPerKwh: "1600",
    outputPulseWh: "5",
    referenceVoltageV: "230",
    maxVoltageV: "400",
    referenceCurrentA: "5",
    maxCurrentA: "60",
    indexDigits: 6,
    indexDecimals: 2,
    relay: true,
    loadProfile: true,
    tariffs: 4,
    verificationYears: 10,
  },
  fromMs: 0,
  reason: "first",
  by: "test",
});

/** The command in this process: what it prints, or the code of what stops it. */
async function energsys(...words: string[]): Promise<string> {
  const program = new Command().exitOverride();
  addMeters(program);
  let text = "";
  const print = vi.spyOn(process.stdout, "write").mockImplementation((chunk) => {
    text += String(chunk);
    return true;
  });
  try {
    await program.parseAsync(["meters", ...words], { from: "user" });
  } catch (error) {
    return (error as { code: string }).code;
  } finally {
    print.mockRestore();
  }
  return text;
}
const file = (text: string) => {
  const path = join(folder, "meters.csv");
  writeFileSync(path, text);
  return path;
};

test("a list with a wrong line is refused whole, and ends with code 1", async () => {
  const path = file("manufacturer;type;serial\nAEM;CST 0410;1\nAEM;CST 99;2\n");
  const told = JSON.parse(await energsys("import", path, "--reason", "lot", "--apply", "--json"));
  expect(told).toMatchObject({ applied: false, faults: [{ line: 3, code: "type-unknown" }] });
  expect(process.exitCode).toBe(1);
  process.exitCode = 0;
  expect(JSON.parse(await energsys("list", "--json")).total).toBe(0);
});

test("meters come by file, go on step by step and stand in the list of what is due", async () => {
  const path = file(
    "manufacturer;type;serial;year;place;verified_on;laboratory;document;valid_until\nAEM;CST 0410;1;2020;M1;;;;\nAEM;CST 0410;2;2026;M1;2026-02-03;AEM;77;2036-02-03\n",
  );
  expect(await energsys("import", path, "--reason", "lot")).toContain("nothing is written");
  expect(await energsys("import", path, "--reason", "lot", "--apply")).toContain(
    "2 new, 0 known, 1 verifications\ntaken in",
  );
  const { meters } = JSON.parse(await energsys("list", "--json"));
  expect(meters.map(({ state }: { state: string }) => state)).toEqual(["stock", "verified"]);
  expect(JSON.parse(await energsys("list", "--due", "2031-01-01", "--json")).meters).toMatchObject([
    { serial: "1", dueOn: "2030-12-31" },
  ]);
  const id = String(meters[0].meterId);
  expect(await energsys("state", id, "scrapped", "--reason", "fell down", "--place", "M2")).toBe(
    "1: scrapped\n",
  );
  expect(await energsys("state", id, "stock", "--reason", "again")).toBe("meter.no-transition");
  expect(await energsys("undo-state", id, "--reason", "another one fell down")).toMatch(/: (?!scrapped)/);
  expect(await energsys("state", id, "scrapped", "--reason", "fell down", "--place", "M2")).toMatch(
    /: scrapped/,
  );
  expect(await energsys("show", id)).toContain("scrapped       M2  fell down");
  expect(await energsys("types")).toContain("1600 imp/kWh  5 Wh/imp");
});
