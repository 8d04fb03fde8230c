import { type CheckedDay, DayFacts } from "./checked-day.ts";
import { type ArrivalCheck, type ArrivingDay, type Finding, Report } from "./rule.ts";
import { type RuleCode, ruleCodes, validationRules } from "./rules.ts";
import type { PlannedRule } from "./settings.ts";

/** Runs rules over one day after the other. Nothing is allocated but the findings. */
export class Validator {
  readonly #facts = new DayFacts();
  #report = new Report();

  /** Looks at a day by these rules; what they find is added to `take`. */
  check(day: CheckedDay, rules: readonly PlannedRule[]): void {
    const facts = this.#facts.look(day);
    for (const { rule, severity, at } of rules) {
      this.#report.about(rule.code, rule.severity, severity, day.channelId);
      rule.check(day, facts, at, this.#report);
    }
  }

  /** What was found since the last call. */
  take(): Finding[] {
    const { findings } = this.#report;
    if (findings.length > 0) this.#report = new Report();
    return findings;
  }
}

/** What rules find about one day. */
export function validateDay(day: CheckedDay, rules: readonly PlannedRule[]): Finding[] {
  const validator = new Validator();
  validator.check(day, rules);
  return validator.take();
}

/** Checks that run in the transaction of a delivery: stamps first, since what lies ahead is not looked at further. */
const arrivalOrder: readonly RuleCode[] = ["V06", "V04", "V12"];
const arrivalChecks = ruleCodes
  .filter((code) => validationRules[code].arrival)
  .sort((a, b) => arrivalOrder.indexOf(a) - arrivalOrder.indexOf(b));

/** Runs the checks of one layer and returns what each marked, by code; an empty object when all is well. */
export function validateArrival(
  layer: ArrivalCheck["layer"],
  day: ArrivingDay,
): Partial<Record<RuleCode, number>> {
  const marks: Partial<Record<RuleCode, number>> = {};
  for (const code of arrivalChecks) {
    const { arrival } = validationRules[code];
    if (arrival?.layer !== layer) continue;
    const marked = arrival.mark(day);
    if (marked > 0) marks[code] = marked;
  }
  return marks;
}
