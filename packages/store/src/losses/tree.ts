import { addFigures, type LossFigures } from "./figures.ts";
import type { GroupLoss, LossReport } from "./read-losses.ts";

/** A group in the tree with what is lost in it and in all below it. */
export interface LossNode {
  readonly loss: GroupLoss;
  readonly depth: number;
  /** Lost in the group itself: between its balance meters and what it hands on. */
  readonly own: LossFigures | null;
  /** Lost in it and in all groups below it; null when none of them is measured. */
  readonly all: LossFigures | null;
  /** Groups directly below it. */
  readonly below: number;
}

/** The groups from the top down, each after the one above it, with the sums of what lies below; and all of them together. */
export function lossTree({ groups, days }: LossReport): {
  readonly total: LossFigures | null;
  readonly nodes: readonly LossNode[];
} {
  const ids = new Set(groups.map(({ group }) => group.groupId));
  const below = Map.groupBy(groups, ({ group: { parentId } }) =>
    parentId !== null && ids.has(parentId) ? parentId : 0,
  );
  const slots = days.reduce((total, day) => total + day.slots, 0);
  const nodes: LossNode[] = [];
  /** Losses of a group and of those below it, and what went in at the top of it. */
  const visit = (loss: GroupLoss, depth: number): { parts: LossFigures[]; input: number } => {
    const place = nodes.length;
    const children = below.get(loss.group.groupId) ?? [];
    nodes.push({ loss, depth, own: loss.total, all: null, below: children.length });
    const found = children.map((child) => visit(child, depth + 1));
    const parts = [...(loss.total ? [loss.total] : []), ...found.flatMap((one) => one.parts)];
    const input = loss.total ? loss.total.input : found.reduce((total, one) => total + one.input, 0);
    nodes[place] = { ...nodes[place]!, all: parts.length === 0 ? null : addFigures(parts, input, slots) };
    return { parts, input };
  };
  const tops = (below.get(0) ?? []).map((top) => visit(top, 0));
  const parts = tops.flatMap((top) => top.parts);
  const input = tops.reduce((total, top) => total + top.input, 0);
  return { total: parts.length === 0 ? null : addFigures(parts, input, slots), nodes };
}
