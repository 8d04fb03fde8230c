import {
  type CheckedFormula,
  dayAfter,
  dayBefore,
  type FormulaInput,
  marketDay,
  marketDayOf,
} from "@energsys/metering";
import {
  type Counted,
  daysOfPeriod,
  findCounted,
  type Period,
  type QueryContext,
  type ReportDefinition,
  readSubjectNames,
  type Scope,
  type Series,
  type SubjectName,
} from "@energsys/store";
import { subjectOf } from "../analysis/asked.ts";
import type { EnergyName } from "../schemas/analysis.ts";
import { checkColumns, inputsOf, namesOfMembers } from "./check-columns.ts";
import type { FormulaRunner } from "./formula-runner.ts";
import { atStep, inputOf, membersOf, readEnergy, valuesOf } from "./read-inputs.ts";
import { formulaRefused, ReportError } from "./report-error.ts";
import { rowSubjects } from "./rows-of-subjects.ts";
import type { FormulaTask, TaskResult, TaskValues } from "./task.ts";

/** Where a report is computed. */
export interface ReportPlace {
  readonly context: QueryContext;
  readonly zone: string;
  readonly nowMs: number;
  /** An instant of the day that relative periods go by; now when absent. */
  readonly dayMs?: number;
  readonly limits: { readonly curveDaysMax: number; readonly pointDaysMax: number };
  readonly runner: FormulaRunner;
}

/** Values that should be there, of everything that went in, of intervals that have ended. */
export interface ReportCoverage {
  readonly expected: number;
  readonly present: number;
  readonly good: number;
  readonly estimated: number;
}

/** A value of a row in base units, with all bits of quality of what is in it. */
export interface ReportCell {
  readonly value: number;
  readonly flags: number;
}

export interface ResultColumn {
  readonly title: string;
  /** Empty for a plain number, a condition or an instant. */
  readonly unit: string;
  readonly of: "number" | "logical" | "instant";
  readonly factor: number;
  readonly decimals: number;
}

export interface ResultRow {
  /** Start of the interval, ms; day; month; code of the subject; or empty for the whole period. */
  readonly key: string | number;
  readonly name?: SubjectName;
  readonly cells: readonly ReportCell[];
  readonly coverage: ReportCoverage;
}

export interface ReportResult {
  readonly fromDay: string;
  readonly toDay: string;
  readonly columns: readonly ResultColumn[];
  readonly rows: readonly ResultRow[];
  /** The same formulas over the whole period; of a report by interval only of what is one number. */
  readonly total: readonly (ReportCell | null)[] | null;
  readonly coverage: ReportCoverage;
  /** Step of the rows of a report by interval. */
  readonly step: number | "day" | "month" | null;
  readonly divisionsByZero: number;
  /** Columns whose rows are intervals, and those that are one number. */
  readonly byInterval: readonly boolean[];
}

/** Days before and after the period that formulas may look at. */
const reachDaysMax = 400;
/** Slots that are held at once for reports of many subjects. */
const slotsAtOnceMax = 2_000_000;

/**
 * Computes a report as a reader of this scope sees it.
 * @throws ReportError
 */
export async function runReport(
  place: ReportPlace,
  scope: Scope,
  definition: ReportDefinition,
  signal?: AbortSignal,
): Promise<ReportResult> {
  const strange = definition.rows !== "subject" && definition.inputs.find(({ of }) => of.startsWith("row"));
  if (strange) throw new ReportError("report.row-input", { name: strange.name });
  const checked = checkColumns(definition, inputsOf(definition)).map((column, nth) => {
    if (!column.ok) throw formulaRefused(column.error, definition.columns[nth]!.title);
    return column.checked;
  });
  const { zone, nowMs, limits } = place;
  const { fromDay, toDay } = daysOfPeriod(definition.period, marketDayOf(place.dayMs ?? nowMs, zone).date);
  const days = Temporal.PlainDate.from(fromDay).until(toDay).days;
  if (days < 1 || days > limits.curveDaysMax)
    throw new ReportError("report.period", { max: limits.curveDaysMax });
  const [back, ahead] = [reach(checked, "daysBefore"), reach(checked, "daysAfter")];
  if (back + ahead > reachDaysMax) throw new ReportError("report.reach", { max: reachDaysMax });
  const period: Period = {
    fromDay: shifted(fromDay, zone, -back),
    toDay: shifted(toDay, zone, ahead),
    zone,
    nowMs,
  };
  const asked: Asked = {
    place,
    scope,
    definition,
    period,
    fromDay,
    toDay,
    members: new Set(definition.columns.flatMap(({ formula }) => namesOfMembers(formula))),
    signal,
  };
  const columns = checked.map(({ type, unit }, nth): ResultColumn => {
    const { title, decimals } = definition.columns[nth]!;
    return {
      title,
      unit,
      of: type.of,
      factor: type.unit.factor,
      decimals: decimals ?? usualDecimals(unit, type.of),
    };
  });
  const result = definition.rows === "subject" ? await bySubject(asked) : await byTime(asked);
  return {
    ...result,
    fromDay,
    toDay,
    columns,
    step: stepOf(checked) ?? result.step,
    byInterval: checked.map(({ type }) => type.shape === "series"),
  };
}

