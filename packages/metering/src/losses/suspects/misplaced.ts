import type { LossCell, LossMember } from "./cell.ts";
import { type Ranking, type RankSettings, rankDefaults, rankSuspects } from "./rank.ts";

/** A cell with its name, and with which others it may have been confused: those of one feeder, say. */
export interface NamedCell<Id, Name> {
  readonly name: Name;
  readonly neighbourhood: string;
  readonly cell: LossCell<Id>;
}

/**
 * Ranks the suspects of many cells, and looks among neighbours for the place of points that do not belong where they are booked: two that were
 * swapped between transformers, one that hangs on another.
 */
export function rankCells<Id, Name>(
  cells: readonly NamedCell<Id, Name>[],
  settings: RankSettings = rankDefaults,
): Map<Name, Ranking<Id>> {
  const rankings = new Map<Name, Ranking<Id>>();
  const misplaced = new Map<string, { name: Name; member: LossMember<Id> }[]>();
  for (const { name, neighbourhood, cell } of cells) {
    const ranking = rankSuspects(cell, settings);
    rankings.set(name, ranking);
    for (const { id, reasons } of ranking.suspects) {
      if (!reasons.some(({ code }) => code === "counted-elsewhere")) continue;
      const member = cell.members.find((candidate) => candidate.id === id);
      if (!member) continue;
      const list = misplaced.get(neighbourhood) ?? [];
      list.push({ name, member });
      misplaced.set(neighbourhood, list);
    }
  }
  for (const { name, neighbourhood, cell } of cells) {
    const others = (misplaced.get(neighbourhood) ?? []).filter((found) => found.name !== name);
    if (others.length === 0) continue;
    const outsiders = [
      ...(cell.outsiders ?? []),
      ...others.map(({ member }) => ({ ...member, elsewhere: true })),
    ];
    rankings.set(name, rankSuspects({ ...cell, outsiders }, settings));
  }
  return rankings;
}
