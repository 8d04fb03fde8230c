import {
  addGroup,
  applyGroupChange,
  changeGroupParent,
  checkGroups,
  everywhere,
  findGroup,
  findRulePoints,
  type GroupChangeRequest,
  importInventory,
  listGroupChanges,
  listGroupPoints,
  listGroups,
  previewGroupChange,
  readBranches,
  removeGroup,
  type Scope,
  sql,
  undoGroupChange,
} from "@energsys/store";
import { testDatabase } from "@energsys/store/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { inventoryOf } from "../field.ts";

const { db, drop } = await testDatabase();
afterAll(drop);

const at = (text: string) => Date.parse(text);
const given = { by: "vior", reason: "as built" };
const jan = at("2026-01-01T00:00:00Z");
const march = at("2026-03-01T00:00:00Z");
let branch: (name: string) => number;
let pointIds: number[];

beforeAll(async () => {
  await importInventory(db, inventoryOf(100));
  const branches = await readBranches(db);
  branch = (name) => [...branches.values()].find(({ path }) => path.at(-1) === name)?.branchId ?? 0;
  const { rows } = await db.query<{ id: number }>(sql`select point_id as id from point order by point_id`);
  pointIds = rows.map(({ id }) => id);
});

const plus = (list: readonly number[]) => list.map((pointId) => ({ pointId, sign: 1 as const }));
const membersAt = async (groupId: number, atMs: number) =>
  (await listGroupPoints(db, everywhere, groupId, "members", atMs)).rows.map(({ pointId }) => pointId);
const transformer = (name: string, branchName = "Network") =>
  addGroup(db, { kind: "transformer", name, branchId: branch(branchName) });

test("a group by rule shows its effect, is applied from a date on, and is as it was before that date", async () => {
  const rule = { branchIds: [branch("PT 3")], phases: 1 as const };
  const groupId = await addGroup(db, { kind: "free", name: "PT 3 one phase", branchId: null, rule });
  const found = await findRulePoints(db, everywhere, null, rule);
  expect(found).toHaveLength(10);
  const request: GroupChangeRequest = { groupId, side: "members", fromMs: march, set: plus(found) };
  const preview = await previewGroupChange(db, everywhere, request);
  expect(preview).toMatchObject({ before: 0, after: 10, joining: found, leaving: [], refused: [] });
  expect(await membersAt(groupId, march)).toEqual([]);
  const { changeId } = await applyGroupChange(db, everywhere, request, { ...given, token: preview.token });
  expect(changeId).not.toBeNull();
  expect(await membersAt(groupId, march)).toEqual(found);
  expect(await membersAt(groupId, march - 900_000)).toEqual([]);
  expect((await applyGroupChange(db, everywhere, request, given)).changeId).toBeNull();
});

test("rules choose by words, model and category, and an empty rule chooses nothing", async () => {
  await db.query(
    sql`update point set category = 'business', voltage = 'medium' where point_id = ${pointIds[4]}`,
  );
  expect(await findRulePoints(db, everywhere, null, { words: "street 17" })).toEqual([pointIds[16]]);
  expect(await findRulePoints(db, everywhere, null, { categories: ["business"] })).toEqual([pointIds[4]]);
  expect(await findRulePoints(db, everywhere, null, { voltages: ["medium"], phases: 3 })).toEqual([]);
  expect(await findRulePoints(db, everywhere, null, { models: ["generic-dlms"] })).toHaveLength(100);
  expect(await findRulePoints(db, everywhere, branch("PT 1"), { models: ["generic-dlms"] })).toHaveLength(10);
  expect(await findRulePoints(db, everywhere, null, {})).toEqual([]);
});

test("a change is taken back, and the taking back too; one that others build on stays", async () => {
  const groupId = await transformer("PT undo");
  const [a, b, c] = pointIds as [number, number, number];
  const first = await applyGroupChange(
    db,
    everywhere,
    { groupId, side: "members", fromMs: jan, add: plus([a, b]) },
    given,
  );
  const second = await applyGroupChange(
    db,
    everywhere,
    { groupId, side: "members", fromMs: march, add: plus([c]), remove: [a] },
    given,
  );
  expect(await membersAt(groupId, march)).toEqual([b, c]);
  await expect(undoGroupChange(db, everywhere, first.changeId!, given)).rejects.toMatchObject({
    code: "group.change-overtaken",
  });
  const undo = await undoGroupChange(db, everywhere, second.changeId!, given);
  expect(await membersAt(groupId, march)).toEqual([a, b]);
  await expect(undoGroupChange(db, everywhere, second.changeId!, given)).rejects.toMatchObject({
    code: "group.change-undone",
  });
  await undoGroupChange(db, everywhere, undo, given);
  expect(await membersAt(groupId, march)).toEqual([b, c]);
  expect(await membersAt(groupId, jan)).toEqual([a, b]);
  const log = await listGroupChanges(db, everywhere, groupId, 10);
  expect(log.map(({ kind, by, added, ended }) => [kind, by, added, ended])).toEqual([
    ["undo", "vior", 2, 1],
    ["undo", "vior", 1, 2],
    ["members", "vior", 2, 1],
    ["members", "vior", 2, 0],
  ]);
  const { rows } = await db.query(sql`
    select count(*)::int as kept from group_member where group_id = ${groupId} and point_id = ${a}`);
  expect(rows).toEqual([{ kept: 4 }]); // nothing was overwritten
});