/** Days and months are named; of seconds the series themselves tell. */
function stepOf(checked: readonly CheckedFormula[]): "day" | "month" | undefined {
  const step = checked.find(({ type }) => type.shape === "series")?.type.step;
  return typeof step === "string" ? step : undefined;
}

interface Asked {
  readonly place: ReportPlace;
  readonly scope: Scope;
  readonly definition: ReportDefinition;
  /** With the days that formulas look back and ahead to. */
  readonly period: Period;
  readonly fromDay: string;
  readonly toDay: string;
  readonly members: ReadonlySet<string>;
  readonly signal: AbortSignal | undefined;
}
type Computed = Omit<ReportResult, "fromDay" | "toDay" | "columns" | "byInterval">;

const reach = (checked: readonly CheckedFormula[], side: "daysBefore" | "daysAfter"): number =>
  Math.max(0, ...checked.map((formula) => formula[side]));

function shifted(date: string, zone: string, days: number): string {
  let day = marketDay(date, zone);
  for (let left = Math.abs(days); left > 0; left--)
    day = days < 0 ? dayBefore(day, zone) : dayAfter(day, zone);
  return day.date;
}

const usualDecimals = (unit: string, of: "number" | "logical" | "instant"): number =>
  of !== "number" ? 0 : unit === "" ? 2 : unit === "%" || /^k?[VA]$/.test(unit) ? 1 : 3;

/** One input of one subject: its series, and its members' where a formula asks for them. */
interface Loaded {
  readonly series: Series;
  readonly members: readonly Series[] | undefined;
}

async function loadInput(
  { place, scope, period, members, signal }: Asked,
  input: ReportDefinition["inputs"][number],
  counted: readonly Counted[],
): Promise<Loaded[]> {
  checkSize(place, counted, period);
  const energy = input.energy as EnergyName;
  leaveIfCancelled(signal);
  const series = await readEnergy(place.context, counted, energy, period);
  if (!members.has(input.name)) return series.map((each) => ({ series: each, members: undefined }));
  const lists = await ownMembers(place, scope, counted, period);
  const flat = lists.flat();
  checkSize(place, flat, period);
  leaveIfCancelled(signal);
  const loaded = await readEnergy(place.context, flat, energy, period);
  let at = 0;
  return series.map((each, nth) => {
    const own = loaded.slice(at, at + lists[nth]!.length);
    at += own.length;
    return { series: each, members: own };
  });
}

/** Nothing more is read for somebody who has left. */
function leaveIfCancelled(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new ReportError("report.cancelled");
}

/** Members one by one, without those that are foreign to the reader: of a group everybody who has it sees the sum, but no single value. */
async function ownMembers(
  { context: { db } }: ReportPlace,
  scope: Scope,
  counted: readonly Counted[],
  period: Period,
): Promise<Counted[][]> {
  const lists = counted.map(membersOf);
  const flat = lists.flat();
  const found = await findCounted(
    db,
    scope,
    flat.map(({ subject }) => subject),
    period,
  );
  const own = new Set(flat.filter((_, nth) => found[nth]));
  return lists.map((list) => list.filter((member) => own.has(member)));
}

/** Refuses to unpack more than a process may stand still for; sums of groups are stored and cost nothing. */
function checkSize({ limits }: ReportPlace, counted: readonly Counted[], { fromDay, toDay }: Period): void {
  const points = counted.reduce(
    (sum, { subject, sources }) => sum + (subject.kind === "group" ? 0 : sources.length),
    0,
  );
  const days = Temporal.PlainDate.from(fromDay).until(toDay).days;
  if (points * days > limits.pointDaysMax)
    throw new ReportError("report.too-large", { points, days: Math.floor(limits.pointDaysMax / points) });
}

/** Inputs that are the same for every row. @throws ReportError `report.subject-missing` for what is not there or is foreign */
async function fixedInputs(asked: Asked): Promise<ReadonlyMap<string, Loaded>> {
  const { place, scope, definition, period } = asked;
  const loaded = new Map<string, Loaded>();
  for (const input of definition.inputs) {
    if (input.of.startsWith("row")) continue;
    const [counted] = await findCounted(place.context.db, scope, [subjectOf(input.of)], period);
    if (!counted) throw new ReportError("report.subject-missing", { name: input.name });
    loaded.set(input.name, (await loadInput(asked, input, [counted]))[0]!);
  }
  return loaded;
}

