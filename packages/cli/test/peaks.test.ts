import { addPeakRule, energies, everywhere, importInventory, importLoadDays, sql } from "@energsys/store";
import { testDatabase, testMasterKey } from "@energsys/store/testing";
import { Command } from "commander";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { addPeaks } from "../src/commands/peaks.ts";

const { db, url, drop } = await testDatabase();
afterAll(drop);
process.env.DATABASE_URL = url;
vi.stubEnv("ENERGSYS_MASTER_KEY", Buffer.from(testMasterKey).toString("hex"));

const yesterday = Temporal.Now.plainDateISO("Europe/Bucharest").subtract({ days: 1 });
let ruleId = 0;

beforeAll(async () => {
  await importInventory(db, {
    branches: [],
    points: [
      {
        pod: "RO1",
        name: "",
        address: "",
        branch: ["Argeș"],
        phases: 1,
        meter: { serial: "1", manufacturer: "TST", model: "generic-dlms", phases: 1 },
        installedAt: "2020-01-01T00:00:00Z",
        device: { identity: "1", model: "generic-dlms", url: "dlms+tcp://127.0.0.1:1", direction: "dial" },
      },
    ],
  });
  const { rows } = await db.query<{ pointId: number; channelId: number }>(sql`
    insert into channel (point_id, obis, kind, unit, scale, period_s)
    select point_id, ${energies["A+"]}, 'delta', 'Wh', 0, 900 from point
    returning point_id as "pointId", channel_id as "channelId"`);
  const { pointId, channelId } = rows[0]!;
  // A day of 23 or 25 hours has its own number of quarter-hours.
  const hours = yesterday.toZonedDateTime("Europe/Bucharest").hoursInDay;
  const values = new Float64Array(hours * 4).fill(100);
  values[40] = 1_313;
  await importLoadDays(
    db,
    [
      {
        channel: { channelId, kind: "delta" },
        date: yesterday.toString(),
        values,
        flags: new Uint16Array(values.length),
      },
    ],
    { nowMs: Date.now() },
  );
  ruleId = await addPeakRule(db, everywhere, {
    name: "Boiler",
    watched: { kind: "point", pointId },
    energy: "A+",
    threshold: { basis: "power", powerKw: "5.25" },
    ...{
      quarters: 1,
      estimates: false,
      dayKind: "all",
      hours: { fromMinute: 360, toMinute: 1320 },
      severity: "low",
      enabled: false,
      by: "ana",
      today: yesterday.toString(),
    },
  });
});

async function told(...words: string[]): Promise<string> {
  let text = "";
  const spy = vi.spyOn(process.stdout, "write").mockImplementation((chunk) => {
    text += chunk;
    return true;
  });
  const program = new Command().exitOverride();
  addPeaks(program);
  try {
    await program.parseAsync(["node", "energsys", "peaks", ...words]);
  } finally {
    spy.mockRestore();
  }
  return text;
}

test("a rule is listed, tried on the days that were, switched on and off, and removed", async () => {
  expect(await told("list")).toMatch(
    /off\s+low\s+Boiler\s+RO1, A\+ above 5\.25 kW from 06:00 to 22:00\s+0 raised\n1 rules/,
  );
  expect(JSON.parse(await told("try", String(ruleId), "--days", "3", "--json"))).toMatchObject({
    whole: true,
    peaks: [{ name: "RO1", day: yesterday.toString(), demandKw: "5.252", present: 1, expected: 1 }],
  });
  expect(await told("enable", String(ruleId))).toBe("Boiler: on\n");
  expect(await told("list")).toMatch(/ on\s+low/);
  expect(await told("disable", String(ruleId))).toBe("Boiler: off\n");
  expect(await told("remove", String(ruleId))).toBe("Boiler: removed\n");
  expect(await told("list")).toBe("0 rules\n");
  await expect(told("try", String(ruleId))).rejects.toMatchObject({ code: "peak-rule.not-found" });
});
