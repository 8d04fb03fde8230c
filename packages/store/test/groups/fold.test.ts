import { marketDay } from "@energsys/metering";
import {
  addGroup,
  applyGroupChange,
  balanceByDay,
  balanceOf,
  changeGroupParent,
  type Database,
  everywhere,
  foldGroups,
  importInventory,
  readFoldState,
  readGroupCurve,
  rederivePoints,
  sql,
  storeDeliveries,
  undoGroupChange,
} from "@energsys/store";
import { testDatabase } from "@energsys/store/testing";
import fc from "fast-check";
import { expect, test } from "vitest";
import { delivery, inventoryOf, meterIds, profileOf } from "../field.ts";
import { slotsByIntervals, slotsBySums } from "./truth.ts";

const zone = "Europe/Bucharest";
const context = { nowMs: Date.UTC(2026, 10, 23, 12), zone };
const given = { by: "test", reason: "" };
const pointCount = 10;

/** Sums until nothing is left to sum. */
async function foldAll(db: Database): Promise<number> {
  let written = 0;
  for (let round = 0; round < 100; round++) {
    const outcome = await foldGroups(db, context);
    written += outcome.written;
    if (outcome.changes === 0 && outcome.days === 0) return written;
  }
  throw new Error("the fold does not come to its end");
}

async function network(db: Database) {
  await importInventory(db, inventoryOf(pointCount, { ctRatios: ["1", "20", "2.5"] }));
  const { rows } = await db.query<{ id: number }>(sql`select point_id as id from point order by point_id`);
  await db.query(sql`update point set direction = 'both' where point_id % 3 = 0`);
  return { points: rows.map(({ id }) => id), meters: await meterIds(db) };
}

const dates = ["2026-03-28", "2026-03-29", "2026-03-30", "2026-10-24", "2026-10-25", "2026-10-26"] as const;
const quarter = 900_000;

type Step =
  | {
      kind: "read";
      meter: number;
      date: number;
      from: number;
      count: number;
      seed: number;
      out: boolean;
      bad: boolean;
    }
  | {
      kind: "change";
      group: number;
      side: "members" | "balance";
      point: number;
      sign: 1 | -1;
      date: number;
      slot: number;
      leave: boolean;
    }
  | { kind: "hang"; group: number; parent: number; date: number }
  | { kind: "exchange"; meter: number; date: number; minute: number; ratio: string }
  | { kind: "undo"; nth: number }
  | { kind: "fold" };

const date = fc.nat(dates.length - 1);
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant("read" as const),
      meter: fc.nat(pointCount - 1),
      date,
      from: fc.nat(80),
      count: fc.integer({ min: 1, max: 100 }),
      seed: fc.nat(1000),
      out: fc.boolean(),
      bad: fc.boolean(),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant("change" as const),
      group: fc.nat(3),
      side: fc.constantFrom("members" as const, "members" as const, "balance" as const),
      point: fc.nat(pointCount - 1),
      sign: fc.constantFrom(1 as const, -1 as const),
      date,
      slot: fc.nat(91),
      leave: fc.boolean(),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant("hang" as const), group: fc.nat(3), parent: fc.nat(3), date }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("exchange" as const),
      meter: fc.nat(pointCount - 1),
      date,
      minute: fc.nat(1300),
      ratio: fc.constantFrom("1", "40", "7.5"),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("undo" as const), nth: fc.nat(5) }) },
  { weight: 2, arbitrary: fc.constant({ kind: "fold" as const }) },
);

/** Each step is something that people or meters do; what cannot be done at that point is left out, as a form would refuse it. */
async function walk(db: Database, steps: readonly Step[]): Promise<void> {
  const { points, meters } = await network(db);
  const groups: number[] = [];
  for (const name of ["one", "two", "three", "four"]) {
    groups.push(await addGroup(db, { kind: "feeder", name, branchId: null }));
  }
  const changes: number[] = [];
  for (const taken of steps) {
    if (taken.kind === "fold") await foldGroups(db, context);
    else if (taken.kind === "read") await read(db, meters[taken.meter]!, taken);
    else if (taken.kind === "change") {
      const fromMs = marketDay(dates[taken.date]!, zone).startMs + taken.slot * quarter;
      const pointId = points[taken.point]!;
      const wanted = taken.leave ? { remove: [pointId] } : { add: [{ pointId, sign: taken.sign }] };
      const request = { groupId: groups[taken.group]!, side: taken.side, fromMs, ...wanted };
      const { changeId } = await applyGroupChange(db, everywhere, request, given);
      if (changeId !== null) changes.push(changeId);
    } else if (taken.kind === "hang") {
      const { startMs: fromMs } = marketDay(dates[taken.date]!, zone);
      const change = { groupId: groups[taken.group]!, parentId: groups[taken.parent]!, fromMs };
      await changeGroupParent(db, everywhere, change, given).catch(ignore("group.cycle"));
    } else if (taken.kind === "undo") {
      const changeId = changes.at(-1 - taken.nth);
      if (changeId === undefined) continue;
      await undoGroupChange(db, everywhere, changeId, given).catch(
        ignore("group.change-overtaken", "group.change-undone"),
      );
    } else await newRatio(db, meters[taken.meter]!, taken);
  }
}

const ignore =
  (...codes: string[]) =>
  (error: unknown) => {
    if (!codes.includes((error as { code: string }).code)) throw error;
  };

