import type { PeakRule, PeakRuleChange, PeakRuleGiven } from "../api/client.ts";

export const bases = ["power", "approved", "former"] as const;
export type Basis = (typeof bases)[number];

/** A rule as it is being written: numbers as somebody types them. */
export interface Draft {
  readonly name: string;
  /** Undefined until one is chosen. */
  readonly of: string | undefined;
  readonly every: boolean;
  readonly energy: PeakRuleGiven["energy"];
  readonly basis: Basis;
  readonly power: string;
  readonly percent: string;
  readonly formerDays: string;
  readonly quarters: number;
  readonly estimates: boolean;
  readonly dayKind: PeakRuleGiven["dayKind"];
  /** Of the local clock; empty for the whole day. */
  readonly startTime: string;
  readonly endTime: string;
  readonly severity: PeakRuleGiven["severity"];
  readonly enabled: boolean;
}

export const newDraft: Draft = {
  name: "",
  of: undefined,
  every: false,
  energy: "A+",
  basis: "power",
  power: "",
  percent: "100",
  formerDays: "30",
  quarters: 1,
  estimates: false,
  dayKind: "all",
  startTime: "",
  endTime: "",
  severity: "medium",
  enabled: false,
};

/** A rule that stands, to be changed; a decimal as people of the language write it. */
export const draftOf = (rule: PeakRule, comma: boolean): Draft => {
  const written = (text: string | undefined, otherwise: string) =>
    text === undefined ? otherwise : comma ? text.replace(".", ",") : text;
  const { name, of, energy, basis, quarters, estimates, dayKind, severity, enabled } = rule;
  return {
    ...{ name, energy, basis, quarters, estimates, dayKind, severity, enabled },
    startTime: rule.startTime ?? "",
    endTime: rule.endTime ?? "",
    of: of === "approved" ? undefined : of,
    every: of === "approved",
    power: written(rule.powerKw, ""),
    percent: written(rule.percent, "100"),
    formerDays: String(rule.formerDays ?? 30),
  };
};

/** Bases that the subject has: a group has no approved power, and who watches each point goes by it. */
export const basesOf = ({ every, of }: Pick<Draft, "every" | "of">): readonly Basis[] =>
  every ? ["approved"] : of === undefined || of.startsWith("p") ? bases : ["power", "former"];

export const soundBasis = (draft: Draft): Draft =>
  basesOf(draft).includes(draft.basis) ? draft : { ...draft, basis: basesOf(draft)[0]! };

/** What is typed as an exact decimal above 0; undefined for anything else. */
export function decimalOf(typed: string, whole: number, fraction: number): string | undefined {
  const text = typed.trim().replace(",", ".");
  const match = /^(\d+)(?:\.(\d+))?$/.exec(text);
  if (!match || !/[1-9]/.test(text)) return undefined;
  return match[1]!.length <= whole && (match[2]?.length ?? 0) <= fraction ? text : undefined;
}

const daysOf = (typed: string): number | undefined => {
  const days = Number(typed.trim());
  return /^\d+$/.test(typed.trim()) && days >= 1 && days <= 400 ? days : undefined;
};

export type Fault = "name" | "of" | "power" | "percent" | "formerDays" | "hours";

/** Names of fields that are not what they should be. */
export function faultsOf(draft: Draft): ReadonlySet<Fault> {
  const faults = new Set<Fault>();
  if (draft.name.trim() === "") faults.add("name");
  if (!draft.every && draft.of === undefined) faults.add("of");
  if (draft.basis === "power" && decimalOf(draft.power, 9, 6) === undefined) faults.add("power");
  if (draft.basis !== "power" && decimalOf(draft.percent, 3, 3) === undefined) faults.add("percent");
  if (draft.basis === "former" && daysOf(draft.formerDays) === undefined) faults.add("formerDays");
  if (draft.startTime !== "" && draft.startTime === draft.endTime) faults.add("hours");
  return faults;
}

/** The rule that is written, once it has no faults but in its name. */
export function givenOf(draft: Draft): PeakRuleGiven {
  const { name, energy, basis, quarters, estimates, dayKind, severity, enabled, startTime, endTime } = draft;
  return {
    ...{ name: name.trim(), energy, basis, quarters, estimates, dayKind, severity, enabled },
    ...(startTime === "" ? {} : { startTime, endTime }),
    of: draft.every ? "approved" : draft.of!,
    ...(basis === "power"
      ? { powerKw: decimalOf(draft.power, 9, 6)! }
      : { percent: decimalOf(draft.percent, 3, 3)! }),
    ...(basis === "former" ? { formerDays: daysOf(draft.formerDays)! } : {}),
  };
}

/** What a trial asks: the rule without what only matters once it stands. */
export function conditionOf({ name: _, severity: __, enabled: ___, ...condition }: PeakRuleGiven) {
  return condition;
}

/** A rule that stands as it is sent, such as to switch it. */
export function givenOfRule(rule: PeakRule): PeakRuleChange {
  const { ruleId: _, subject: __, detail: ___, from: ____, raised: _____, ...said } = rule;
  const { createdBy: ______, createdAt: _______, changedBy: ________, changedAt: seen, ...given } = said;
  return { ...given, seen };
}
