import type { InputValues } from "@energsys/metering";
import {
  type Counted,
  findCounted,
  type Period,
  type ReportDefinition,
  type Scope,
  type Series,
  Turns,
} from "@energsys/store";
import { subjectOf } from "../analysis/asked.ts";
import type { EnergyName } from "../schemas/analysis.ts";
import { type Asked, daysOf, leaveIfCancelled, type ReportPlace } from "./asked-report.ts";
import { foldRows } from "./fold-members.ts";
import { atStep, membersOf, readEnergy, stepsOf, valuesOf } from "./read-inputs.ts";
import { ReportError } from "./report-error.ts";

type Input = ReportDefinition["inputs"][number];

/** One input of one row before the step of the row is known. */
export interface Loaded {
  readonly series: Series;
  /** Members that formulas ask for. */
  readonly members: readonly Counted[];
  /** The longest of all of these. */
  readonly stepSeconds: number;
}

/** One input of one row by the step of the row. */
export interface Ready {
  readonly series: Series;
  readonly values: InputValues;
}

const foldsOf = ({ folds }: Asked, { name }: Input) => folds.filter(({ input }) => input === name);

/** An input of many rows. @throws ReportError `report.too-large`, `report.cancelled` */
export async function loadInput(asked: Asked, input: Input, counted: readonly Counted[]): Promise<Loaded[]> {
  const { place, scope, period, signal } = asked;
  checkSize(place, counted, period);
  const energy = input.energy as EnergyName;
  leaveIfCancelled(signal);
  const series = await readEnergy(place.context, counted, energy, period);
  if (foldsOf(asked, input).length === 0)
    return series.map((each) => ({ series: each, members: [], stepSeconds: each.stepSeconds }));
  const lists = await ownMembers(place, scope, counted, period);
  checkSize(place, lists.flat(), period);
  leaveIfCancelled(signal);
  const steps = await stepsOf(place.context.db, lists.flat(), energy, period);
  let at = 0;
  return series.map((each, nth) => {
    const members = lists[nth]!;
    const own = steps.slice(at, at + members.length);
    at += members.length;
    return {
      series: each,
      members,
      stepSeconds: own.reduce((longest, step) => Math.max(longest, step), each.stepSeconds),
    };
  });
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
function checkSize({ limits }: ReportPlace, counted: readonly Counted[], period: Period): void {
  const points = counted.reduce(
    (sum, { subject, sources }) => sum + (subject.kind === "group" ? 0 : sources.length),
    0,
  );
  if (points * daysOf(period) > limits.pointDaysMax)
    throw new ReportError("report.too-large", { points, days: Math.floor(limits.pointDaysMax / points) });
}

/** An input of many rows, each by its step. */
export async function readyInput(
  asked: Asked,
  input: Input,
  rows: readonly { readonly loaded: Loaded; readonly step: number }[],
): Promise<Ready[]> {
  const turns = new Turns();
  const series: Series[] = [];
  for (const { loaded, step } of rows) {
    series.push(atStep(loaded.series, step));
    if (turns.isLong) await turns.next();
  }
  const folds = foldsOf(asked, input);
  const folded =
    folds.length === 0
      ? undefined
      : await foldRows(
          asked,
          input.energy as EnergyName,
          folds,
          series.map(({ days, stepSeconds }, nth) => ({
            days,
            stepSeconds,
            members: rows[nth]!.loaded.members,
          })),
        );
  const ready: Ready[] = [];
  for (const [nth, each] of series.entries()) {
    ready.push({ series: each, values: { ...valuesOf(each), folds: folded?.[nth] } });
    if (turns.isLong) await turns.next();
  }
  return ready;
}

/** Inputs that are the same for every row: read once, and brought to each step that rows have once. */
export class FixedInputs {
  readonly #asked: Asked;
  readonly #inputs: readonly { readonly input: Input; readonly loaded: Loaded }[];
  readonly #bySteps = new Map<number, Promise<ReadonlyMap<string, Ready>>>();
  /** The longest of all of them; 0 where there are none. */
  readonly step: number;

  private constructor(asked: Asked, inputs: readonly { readonly input: Input; readonly loaded: Loaded }[]) {
    this.#asked = asked;
    this.#inputs = inputs;
    this.step = Math.max(0, ...inputs.map(({ loaded }) => loaded.stepSeconds));
  }

  /** @throws ReportError `report.subject-missing` for what is not there or is foreign */
  static async load(asked: Asked): Promise<FixedInputs> {
    const { place, scope, definition, period } = asked;
    const inputs: { input: Input; loaded: Loaded }[] = [];
    for (const input of definition.inputs) {
      if (input.of.startsWith("row")) continue;
      const [counted] = await findCounted(place.context.db, scope, [subjectOf(input.of)], period);
      if (!counted) throw new ReportError("report.subject-missing", { name: input.name });
      const [loaded] = await loadInput(asked, input, [counted]);
      inputs.push({ input, loaded: loaded! });
    }
    return new FixedInputs(asked, inputs);
  }

  /** All of them by a step, by name. */
  at(step: number): Promise<ReadonlyMap<string, Ready>> {
    const made = this.#bySteps.get(step) ?? this.#make(step);
    this.#bySteps.set(step, made);
    return made;
  }

  async #make(step: number): Promise<ReadonlyMap<string, Ready>> {
    const ready = new Map<string, Ready>();
    for (const { input, loaded } of this.#inputs) {
      const [made] = await readyInput(this.#asked, input, [{ loaded, step }]);
      ready.set(input.name, made!);
    }
    return ready;
  }
}
