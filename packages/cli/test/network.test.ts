import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { importInventory, sql } from "@energsys/store";
import { testDatabase, testMasterKey } from "@energsys/store/testing";
import { Command } from "commander";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { addImport } from "../src/commands/import.ts";
import { addLocations } from "../src/commands/locations.ts";
import { addModems } from "../src/commands/modems.ts";
import { addPoints } from "../src/commands/points.ts";

const { db, url, drop } = await testDatabase();
const folder = mkdtempSync(join(tmpdir(), "energsys-network-"));
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await drop();
});
process.env.DATABASE_URL = url;
vi.stubEnv("ENERGSYS_MASTER_KEY", Buffer.from(testMasterKey).toString("hex"));

beforeAll(async () => {
  await importInventory(db, {
    branches: [],
    points: [
      {
        pod: "RO1",
        name: "",
        address: "Str. Gării 7",
        branch: ["Argeș"],
        phases: 1,
        meter: { serial: "77", manufacturer: "TST", model: "generic-dlms", phases: 1, maxCurrentA: 60 },
        installedAt: "2020-01-01T00:00:00Z",
        device: { identity: "77", model: "generic-dlms", url: "dlms+tcp://127.0.0.1:1", direction: "dial" },
      },
    ],
  });
});

/** The commands in this process: what one prints, or the code of what stops it. */
async function energsys(...words: string[]): Promise<string> {
  const program = new Command().exitOverride().configureOutput({ writeErr: () => {} });
  for (const add of [addImport, addLocations, addModems, addPoints]) add(program);
  for (const command of program.commands) command.exitOverride();
  let text = "";
  const print = vi.spyOn(process.stdout, "write").mockImplementation((chunk) => {
    text += String(chunk);
    return true;
  });
  try {
    await program.parseAsync(words, { from: "user" });
  } catch (error) {
    return (error as { code: string }).code;
  } finally {
    print.mockRestore();
    process.exitCode = 0;
  }
  return text;
}
const file = (name: string, text: string) => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};
const lines = (date: string, from: number) =>
  ["Aparat;Ziua;Ceas;Consum", ...[0, 1, 2].map((nth) => `77;${date};0${nth}:00;0,${from + nth}`)].join("\n");

test("a table of past times comes in with its columns named, and the next one with that head needs nobody", async () => {
  const october = file("october.csv", lines("10.10.2026", 251));
  expect(await energsys("import", october)).toBe("import.unknown-file");
  expect(await energsys("import", october, "--unit", "kWh")).toBe("import.kind-unknown");
  const named = ["--column", "serial=aparat", "--column", "start=#2", "--column", "clock=Ceas"];
  const whole = ["--kind", "load-curves", ...named, "--obis", "1-0:1.29.0*255", "--unit", "kWh"];
  expect(await energsys("import", october, ...whole, "--column", "value=Energie")).toBe("import.no-column");
  expect(await energsys("import", october, "--kind", "load-curves", "--column", "x=1")).toBe(
    "commander.invalidArgument",
  );
  expect(await energsys("import", october, ...whole, "--dry-run")).toMatch(
    /^load-curves: value = Consum; serial = Aparat; start = Ziua; clock = Ceas; obis 1-0:1\.29\.0\*255; unit kWh\nload curves: 3 intervals/,
  );
  expect(await energsys("import", file("next.csv", lines("11.10.2026", 1)), "--dry-run")).toBe(
    "import.unknown-file",
  );
  expect(JSON.parse(await energsys("import", october, ...whole, "--json"))).toMatchObject({
    stored: { intervals: 3 },
    mapping: { columns: { serial: 0, start: 1, clock: 2, value: 3 } },
  });
  expect(await energsys("import", file("next.csv", lines("11.10.2026", 1)), "--dry-run")).toMatch(
    /3 intervals of 1 meters, 0 lines/,
  );
});

