import {
  checkGroups,
  everywhere,
  findRulePoints,
  type InventoryGroups,
  importGroups,
  importInventory,
  listGroupPoints,
  listGroups,
  sql,
} from "@energsys/store";
import { testDatabase } from "@energsys/store/testing";
import { afterAll, expect, test } from "vitest";
import { inventoryOf } from "../field.ts";

const { db, drop } = await testDatabase();
afterAll(drop);

const from = "2026-01-01T00:00:00Z";
const pod = (n: number) => `POD${String(n).padStart(6, "0")}`;
const inventory: InventoryGroups = {
  groups: [
    {
      key: "t1",
      kind: "transformer",
      name: "PT 1",
      branch: ["Network", "PT 1"],
      parent: "f",
      members: [pod(2), pod(12), "nobody"],
      balance: [pod(22)],
      from,
    },
    { key: "f", kind: "feeder", name: "L 1", branch: ["Network"], members: [], balance: [pod(30)], from },
  ],
  classes: [
    { pod: pod(2), category: "household" },
    { pod: pod(22), category: "network", voltage: "medium" },
  ],
};

test("groups of an inventory come with members, balance meters and the group above; a second time changes nothing", async () => {
  await importInventory(db, inventoryOf(30));
  expect(await importGroups(db, inventory)).toBe(2);
  const rows = await listGroups(db, everywhere, {}, Date.parse(from));
  const feeder = rows.find(({ kind }) => kind === "feeder")!;
  expect(
    rows.map(({ name, members, balanceMeters, parentId }) => [name, members, balanceMeters, parentId]),
  ).toEqual([
    ["L 1", 0, 1, null],
    ["PT 1", 2, 1, feeder.groupId],
  ]);
  expect(await findRulePoints(db, everywhere, null, { categories: ["household"] })).toHaveLength(1);
  expect(await findRulePoints(db, everywhere, null, { voltages: ["medium"] })).toHaveLength(1);
  const { counts } = await checkGroups(db, everywhere, Date.parse(from));
  expect(counts).toMatchObject({ "no-balance-meter": 0, "balance-is-member": 0, "outside-branch": 0 });
  const { rows: before } = await db.query(sql`select count(*)::int as changes from group_change`);
  expect(await importGroups(db, inventory)).toBe(0);
  const { rows: after } = await db.query(sql`select count(*)::int as changes from group_change`);
  expect(after).toEqual(before);
  const transformer = rows.find(({ kind }) => kind === "transformer")!;
  const members = await listGroupPoints(db, everywhere, transformer.groupId, "members", Date.parse(from));
  expect(members.total).toBe(2);
});

test("a category where there was none is what the point always was; another one is a change that keeps what was", async () => {
  const history = async () =>
    (
      await db.query<{ value: string; now: boolean }>(sql`
        select value, during @> now() as now from point_attribute
        where attribute = 'category' and ended_by is null order by lower(during) nulls first`)
    ).rows;
  expect(await history()).toEqual([]);
  const changed = [{ pod: pod(2), category: "business" as const }];
  expect(await importGroups(db, { groups: [], classes: changed })).toBe(0);
  expect(await history()).toEqual([
    { value: "household", now: false },
    { value: "business", now: true },
  ]);
});
