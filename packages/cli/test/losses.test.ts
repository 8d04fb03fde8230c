import { marketDay } from "@energsys/metering";
import {
  addGroup,
  applyGroupChange,
  energies,
  everywhere,
  foldGroups,
  importInventory,
  importLoadDays,
  sql,
} from "@energsys/store";
import { testDatabase, testMasterKey } from "@energsys/store/testing";
import { Command } from "commander";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { addLosses } from "../src/commands/losses.ts";
import { addWatch } from "../src/commands/watch.ts";

const { db, url, drop } = await testDatabase();
afterAll(drop);
process.env.DATABASE_URL = url;
vi.stubEnv("ENERGSYS_MASTER_KEY", Buffer.from(testMasterKey).toString("hex"));

const zone = "Europe/Bucharest";
const nowMs = Date.UTC(2026, 10, 20);
const dates = ["2026-11-02", "2026-11-03", "2026-11-04"];
let transformer = 0;

/** Two members of whom the second is counted by half, behind a balance meter. */
const load = (nth: number, slot: number) => 40 + ((slot * (17 + 6 * nth)) % 97) * 4;
const counted = [
  (slot: number) => load(0, slot),
  (slot: number) => load(1, slot) / 2,
  (slot: number) => load(0, slot) + load(1, slot),
];

beforeAll(async () => {
  await importInventory(db, {
    branches: [],
    points: ["1", "2", "3"].map((n) => ({
      pod: `RO${n}`,
      name: "",
      address: "",
      branch: ["Argeș"],
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
  const { rows } = await db.query<{ pointId: number; channelId: number }>(sql`
    with added as (
      insert into channel (point_id, obis, kind, unit, scale, period_s)
      select point_id, ${energies["A+"]}, 'delta', 'Wh', 0, 900 from point returning point_id, channel_id)
    select point_id as "pointId", channel_id as "channelId" from added order by point_id`);
  await importLoadDays(
    db,
    rows.flatMap(({ channelId }, nth) =>
      dates.map((date, day) => ({
        channel: { channelId, kind: "delta" as const },
        date,
        values: Float64Array.from({ length: 96 }, (_, slot) => counted[nth]!(96 * day + slot)),
        flags: new Uint16Array(96),
      })),
    ),
    { nowMs },
  );
  transformer = await addGroup(db, { kind: "transformer", name: "PT 1", branchId: null });
  const fromMs = marketDay("2026-01-01", zone).startMs;
  const points = rows.map(({ pointId }) => ({ pointId, sign: 1 as const }));
  const given = { by: "ana", reason: "" };
  for (const [side, add] of [
    ["members", points.slice(0, 2)],
    ["balance", points.slice(2)],
  ] as const)
    await applyGroupChange(db, everywhere, { groupId: transformer, side, fromMs, add }, given);
  for (;;) {
    const { changes, days } = await foldGroups(db, { zone, nowMs });
    if (changes + days === 0) break;
  }
});

/** The command in this process: what it prints, or the code of what stops it. */
async function energsys(...words: string[]): Promise<string> {
  const program = new Command().exitOverride();
  addLosses(program);
  addWatch(program);
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

const days = ["--from", "2026-11-02", "--to", "2026-11-05"];
const sum = (of: (slot: number) => number) =>
  Array.from({ length: 3 * 96 }, (_, slot) => of(slot)).reduce((a, b) => a + b, 0);

test("every group is listed with what is lost, its uncertainty and its coverage", async () => {
  const [input, lost] = [sum(counted[2]!), sum((slot) => load(1, slot) / 2)];
  const { rows, total } = JSON.parse(await energsys("losses", "list", ...days, "--json"));
  expect(rows).toMatchObject([
    { name: "PT 1", own: { input: String(input), loss: String(lost), significant: true } },
  ]);
  expect(total.percent).toBeCloseTo((100 * lost) / input, 3);
  expect(await energsys("losses", "list", ...days)).toMatch(
    /PT 1 .* kWh in .* unexplained ± \d+\.\d {2}coverage 100\.0 %/,
  );
});

test("one group is shown by day with whom its loss follows", async () => {
  const told = JSON.parse(await energsys("losses", "show", String(transformer), ...days, "--json"));
  expect(told.days.map(({ day }: { day: string }) => day)).toEqual(dates);
  expect(told.suspects[0]).toMatchObject({ pod: "RO2", member: true });
  expect(await energsys("losses", "show", String(transformer), ...days)).toContain("RO2");
});

test("a group that is none, and days that are none, are refused", async () => {
  expect(await energsys("losses", "show", "999", ...days)).toBe("group.not-found");
  expect(await energsys("losses", "list", "--from", "2026-11-02", "--to", "2026-11-02")).toBe(
    "input.invalid",
  );
  expect(await energsys("losses", "list", "--from", "yesterday", "--to", "2026-11-02")).toBe(
    "commander.invalidArgument",
  );
});

test.each(["power-quality", "events", "communication", "acquisition", "continuity"])(
  "the report %s is printed and given as JSON",
  async (report) => {
    const told = JSON.parse(await energsys("watch", report, ...days, "--of", `g${transformer}`, "--json"));
    expect(told.name).toBe(`${report}-2026-11-02-2026-11-05`);
    expect(told.parts.length).toBeGreaterThan(0);
    const text = await energsys("watch", report, ...days, "--language", "en");
    expect(text).toContain("2026-11-02 – 2026-11-04");
  },
);

test("a report of nobody, or of days that are none, is refused", async () => {
  expect(await energsys("watch", "events", ...days, "--of", "p999")).toBe("point.not-found");
  expect(await energsys("watch", "events", "--from", "2026-11-02", "--to", "2026-11-01")).toBe(
    "input.invalid",
  );
  expect(await energsys("watch", "weather", ...days)).toBe("commander.invalidArgument");
});
