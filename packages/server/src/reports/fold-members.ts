import type { MemberFold, SlotValues } from "@energsys/metering";
import { type Counted, type Series, Turns } from "@energsys/store";
import type { EnergyName } from "../schemas/analysis.ts";
import { type Asked, daysOf, leaveIfCancelled } from "./asked-report.ts";
import { atStep, readEnergy, valuesOf } from "./read-inputs.ts";

/** A row whose members are to be folded: by the slots of its own series. */
export interface FoldedRow {
  readonly days: Series["days"];
  readonly stepSeconds: number;
  readonly members: readonly Counted[];
}

const quartersPerDay = 96;

/**
 * What formulas make of the members of each row, by the key of each fold. Curves of members are read for as many rows, or of one row for as
 * many days, as there may be at once, and nothing of them is kept.
 */
export async function foldRows(
  asked: Asked,
  energy: EnergyName,
  folds: readonly MemberFold[],
  rows: readonly FoldedRow[],
): Promise<ReadonlyMap<string, SlotValues>[]> {
  const made = rows.map(({ days }) => {
    const last = days.at(-1);
    const slots = last ? last.first + last.slots : 0;
    return new Map(
      folds.map(({ key }) => [key, { values: new Float64Array(slots), flags: new Uint16Array(slots) }]),
    );
  });
  const { period, place } = asked;
  const most = place.limits.reportSlotsMax;
  for (const { first, last, members } of batchesOf(rows, most / (daysOf(period) * quartersPerDay))) {
    const daysAtOnce = Math.max(1, Math.floor(most / (Math.max(1, members) * quartersPerDay)));
    for (let fromDay = period.fromDay; fromDay < period.toDay; ) {
      const end = Temporal.PlainDate.from(fromDay).add({ days: daysAtOnce }).toString();
      const toDay = end < period.toDay ? end : period.toDay;
      await foldPart(
        asked,
        { energy, folds, fromDay, toDay },
        rows.slice(first, last),
        made.slice(first, last),
      );
      fromDay = toDay;
    }
  }
  return made;
}

/** Rows that follow each other with so many members together, or one row that has more. */
function* batchesOf(rows: readonly FoldedRow[], membersMax: number) {
  let [first, members] = [0, 0];
  for (const [nth, row] of rows.entries()) {
    if (nth > first && members + row.members.length > membersMax) {
      yield { first, last: nth, members };
      [first, members] = [nth, 0];
    }
    members += row.members.length;
  }
  if (first < rows.length) yield { first, last: rows.length, members };
}

async function foldPart(
  { place, period, signal }: Asked,
  {
    energy,
    folds,
    fromDay,
    toDay,
  }: { energy: EnergyName; folds: readonly MemberFold[]; fromDay: string; toDay: string },
  rows: readonly FoldedRow[],
  made: readonly ReadonlyMap<string, SlotValues>[],
): Promise<void> {
  leaveIfCancelled(signal);
  // Nothing is remembered of what is read once: it would push out what is asked for again.
  const series = await readEnergy(
    { db: place.context.db },
    rows.flatMap(({ members }) => members),
    energy,
    { ...period, fromDay, toDay },
  );
  let at = 0;
  const turns = new Turns();
  const parts: { readonly first: number; readonly slots: number; readonly members: SlotValues[] }[] = [];
  for (const { days, stepSeconds, members } of rows) {
    const own = days.filter(({ day }) => day >= fromDay && day < toDay);
    const values: SlotValues[] = [];
    for (const member of series.slice(at, at + members.length)) {
      values.push(valuesOf(atStep(member, stepSeconds)));
      if (turns.isLong) await turns.next();
    }
    at += members.length;
    const slots = own.reduce((sum, day) => sum + day.slots, 0);
    parts.push({ first: own[0]?.first ?? 0, slots, members: values });
  }
  const results = await place.runner.fold(
    { folds, rows: parts.map(({ slots, members }) => ({ slots, members })) },
    signal,
  );
  for (const [nth, { first }] of parts.entries()) {
    for (const [place, { key }] of folds.entries()) {
      const [into, from] = [made[nth]!.get(key)!, results[nth]![place]!];
      into.values.set(from.values, first);
      into.flags.set(from.flags, first);
    }
  }
}
