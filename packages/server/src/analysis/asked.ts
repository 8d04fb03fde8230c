import { marketDay } from "@energsys/metering";
import {
  type Counted,
  energies,
  findCounted,
  type Period,
  queryContext,
  readNetSeries,
  readSeries,
  readSubjectNames,
  type Scope,
  type Series,
  type Subject,
  type SubjectName,
} from "@energsys/store";
import { Problem } from "../problem.ts";
import type { EnergyName } from "../schemas/analysis.ts";
import type { Services } from "../services.ts";

/** A subject with what counts in it and what it is called. */
export interface Named {
  readonly of: string;
  readonly counted: Counted;
  readonly name: SubjectName;
}

/** `p12`, `g4`, `m4`, `b3` or `s`, as the schema has checked. */
export function subjectOf(code: string): Subject {
  const id = Number(code.slice(1));
  switch (code[0]) {
    case "p":
      return { kind: "point", pointId: id };
    case "g":
      return { kind: "group", groupId: id, side: "members" };
    case "m":
      return { kind: "group", groupId: id, side: "balance" };
    case "b":
      return { kind: "branch", branchId: id };
    default:
      return { kind: "system" };
  }
}

export function codeOf(subject: Subject): string {
  switch (subject.kind) {
    case "point":
      return `p${subject.pointId}`;
    case "group":
      return `${subject.side === "members" ? "g" : "m"}${subject.groupId}`;
    case "branch":
      return `b${subject.branchId}`;
    case "system":
      return "s";
  }
}

/** The days that are asked for. @throws Problem `input.invalid` for days that do not exist, are not in order or too many */
export function periodOf(
  { from, to }: { readonly from: string; readonly to: string },
  { zone, now, limits }: Pick<Services, "zone" | "now" | "limits">,
  fields: { readonly from: string; readonly to: string } = { from: "/from", to: "/to" },
): Period {
  const refuse = (field: string, message: string) =>
    new Problem("input.invalid", { fields: { [field]: message } });
  for (const [field, day] of [
    [fields.from, from],
    [fields.to, to],
  ] as const) {
    try {
      marketDay(day, zone);
    } catch {
      throw refuse(field, "No such day");
    }
  }
  const days = Temporal.PlainDate.from(from).until(to).days;
  if (days < 1) throw refuse(fields.to, "Must be after the first day");
  if (days > limits.curveDaysMax) throw refuse(fields.to, `At most ${limits.curveDaysMax} days`);
  return { fromDay: from, toDay: to, zone, nowMs: now() };
}

const notFound = {
  point: "point.not-found",
  group: "group.not-found",
  branch: "branch.not-found",
  system: "point.not-found",
} as const;

/** The subjects that are asked for. @throws Problem `….not-found` for one that is not there or is foreign */
export async function needSubjects(
  { db }: Pick<Services, "db">,
  scope: Scope,
  codes: readonly string[],
  period: Period,
): Promise<Named[]> {
  const subjects = codes.map(subjectOf);
  const names = await readSubjectNames(db, scope, subjects, period.nowMs);
  const found = await findCounted(db, scope, subjects, period);
  return found.map((counted, nth) => {
    const name = names[nth];
    if (!counted || !name) throw new Problem(notFound[subjects[nth]!.kind]);
    return { of: codes[nth]!, counted, name };
  });
}

/**
 * Refuses to unpack more than a server may stand still for; sums of groups are stored and cost nothing.
 * @throws Problem `input.invalid`
 */
export function checkSize(
  { limits }: Services,
  counted: readonly Counted[],
  { fromDay, toDay }: Period,
): void {
  const points = counted.reduce(
    (sum, { subject, sources }) => sum + (subject.kind === "group" ? 0 : sources.length),
    0,
  );
  const days = Temporal.PlainDate.from(fromDay).until(toDay).days;
  if (points * days <= limits.pointDaysMax) return;
  throw new Problem("input.invalid", {
    fields: {
      "/to": `Too much for a curve of ${points} points: at most ${Math.floor(limits.pointDaysMax / points)} days`,
    },
  });
}

/** Series of an energy, or of import less export. @throws Problem `input.invalid` when it is too much to unpack */
export async function seriesOf(
  services: Services,
  counted: readonly Counted[],
  energy: EnergyName,
  period: Period,
): Promise<Series[]> {
  checkSize(services, counted, period);
  const { db } = services;
  const context = queryContext(db);
  return energy === "net"
    ? readNetSeries(context, counted, period)
    : readSeries(context, counted, { ...period, obis: energies[energy] });
}
