import { marketDay, slotsOf } from "@energsys/metering";
import {
  addGroup,
  applyGroupChange,
  changeCase,
  changeGroupParent,
  energies,
  everywhere,
  foldGroups,
  importInventory,
  importLoadDays,
  type LossFigures,
  listCases,
  listGroupChanges,
  lossOf,
  lossTree,
  openCase,
  queryContext,
  type Rating,
  readCase,
  readLosses,
  readRatings,
  readSlotLoss,
  readSuspects,
  setRating,
  sql,
  undoGroupChange,
} from "@energsys/store";
import { testDatabase } from "@energsys/store/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { inventoryOf } from "../field.ts";

const { db, drop } = await testDatabase();
afterAll(drop);

const zone = "Europe/Bucharest";
const nowMs = Date.UTC(2026, 10, 23, 12);
// Across the change of the clock: one day has 100 quarter-hours.
const dates = Array.from({ length: 14 }, (_, nth) =>
  Temporal.PlainDate.from("2026-10-20").add({ days: nth }).toString(),
);
const period = { fromDay: dates[0]!, toDay: "2026-11-03", zone, nowMs };
const given = { by: "ana", reason: "plate" };
const slotsIn = (date: string) => slotsOf(marketDay(date, zone), 900);
let points: number[] = [];
let feeder = 0;
let transformer = 0;
let idle = 0;

/** Meters 0 to 3 are members; of the third only two thirds are counted. Meter 4 balances the transformer, 5 the feeder. */
const noise = (meter: number, at: number): number => {
  const x = Math.sin(meter * 12.9898 + at * 78.233) * 43_758.5453;
  return x - Math.floor(x);
};
const member = (meter: number, date: string, slot: number): number => {
  const at = Number(date.slice(8)) * 100 + slot;
  return 30 + Math.floor(noise(meter, Math.floor(at / (3 + meter))) ** 3 * 900);
};
const taken = (date: string, slot: number) =>
  [0, 1, 2, 3].reduce((sum, meter) => sum + member(meter, date, slot), 0);
const counted = (meter: number, date: string, slot: number): number => {
  if (meter < 4) {
    const value = member(meter, date, slot);
    return meter === 2 ? Math.round((value * 2) / 3) : value;
  }
  return meter === 4 ? taken(date, slot) + 25 : taken(date, slot) + 60;
};
const plate: Rating = {
  transformer: { ratedVa: 250_000, noLoadLossW: "80", loadLossW: "3250" },
  line: null,
  cosPhi: "0.95",
};
/** A gap of the balance meter: four quarter-hours. */
const isGap = (meter: number, date: string, slot: number) =>
  meter === 4 && date === dates[5] && slot >= 10 && slot < 14;

beforeAll(async () => {
  await importInventory(db, inventoryOf(6, {}));
  points = (await db.query<{ id: number }>(sql`select point_id as id from point order by point_id`)).rows.map(
    ({ id }) => id,
  );
  const { rows: channels } = await db.query<{ id: number }>(sql`
    insert into channel (point_id, obis, kind, unit, scale, period_s)
    select point_id, ${energies["A+"]}, 'delta', 'Wh', 0, 900
    from unnest(${points}::int[]) with ordinality as wanted (point_id, nth) order by nth returning channel_id as id`);
  await importLoadDays(
    db,
    channels.flatMap(({ id }, meter) =>
      dates.map((date) => {
        const values = Float64Array.from({ length: slotsIn(date) }, (_, slot) =>
          isGap(meter, date, slot) ? Number.NaN : counted(meter, date, slot),
        );
        return {
          channel: { channelId: id, kind: "delta" as const },
          date,
          values,
          flags: new Uint16Array(values.length),
        };
      }),
    ),
    { nowMs },
  );
  const since = Date.UTC(2026, 8, 1);
  feeder = await addGroup(db, { kind: "feeder", name: "L 20 kV", branchId: null });
  transformer = await addGroup(db, { kind: "transformer", name: "PT 1", branchId: null });
  idle = await addGroup(db, { kind: "transformer", name: "PT 2", branchId: null });
  const add = (groupId: number, side: "members" | "balance", list: readonly number[]) =>
    applyGroupChange(
      db,
      everywhere,
      { groupId, side, fromMs: since, add: list.map((pointId) => ({ pointId, sign: 1 as const })) },
      given,
    );
  await add(transformer, "members", points.slice(0, 4));
  await add(transformer, "balance", [points[4]!]);
  await add(feeder, "balance", [points[5]!]);
  for (const groupId of [transformer, idle])
    await changeGroupParent(db, everywhere, { groupId, parentId: feeder, fromMs: since }, given);
  await setRating(db, everywhere, { groupId: transformer, fromMs: since, rating: plate }, given);
  for (;;) {
    const { changes, days } = await foldGroups(db, { zone, nowMs });
    if (changes + days === 0) break;
  }
});

