import {
  addGroup,
  applyGroupChange,
  changeAttributes,
  changeLocation,
  checkGroups,
  everywhere,
  findLocation,
  type GroupsOnMove,
  importInventory,
  listGroupChanges,
  listGroupPoints,
  readBranches,
  type Scope,
  sql,
  undoAttributes,
  undoGroupChange,
  undoLocationChange,
} from "@energsys/store";
import { testDatabase } from "@energsys/store/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { inventoryOf } from "../field.ts";

const { db, drop } = await testDatabase();
afterAll(drop);

const at = (text: string) => Date.parse(text);
const jan = at("2026-01-01T00:00:00Z");
/** Ten minutes into a quarter-hour: that one is the last that counts. */
const moved = at("2026-03-02T07:10:00Z");
const after = at("2026-03-02T07:15:00Z");
const june = at("2026-06-01T00:00:00Z");
const who = { by: "ana", reason: "riser 2" };
const given = { ...who, nowMs: june };
let points: { pointId: number; locationId: number; branchId: number }[];
let whole: number;

beforeAll(async () => {
  await importInventory(db, inventoryOf(20));
  const { rows } = await db.query<(typeof points)[0]>(sql`
    select point_id as "pointId", location_id as "locationId", branch_id as "branchId" from point join location using (location_id)
    order by point_id`);
  points = rows;
  whole = [...(await readBranches(db)).values()].find(({ path }) => path.length === 1)!.branchId;
});

/** A group of the branch where this point stands, with the point on one side of it. */
async function groupAround(nth: number, side: "members" | "balance", branchId: number | null) {
  const groupId = await addGroup(db, { kind: "transformer", name: `T ${nth} ${side} ${branchId}`, branchId });
  const add = [{ pointId: points[nth]!.pointId, sign: 1 as const }];
  await applyGroupChange(db, everywhere, { groupId, side, fromMs: jan, add }, who);
  return groupId;
}
const has = async (groupId: number, nth: number, atMs: number, side: "members" | "balance" = "members") =>
  (await listGroupPoints(db, everywhere, groupId, side, atMs)).rows.some(
    ({ pointId }) => pointId === points[nth]!.pointId,
  );
const move = (
  nth: number,
  to: number,
  more: { groups?: GroupsOnMove; toMs?: number } = {},
  scope = everywhere,
) =>
  changeAttributes(
    db,
    scope,
    {
      pointId: points[nth]!.pointId,
      values: { locationId: points[to]!.locationId },
      fromMs: moved,
      ...more,
    },
    given,
  );

test("a point that goes to another branch leaves its groups there from the move on, and only those", async () => {
  const [own, above] = [
    await groupAround(0, "members", points[0]!.branchId),
    await groupAround(0, "members", whole),
  ];
  const balanced = await groupAround(0, "balance", points[0]!.branchId);
  // Nobody is taken out in silence: without a word the move is refused, with the names, and nothing has happened.
  await expect(move(0, 1)).rejects.toMatchObject({
    code: "point.leaves-groups",
    message: `T 0 members ${points[0]!.branchId}, T 0 balance ${points[0]!.branchId}`,
  });
  expect(await has(own, 0, june)).toBe(true);
  const changeId = await move(0, 1, { groups: "end" });
  expect([await has(own, 0, moved), await has(own, 0, after - 1)]).toEqual([true, true]);
  expect([await has(own, 0, after), await has(own, 0, june)]).toEqual([false, false]);
  expect(await has(balanced, 0, after - 1, "balance")).toBe(true);
  expect(await has(balanced, 0, after, "balance")).toBe(false);
  expect(await has(above, 0, june)).toBe(true);
  expect((await listGroupChanges(db, everywhere, own, 1))[0]).toMatchObject({
    kind: "members",
    by: "ana",
    reason: "riser 2",
    ended: 1,
    effectiveFrom: after,
  });
  // Sums of these days are made again.
  const { rows } = await db.query<{ groupId: number }>(sql`
    select distinct group_id as "groupId" from group_due where from_day = '2026-03-02' order by 1`);
  expect(rows.map(({ groupId }) => groupId)).toEqual([own, balanced].sort((a, b) => a - b));
  await undoAttributes(db, everywhere, changeId!, given);
  expect([await has(own, 0, june), await has(balanced, 0, june, "balance")]).toEqual([true, true]);
});