async function read(
  db: Database,
  meterId: number,
  { date, from, count, seed, out, bad }: Step & { kind: "read" },
) {
  const { startMs, endMs } = marketDay(dates[date]!, zone);
  const rows = Math.min(count, (endMs - startMs) / quarter - from);
  const flags = new Uint16Array(rows);
  if (bad) flags[seed % rows] = [0x0001, 0x0100, 0x0800, 0x0040][seed % 4]!;
  const obis = out ? "1-0:2.29.0*255" : "1-0:1.29.0*255";
  const values = Float64Array.from({ length: rows }, (_, row) => (row * seed) % 1009);
  const profile = profileOf(startMs + from * quarter, values, { obis, flags });
  await storeDeliveries(db, [await delivery(db, meterId, [profile])], context);
}

/** Other transformers from an instant on: the days after it are other energies. */
async function newRatio(db: Database, meterId: number, { date, minute, ratio }: Step & { kind: "exchange" }) {
  const at = new Date(marketDay(dates[date]!, zone).startMs + minute * 60_000).toISOString();
  const pointIds = await db.transaction(async (transaction) => {
    const { rows } = await transaction.query<{ id: number }>(sql`
      update installation set during = tstzrange(lower(during), ${at}::timestamptz)
      where meter_id = ${meterId} and upper_inf(during) and lower(during) < ${at}::timestamptz returning point_id as id`);
    for (const { id } of rows) {
      await transaction.query(sql`
        insert into installation (point_id, meter_id, during, ct_ratio)
        values (${id}, ${meterId}, tstzrange(${at}::timestamptz, null), ${ratio}::numeric)`);
    }
    return rows.map(({ id }) => id);
  });
  if (pointIds.length > 0)
    await rederivePoints(db, { pointIds, fromDay: dates[date]!, toDay: "2026-11-01" }, context);
}

const markAll = (db: Database) =>
  db.query(sql`
    insert into group_due (group_id, from_day, to_day) select group_id, '2026-01-01', 'infinity' from point_group`);

test("whatever is read, changed, exchanged and taken back in any order, the sums are those of the intervals", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 15, maxLength: 40 }), async (steps) => {
      const { db, drop } = await testDatabase();
      try {
        await walk(db, steps);
        await foldAll(db);
        expect(await slotsBySums(db)).toEqual(await slotsByIntervals(db));
        expect(await readFoldState(db)).toEqual({ changes: 0, due: 0, since: null });
        // Summing all again may make a scale finer, where a channel came meanwhile; never another value, and then nothing.
        await markAll(db);
        await foldAll(db);
        expect(await slotsBySums(db)).toEqual(await slotsByIntervals(db));
        await markAll(db);
        expect(await foldAll(db)).toBe(0);
      } finally {
        await drop();
      }
    }),
    { numRuns: Number(process.env["ENERGSYS_TIMES"] ?? 4), endOnFailure: true },
  );
}, 180_000);

test("the balance of a day is what went in less what members counted, with how much of it is known", async () => {
  const { db, drop } = await testDatabase();
  try {
    const { points, meters } = await network(db);
    const groupId = await addGroup(db, { kind: "transformer", name: "PT", branchId: null });
    const fromMs = marketDay("2026-10-25", zone).startMs;
    const plus = (list: number[]) => list.map((pointId) => ({ pointId, sign: 1 as const }));
    await db.query(sql`update installation set ct_ratio = 1`);
    await applyGroupChange(
      db,
      everywhere,
      { groupId, side: "members", fromMs, add: plus(points.slice(0, 2)) },
      given,
    );
    await applyGroupChange(
      db,
      everywhere,
      { groupId, side: "balance", fromMs, add: plus([points[3]!]) },
      given,
    );
    const whole = (meterId: number, perSlot: number, rows = 100) =>
      delivery(db, meterId, [profileOf(fromMs, new Float64Array(rows).fill(perSlot))]);
    await storeDeliveries(
      db,
      [await whole(meters[0]!, 10), await whole(meters[1]!, 5, 60), await whole(meters[3]!, 20)],
      context,
    );
    await foldAll(db);
    const curve = () =>
      readGroupCurve(db, groupId, {
        fromDay: "2026-10-25",
        toDay: "2026-10-27",
        zone,
        nowMs: context.nowMs,
      });
    const [day, next] = balanceByDay(await curve());
    expect(day).toMatchObject({
      day: "2026-10-25",
      balance: { energy: 2000n, expected: 100, present: 100 },
      members: { energy: 1300n, expected: 200, present: 160, good: 160, estimated: 0 },
      difference: 700n,
    });
    // Of a day of which nothing came all is missing, and there is no difference.
    expect(next).toMatchObject({
      balance: { energy: null, expected: 96, present: 0 },
      members: { energy: null, expected: 192, present: 0 },
      difference: null,
    });
    // What comes later is in the sum after the next round.
    await storeDeliveries(db, [await whole(meters[1]!, 5)], context);
    expect(await readFoldState(db)).toMatchObject({ changes: 1 });
    await foldAll(db);
    const later = await curve();
    expect(balanceByDay(later)[0]).toMatchObject({
      members: { energy: 1500n, present: 200 },
      difference: 500n,
    });
    expect(balanceOf(later, 0, later.members.values.length)).toMatchObject({
      balance: { energy: 2000n, expected: 196 },
      members: { expected: 392 },
    });
  } finally {
    await drop();
  }
});
