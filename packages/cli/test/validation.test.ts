import { marketDay, slotsOf } from "@energsys/metering";
import { importInventory, sql, storeDeliveries, validateChanged } from "@energsys/store";
import { testDatabase, testMasterKey } from "@energsys/store/testing";
import { Command } from "commander";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { addBilling } from "../src/commands/billing.ts";
import { addValidation } from "../src/commands/validation.ts";

const { db, url, drop } = await testDatabase();
afterAll(drop);
process.env.DATABASE_URL = url;
vi.stubEnv("ENERGSYS_MASTER_KEY", Buffer.from(testMasterKey).toString("hex"));
const zone = "Europe/Bucharest";
const nowMs = Date.now();
const day = Temporal.Now.plainDateISO(zone).subtract({ days: 3 });
// The days after it, of which nothing came, are findings of their own.
const only = ["--from", day.toString(), "--to", day.add({ days: 1 }).toString()];

beforeAll(async () => {
  await importInventory(db, {
    branches: [],
    points: [
      {
        pod: "RO1",
        name: "",
        address: "",
        branch: ["Argeș", "PT 1"],
        phases: 1,
        meter: { serial: "1", manufacturer: "TST", model: "generic-dlms", phases: 1, maxCurrentA: 60 },
        installedAt: "2020-01-01T00:00:00Z",
        device: { identity: "1", model: "generic-dlms", url: "dlms+tcp://127.0.0.1:1", direction: "dial" },
      },
    ],
  });
  const { rows } = await db.query<{ deviceId: number; meterId: number }>(
    sql`select device_id as "deviceId", meter_id as "meterId" from device`,
  );
  const of = marketDay(day.toString(), zone);
  const values = Float64Array.from({ length: slotsOf(of, 900) }, (_, slot) => 100 + (slot % 50));
  values.fill(Number.NaN, 20, 24);
  const profile = {
    obis: "1-0:99.1.0*255",
    periodSeconds: 900,
    columns: [{ obis: "1-0:1.29.0*255", kind: "delta" as const, unit: "Wh", scale: 0 }],
    startsMs: Float64Array.from(values, (_, slot) => of.startMs + slot * 900_000),
    values: [values],
    flags: new Uint16Array(values.length),
  };
  const delivery = {
    ...rows[0]!,
    receivedAtMs: nowMs,
    blocks: [],
    profiles: [profile],
    registers: [],
    events: [],
  };
  await storeDeliveries(db, [delivery], { nowMs, zone });
  while ((await validateChanged(db, { nowMs, zone })).changes > 0);
});

/** The command in this process: what it prints, or the code of what stops it. */
const energsys = (...words: string[]) => run(addValidation, "validation", words);

async function run(
  add: (program: Command) => void,
  command: string,
  words: readonly string[],
): Promise<string> {
  const program = new Command().exitOverride();
  add(program);
  let text = "";
  const print = vi.spyOn(process.stdout, "write").mockImplementation((chunk) => {
    text += String(chunk);
    return true;
  });
  try {
    await program.parseAsync([command, ...words], { from: "user" });
  } catch (error) {
    return (error as { code: string }).code;
  } finally {
    print.mockRestore();
  }
  return text;
}

test("findings are listed, accepted once by their numbers, and the log says that it was the command", async () => {
  expect(await energsys("list", ...only)).toMatch(
    /^ +\d+ {2}F {2}V03 {2}[\d-]+ {2}RO1 {2}gap {2}4 intervals {2}estimated {2}E3 {2}\d+ Wh\n1 of 1 findings\n$/,
  );
  const { total, findings } = JSON.parse(await energsys("list", "--rule", "V03", ...only, "--json"));
  expect([total, findings[0].day, findings[0].method]).toEqual([1, day.toString(), "E3"]);
  const id = String(findings[0].findingId);
  expect(JSON.parse(await energsys("accept", id, "--json"))).toEqual({
    findings: [{ findingId: Number(id), accepted: true, code: null }],
  });
  expect(process.exitCode).toBeUndefined();
  expect(await energsys("accept", id)).toBe(`${id}  finding.not-open\n`);
  expect(process.exitCode).toBe(1);
  process.exitCode = undefined;
  const { rows } = await db.query<{ operation: string }>(
    sql`select operation from audit.log where object_type = 'finding_decision'`,
  );
  expect(rows.map(({ operation }) => operation)).toEqual(["validation accept"]);
  expect(JSON.parse(await energsys("list", "--state", "accepted", "--json")).total).toBe(1);
});

test("rules are tried with other settings, and a wrong setting is told", async () => {
  const tried = JSON.parse(
    await energsys("dry-run", "V03:household:off", ...only, "--points", "5", "--json"),
  );
  expect(tried.counts).toContainEqual({ rule: "V03", severity: "F", asSet: 1, asTried: 0 });
  expect([tried.points, tried.days]).toEqual([1, 1]);
  expect(await energsys("dry-run", "V99:household:off")).toBe("commander.invalidArgument");
  expect(await energsys("dry-run", "V10:household:floorW=-1")).toBe("commander.invalidArgument");
  expect(await energsys("dry-run", "V10:household:nothing=1")).toBe("validation.threshold");
});

test("a month is looked at for billing, and asked for; somebody else closes it", async () => {
  const billing = (...words: string[]) => run(addBilling, "billing", words);
  const over = Temporal.Now.plainDateISO(zone).toPlainYearMonth().subtract({ months: 2 }).toString();
  const before = process.exitCode;
  const outlook = JSON.parse(await billing("outlook", "--month", over, "--branch", "Argeș/PT 1", "--json"));
  expect(process.exitCode).toBe(1);
  process.exitCode = before;
  expect(outlook).toMatchObject({ points: 1, closed: 0, ready: 0, neverRead: 1 });
  expect(await billing("outlook", "--month", over, "--branch", "Nowhere")).toBe("branch.not-found");
  const { closeId } = JSON.parse(
    await billing("ask", "--month", over, "--reason", "month is over", "--json"),
  );
  expect(await billing("ask", "--month", over, "--reason", "once more")).toBe("billing.asked");
  expect(await billing("closings", "--month", over)).toMatch(/whole network {2}waiting .*month is over/);
  expect((await billing("values", String(closeId))).trim()).toMatch(/^pod;obis;energy/);
  expect(JSON.parse(await billing("corrections", "--month", over, "--json"))).toEqual([]);
  const month = Temporal.Now.plainDateISO(zone).toPlainYearMonth().toString();
  expect(await billing("ask", "--month", month, "--reason", "too early")).toBe("billing.month-open");
});