test("an effect that was shown before somebody else's change is not applied", async () => {
  const groupId = await transformer("PT race");
  const request: GroupChangeRequest = { groupId, side: "members", fromMs: jan, set: plus([pointIds[0]!]) };
  const { token } = await previewGroupChange(db, everywhere, request);
  await applyGroupChange(db, everywhere, { ...request, set: plus([pointIds[1]!]) }, given);
  await expect(applyGroupChange(db, everywhere, request, { ...given, token })).rejects.toMatchObject({
    code: "group.preview-old",
  });
});

test("a sign changes from a date on, for a time; what was planned for later stays", async () => {
  const groupId = await transformer("PT signs");
  const pointId = pointIds[0]!;
  const change = (request: Partial<GroupChangeRequest> & { fromMs: number }) =>
    applyGroupChange(db, everywhere, { groupId, side: "members", ...request }, given);
  await change({ fromMs: march, add: plus([pointId]) });
  await change({ fromMs: jan, add: [{ pointId, sign: -1 }] });
  const april = at("2026-04-01T00:00:00Z");
  const may = at("2026-05-01T00:00:00Z");
  await change({ fromMs: april, toMs: may, add: [{ pointId, sign: -1 }] });
  const signAt = async (ms: number) =>
    (await listGroupPoints(db, everywhere, groupId, "members", ms)).rows[0]?.sign;
  expect([await signAt(jan), await signAt(march), await signAt(april), await signAt(may)]).toEqual([
    -1, 1, -1, 1,
  ]);
  await change({ fromMs: april, remove: [pointId] });
  expect([await signAt(march), await signAt(april), await signAt(may)]).toEqual([1, undefined, undefined]);
  await expect(change({ fromMs: jan + 1000, add: plus([pointId]) })).rejects.toMatchObject({
    code: "group.off-quarter",
  });
});

test("the database refuses a point that is in a group twice at one instant", async () => {
  const groupId = await transformer("PT exclusion");
  const { changeId } = await applyGroupChange(
    db,
    everywhere,
    { groupId, side: "members", fromMs: jan, add: plus([pointIds[0]!]) },
    given,
  );
  await expect(
    db.query(sql`
      insert into group_member (added_by, group_id, point_id, during)
      values (${changeId}, ${groupId}, ${pointIds[0]}, '[2027-01-01,)')`),
  ).rejects.toMatchObject({ code: "23P01" });
});

test("points outside the group's branch are left out and named", async () => {
  const groupId = await transformer("PT 5 own", "PT 5");
  const preview = await previewGroupChange(db, everywhere, {
    groupId,
    side: "members",
    fromMs: jan,
    add: plus([pointIds[5]!, pointIds[6]!, 999_999]),
  });
  expect(preview).toMatchObject({ joining: [pointIds[5]], refused: [pointIds[6], 999_999] });
});

test("a group hangs below another, never in a circle, and not against the order of the network", async () => {
  const feeder = await addGroup(db, { kind: "feeder", name: "L 1", branchId: branch("Network") });
  const branchLine = await addGroup(db, { kind: "feeder", name: "L 1a", branchId: branch("Network") });
  const station = await transformer("PT below");
  const hang = (groupId: number, parentId: number | null, fromMs = jan) =>
    changeGroupParent(db, everywhere, { groupId, parentId, fromMs }, given);
  await hang(branchLine, feeder);
  await hang(station, branchLine);
  await expect(hang(feeder, branchLine)).rejects.toMatchObject({ code: "group.cycle" });
  await expect(hang(feeder, station)).rejects.toMatchObject({ code: "group.kind-order" });
  await hang(station, feeder, march);
  expect((await findGroup(db, everywhere, station, jan))?.parentId).toBe(branchLine);
  expect((await findGroup(db, everywhere, station, march))?.parentId).toBe(feeder);
  expect((await checkGroups(db, everywhere, march)).counts.cycle).toBe(0);
  await expect(removeGroup(db, everywhere, feeder, { ...given, nowMs: march })).rejects.toMatchObject({
    code: "group.in-use",
  });
  await removeGroup(db, everywhere, station, { ...given, nowMs: march + 1000 });
  expect(await findGroup(db, everywhere, station, march)).toBeUndefined();
  expect((await findGroup(db, everywhere, feeder, march))?.children).toBe(1);
});

