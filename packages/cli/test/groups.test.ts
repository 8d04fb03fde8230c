import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { importInventory } from "@energsys/store";
import { testDatabase, testMasterKey } from "@energsys/store/testing";
import { Command } from "commander";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { addGroups } from "../src/commands/groups.ts";

const { db, url, drop } = await testDatabase();
const folder = mkdtempSync(join(tmpdir(), "energsys-groups-"));
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await drop();
});
process.env.DATABASE_URL = url;
// The machine's master key, by which codes of points are found.
vi.stubEnv("ENERGSYS_MASTER_KEY", Buffer.from(testMasterKey).toString("hex"));

beforeAll(async () => {
  await importInventory(db, {
    branches: [],
    points: ["1", "2", "3", "4"].map((n) => ({
      pod: `RO${n}`,
      name: "",
      address: "",
      branch: ["Argeș", "PT 1"],
      phases: 1 as const,
      meter: { serial: n, manufacturer: "TST", model: "generic-dlms", phases: 1 as const },
      installedAt: "2020-01-01T00:00:00Z",
      device: {
        identity: n,
        model: "generic-dlms",
        url: "dlms+tcp://127.0.0.1:1",
        direction: "dial" as const,
      },
    })),
  });
});

/** The command in this process: what it prints, or the code of what stops it. */
async function energsys(...words: string[]): Promise<string> {
  const program = new Command().exitOverride();
  addGroups(program);
  let text = "";
  const print = vi.spyOn(process.stdout, "write").mockImplementation((chunk) => {
    text += String(chunk);
    return true;
  });
  try {
    await program.parseAsync(["groups", ...words], { from: "user" });
  } catch (error) {
    return (error as { code: string }).code;
  } finally {
    print.mockRestore();
  }
  return text;
}

const file = (text: string) => {
  const path = join(folder, "groups.csv");
  writeFileSync(path, text);
  return path;
};
const head = "kind;branch;group;above;role;pod;sign;from;to";
const rows = [
  "transformer;Argeș/PT 1;PT 1;;members;RO1;1;2026-01-01T00:00:00Z;",
  "transformer;Argeș/PT 1;PT 1;;members;RO2;-1;2026-01-01T00:00:00Z;",
  "transformer;Argeș/PT 1;PT 1;;balance;RO4;1;2026-01-01T00:00:00Z;",
];

test("a file is looked at first, then makes groups with members, which are exported as they came", async () => {
  const path = file(
    [
      head,
      ...rows,
      "riser;;S 1;;;;;2026-01-01T00:00:00Z;",
      "riser;;S 1;;members;RO9;1;2026-01-01T00:00:00Z;",
      "",
    ].join("\n"),
  );
  const shown = await energsys("import", path, "--reason", "as built");
  expect(shown).toContain("transformer PT 1 (new): members, from 2026-01-01T00:00:00.000Z; 2 join");
  expect(shown).toContain("line 6: pod: RO9");
  expect(shown).toContain("nothing is written");
  expect(JSON.parse(await energsys("list", "--json")).groups).toEqual([]);
  expect(await energsys("import", path, "--reason", "as built", "--apply")).toContain("applied");
  expect(JSON.parse(await energsys("list", "--json")).groups).toMatchObject([
    { name: "PT 1", members: 2, balanceMeters: 1 },
    { name: "S 1", members: 0 },
  ]);
  const exported = (await energsys("export")).trim().split("\n");
  expect(exported[0]).toBe(head);
  const told = (line: string) => line.replaceAll(".000Z", "Z");
  expect(exported.slice(1).map(told).sort()).toEqual([...rows, "riser;;S 1;;;;;;"].sort());
  // What was exported says the same again, so nothing changes.
  const again = JSON.parse(
    await energsys("import", file(exported.join("\n")), "--reason", "again", "--apply", "--json"),
  );
  expect(again.groups.map(({ joining }: { joining: number }) => joining)).toEqual([0, 0, 0]);
  expect(again.stored).toMatchObject({ made: 0, changes: 0 });
});

test("the check names what does not fit together and ends with 1", async () => {
  const before = process.exitCode;
  const { counts, findings } = JSON.parse(await energsys("check", "--json"));
  expect(process.exitCode).toBe(1);
  process.exitCode = before;
  expect(counts).toMatchObject({ "point-without-group": 1, "no-balance-meter": 0 });
  expect(findings).toEqual([{ kind: "point-without-group", group: null, point: "RO3", otherGroup: null }]);
});

test.each([
  ["a column is missing", "kind;pod", "import.unreadable"],
  ["a kind is none", `${head}\nhouse;;x;;members;RO1;1;2026-01-01T00:00:00Z;`, "import.nothing"],
  ["a role is none", `${head}\nriser;;x;;owner;RO1;1;2026-01-01T00:00:00Z;`, "import.nothing"],
  ["a branch is none", `${head}\nriser;Nowhere;x;;members;RO1;1;2026-01-01T00:00:00Z;`, "import.nothing"],
])("a file is refused where %s", async (_, text, code) => {
  expect(await energsys("import", file(text), "--reason", "x", "--apply")).toBe(code);
});

test("a file that was taken in is taken back", async () => {
  const path = file(`${head}\nriser;;S 2;;members;RO1;1;2026-01-01T00:00:00Z;`);
  const { stored } = JSON.parse(await energsys("import", path, "--reason", "x", "--apply", "--json"));
  expect(await energsys("undo-import", String(stored.importId), "--reason", "trial")).toContain(
    "1 changes and 1 groups taken back; 0 stay",
  );
});
