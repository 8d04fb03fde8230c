import {
  addGroup,
  applyGroupChange,
  dryRunValidation,
  everywhere,
  foldGroups,
  importInventory,
  listFindings,
  setRating,
  sql,
  storeDeliveries,
  undoGroupChange,
  validateChanged,
} from "@energsys/store";
import { testDatabase } from "@energsys/store/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { delivery, inventoryOf, meterIds, profileOf } from "../field.ts";
import { dateOf, quiet, startOf, zone } from "./town.ts";

const { db, drop } = await testDatabase();
afterAll(drop);

const first = "2026-09-01";
const nowMs = startOf(dateOf(first, 10));
const context = { nowMs, zone };
const by = { by: "ana", reason: "plate" };
let meters: number[] = [];
let points: number[] = [];
let group = 0;

/** Three members of 100 to 149 Wh a quarter-hour each, and what came in for each Wh of theirs. */
const deliver = async (date: string, factor: number, members = [0, 1, 2]) => {
  const balance = quiet(date).map((value) => Math.round(3 * value * factor));
  await storeDeliveries(
    db,
    await Promise.all([
      ...members.map((nth) => delivery(db, meters[nth]!, [profileOf(startOf(date), quiet(date))])),
      delivery(db, meters[3]!, [profileOf(startOf(date), balance)]),
    ]),
    context,
  );
};

/** Makes sums until there is nothing to sum. */
async function sumUp(): Promise<boolean> {
  for (let any = false; ; any = true) {
    const { changes, days } = await foldGroups(db, context);
    if (changes + days === 0) return any;
  }
}

/** Validates until nothing is on the list. @returns days of channels that were looked at */
async function validate(): Promise<number> {
  for (let looked = 0; ; ) {
    const { changes, days } = await validateChanged(db, context);
    if (changes === 0) return looked;
    looked += days;
  }
}

/** Sums and rules, until neither has anything to do. */
async function settle(): Promise<void> {
  while ((await sumUp()) || (await validate()) > 0);
}

async function found(date: string) {
  const { rows } = await listFindings(db, everywhere, {
    rules: ["V21"],
    states: ["open", "cleared"],
    fromDay: date,
    toDay: dateOf(date, 1),
    limit: 100,
  });
  return rows;
}
const said = async (date: string) => (await found(date)).map(({ words, state }) => `${words} ${state}`);

beforeAll(async () => {
  await importInventory(db, inventoryOf(4));
  meters = await meterIds(db);
  const { rows } = await db.query<{ id: number }>(sql`
    select point_id as id from unnest(${meters}::int[]) with ordinality as m (meter_id, nth) join installation using (meter_id) order by nth`);
  points = rows.map(({ id }) => id);
  group = await addGroup(db, { kind: "transformer", name: "PT 1", branchId: null });
  const since = startOf(first);
  const add = (side: "members" | "balance", list: readonly number[]) =>
    applyGroupChange(
      db,
      everywhere,
      { groupId: group, side, fromMs: since, add: list.map((pointId) => ({ pointId, sign: 1 as const })) },
      by,
    );
  await add("members", points.slice(0, 3));
  await add("balance", [points[3]!]);
});

test("what a network loses is no finding; a third that is taken is one, on the balance meter, and clears when the meters say otherwise", async () => {
  const [healthy, stolen] = [first, dateOf(first, 1)];
  await deliver(healthy, 1.08);
  await deliver(stolen, 1.3);
  await settle();
  expect(await said(healthy)).toEqual([]);
  const [finding, ...others] = await found(stolen);
  expect(others).toEqual([]);
  const members = 3 * quiet(stolen).reduce((sum, value) => sum + value, 0);
  const balance = quiet(stolen).reduce((sum, value) => sum + Math.round(3 * value * 1.3), 0);
  expect(finding).toMatchObject({
    words: "group-loses",
    state: "open",
    severity: "W",
    pointId: points[3],
    measured: { value: `${balance - members}`, unit: "Wh" },
    figures: { groupId: `${group}`, group: "PT 1", balance: `${balance}`, members: `${members}` },
  });
  const { counts } = await dryRunValidation(
    db,
    everywhere,
    { settings: [], fromDay: first, toDay: dateOf(first, 2), pointsMax: 10 },
    context,
  );
  expect(counts.filter(({ rule }) => rule === "V21")).toEqual([
    { rule: "V21", severity: "W", asSet: 1, asTried: 1 },
  ]);
  await deliver(stolen, 1.05);
  await settle();
  expect(await said(stolen)).toEqual(["group-loses cleared"]);
});

test("members that count more than came in are told beyond what their classes allow", async () => {
  const [within, beyond] = [dateOf(first, 2), dateOf(first, 3)];
  await deliver(within, 0.996);
  await deliver(beyond, 0.97);
  await settle();
  expect(await said(within)).toEqual([]);
  expect(await said(beyond)).toEqual(["group-gains open"]);
});

test("a day of which a member lacks is compared when it comes, once", async () => {
  const date = dateOf(first, 9);
  await deliver(date, 1.4, [0, 1]);
  await settle();
  expect(await said(date)).toEqual([]);
  await storeDeliveries(
    db,
    [await delivery(db, meters[2]!, [profileOf(startOf(date), quiet(date))])],
    context,
  );
  await validate();
  await sumUp();
  // The balance meter's alone.
  expect(await validate()).toBe(1);
  expect(await said(date)).toEqual(["group-loses open"]);
});

test("with the plate known less may be lost, and the plate taken back looks again", async () => {
  const date = first;
  const change = await setRating(
    db,
    everywhere,
    {
      groupId: group,
      fromMs: startOf(date),
      rating: {
        transformer: { ratedVa: 250_000, noLoadLossW: "20", loadLossW: "3250" },
        line: null,
        cosPhi: "0.95",
      },
    },
    by,
  );
  await settle();
  const [finding] = await found(date);
  expect(finding).toMatchObject({ words: "group-loses", state: "open" });
  // 20 W of a day, and what flowed through.
  expect(Number(finding!.figures.technical)).toBeGreaterThanOrEqual(480);
  await undoGroupChange(db, everywhere, change!, by);
  await settle();
  expect(await said(date)).toEqual(["group-loses cleared"]);
});

test("a balance meter that speaks for the group no longer is not held against it", async () => {
  const date = dateOf(first, 3);
  await applyGroupChange(
    db,
    everywhere,
    { groupId: group, side: "balance", fromMs: startOf(date), remove: [points[3]!] },
    by,
  );
  await settle();
  expect(await said(date)).toEqual(["group-gains cleared"]);
});
