import {
  changeAttributes,
  everywhere,
  importInventory,
  listPointChanges,
  readAttributes,
  showDueAttributes,
  sql,
  undoAttributes,
} from "@energsys/store";
import { testDatabase } from "@energsys/store/testing";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { inventoryOf } from "./field.ts";

const { db, drop } = await testDatabase();
afterAll(drop);

const nowMs = Date.now();
const day = 86_400_000;
const given = { by: "ana", reason: "fișa 12", nowMs };
let points: number[] = [];
beforeAll(async () => {
  await importInventory(db, inventoryOf(6));
  const { rows } = await db.query<{ id: number }>(sql`select point_id as id from point order by point_id`);
  points = rows.map(({ id }) => id);
});
const at = async (pointId: number, atMs: number) => (await readAttributes(db, [pointId])).at(pointId, atMs)!;

test("a value holds from its instant on, what was before stays, and the columns show what is valid now", async () => {
  const [pointId = 0] = points;
  const changeId = await changeAttributes(
    db,
    everywhere,
    { pointId, values: { approvedPowerW: 11_000, category: "business" }, fromMs: nowMs - 10 * day },
    given,
  );
  expect(await at(pointId, nowMs - 11 * day)).toMatchObject({ approvedPowerW: null, category: "unknown" });
  expect(await at(pointId, nowMs - 9 * day)).toMatchObject({ approvedPowerW: 11_000, category: "business" });
  const { rows } = await db.query(
    sql`select approved_power_w, category from point where point_id = ${pointId}`,
  );
  expect(rows).toEqual([{ approved_power_w: 11_000, category: "business" }]);
  expect(await listPointChanges(db, pointId, 10)).toMatchObject([
    {
      changeId,
      changedBy: "ana",
      reason: "fișa 12",
      undone: false,
      values: [
        { attribute: "approvedPowerW", value: 11_000, fromMs: nowMs - 10 * day, toMs: null },
        { attribute: "category", value: "business" },
      ],
    },
  ]);
  // The same again is no change.
  expect(
    await changeAttributes(
      db,
      everywhere,
      { pointId, values: { category: "business" }, fromMs: nowMs - day },
      given,
    ),
  ).toBeNull();
});

test("a value for some time leaves what comes behind it, and one of the future shows when its day has come", async () => {
  const pointId = points[1]!;
  const change = (values: object, fromMs: number, toMs?: number) =>
    changeAttributes(
      db,
      everywhere,
      { pointId, values, fromMs, ...(toMs === undefined ? {} : { toMs }) },
      given,
    );
  await change({ isProtected: true }, nowMs - 20 * day, nowMs - 5 * day);
  await change({ voltage: "medium" }, nowMs + day);
  expect((await at(pointId, nowMs - 6 * day)).isProtected).toBe(true);
  expect((await at(pointId, nowMs)).isProtected).toBe(false);
  expect((await at(pointId, nowMs + 2 * day)).voltage).toBe("medium");
  const voltage = async () =>
    (await db.query<{ v: string }>(sql`select voltage as v from point where point_id = ${pointId}`)).rows[0]!
      .v;
  expect(await voltage()).toBe("low");
  await showDueAttributes(db, nowMs + 2 * day);
  expect(await voltage()).toBe("medium");
  await expect(change({ phases: 3 }, nowMs, nowMs - day)).rejects.toMatchObject({ code: "point.no-time" });
});

test("a point that moves on a date of the future is found by its new branch when the day has come", async () => {
  const pointId = points[5]!;
  const { rows } = await db.query<{ id: number }>(sql`
    with south as (insert into branch (name) values ('Sud') returning branch_id)
    insert into location (branch_id) select branch_id from south returning location_id as id`);
  const move = { pointId, values: { locationId: rows[0]!.id }, fromMs: nowMs + day };
  await changeAttributes(db, everywhere, move, given);
  const words = async () => {
    const found = await db.query<{ text: string }>(sql`
      select search_text as text from point where point_id = ${pointId}`);
    return found.rows[0]!.text.split(" ");
  };
  expect(await words()).not.toContain("sud");
  await showDueAttributes(db, nowMs + 2 * day);
  expect(await words()).toContain("sud");
});

