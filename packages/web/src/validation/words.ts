import type { Finding, FindingRow } from "../api/client.ts";
import type { Tone } from "../parts/marks.tsx";
import { catalogue, type MessageKey } from "../text/catalogue.ts";
import type { Locale } from "../text/provider.tsx";
import { exactUnit, shown } from "./exact.ts";

export const severityMarks: Record<FindingRow["severity"], readonly [shape: string, tone: Tone]> = {
  F: ["■", "bad"],
  W: ["▲", "warning"],
  I: ["●", "muted"],
};

const orItself = (t: Locale["t"], key: string, name: string): string =>
  key in catalogue ? t(key as MessageKey) : name;

export const ruleWords = (t: Locale["t"], rule: string): string => orItself(t, `vee.rule.${rule}`, rule);
export const thresholdWords = (t: Locale["t"], name: string): string => orItself(t, `vee.at.${name}`, name);

/** `E4+S` as people say it. */
export function methodWords(t: Locale["t"], method: string): string {
  const [code = "", scaled] = method.split("+");
  const words = orItself(t, `vee.method.${code}`, code);
  return scaled ? t("vee.scaled", { method: words }) : words;
}

/** A sum in the channel's integers, with its unit. */
export function energyWords(
  value: number,
  { unit, scale }: { readonly unit: string; readonly scale: number },
  f: Locale["f"],
): string {
  const exact = exactUnit(unit, scale);
  return `${shown(value, exact, f)} ${exact.label}`;
}

/** "12 oct., 14:00–18:15", on the finding's own day or over midnight. */
export function rangeWords({ from, to }: Pick<FindingRow, "from" | "to">, { f }: Pick<Locale, "f">): string {
  const seconds = (Date.parse(to) - Date.parse(from)) / 1000;
  return f.interval(Date.parse(from), seconds);
}

/** What would count: the measured value, or what a method gives. */
export type Choice = "measured" | string;

/** What is proposed first: the estimate that stands, else what was measured. */
export function firstChoice({ finding, estimates }: Finding): Choice {
  if (finding.severity !== "F" || finding.count === 0) return "measured";
  const standing = finding.method?.split("+")[0];
  const offered = estimates.find(({ method }) => method.split("+")[0] === standing) ?? estimates[0];
  return offered?.method ?? "measured";
}

/** Reason that usually goes with what a rule found. */
export const usualReason = (rule: string) =>
  rule === "V03" ? ("communication-fault" as const) : ("implausible" as const);