test("it stays where somebody wants it to, and the check names it; within the branch nobody is asked", async () => {
  const groupId = await groupAround(2, "members", points[2]!.branchId);
  // Point 12 stands in the same branch.
  expect(await move(2, 12)).not.toBeNull();
  expect(await has(groupId, 2, june)).toBe(true);
  await changeAttributes(
    db,
    everywhere,
    {
      pointId: points[2]!.pointId,
      values: { locationId: points[3]!.locationId },
      fromMs: moved + 86_400_000,
      groups: "keep",
    },
    given,
  );
  expect(await has(groupId, 2, june)).toBe(true);
  const { findings } = await checkGroups(db, everywhere, june, { groupId });
  expect(findings).toContainEqual(
    expect.objectContaining({ kind: "outside-branch", pointId: points[2]!.pointId }),
  );
});

test("a move for a time is a time away from the group", async () => {
  const groupId = await groupAround(4, "members", points[4]!.branchId);
  const back = at("2026-04-01T00:00:00Z");
  await move(4, 5, { groups: "end", toMs: back });
  expect([
    await has(groupId, 4, after),
    await has(groupId, 4, back - 1),
    await has(groupId, 4, back),
  ]).toEqual([false, false, true]);
});

test("a location that goes to another branch takes its points out of groups, and brings them back", async () => {
  const { pointId, locationId, branchId } = points[6]!;
  const groupId = await groupAround(6, "members", branchId);
  const place = await findLocation(db, everywhere, locationId);
  const { code, address, note, latitude, longitude } = place!;
  const facts = { code, address, note, latitude, longitude, branchId: points[7]!.branchId };
  const change = (groups?: GroupsOnMove) =>
    changeLocation(db, everywhere, locationId, facts, { ...who, fromMs: moved, groups });
  await expect(change()).rejects.toMatchObject({ code: "point.leaves-groups" });
  expect((await findLocation(db, everywhere, locationId))?.branchId).toBe(branchId);
  expect(await change("end")).toBe(true);
  expect([await has(groupId, 6, after - 1), await has(groupId, 6, after)]).toEqual([true, false]);
  await undoLocationChange(db, everywhere, locationId, who);
  expect(await has(groupId, 6, june)).toBe(true);
  expect(pointId).toBeGreaterThan(0);
});

test("a group that was changed on since is taken back first; one that was put back already is let be", async () => {
  const groupId = await groupAround(8, "members", points[8]!.branchId);
  const add = [{ pointId: points[8]!.pointId, sign: 1 as const }];
  const changeId = await move(8, 9, { groups: "end" });
  // Back in the old branch by the front door: the point stands elsewhere, so the group refuses it.
  const refused = await applyGroupChange(
    db,
    everywhere,
    { groupId, side: "members", fromMs: june, add },
    who,
  );
  expect(refused).toMatchObject({ changeId: null, preview: { refused: [points[8]!.pointId] } });
  const [{ changeId: leaving } = { changeId: 0 }] = await listGroupChanges(db, everywhere, groupId, 1);
  await undoGroupChange(db, everywhere, leaving, who);
  await undoAttributes(db, everywhere, changeId!, given);
  expect(await has(groupId, 8, june)).toBe(true);
});

test("who may not see a group hears only that there is one", async () => {
  const { branchId } = points[10]!;
  // A branch below the group's: whoever has a right there does not see the group.
  const { rows } = await db.query<{ id: number }>(
    sql`insert into branch (name, parent_id) values ('Below', ${branchId}) returning branch_id as id`,
  );
  const below = rows[0]!.id;
  await db.query(sql`update location set branch_id = ${below} where location_id = ${points[10]!.locationId}`);
  const groupId = await groupAround(10, "members", branchId);
  const scope: Scope = { parts: [{ branchIds: [below, points[11]!.branchId], supplierId: null }] };
  await expect(move(10, 11, {}, scope)).rejects.toMatchObject({ code: "point.leaves-groups", message: "+1" });
  await move(10, 11, { groups: "end" }, scope);
  expect(await has(groupId, 10, june)).toBe(false);
});