test("what an import writes into a point is a change from then on: nothing that was is lost", async () => {
  const [, , pointId = 0] = points;
  await db.query(sql`update point set phases = 3, approved_power_w = 30000 where point_id = ${pointId}`);
  expect(await at(pointId, nowMs - day)).toMatchObject({ phases: 1, approvedPowerW: null });
  expect(await at(pointId, Date.now() + day)).toMatchObject({ phases: 3, approvedPowerW: 30_000 });
  const [change] = await listPointChanges(db, pointId, 10);
  expect(change?.values.map(({ attribute }) => attribute).sort()).toEqual(["approvedPowerW", "phases"]);
});

test("a check meter is another point of one's own scope", async () => {
  const [, , , pointId = 0, other = 0] = points;
  const change = (checkPointId: number, scope = everywhere) =>
    changeAttributes(db, scope, { pointId, values: { checkPointId }, fromMs: nowMs }, given);
  await expect(change(pointId)).rejects.toMatchObject({ code: "point.check-unknown" });
  await expect(change(999_999)).rejects.toMatchObject({ code: "point.check-unknown" });
  await expect(change(other, { parts: [] })).rejects.toMatchObject({ code: "point.not-found" });
  await change(other);
  expect((await at(pointId, nowMs)).checkPointId).toBe(other);
});

test("a change is taken back until a later one builds on it, and the taking back, too", async () => {
  const [, , , , , pointId = 0] = points;
  const change = (values: object, fromMs: number) =>
    changeAttributes(db, everywhere, { pointId, values, fromMs }, given);
  const first = (await change({ category: "household" }, nowMs - 9 * day))!;
  const second = (await change({ category: "business" }, nowMs - 5 * day))!;
  await expect(undoAttributes(db, everywhere, first, given)).rejects.toMatchObject({
    code: "point.change-overtaken",
  });
  const undo = await undoAttributes(db, everywhere, second, given);
  expect((await at(pointId, nowMs)).category).toBe("household");
  await expect(undoAttributes(db, everywhere, second, given)).rejects.toMatchObject({
    code: "point.change-undone",
  });
  await undoAttributes(db, everywhere, undo, given);
  expect((await at(pointId, nowMs)).category).toBe("business");
  await expect(undoAttributes(db, { parts: [] }, undo, given)).rejects.toMatchObject({
    code: "point.change-not-found",
  });
});

test("whatever is changed and taken back, each instant has the value of the last change that covers it", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(
        fc.record({
          from: fc.integer({ min: -50, max: 50 }),
          lasts: fc.option(fc.integer({ min: 1, max: 40 })),
          power: fc.integer({ min: 1, max: 9 }),
          undone: fc.boolean(),
        }),
        { minLength: 1, maxLength: 8 },
      ),
      async (changes) => {
        const pointId = points[4]!;
        await db.query(sql`delete from point_change where point_id = ${pointId}`);
        const layers: { fromMs: number; toMs: number; power: number | null }[] = [];
        const before = (await at(pointId, nowMs)).approvedPowerW;
        for (const { from, lasts, power, undone } of changes) {
          const fromMs = nowMs + from * day;
          const toMs = lasts === null ? undefined : fromMs + lasts * day;
          const changeId = await changeAttributes(
            db,
            everywhere,
            { pointId, values: { approvedPowerW: power }, fromMs, ...(toMs === undefined ? {} : { toMs }) },
            given,
          );
          // It held all that time: nothing is written, and nothing is to be taken back.
          if (changeId === null) continue;
          if (undone) await undoAttributes(db, everywhere, changeId, given);
          else layers.push({ fromMs, toMs: toMs ?? Number.POSITIVE_INFINITY, power });
        }
        const history = await readAttributes(db, [pointId]);
        for (let offset = -60; offset <= 100; offset += 3) {
          const instantMs = nowMs + offset * day + 1;
          const wanted =
            layers.findLast(({ fromMs, toMs }) => fromMs <= instantMs && instantMs < toMs)?.power ?? before;
          expect(history.at(pointId, instantMs)!.approvedPowerW).toBe(wanted);
        }
      },
    ),
    { numRuns: 25, seed: 7 },
  );
}, 60_000);
