import {
  changeGroupParent,
  everywhere,
  importGroupsFile,
  importInventory,
  listGroupPoints,
  listGroups,
  listGroupsImports,
  readBranches,
  removeGroup,
  restoreGroup,
  undoGroupsImport,
} from "@energsys/store";
import { testDatabase } from "@energsys/store/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { inventoryOf } from "../field.ts";

const { db, drop } = await testDatabase();
afterAll(drop);
const nowMs = Date.parse("2026-09-15T09:07:00Z");
let pods: string[] = [];
let branch = "";
beforeAll(async () => {
  const inventory = inventoryOf(8);
  await importInventory(db, inventory);
  pods = inventory.points.map(({ pod }) => pod);
  const branches = [...(await readBranches(db)).values()];
  branch = branches.find(({ path }) => path.length === 1)!.path.join("/");
});
const take = (lines: readonly string[], dryRun = false) =>
  importGroupsFile(db, everywhere, lines.join("\r\n"), {
    fileName: "groups.csv",
    by: "ana",
    reason: "from the old system",
    nowMs,
    dryRun,
  });
const groups = async () =>
  (await listGroups(db, everywhere, {}, nowMs + 900_000)).map(
    ({ name, parentId, members, balanceMeters }) => ({
      name,
      hangs: parentId !== null,
      members,
      balanceMeters,
    }),
  );
const file = () => [
  "kind;branch;group;above;role;pod;sign;from",
  `substation;${branch};ST 1;;;;;`,
  `transformer;${branch};"PT ""7""; vechi";ST 1;members;${pods[0]};;2026-09-01T00:00:00Z`,
  `transformer;${branch};"PT ""7""; vechi";ST 1;members;${pods[1]};-1;2026-09-01T00:00:00Z`,
  `transformer;${branch};"PT ""7""; vechi";ST 1;balance;${pods[2]};;2026-09-01T00:00:00Z`,
];

test("a file of groups shows what it would do, does it, and is taken back as one", async () => {
  const check = await take(file(), true);
  expect(check.refused).toEqual([]);
  expect(check.groups).toMatchObject([
    { name: "ST 1", isNew: true, side: null },
    { name: 'PT "7"; vechi', isNew: true, side: "members", above: "ST 1", joining: 2 },
    { name: 'PT "7"; vechi', side: "balance", joining: 1 },
  ]);
  expect(await groups()).toEqual([]);
  const { stored } = await take(file());
  expect(stored).toMatchObject({ made: 2 });
  const made = await groups();
  expect(made).toHaveLength(2);
  expect(made).toContainEqual({ name: 'PT "7"; vechi', hangs: true, members: 2, balanceMeters: 1 });
  const { rows } = await listGroupPoints(
    db,
    everywhere,
    (await listGroups(db, everywhere, { kind: "transformer" }, nowMs))[0]!.groupId,
    "members",
    nowMs,
  );
  expect(rows.map(({ sign }) => sign).sort()).toEqual([-1, 1]);
  // The same again finds everything there.
  const again = await take(file());
  expect(again.groups).toMatchObject([{ isNew: false }, { unchanged: 2, joining: 0 }, { unchanged: 1 }]);
  expect(again.stored).toMatchObject({ made: 0, changes: 0 });
  const undone = await undoGroupsImport(db, everywhere, stored!.importId, {
    by: "ana",
    reason: "trial",
    nowMs,
  });
  expect(undone).toMatchObject({ groups: 2, kept: 0 });
  expect(await groups()).toEqual([]);
  await expect(
    undoGroupsImport(db, everywhere, stored!.importId, { by: "ana", reason: "trial", nowMs }),
  ).rejects.toMatchObject({ code: "import.undone" });
  expect(await listGroupsImports(db, { scope: everywhere, by: "ana" }, 5)).toMatchObject([
    { made: 0, undoneBy: null },
    { made: 2, undoneBy: "ana", kept: 0, finished: true },
  ]);
});

test("lines that cannot be used are refused alone, with what was probably meant", async () => {
  const { refused, groups: effects } = await take(
    [
      ...file(),
      `tranformer;${branch};PT 8;;members;${pods[3]};;`,
      `transformer;${branch}x;PT 8;;members;${pods[3]};;`,
      `transformer;${branch};PT 8;ST l;members;${pods[3]};;`,
      `transformer;${branch};PT 8;;member;${pods[3]};;`,
      `transformer;${branch};PT 8;;members;${pods[3]};;2026-09-01T00:07:00Z`,
      `transformer;${branch};PT 8;;members;RO000;;`,
    ],
    true,
  );
  expect(effects).toHaveLength(3);
  expect(refused).toEqual([
    { line: 6, reason: "kind", text: "tranformer", proposal: "transformer" },
    { line: 7, reason: "branch", text: `${branch}x`, proposal: branch },
    { line: 8, reason: "above", text: "ST l", proposal: "ST 1" },
    { line: 9, reason: "role", text: "member", proposal: "members" },
    { line: 10, reason: "from", text: "2026-09-01T00:07:00Z", proposal: "2026-09-01T00:00:00.000Z" },
    { line: 11, reason: "pod", text: "RO000", proposal: null },
  ]);
});

test("what others built on a file's groups stays when it is taken back", async () => {
  const { stored } = await take(file());
  const [pt] = await listGroups(db, everywhere, { kind: "transformer" }, nowMs);
  // Somebody moved the transformer since.
  const moved = { groupId: pt!.groupId, parentId: null, fromMs: Date.parse("2026-09-10T00:00:00Z") };
  await changeGroupParent(db, everywhere, moved, { by: "bob", reason: "another line" });
  const undone = await undoGroupsImport(db, everywhere, stored!.importId, {
    by: "ana",
    reason: "trial",
    nowMs: nowMs + 1000,
  });
  expect(undone.kept).toBeGreaterThan(0);
  expect((await groups()).map(({ name }) => name)).toContain('PT "7"; vechi');
});

test("a group that was removed comes back with its members", async () => {
  await take([`kind;branch;group;pod`, `transformer;${branch};PT 9;${pods[5]}`]);
  const [pt] = await listGroups(db, everywhere, { text: "PT 9" }, nowMs);
  await removeGroup(db, everywhere, pt!.groupId, { by: "ana", reason: "gone", nowMs });
  expect((await groups()).map(({ name }) => name)).not.toContain("PT 9");
  await restoreGroup(db, everywhere, pt!.groupId);
  expect(await groups()).toContainEqual({ name: "PT 9", hangs: false, members: 1, balanceMeters: 0 });
});
