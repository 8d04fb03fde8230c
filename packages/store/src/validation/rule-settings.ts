import {
  faultsOf,
  type PlannedRule,
  type PointClass,
  planRules,
  type RuleSetting,
  ruleCodes,
  type Severity,
} from "@energsys/metering";
import type { Database, Queryable } from "../database.ts";
import { StoreError } from "../errors.ts";
import { sql } from "../sql.ts";

/** A setting with the days for which it holds: `fromDay` (included) to `toDay` (not included, null: on and on). */
export interface DatedRuleSetting extends RuleSetting {
  readonly fromDay: string;
  readonly toDay: string | null;
  readonly reason: string;
  readonly setBy: string;
}

/** Every setting, by rule, class and day. */
export async function listRuleSettings(db: Queryable): Promise<DatedRuleSetting[]> {
  const { rows } = await db.query<{
    rule: string;
    class: PointClass;
    enabled: boolean | null;
    severity: Severity | null;
    thresholds: Record<string, number>;
    fromDay: string;
    toDay: string | null;
    reason: string;
    setBy: string;
  }>(sql`
    select rule, class, enabled, severity, thresholds, lower(during) as "fromDay", upper(during) as "toDay", reason,
      set_by as "setBy"
    from validation_rule order by rule, class, lower(during)`);
  return rows.flatMap(({ rule, enabled, severity, ...row }) => {
    const code = ruleCodes.find((candidate) => candidate === rule);
    // A rule of a later release, seen by an earlier one: it runs no such rule.
    if (!code) return [];
    return [
      {
        ...row,
        rule: code,
        ...(enabled === null ? {} : { enabled }),
        ...(severity === null ? {} : { severity }),
      },
    ];
  });
}

export interface NewRuleSetting extends RuleSetting {
  /** First day of measured data for which it holds; it holds on and on, and what was set for later days is replaced. */
  readonly fromDay: string;
  readonly reason: string;
  readonly setBy: string;
}

/**
 * Sets a rule for a class from a day on. What held before ends there; days before it keep what they were validated by.
 * @throws StoreError `validation.threshold` naming what is wrong
 */
export async function setRule(db: Database, setting: NewRuleSetting): Promise<void> {
  const faults = faultsOf(setting);
  if (faults.length > 0) throw new StoreError("validation.threshold", faults.join("; "));
  const { rule, fromDay, enabled = null, severity = null, thresholds = {}, reason, setBy } = setting;
  await db.transaction(async (transaction) => {
    // Two people who set one rule at a time come one after the other.
    await transaction.query(
      sql`select pg_advisory_xact_lock(hashtext(${`validation ${rule} ${setting.class}`}))`,
    );
    await transaction.query(sql`
      delete from validation_rule
      where rule = ${rule} and class = ${setting.class} and lower(during) >= ${fromDay}::date`);
    await transaction.query(sql`
      update validation_rule set during = daterange(lower(during), ${fromDay}::date)
      where rule = ${rule} and class = ${setting.class} and during @> ${fromDay}::date`);
    await transaction.query(sql`
      insert into validation_rule (rule, class, during, enabled, severity, thresholds, reason, set_by)
      values (${rule}, ${setting.class}, daterange(${fromDay}::date, null), ${enabled}, ${severity},
        ${JSON.stringify(thresholds)}::jsonb, ${reason}, ${setBy})`);
  });
}

/** Plans of rules by class and day, each made once. */
export class RulePlans {
  readonly #settings: readonly DatedRuleSetting[];
  readonly #instead: readonly RuleSetting[];
  readonly #plans = new Map<string, PlannedRule[]>();
  readonly #ofDays = new Map<string, PlannedRule[]>();

  /** `instead` takes the place of what is stored for its rules and classes: for a trial. */
  constructor(settings: readonly DatedRuleSetting[], instead: readonly RuleSetting[] = []) {
    this.#settings = settings;
    this.#instead = instead;
  }

  of(pointClass: PointClass, date: string): PlannedRule[] {
    const key = `${pointClass} ${date}`;
    let plan = this.#ofDays.get(key);
    if (!plan) {
      plan = this.#find(pointClass, date);
      this.#ofDays.set(key, plan);
    }
    return plan;
  }

  #find(pointClass: PointClass, date: string): PlannedRule[] {
    const holding = this.#settings.filter(
      ({ class: of, fromDay, toDay }) =>
        of === pointClass && fromDay <= date && (toDay === null || date < toDay),
    );
    const replaced = new Set(
      this.#instead.filter(({ class: of }) => of === pointClass).map(({ rule }) => rule),
    );
    const settings: RuleSetting[] = [...holding.filter(({ rule }) => !replaced.has(rule)), ...this.#instead];
    const key = `${pointClass} ${holding.map(({ rule, fromDay }) => `${rule}${fromDay}`).join()}`;
    let plan = this.#plans.get(key);
    if (!plan) {
      plan = planRules(pointClass, settings);
      this.#plans.set(key, plan);
    }
    return plan;
  }
}
