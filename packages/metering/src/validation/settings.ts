import type { PointClass } from "./point-class.ts";
import type { Rule, Severity } from "./rule.ts";
import { type RuleCode, ruleCodes, validationRules } from "./rules.ts";

/** What somebody set for one rule and one class: only what differs from the defaults. */
export interface RuleSetting {
  readonly rule: RuleCode;
  readonly class: PointClass;
  readonly enabled?: boolean;
  /** For all that the rule finds. */
  readonly severity?: Severity;
  readonly thresholds?: Readonly<Record<string, number>>;
}

/** A rule that is switched on for a class, with its thresholds. */
export interface PlannedRule {
  readonly rule: Rule;
  readonly severity: Severity | undefined;
  readonly at: Readonly<Record<string, number>>;
}

/** What is wrong with a setting: a threshold that the rule does not have, or out of its bounds. Empty when nothing is. */
export function faultsOf({ rule, thresholds }: RuleSetting): string[] {
  const known = validationRules[rule].thresholds;
  return Object.entries(thresholds ?? {}).flatMap(([name, value]) => {
    const bounds = Object.hasOwn(known, name) ? known[name] : undefined;
    if (!bounds) return [`${rule} has no threshold ${name}`];
    if (!Number.isSafeInteger(value)) return [`${name} is a whole number`];
    return value < bounds.min || value > bounds.max ? [`${name} is from ${bounds.min} to ${bounds.max}`] : [];
  });
}

/** The rules for points of a class, in the order of their codes. */
export function planRules(pointClass: PointClass, settings: readonly RuleSetting[] = []): PlannedRule[] {
  const planned: PlannedRule[] = [];
  for (const code of ruleCodes) {
    const rule: Rule = validationRules[code];
    const setting = settings.find((candidate) => candidate.rule === code && candidate.class === pointClass);
    if (!(setting?.enabled ?? !rule.offFor?.includes(pointClass))) continue;
    const at: Record<string, number> = {};
    for (const [name, threshold] of Object.entries(rule.thresholds)) at[name] = threshold.default;
    Object.assign(at, rule.byClass?.[pointClass], setting?.thresholds);
    planned.push({ rule, severity: setting?.severity, at });
  }
  return planned;
}
