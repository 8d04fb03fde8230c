import {
  faultsOf,
  marketDayOf,
  planRules,
  pointClasses,
  type RuleSetting,
  ruleCodes,
  validationRules,
} from "@energsys/metering";
import {
  because,
  listRuleSettings,
  queueJob,
  readValidationPolicy,
  setRule,
  storeValidationPolicy,
} from "@energsys/store";
import type { Handlers } from "../handlers.ts";
import { Problem } from "../problem.ts";
import { orProblem } from "../refusals.ts";

const dryRunDaysMax = 400;

export const ruleHandlers: Handlers<
  "listValidationRules" | "setValidationRule" | "dryRunRules" | "getValidationPolicy" | "setValidationPolicy"
> = {
  async listValidationRules({ services: { db, now, zone } }) {
    const today = marketDayOf(now(), zone).date;
    const holding = (await listRuleSettings(db)).filter(
      ({ fromDay, toDay }) => fromDay <= today && (toDay === null || today < toDay),
    );
    const plans = new Map(pointClasses.map((of) => [of, planRules(of, holding)]));
    return {
      rows: ruleCodes.map((code) => {
        const { about, severity, thresholds, byClass } = validationRules[code];
        return {
          rule: code,
          about,
          severity,
          thresholds: Object.fromEntries(
            Object.entries(thresholds).map(([name, { min, max, default: usual }]) => [
              name,
              { min, max, default: usual },
            ]),
          ),
          classes: pointClasses.map((of) => {
            const set = holding.find((candidate) => candidate.rule === code && candidate.class === of);
            const planned = plans.get(of)?.find(({ rule }) => rule.code === code);
            const usual = Object.fromEntries(
              Object.entries(thresholds).map(([name, threshold]) => [name, threshold.default]),
            );
            return {
              class: of,
              enabled: planned !== undefined,
              severity: set?.severity ?? null,
              thresholds: { ...usual, ...(byClass?.[of] as Record<string, number>), ...set?.thresholds },
              from: set?.fromDay ?? null,
              setBy: set?.setBy ?? null,
              reason: set?.reason ?? null,
            };
          }),
        };
      }),
    };
  },

  async setValidationRule({ body, caller, services: { db } }) {
    const { from, reason, ...setting } = body;
    checkDay("/from", from);
    await orProblem(
      setRule(because(db, reason), { ...setting, fromDay: from, reason, setBy: caller.account.name }),
    );
    return undefined;
  },

  async dryRunRules({ body, scope, caller, services: { db } }) {
    checkDay("/from", body.from);
    checkDay("/to", body.to);
    const { days } = Temporal.PlainDate.from(body.from).until(body.to);
    if (days < 1 || days > dryRunDaysMax)
      throw new Problem("input.invalid", { fields: { "/to": `1 to ${dryRunDaysMax} days after the first` } });
    const faults = body.settings.flatMap((setting) => faultsOf(setting as RuleSetting));
    if (faults.length > 0) throw new Problem("validation.threshold", { detail: faults.join("; ") });
    const jobId = await queueJob(db, {
      kind: "dry-run-validation",
      label: [...new Set(body.settings.map(({ rule }) => rule))].join(", "),
      input: body,
      action: "validation-rules.see",
      scope,
      by: caller.account.name,
    });
    return { jobId };
  },

  getValidationPolicy: ({ services: { db } }) => readValidationPolicy(db),

  async setValidationPolicy({ body, services: { db } }) {
    await storeValidationPolicy(db, body);
    return undefined;
  },
};

function checkDay(field: string, day: string): void {
  try {
    Temporal.PlainDate.from(day, { overflow: "reject" });
  } catch {
    throw new Problem("input.invalid", { fields: { [field]: "No such day" } });
  }
}
