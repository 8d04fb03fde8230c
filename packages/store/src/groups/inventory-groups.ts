import { readBranches } from "../branches.ts";
import type { Database, Queryable } from "../database.ts";
import { everywhere } from "../scope.ts";
import { sql } from "../sql.ts";
import { applyGroupChange, changeGroupParent } from "./changes.ts";
import { findPointsByPod } from "./pods.ts";
import { type Rating, readRatings, setRating } from "./ratings.ts";
import { addGroup, type GroupKind } from "./registry.ts";
import type { Side } from "./rows.ts";
import type { GroupRule, PointCategory, VoltageLevel } from "./rule.ts";

/** A group of an inventory; points by their codes, groups by the key that the inventory gives them. */
export interface InventoryGroup {
  readonly key: string;
  readonly kind: GroupKind;
  readonly name: string;
  /** Names of the branches from the top; none: the whole network. */
  readonly branch: readonly string[];
  /** Key of the group above. */
  readonly parent?: string;
  readonly members: readonly string[];
  readonly balance: readonly string[];
  readonly rule?: GroupRule;
  /** What its transformer and lines are by their plates. */
  readonly rating?: Rating;
  /** Since when all of this holds: ISO 8601, on a quarter-hour. */
  readonly from: string;
}

/** What an inventory says of groups, and of what its points are by their contracts. */
export interface InventoryGroups {
  readonly groups: readonly InventoryGroup[];
  readonly classes?: readonly {
    readonly pod: string;
    readonly category: PointCategory;
    readonly voltage?: VoltageLevel;
    /** Whether there is a contract for what is fed in, and what a year is expected to need, where the books say so. */
    readonly exportContract?: boolean;
    readonly expectedYearWh?: number;
  }[];
}

const given = { by: "inventory", reason: "inventory" };

/**
 * Brings the groups of an inventory into the database, after its points. Repeating it adds what is new and changes nothing else.
 * Gives how many groups came. @throws StoreError `group.*`
 */
export async function importGroups(db: Database, inventory: InventoryGroups): Promise<number> {
  await classify(db, inventory.classes ?? []);
  const branches = [...(await readBranches(db)).values()];
  const branchOf = (path: readonly string[]): number | null =>
    path.length === 0
      ? null
      : (branches.find((branch) => branch.path.join("\0") === path.join("\0"))?.branchId ?? null);
  const ids = new Map<string, number>();
  let added = 0;
  for (const group of inventory.groups) {
    const branchId = branchOf(group.branch);
    let groupId = await findGroupId(db, group.kind, group.name, branchId);
    if (groupId === undefined) {
      groupId = await addGroup(db, { ...group, branchId, rule: group.rule ?? null });
      added++;
    }
    ids.set(group.key, groupId);
    const fromMs = Date.parse(group.from);
    for (const side of ["members", "balance"] as const) {
      await join(db, groupId, side, group[side], fromMs);
    }
    // What somebody entered since is in their hands.
    if (group.rating && (await readRatings(db, everywhere, [groupId])).length === 0)
      await setRating(db, everywhere, { groupId, fromMs, rating: group.rating }, given);
  }
  for (const { key, parent, from } of inventory.groups) {
    const parentId = parent === undefined ? undefined : ids.get(parent);
    if (parentId === undefined) continue;
    const change = { groupId: ids.get(key)!, parentId, fromMs: Date.parse(from) };
    await changeGroupParent(db, everywhere, change, given);
  }
  return added;
}

async function join(
  db: Database,
  groupId: number,
  side: Side,
  pods: readonly string[],
  fromMs: number,
): Promise<void> {
  const found = await findPointsByPod(db, everywhere, pods);
  const held = await readEver(db, side, groupId);
  // Whoever was in the group at any time since is in somebody's hands: an inventory only adds.
  const add = [...found.values()].flatMap((pointId) =>
    held.has(pointId) ? [] : [{ pointId, sign: 1 as const }],
  );
  if (add.length > 0) await applyGroupChange(db, everywhere, { groupId, side, fromMs, add }, given);
}

async function readEver(db: Queryable, side: Side, groupId: number): Promise<Set<number>> {
  const table = { text: side === "members" ? "group_member" : "group_balance", values: [] };
  const { rows } = await db.query<{ pointId: number }>(
    sql`select distinct point_id as "pointId" from ${table} where group_id = ${groupId}::int`,
  );
  return new Set(rows.map(({ pointId }) => pointId));
}

async function findGroupId(
  db: Queryable,
  kind: GroupKind,
  name: string,
  branchId: number | null,
): Promise<number | undefined> {
  const { rows } = await db.query<{ groupId: number }>(sql`
    select group_id as "groupId" from point_group
    where kind = ${kind} and name = ${name} and branch_id is not distinct from ${branchId}::int and removed_at is null`);
  return rows[0]?.groupId;
}

/** Points of which category and voltage level are kept in one statement: each leaves its history. */
const changedMax = 1000;

/**
 * Category, voltage level and contract of points. Of one that has no category yet an inventory says what it always was; of any other it is a change
 * from now on, which keeps what was.
 */
async function classify(db: Database, classes: NonNullable<InventoryGroups["classes"]>): Promise<void> {
  if (classes.length === 0) return;
  const found = await findPointsByPod(
    db,
    everywhere,
    classes.map(({ pod }) => pod),
  );
  const known = classes.filter(({ pod }) => found.has(pod));
  const update = (given: typeof known) => sql`
    update point set category = incoming.category, voltage = incoming.voltage,
      export_contract = coalesce(incoming.export_contract, point.export_contract),
      expected_year_wh = coalesce(incoming.expected_year_wh, point.expected_year_wh)
    from unnest(${given.map(({ pod }) => found.get(pod))}::int[], ${given.map(({ category }) => category)}::text[],
      ${given.map(({ voltage }) => voltage ?? "low")}::text[],
      ${given.map(({ exportContract }) => exportContract ?? null)}::boolean[],
      ${given.map(({ expectedYearWh }) => expectedYearWh ?? null)}::bigint[])
      as incoming (point_id, category, voltage, export_contract, expected_year_wh)
    where point.point_id = incoming.point_id
      and (point.category, point.voltage, point.export_contract, point.expected_year_wh) is distinct from
        (incoming.category, incoming.voltage, coalesce(incoming.export_contract, point.export_contract),
         coalesce(incoming.expected_year_wh, point.expected_year_wh))`;
  await db.transaction(async (transaction) => {
    await transaction.query(sql`select set_config('energsys.dated', 'on', true)`);
    await transaction.query(sql`${update(known)} and point.category = 'unknown'
      and not exists (select from point_attribute where point_attribute.point_id = point.point_id)`);
  });
  for (let start = 0; start < known.length; start += changedMax) {
    await db.query(update(known.slice(start, start + changedMax)));
  }
}
