import {
  addGroup,
  addReadingPlan,
  anyTime,
  applyGroupChange,
  everywhere,
  findGroupPlan,
  findPoint,
  importInventory,
  removeGroup,
  setGroupPlan,
  setPointPlan,
  settlePlans,
  sql,
} from "@energsys/store";
import { testDatabase } from "@energsys/store/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { inventoryOf } from "./field.ts";

const { db, drop } = await testDatabase();
afterAll(drop);

const quarter = 900_000;
const nowMs = Math.floor(Date.now() / quarter) * quarter;
const who = { by: "ana", reason: "route 7" };
let points: number[];
const plans: Record<string, number> = {};

beforeAll(async () => {
  await importInventory(db, {
    ...inventoryOf(30),
    plan: { name: "came with", everySeconds: 3_600, backfillDays: 5 },
  });
  const { rows } = await db.query<{ id: number }>(sql`select point_id as id from point order by point_id`);
  points = rows.map(({ id }) => id);
  for (const [name, everySeconds] of [
    ["daily", 86_400],
    ["quarterly", 900],
    ["own", 7_200],
  ] as const)
    plans[name] = await addReadingPlan(db, {
      ...{ name, everySeconds, backfillDays: 5 },
      ...{ profile: true, registers: true, events: true, times: anyTime },
    });
});

const group = (name: string) => addGroup(db, { kind: "free", name, branchId: null });
const change = (groupId: number, how: { add?: number[]; remove?: number[] }, fromMs = nowMs) =>
  applyGroupChange(
    db,
    everywhere,
    {
      groupId,
      side: "members",
      fromMs,
      add: (how.add ?? []).map((nth) => ({ pointId: points[nth]!, sign: 1 as const })),
      remove: (how.remove ?? []).map((nth) => points[nth]!),
    },
    who,
  );
const settle = (atMs = nowMs) => db.transaction((transaction) => settlePlans(transaction, atMs));
const give = (groupId: number, plan: string | null | undefined, dryRun = false) =>
  setGroupPlan(db, everywhere, groupId, plan ? plans[plan]! : (plan as null | undefined), { nowMs, dryRun });
const readBy = async (nth: number) =>
  (await findPoint(db, everywhere, points[nth]!, { nowMs }))!.plan?.name ?? null;
const from = async (nth: number) => (await findPoint(db, everywhere, points[nth]!, { nowMs }))!.planFrom;

test("who joins a group later is read by its plan, and who leaves as before", async () => {
  const groupId = await group("Ruta 7");
  await change(groupId, { add: [0, 1] });
  expect(await give(groupId, "daily", true)).toMatchObject({ members: 2, changed: 2 });
  expect([await readBy(0), await findGroupPlan(db, groupId)]).toEqual(["came with", null]);
  expect(await give(groupId, "daily")).toMatchObject({ members: 2, changed: 2, ownPlan: 0, otherGroup: 0 });
  expect(await findGroupPlan(db, groupId)).toEqual({ planId: plans.daily, name: "daily" });
  expect(await from(0)).toEqual({ kind: "group", group: { groupId, name: "Ruta 7" } });

  await change(groupId, { add: [2] });
  await change(groupId, { add: [3] }, nowMs + 4 * quarter);
  expect(await settle()).toBe(1);
  expect([await readBy(2), await readBy(3)]).toEqual(["daily", "came with"]);
  expect(await settle()).toBe(0);
  // A membership that begins later is read so from then on.
  expect(await settle(nowMs + 4 * quarter)).toBe(1);
  expect(await readBy(3)).toBe("daily");
  await change(groupId, { remove: [2] });
  await settle(nowMs + 4 * quarter);
  expect([await readBy(2), await readBy(0)]).toEqual(["came with", "daily"]);
  expect(await from(2)).toEqual({ kind: "network", group: null });
  // Another plan of the group takes all along; none lets them go.
  expect((await give(groupId, "quarterly")).changed).toBe(2);
  expect(await readBy(1)).toBe("quarterly");
  expect((await give(groupId, undefined)).changed).toBe(2);
  expect([await readBy(0), await readBy(1), await readBy(3)]).toEqual([
    "came with",
    "came with",
    "came with",
  ]);
});

test("of two groups the one that reads more often holds, whichever came first; only on request loses to any", async () => {
  const [rare, often, silent] = [await group("rare"), await group("often"), await group("silent")];
  for (const groupId of [rare, often, silent]) await change(groupId, { add: [5] });
  await give(silent, null);
  expect(await readBy(5)).toBeNull();
  await give(often, "quarterly");
  expect(await readBy(5)).toBe("quarterly");
  expect(await give(rare, "daily")).toMatchObject({ changed: 0, otherGroup: 1 });
  expect(await readBy(5)).toBe("quarterly");
  await give(often, undefined);
  expect(await readBy(5)).toBe("daily");
  await removeGroup(db, everywhere, rare, { ...who, nowMs });
  await settle();
  expect(await readBy(5)).toBeNull();
  await give(silent, undefined);
  expect(await readBy(5)).toBe("came with");
});

test("a plan of its own goes before those of groups, until it is taken away", async () => {
  const groupId = await group("with one of its own");
  await change(groupId, { add: [7, 8] });
  const own = (plan: string | null | undefined) =>
    setPointPlan(db, everywhere, points[7]!, plan ? plans[plan]! : (plan as null | undefined), nowMs);
  expect(await own("own")).toBe(true);
  expect(await own("own")).toBe(false);
  expect(await give(groupId, "daily")).toMatchObject({ changed: 1, ownPlan: 1 });
  expect([await readBy(7), await readBy(8), (await from(7)).kind]).toEqual(["own", "daily", "own"]);
  expect(await own(undefined)).toBe(true);
  expect(await own(undefined)).toBe(false);
  expect(await readBy(7)).toBe("daily");
  // Given one as a member, and let go: what it came with is not forgotten.
  await own("own");
  await give(groupId, undefined);
  expect(await readBy(7)).toBe("own");
  await own(undefined);
  expect(await readBy(7)).toBe("came with");
});

test("a plan that does not exist is refused, and two who settle at once do it once", async () => {
  const groupId = await group("at once");
  await change(groupId, { add: [10, 11, 12] });
  await expect(setGroupPlan(db, everywhere, groupId, 999, { nowMs, dryRun: false })).rejects.toMatchObject({
    code: "plan.not-found",
  });
  await db.query(sql`insert into group_plan values (${groupId}, ${plans.daily})`);
  const changed = await Promise.all([settle(), settle()]);
  expect(changed[0] + changed[1]).toBe(3);
  await give(groupId, undefined);
  expect(await readBy(11)).toBe("came with");
});