/** Everything of one subject by one step: the longest that any of it has. */
interface Set {
  readonly step: number;
  readonly series: readonly Series[];
  readonly values: readonly TaskValues[];
  readonly members: readonly (number | undefined)[];
}

function setOf(loaded: readonly Loaded[]): Set {
  const step = Math.max(
    ...loaded.flatMap(({ series, members }) => [series, ...(members ?? [])].map((each) => each.stepSeconds)),
  );
  const series = loaded.map((each) => atStep(each.series, step));
  return {
    step,
    series,
    values: loaded.map(({ members }, nth) =>
      valuesOf(
        series[nth]!,
        members?.map((each) => atStep(each, step)),
      ),
    ),
    members: loaded.map(({ members }) => members?.length),
  };
}

interface Window {
  readonly key: string;
  readonly fromSlot: number;
  readonly toSlot: number;
}

/** Slots of the days [fromDay, toDay) of a frame, as far as they have ended. */
function windowOf(days: Series["days"], key: string, fromDay: string, toDay: string): Window {
  const own = days.filter(({ day }) => day >= fromDay && day < toDay);
  const last = own.at(-1);
  return { key, fromSlot: own[0]?.first ?? 0, toSlot: last ? last.first + last.slots : 0 };
}

function taskOf(
  { place: { zone }, definition }: Asked,
  sets: readonly Set[],
  windows: readonly Window[],
): FormulaTask {
  const { step, series } = sets[0]!;
  return {
    zone,
    stepSeconds: step,
    days: series[0]!.days.map(({ day, first, slots }) => ({ date: day, first, slots })),
    windows: windows.map(({ fromSlot, toSlot }) => ({ fromSlot, toSlot })),
    formulas: definition.columns.map(({ formula }) => formula),
    inputs: definition.inputs.map(({ name, energy }): [string, FormulaInput] => [
      name,
      { ...inputOf(energy as EnergyName, undefined), step },
    ]),
    sets: sets.map(({ values }) => values),
    members: sets.map(({ members }) => members),
  };
}

async function compute({ place, definition, signal }: Asked, task: FormulaTask) {
  try {
    return await place.runner.run(task, signal);
  } catch (error) {
    if (!(error instanceof ReportError) || error.params.nth === undefined) throw error;
    const { nth, ...params } = error.params;
    throw new ReportError(error.code, { ...params, title: definition.columns[Number(nth)]!.title }, error);
  }
}

function coverageOf(list: readonly Series[], fromSlot: number, toSlot: number): ReportCoverage {
  const sum = { expected: 0, present: 0, good: 0, estimated: 0 };
  for (const name of ["expected", "present", "good", "estimated"] as const)
    for (const series of list)
      for (let slot = fromSlot; slot < toSlot; slot++) sum[name] += series[name][slot]!;
  return sum;
}

const cellOf = (result: TaskResult): ReportCell | null =>
  "value" in result ? { value: result.value, flags: result.flags } : null;
const zeroes = (results: readonly TaskResult[]): number =>
  results.reduce((sum, { zeroDivisions }) => sum + zeroDivisions, 0);

async function byTime(asked: Asked): Promise<Computed> {
  const { definition, fromDay, toDay } = asked;
  const fixed = await fixedInputs(asked);
  const set = setOf(definition.inputs.map(({ name }) => fixed.get(name)!));
  const { days } = set.series[0]!;
  const whole = windowOf(days, "", fromDay, toDay);
  const parts =
    definition.rows === "day" || definition.rows === "month" ? partsOf(definition.rows, days, asked) : [];
  const [results] = await compute(asked, taskOf(asked, [set], [whole, ...parts]));
  const [total, ...rest] = results!;
  const base = {
    coverage: coverageOf(set.series, whole.fromSlot, whole.toSlot),
    divisionsByZero: zeroes(total!),
    step: null,
  };
  if (definition.rows === "interval") return { ...base, ...intervalsOf(set.series, total!, whole) };
  const row = (key: string, cells: readonly TaskResult[], { fromSlot, toSlot }: Window) => ({
    key,
    cells: cells.map((cell) => cellOf(cell)!),
    coverage: coverageOf(set.series, fromSlot, toSlot),
  });
  if (definition.rows === "period") return { ...base, rows: [row("", total!, whole)], total: null };
  return {
    ...base,
    rows: parts.map((part, nth) => row(part.key, rest[nth]!, part)),
    total: total!.map(cellOf),
  };
}

