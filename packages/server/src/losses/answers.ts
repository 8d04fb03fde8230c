import { type Balance, compareLosses, type Reason, type Suspect } from "@energsys/metering";
import {
  completeness,
  type DatedRating,
  type LossFigures,
  type LossNode,
  type LossReport,
  type LossSide,
  lossOf,
  lossTree,
  technicalWh,
} from "@energsys/store";
import { scaled } from "../csv.ts";
import { iso } from "../instants.ts";
import type { LossFiguresAnswer, LossReportAnswer, Suspected } from "../schemas/losses.ts";

const rounded = (value: number, digits = 3): number => Number(value.toFixed(digits));
const orNull = (value: number | null, digits = 3): number | null =>
  value === null ? null : rounded(value, digits);

const sideAnswer = ({ energy, expected, present, good, estimated }: LossSide, scale: number) => ({
  energy: energy === null ? null : scaled(energy, scale),
  expected,
  present,
  good,
  estimated,
});

/** Figures as the API gives them: energies that were counted exact, what was reckoned from them in Wh. */
export function figuresAnswer(figures: LossFigures, scale: number): LossFiguresAnswer {
  const { technical, alignedSlots } = figures;
  const loss = lossOf(figures, scale);
  const exact = (value: number) => (alignedSlots === 0 ? null : scaled(value, scale));
  return {
    balance: sideAnswer(figures.balance, scale),
    members: sideAnswer(figures.members, scale),
    slots: figures.slots,
    alignedSlots,
    input: exact(figures.input),
    counted: exact(figures.counted),
    loss: exact(figures.input - figures.counted),
    percent: orNull(loss.percent),
    technicalWh: technical ? rounded(technicalWh(technical)) : null,
    ironWh: orNull(technical?.ironWh ?? null),
    copperWh: orNull(technical?.copperWh ?? null),
    lineWh: orNull(technical?.lineWh ?? null),
    technicalSlots: technical?.slots ?? 0,
    missingWh: rounded(figures.missingWh),
    unexplainedWh: orNull(loss.unexplainedWh),
    unexplainedPercent: orNull(loss.unexplainedPercent),
    uncertaintyWh: rounded(figures.uncertaintyWh),
    significant: loss.significant,
    completeness: rounded(completeness(figures), 4),
    reportable: loss.reportable,
  };
}

/** Figures as the comparison takes them. */
function balanceOf(figures: LossFigures, scale: number): Balance {
  const { percent, lossWh, reportable } = lossOf(figures, scale);
  return {
    inputWh: figures.input * 10 ** scale,
    membersWh: figures.counted * 10 ** scale,
    lossWh: lossWh ?? 0,
    lossPercent: percent ?? undefined,
    uncertaintyWh: figures.uncertaintyWh,
    significant: Math.abs(lossWh ?? 0) > figures.uncertaintyWh,
    completeness: completeness(figures),
    reportable,
  };
}

interface Told {
  readonly figures: LossFigures;
  readonly scale: number;
}

function comparedAnswer(before: Told | undefined, after: Told | undefined): LossReportAnswer["totalBefore"] {
  if (!before || !after) return null;
  const compared = compareLosses(
    balanceOf(before.figures, before.scale),
    balanceOf(after.figures, after.scale),
  );
  return {
    percent: orNull(compared.beforePercent ?? null),
    changePoints: orNull(compared.changePoints ?? null),
    savedWh: orNull(compared.savedWh ?? null),
    uncertaintyWh: rounded(compared.uncertaintyWh),
    significant: compared.significant,
    reportable: compared.reportable,
  };
}

/** The tree of a report, each group beside what it was before. */
export function reportAnswer(
  report: LossReport,
  former: LossReport | undefined,
): Pick<LossReportAnswer, "days" | "total" | "totalBefore" | "rows"> {
  const { scale } = report;
  const { total, nodes } = lossTree(report);
  const before = former && lossTree(former);
  const formerOf = new Map(before?.nodes.map((node) => [node.loss.group.groupId, node.all]));
  const told = (figures: LossFigures | null | undefined, of: number): Told | undefined =>
    figures ? { figures, scale: of } : undefined;
  return {
    days: report.days.map(({ day }) => day),
    total: total && figuresAnswer(total, scale),
    totalBefore: comparedAnswer(told(before?.total, former?.scale ?? 0), told(total, scale)),
    rows: nodes.map((node) => ({
      ...rowOf(node, scale),
      before: comparedAnswer(
        told(formerOf.get(node.loss.group.groupId), former?.scale ?? 0),
        told(node.all, scale),
      ),
    })),
  };
}

function rowOf({ loss: { group, days }, depth, own, all, below }: LossNode, scale: number) {
  const { groupId, name, kind, parentId, members, balanceMeters } = group;
  return {
    groupId,
    name,
    kind,
    parentId,
    depth,
    members,
    balanceMeters,
    below,
    own: own && figuresAnswer(own, scale),
    all: all && figuresAnswer(all, scale),
    percentByDay: days.map(({ figures }) => orNull(lossOf(figures, scale).percent, 2)),
    completenessByDay: days.map(({ figures }) => rounded(completeness(figures))),
  };
}

export const ratingAnswer = ({ fromMs, toMs, transformer, line, cosPhi }: DatedRating) => ({
  from: iso(fromMs),
  to: toMs === Number.POSITIVE_INFINITY ? null : iso(toMs),
  transformer: transformer && { ...transformer },
  line: line && { ...line },
  cosPhi,
});

/** What the ranking says of a point, its days by their dates. */
export function suspectedOf(suspect: Suspect<number>, days: readonly string[]): Suspected {
  const dateOf = (nth: number) =>
    days[nth] ?? Temporal.PlainDate.from(days.at(-1)!).add({ days: 1 }).toString();
  return {
    score: rounded(suspect.score, 1),
    explainedWh: rounded(suspect.explainedWh, 0),
    modes: suspect.modes.map(({ mode, likelihood }) => ({ mode, likelihood: rounded(likelihood, 2) })),
    reasons: suspect.reasons.map((reason) => reasonAnswer(reason, dateOf)),
    from: dateOf(suspect.fromDay),
    to: dateOf(suspect.toDay),
  };
}

/** A reason with its figures by name; what is no figure stands beside them. */
function reasonAnswer(reason: Reason, dateOf: (nth: number) => string): Suspected["reasons"][number] {
  const figures: Record<string, number | null> = {};
  for (const [name, value] of Object.entries(reason)) {
    if (name === "day" || name === "atMs" || name === "code") continue;
    if (typeof value === "number") figures[name] = rounded(value);
    else if (value === undefined) figures[name] = null;
    else if (typeof value === "boolean") figures[name] = value ? 1 : 0;
  }
  return {
    code: reason.code,
    figures,
    day: "day" in reason ? dateOf(reason.day) : null,
    at: "atMs" in reason ? iso(reason.atMs) : null,
    kind: "kind" in reason ? reason.kind : null,
  };
}
