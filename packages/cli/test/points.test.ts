import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { importInventory, sql } from "@energsys/store";
import { testDatabase, testMasterKey } from "@energsys/store/testing";
import { Command } from "commander";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { addBranches } from "../src/commands/branches.ts";
import { addPlans } from "../src/commands/plans.ts";
import { addPoints } from "../src/commands/points.ts";

const { db, url, drop } = await testDatabase();
const folder = mkdtempSync(join(tmpdir(), "energsys-points-"));
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
        address: "",
        branch: ["Argeș"],
        phases: 1 as const,
        meter: { serial: "1", manufacturer: "TST", model: "generic-dlms", phases: 1 as const },
        installedAt: "2020-01-01T00:00:00Z",
        device: {
          identity: "1",
          model: "generic-dlms",
          url: "dlms+tcp://127.0.0.1:1",
          direction: "dial" as const,
        },
      },
    ],
  });
});

/** The command in this process: what it prints, or the code of what stops it. */
const energsys = (...words: string[]) => run("points", ...words);

async function run(...words: string[]): Promise<string> {
  const program = new Command().exitOverride();
  addPoints(program);
  addPlans(program);
  addBranches(program);
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
  }
  return text;
}

const exchange = (...more: string[]) =>
  energsys(
    ...["exchange", "RO1", "--at", "2026-09-15T13:07:00+03:00", "--serial", "9", "--manufacturer", "NEW"],
    ...["--model", "generic-dlms", "--imax", "60", "--last", "1.8.0=12345.678", "--first", "1.8.0=0"],
    ...["--first", "1-0:3.8.0*255=0", "--fitted-by", "Ion", "--reason", "verificare", ...more],
  );

test("an exchange is shown, made, listed and taken back from the command line", async () => {
  expect(await exchange()).toMatch(/^nothing is written/);
  const jpeg = join(folder, "contor.jpg");
  writeFileSync(jpeg, Uint8Array.from([0xff, 0xd8, 0xff, 0xe0]));
  const made = JSON.parse(await exchange("--apply", "--photo", jpeg, "--json"));
  expect(made).toEqual({ exchangeId: expect.any(Number), requestId: null, days: 0 });
  const [row] = JSON.parse(await energsys("exchanges", "RO1", "--json"));
  expect(row).toMatchObject({
    oldSerial: "1",
    newSerial: "9",
    last: [{ obis: "1-0:1.8.0*255", value: "12345.678", unit: "kWh" }],
    first: [{ unit: "kWh" }, { obis: "1-0:3.8.0*255", unit: "kvarh" }],
    photos: [{ fileName: "contor.jpg", media: "image/jpeg" }],
  });
  const { rows } = await db.query(sql`
    select actor, operation, reason from audit.log where object_type = 'point' and action = 'exchange'`);
  expect(rows).toEqual([{ actor: "process:cli", operation: "points exchange", reason: "verificare" }]);
  expect(await energsys("undo-exchange", String(made.exchangeId), "--reason", "greșit")).toMatch(
    /^taken back/,
  );
  expect(await energsys("exchanges", "RO1")).toMatch(/taken back by command line: greșit/);
});

test("what is refused ends with its code, and so does a point that nobody knows", async () => {
  expect(await exchange("--serial", "1", "--manufacturer", "TST")).toMatch(/^refused\s+same-meter/);
  expect(await exchange("--serial", "1", "--manufacturer", "TST", "--apply")).toBe("exchange.refused");
  expect(await energsys("exchanges", "RO404")).toBe("points.unknown");
});

test("branches are listed, made, moved and removed", async () => {
  const made = await run("branches", "add", "Topoloveni", "--reason", "test");
  expect(made).toMatch(/^branch \d+\n$/);
  const id = made.trim().split(" ")[1]!;
  const { rows } = await db.query<{ id: number }>(
    sql`select branch_id as id from branch where name = 'Argeș'`,
  );
  const top = String(rows[0]!.id);
  expect(await run("branches", "change", id, "--under", top, "--reason", "test")).toBe("changed\n");
  expect(await run("branches", "change", id, "--reason", "test")).toBe("it is so already\n");
  expect(await run("branches", "change", top, "--under", id, "--reason", "test")).toBe("branch.cycle");
  expect(await run("branches", "list")).toMatch(/ {2}Argeș .*1 points.*\n.* {4}Topoloveni .*0 points/);
  expect(await run("branches", "remove", top, "--reason", "test")).toBe("branch.in-use");
  expect(await run("branches", "remove", id, "--reason", "test")).toBe(`branch ${id} is gone\n`);
});

test("a point is read by another plan, and only on request", async () => {
  const made = await run(
    "plans",
    "add",
    "hourly",
    "--every",
    "3600",
    "--read",
    "profile,events",
    "--reason",
    "test",
  );
  expect(made).toMatch(/^plan \d+\n$/);
  const plan = made.trim().split(" ")[1]!;
  expect(await run("plans", "add", "hourly", "--every", "60", "--reason", "test")).toBe("plan.name-used");
  expect(await run("plans", "give", "RO1", "--plan", plan, "--reason", "test")).toBe("given\n");
  expect(await run("plans", "give", "RO1", "--plan", plan, "--reason", "test")).toBe(
    "it is read so already\n",
  );
  expect(await run("plans", "list")).toMatch(
    /hourly +every 3600 s {2}profile,events {2}gaps of 40 days {2}1 devices/,
  );
  expect(await run("plans", "give", "RO1", "--plan", "99", "--reason", "test")).toBe("plan.not-found");
  expect(await run("plans", "give", "RO1", "--reason", "test")).toBe("given\n");
  const { rows } = await db.query(sql`select from device_plan`);
  expect(rows).toEqual([]);
});

test("a point is entered, moved and removed by hand", async () => {
  const { rows } = await db.query<{ id: number }>(sql`select location_id as id from location`);
  const at = String(rows[0]!.id);
  expect(await energsys("add", "RO9", "--location", at, "--phases", "3", "--reason", "fișa")).toMatch(
    /^point \d+\n$/,
  );
  expect(await energsys("add", "RO9", "--location", at, "--reason", "fișa")).toBe("point.pod-used");
  expect(await energsys("move", "RO9", "--to", at, "--reason", "fișa")).toBe("it stood there already\n");
  expect(await energsys("move", "RO9", "--to", "99999", "--reason", "fișa")).toBe("location.not-found");
  expect(await energsys("remove", "RO1", "--reason", "greșit")).toBe("point.in-use");
  expect(await energsys("remove", "RO9", "--reason", "greșit")).toMatch(/^point \d+ is gone\n$/);
  expect(await energsys("remove", "RO9", "--reason", "greșit")).toBe("points.unknown");
});