/** A window for each day or month of which something has ended. */
function partsOf(rows: "day" | "month", days: Series["days"], { fromDay, toDay }: Asked): Window[] {
  const own = days.filter(({ day }) => day >= fromDay && day < toDay);
  const keys = Map.groupBy(own, ({ day }) => (rows === "day" ? day : day.slice(0, 7)));
  return [...keys].map(([key, part]) => {
    const last = part.at(-1)!;
    return { key, fromSlot: part[0]!.first, toSlot: last.first + last.slots };
  });
}

/** Rows of the series; what is one number stands below them. */
function intervalsOf(
  inputs: readonly Series[],
  results: readonly TaskResult[],
  whole: Window,
): Pick<Computed, "rows" | "total" | "step"> {
  const series = results.flatMap((result) => ("starts" in result ? [result] : []));
  const total = results.some((result) => "value" in result) ? results.map(cellOf) : null;
  const [first] = series;
  if (!first) return { rows: [], total, step: null };
  const { stepSeconds, startMs } = inputs[0]!;
  const lastEnd = startMs + whole.toSlot * stepSeconds * 1000;
  const rows = Array.from(first.starts, (start, nth): ResultRow => {
    const [from, to] = [start, first.starts[nth + 1] ?? lastEnd].map((ms) =>
      Math.round((ms - startMs) / (stepSeconds * 1000)),
    ) as [number, number];
    return {
      key: start,
      cells: results.map((result) =>
        "starts" in result
          ? { value: result.values[nth]!, flags: result.flags[nth]! }
          : { value: Number.NaN, flags: 0 },
      ),
      coverage: coverageOf(inputs, from, to),
    };
  });
  const step = first.starts.length > 1 ? (first.starts[1]! - first.starts[0]!) / 1000 : stepSeconds;
  return { rows, total, step };
}

async function bySubject(asked: Asked): Promise<Computed> {
  const { place, scope, definition, period, fromDay, toDay } = asked;
  const { db } = place.context;
  const codes = await rowSubjects(db, scope, definition.subjects ?? [], definition.each ?? "self", period);
  const subjects = codes.map(subjectOf);
  const names = await readSubjectNames(db, scope, subjects, place.nowMs);
  const fixed = await fixedInputs(asked);
  const days = Temporal.PlainDate.from(period.fromDay).until(period.toDay).days;
  const atOnce = Math.max(
    1,
    Math.floor(slotsAtOnceMax / (days * 96 * Math.max(1, definition.inputs.length))),
  );
  const rows: ResultRow[] = [];
  let divisionsByZero = 0;
  for (let start = 0; start < codes.length; start += atOnce) {
    const some = subjects.slice(start, start + atOnce);
    const sides = await Promise.all([
      findCounted(db, scope, some, period),
      findCounted(
        db,
        scope,
        some.map((one) => (one.kind === "group" ? { ...one, side: "balance" as const } : one)),
        period,
      ),
    ]);
    // What went away or is foreign by now has no row.
    const there = some.flatMap((_, nth) => (sides[0][nth] && names[start + nth] ? [nth] : []));
    if (there.length === 0) continue;
    const own = new Map<string, readonly Loaded[]>();
    for (const input of definition.inputs) {
      if (!input.of.startsWith("row")) continue;
      const side = sides[input.of === "row" ? 0 : 1];
      own.set(
        input.name,
        await loadInput(
          asked,
          input,
          there.map((nth) => side[nth]!),
        ),
      );
    }
    const sets = there.map((_, nth) =>
      setOf(definition.inputs.map(({ name }) => own.get(name)?.[nth] ?? fixed.get(name)!)),
    );
    const made = new Map<number, ResultRow>();
    for (const group of Map.groupBy(sets.keys(), (nth) => sets[nth]!.step).values()) {
      const first = sets[group[0]!]!;
      const window = windowOf(first.series[0]!.days, "", fromDay, toDay);
      const results = await compute(
        asked,
        taskOf(
          asked,
          group.map((nth) => sets[nth]!),
          [window],
        ),
      );
      for (const [place, nth] of group.entries()) {
        const [cells] = results[place]!;
        divisionsByZero += zeroes(cells!);
        made.set(nth, {
          key: codes[start + there[nth]!]!,
          name: names[start + there[nth]!]!,
          cells: cells!.map((cell) => cellOf(cell)!),
          coverage: coverageOf(sets[nth]!.series, window.fromSlot, window.toSlot),
        });
      }
    }
    for (const nth of there.keys()) rows.push(made.get(nth)!);
  }
  const coverage = { expected: 0, present: 0, good: 0, estimated: 0 };
  for (const row of rows)
    for (const name of ["expected", "present", "good", "estimated"] as const)
      coverage[name] += row.coverage[name];
  return { rows, total: null, coverage, step: null, divisionsByZero };
}
