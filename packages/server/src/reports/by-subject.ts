import { type Counted, findCounted, readSubjectNames, Turns } from "@energsys/store";
import { subjectOf } from "../analysis/asked.ts";
import { type Asked, daysOf, leaveIfCancelled } from "./asked-report.ts";
import { addCoverage, compute, coverageOf, windowOf } from "./compute.ts";
import { FixedInputs, type Loaded, loadInput, type Ready, readyInput } from "./load-inputs.ts";
import { type Computed, cellOf, type ReportCoverage, type ResultRow, zeroes } from "./result.ts";
import { rowSubjects } from "./rows-of-subjects.ts";

const nothing: ReportCoverage = { expected: 0, present: 0, good: 0, estimated: 0 };

/** A report with a row for each subject: as many of them at once as there is room for their curves. */
export async function bySubject(asked: Asked): Promise<Computed> {
  const { place, scope, definition, period, folds } = asked;
  const { db } = place.context;
  const codes = await rowSubjects(db, scope, definition.subjects ?? [], definition.each ?? "self", period);
  const subjects = codes.map(subjectOf);
  const names = await readSubjectNames(db, scope, subjects, place.nowMs);
  const fixed = await FixedInputs.load(asked);
  const own = definition.inputs.filter(({ of }) => of.startsWith("row"));
  // Members are folded apart: what is kept of them is one series for each fold.
  const curves = own.length + folds.filter(({ input }) => own.some(({ name }) => name === input)).length;
  const slots = daysOf(period) * 96 * Math.max(1, curves);
  const atOnce = Math.max(1, Math.floor(place.limits.reportSlotsMax / slots));
  const rows: ResultRow[] = [];
  let divisionsByZero = 0;
  for (let start = 0; start < codes.length; start += atOnce) {
    const some = subjects.slice(start, start + atOnce);
    const members = await findCounted(db, scope, some, period);
    const balances = await findCounted(
      db,
      scope,
      some.map((one) => (one.kind === "group" ? { ...one, side: "balance" as const } : one)),
      period,
    );
    // What went away or is foreign by now has no row.
    const there = some.flatMap((_, nth) =>
      members[nth] && balances[nth] && names[start + nth]
        ? [{ nth: start + nth, row: members[nth], "row-balance": balances[nth] }]
        : [],
    );
    const made = await rowsOf(asked, fixed, there);
    for (const [nth, { cells, ...row }] of made.entries()) {
      const at = there[nth]!.nth;
      divisionsByZero += zeroes(cells);
      rows.push({ key: codes[at]!, name: names[at]!, ...row, cells: cells.map((cell) => cellOf(cell)!) });
    }
  }
  const coverage = rows.reduce((sum, row) => addCoverage(sum, row.coverage), nothing);
  return { rows, total: null, coverage, step: null, divisionsByZero };
}

interface Subject {
  readonly row: Counted;
  readonly "row-balance": Counted;
}

async function rowsOf(asked: Asked, fixed: FixedInputs, subjects: readonly Subject[]) {
  const { definition, fromDay, toDay, signal } = asked;
  const loaded = new Map<string, readonly Loaded[]>();
  for (const input of definition.inputs) {
    if (input.of !== "row" && input.of !== "row-balance") continue;
    const side = input.of;
    loaded.set(
      input.name,
      await loadInput(
        asked,
        input,
        subjects.map((subject) => subject[side]),
      ),
    );
  }
  const steps = subjects.map((_, nth) =>
    Math.max(fixed.step, ...[...loaded.values()].map((list) => list[nth]!.stepSeconds)),
  );
  const ready = new Map<string, readonly Ready[]>();
  for (const input of definition.inputs) {
    const list = loaded.get(input.name);
    if (!list) continue;
    const each = list.map((one, nth) => ({ loaded: one, step: steps[nth]! }));
    ready.set(input.name, await readyInput(asked, input, each));
  }
  const made: { cells: Awaited<ReturnType<typeof compute>>[number][number]; coverage: ReportCoverage }[] = [];
  for (const [step, group] of Map.groupBy(steps.keys(), (nth) => steps[nth]!)) {
    leaveIfCancelled(signal);
    const same = await fixed.at(step);
    const inputsOf = (nth: number): Ready[] =>
      definition.inputs.map(({ name }) => ready.get(name)?.[nth] ?? same.get(name)!);
    const [first] = inputsOf(group[0]!);
    const window = windowOf(first!.series.days, "", fromDay, toDay);
    const coverOf = (list: readonly Ready[]) =>
      coverageOf(
        list.map(({ series }) => series),
        window.fromSlot,
        window.toSlot,
      );
    const fixedCoverage = coverOf([...same.values()]);
    const results = await compute(asked, group.map(inputsOf), [window]);
    const turns = new Turns();
    for (const [place, nth] of group.entries()) {
      if (turns.isLong) await turns.next();
      const own = coverOf([...ready.values()].map((list) => list[nth]!));
      made[nth] = { cells: results[place]![0]!, coverage: addCoverage(fixedCoverage, own) };
    }
  }
  return made;
}
