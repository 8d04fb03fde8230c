import type { GroupRow } from "../api/client.ts";

/** A line of the tree: a group and how deep it lies. */
export interface TreeLine {
  readonly group: GroupRow;
  readonly depth: number;
}

const order = ["network", "substation", "feeder", "transformer", "cabinet", "riser", "free"];

/**
 * Groups as a tree, each below the one that it enters. One whose group above is not in the list (filtered away, or not for this person)
 * stands at the top. Groups that go round in a circle are listed too, once each.
 */
export function treeOf(groups: readonly GroupRow[]): TreeLine[] {
  const known = new Set(groups.map(({ groupId }) => groupId));
  const below = Map.groupBy(groups, ({ parentId }) =>
    parentId !== null && known.has(parentId) ? parentId : 0,
  );
  const lines: TreeLine[] = [];
  const seen = new Set<number>();
  const add = (group: GroupRow, depth: number) => {
    if (seen.has(group.groupId)) return;
    seen.add(group.groupId);
    lines.push({ group, depth });
    for (const child of below.get(group.groupId) ?? []) add(child, depth + 1);
  };
  const tops = (below.get(0) ?? []).toSorted((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind));
  for (const top of tops) add(top, 0);
  for (const group of groups) add(group, 0);
  return lines;
}