test("the checks name what does not fit together", async () => {
  const one = await transformer("PT check 1");
  const two = await transformer("PT check 2");
  const riser = await addGroup(db, { kind: "riser", name: "Riser", branchId: branch("Network") });
  const [twice, meter] = [pointIds[50]!, pointIds[51]!];
  for (const groupId of [one, two]) {
    const request = { groupId, side: "members", fromMs: jan, add: plus([twice, meter]) } as const;
    await applyGroupChange(db, everywhere, request, given);
  }
  const balance = { groupId: one, side: "balance", fromMs: jan, add: plus([meter]) } as const;
  const preview = await previewGroupChange(db, everywhere, balance);
  expect(preview.bothSides).toEqual([meter]);
  await applyGroupChange(db, everywhere, balance, given);
  await changeGroupParent(db, everywhere, { groupId: riser, parentId: one, fromMs: jan }, given);
  const { findings } = await checkGroups(db, everywhere, march, { groupId: one });
  expect(findings.map(({ kind, pointId, otherGroupId }) => [kind, pointId, otherGroupId])).toEqual([
    ["point-twice", twice, two],
    ["point-twice", meter, two],
    ["balance-is-member", meter, null],
  ]);
  const ofTwo = await checkGroups(db, everywhere, march, { groupId: two });
  expect(ofTwo.counts).toMatchObject({ "no-balance-meter": 1, "point-twice": 2 });
  const all = await checkGroups(db, everywhere, march);
  expect(all.findings).toContainEqual({
    kind: "below-without-balance",
    groupId: riser,
    pointId: null,
    otherGroupId: one,
  });
  // Before anything was entered nothing is twice, and every point is without a group.
  const before = await checkGroups(db, everywhere, jan - 900_000);
  expect(before.counts).toMatchObject({ "point-twice": 0, "point-without-group": 100 });
  await db.query(sql`
    update location set branch_id = ${branch("PT 9")} where location_id = (select location_id from point where point_id = ${pointIds[5]})`);
  const own = (await listGroups(db, everywhere, { text: "pt 5 own" }, march))[0]!;
  const request = { groupId: own.groupId, side: "members", fromMs: jan, add: plus([pointIds[15]!]) } as const;
  await applyGroupChange(db, everywhere, request, given);
  await db.query(sql`
    update location set branch_id = ${branch("PT 9")} where location_id = (select location_id from point where point_id = ${pointIds[15]})`);
  const moved = await checkGroups(db, everywhere, march, { groupId: own.groupId });
  expect(moved.findings).toContainEqual({
    kind: "outside-branch",
    groupId: own.groupId,
    pointId: pointIds[15],
    otherGroupId: null,
  });
});

test("whoever may see a branch sees its groups, and who sees the points of a supplier sees none", async () => {
  const groupId = await transformer("PT 7 own", "PT 7");
  const of = (part: Scope["parts"][number]): Scope => ({ parts: [part] });
  const inside = of({ branchIds: [branch("PT 7")], supplierId: null });
  const outside = of({ branchIds: [branch("PT 8")], supplierId: null });
  const supplier = of({ branchIds: null, supplierId: 1 });
  expect((await listGroups(db, inside, {}, march)).map((row) => row.groupId)).toContain(groupId);
  expect(await findGroup(db, outside, groupId, march)).toBeUndefined();
  expect(await listGroups(db, supplier, {}, march)).toEqual([]);
  const request = { groupId, side: "members", fromMs: jan, add: plus([pointIds[7]!]) } as const;
  await expect(previewGroupChange(db, outside, request)).rejects.toMatchObject({ code: "group.not-found" });
  const { changeId } = await applyGroupChange(db, inside, request, given);
  await expect(undoGroupChange(db, outside, changeId!, given)).rejects.toMatchObject({
    code: "group.change-not-found",
  });
  expect((await listGroupPoints(db, outside, groupId, "members", march)).total).toBe(0);
});