const report = () => readLosses(queryContext(db), everywhere, period);
const nodeOf = async (groupId: number) =>
  lossTree(await report()).nodes.find(({ loss }) => loss.group.groupId === groupId)!;
const truth = () => {
  let [input, out, slots, squares] = [0, 0, 0, 0];
  for (const date of dates)
    for (let slot = 0; slot < slotsIn(date); slot++) {
      if (isGap(4, date, slot)) continue;
      input += counted(4, date, slot);
      squares += (counted(4, date, slot) * 4) ** 2;
      for (let meter = 0; meter < 4; meter++) out += counted(meter, date, slot);
      slots++;
    }
  return { input, out, slots, squares };
};

test("a transformer's loss is of the quarter-hours in which both sides are known, the day of 25 hours included", async () => {
  const { own } = await nodeOf(transformer);
  const { input, out, slots } = truth();
  expect([own?.input, own?.counted, own?.alignedSlots, own?.slots]).toEqual([input, out, slots, slots + 4]);
  expect(own?.balance).toMatchObject({ expected: slots + 4, present: slots });
  expect(own?.members).toMatchObject({ expected: 4 * (slots + 4), present: 4 * (slots + 4) });
  const { percent, significant, reportable } = lossOf(own!, 0);
  expect(percent).toBeCloseTo((100 * (input - out)) / input, 9);
  expect([significant, reportable]).toEqual([true, true]);
});

test("the technical part is iron by the hour and copper by the square of what flowed", async () => {
  const { own } = await nodeOf(transformer);
  const { slots, squares } = truth();
  expect(own?.technical?.ironWh).toBeCloseTo((80 * slots) / 4, 6);
  expect(own?.technical?.copperWh).toBeCloseTo(((3250 / (250_000 * 0.95) ** 2) * squares) / 4, 6);
  expect(own?.technical?.slots).toBe(slots);
});

test("the uncertainty is that of the meters' classes by each one's energy", async () => {
  const { own } = await nodeOf(transformer);
  const energyOf = (meter: number) =>
    dates.reduce(
      (sum, date) =>
        sum +
        Array.from({ length: slotsIn(date) }, (_, slot) =>
          isGap(meter, date, slot) ? 0 : counted(meter, date, slot),
        ).reduce((a, b) => a + b, 0),
      0,
    );
  const members = Math.hypot(...[0, 1, 2, 3].map((meter) => 0.01 * energyOf(meter)));
  // Of the members' energy a few quarter-hours are left out, so the figure is a little less than of all.
  expect(own!.uncertaintyWh).toBeLessThanOrEqual(Math.hypot(0.007 * energyOf(4), members));
  expect(own!.uncertaintyWh).toBeGreaterThan(0.995 * Math.hypot(0.007 * energyOf(4), members));
});

test("a feeder's own loss is what does not reach its transformers, and all below it adds up", async () => {
  const [top, below] = [await nodeOf(feeder), await nodeOf(transformer)];
  const lossIn = (figures: LossFigures | null) => figures!.input - figures!.counted;
  // 35 Wh of each quarter-hour; the gap of the balance meter below is one of the feeder's members.
  expect(lossIn(top.own)).toBe(35 * below.own!.alignedSlots);
  expect(lossIn(top.all)).toBe(lossIn(top.own) + lossIn(below.own));
  expect(top.all!.uncertaintyWh).toBeCloseTo(Math.hypot(top.own!.uncertaintyWh, below.own!.uncertaintyWh), 6);
  expect((await nodeOf(idle)).all).toBeNull();
});

test("the loss by quarter-hour is that of the days, and unknown where the balance meter has no value", async () => {
  const { loss, technicalWh } = await readSlotLoss(db, everywhere, transformer, period);
  const own = (await report()).groups.find(({ group }) => group.groupId === transformer)!;
  expect(loss.filter((value) => Number.isNaN(value))).toHaveLength(4);
  const [day] = own.days;
  const first = loss.subarray(0, slotsIn(dates[0]!)).reduce((sum, value) => sum + value, 0);
  expect(first).toBe(day!.figures.input - day!.figures.counted);
  expect(technicalWh[0]).toBeGreaterThan(19.99);
});