test("a curve is shown exactly, and as it was known before it came; who took it stands in the log", async () => {
  const days = ["curve", "RO1", "--from", "2026-10-10", "--to", "2026-10-11"];
  const shown = JSON.parse(await energsys("points", ...days, "--json"));
  expect(shown.unit).toBe("Wh");
  const known = shown.intervals.filter(({ value }: { value: string | null }) => value !== null);
  expect(known.map(({ start, value }: { start: string; value: string }) => [start, value])).toEqual([
    ["2026-10-09T21:00:00.000Z", "251"],
    ["2026-10-09T22:00:00.000Z", "252"],
    ["2026-10-09T23:00:00.000Z", "253"],
  ]);
  const before = await energsys("points", ...days, "--known-at", "2026-10-12T00:00:00Z");
  expect(before).not.toMatch(/251/);
  expect(before).toMatch(/(\d+) intervals, \1 missing\n$/);
  expect(await energsys("points", ...days, "--obis", "1-0:9.9.9*255")).toBe("points.no-channel");
  expect(await energsys("points", "curve", "RO1", "--from", "2026-10-11", "--to", "2026-10-10")).toBe(
    "points.days",
  );
  const { rows } = await db.query(sql`
    select actor, max(records)::int as records from audit.log
    where object_type = 'point' and action = 'export' and operation = 'points curve' group by actor`);
  expect(rows).toEqual([{ actor: "process:cli", records: shown.intervals.length }]);
});

test("readings of registers are shown as they were known", async () => {
  const heads = "serial;obis;time;value;unit";
  const readings = file("readings.csv", `${heads}\n77;1-0:1.8.0*255;2026-10-10T00:00:00+03:00;1234.567;kWh`);
  expect(await energsys("import", readings)).toMatch(/1 readings of 1 meters/);
  expect(await energsys("points", "readings", "RO1")).toMatch(
    /^2026-10-09T21:00:00\.000Z {2}1-0:1\.8\.0\*255 +1234\.567 kWh/,
  );
  const past = ["--known-at", "2026-10-12T00:00:00Z", "--obis", "1-0:1.8.0*255"];
  expect(await energsys("points", "readings", "RO1", ...past)).toBe("0 readings\n");
  expect(await energsys("points", "readings", "RO404")).toBe("points.unknown");
});

test("modems, cards and locations are listed; a list of modems comes in whole or not at all", async () => {
  const heads = "modem;imei;type;meter;iccid;operator;apn";
  const list = file("modems.csv", `${heads}\nM-1;356938035643809;LTE;77;8940011234567890123;Orange;meters`);
  const act = ["--reason", "first lot"];
  expect(await energsys("modems", "import", list, ...act)).toBe(
    "1 modems, 1 cards, 2 placed\nnothing is written\n",
  );
  expect(await energsys("modems", "list")).toBe("0 of 0 modems\n");
  const wrong = file("wrong.csv", `${heads}\nM-1;3569;LTE;77;;;`);
  expect(await energsys("modems", "import", wrong, ...act, "--apply")).toMatch(/^line 2: cell-wrong:imei/);
  expect(await energsys("modems", "import", list, ...act, "--apply")).toMatch(/taken in\n$/);
  expect(await energsys("modems", "list", "--find", "m-1")).toMatch(
    /^M-1 .* 77 {2}since .*card 8940011234567890123\n1 of 1 modems\n$/,
  );
  expect(JSON.parse(await energsys("modems", "sims", "--state", "active", "--json"))).toMatchObject({
    total: 1,
    sims: [{ operator: "Orange", modem: "M-1" }],
  });
  expect(await energsys("modems", "sims", "--state", "ended")).toBe("0 of 0 cards\n");
  const { locations } = JSON.parse(await energsys("locations", "list", "--find", "garii", "--json"));
  expect(locations).toMatchObject([{ address: "Str. Gării 7", points: 1, sealState: "none" }]);
  expect(await energsys("locations", "list", "--seal", "broken")).toBe("0 of 0 locations\n");
  expect(await energsys("locations", "show", String(locations[0].locationId))).toMatch(
    /^- {2}Str\. Gării 7 {2}Argeș\npoint RO1 {2}77\n$/,
  );
  expect(await energsys("locations", "show", "999")).toBe("location.not-found");
});