test("another plate holds from its day on, what was before stays, and it can be taken back", async () => {
  const fromMs = marketDay(dates[7]!, zone).startMs;
  const before = (await nodeOf(transformer)).own!.technical!.ironWh;
  const next: Rating = { ...plate, transformer: { ...plate.transformer!, noLoadLossW: "160.5" } };
  expect(
    await setRating(db, everywhere, { groupId: transformer, fromMs, rating: next }, given),
  ).not.toBeNull();
  expect(await setRating(db, everywhere, { groupId: transformer, fromMs, rating: next }, given)).toBeNull();
  expect((await readRatings(db, everywhere, [transformer])).map(({ toMs }) => toMs)).toEqual([
    fromMs,
    Number.POSITIVE_INFINITY,
  ]);
  const later = dates.slice(7).reduce((sum, date) => sum + slotsIn(date), 0);
  const now = (await nodeOf(transformer)).own!.technical!.ironWh;
  expect(now - before).toBeCloseTo(((160.5 - 80) * later) / 4, 6);
  const [change] = await listGroupChanges(db, everywhere, transformer, 1);
  expect(change).toMatchObject({ kind: "rating", reason: "plate", effectiveFrom: fromMs });
  await undoGroupChange(db, everywhere, change!.changeId, given);
  expect((await nodeOf(transformer)).own!.technical!.ironWh).toBeCloseTo(before, 6);
  expect((await readRatings(db, everywhere, [transformer])).map(({ toMs }) => toMs)).toEqual([
    Number.POSITIVE_INFINITY,
  ]);
  // Nothing that is summed changed, so nothing is summed again.
  expect(
    (await db.query<{ due: number }>(sql`select count(*)::int as due from group_due`)).rows[0]?.due,
  ).toBe(0);
});

test("the member who is counted short is the first suspect", async () => {
  const found = await readSuspects(
    queryContext(db),
    everywhere,
    { groupId: transformer, branchId: null },
    period,
  );
  expect(found?.days).toEqual(dates);
  expect(found?.ranking.suspects[0]).toMatchObject({ id: points[2] });
  expect(found?.ranking.suspects[0]?.reasons.map(({ code }) => code)).toContain("follows-consumption");
  expect(found?.dailyWh.get(points[2]!)?.[0]).toBe(
    Array.from({ length: slotsIn(dates[0]!) }, (_, slot) => counted(2, dates[0]!, slot)).reduce(
      (a, b) => a + b,
      0,
    ),
  );
});

test("who sees another branch sees neither the loss nor its cases", async () => {
  const stranger = { parts: [{ branchIds: [999_999], supplierId: null }] };
  expect((await readLosses(queryContext(db), stranger, period)).groups).toEqual([]);
  expect(await readRatings(db, stranger, [transformer])).toEqual([]);
  await expect(
    setRating(db, stranger, { groupId: transformer, fromMs: 0, rating: null }, given),
  ).rejects.toMatchObject({ code: "group.not-found" });
  expect(await listCases(db, stranger, {}, 10)).toEqual([]);
});

test("a case is opened once, closed with an outcome, and tells who did what", async () => {
  const by = { name: "ana", nowMs };
  const pointId = points[2]!;
  const caseId = await openCase(
    db,
    everywhere,
    { groupId: transformer, pointId, note: "follows the loss" },
    by,
  );
  await expect(
    openCase(db, everywhere, { groupId: transformer, pointId, note: "" }, by),
  ).rejects.toMatchObject({
    code: "case.open",
  });
  await expect(changeCase(db, everywhere, caseId, { state: "closed", note: "" }, by)).rejects.toMatchObject({
    code: "case.outcome",
  });
  await expect(
    changeCase(db, everywhere, caseId, { assigneeId: 999_999, note: "" }, by),
  ).rejects.toMatchObject({
    code: "assignee.not-found",
  });
  const done = { state: "closed", outcome: "theft", recoveredWh: 1_250_000, note: "bypass found" } as const;
  await changeCase(db, everywhere, caseId, done, { name: "dan", nowMs: nowMs + 1000 });
  const found = await readCase(db, everywhere, caseId);
  expect(found).toMatchObject({ state: "closed", outcome: "theft", recoveredWh: 1_250_000, openedBy: "ana" });
  expect(found.entries.map(({ by: who, note, change }) => [who, note, change])).toEqual([
    ["ana", "follows the loss", null],
    [
      "dan",
      "bypass found",
      { state: ["open", "closed"], outcome: [null, "theft"], recoveredWh: [null, 1_250_000] },
    ],
  ]);
  // A closed one makes room for the next.
  await openCase(db, everywhere, { groupId: transformer, pointId, note: "again" }, by);
  await expect(changeCase(db, everywhere, caseId, { state: "open", note: "" }, by)).rejects.toMatchObject({
    code: "case.open",
  });
  expect((await listCases(db, everywhere, {}, 10)).map(({ state }) => state)).toEqual(["open", "closed"]);
});
