import { numbers } from "../arrays.ts";
import type { Database, Queryable } from "../database.ts";
import { StoreError, sqlState } from "../errors.ts";
import { groupInScope } from "../groups/registry.ts";
import type { Side } from "../groups/rows.ts";
import { type Energy, energies, energyOfCode } from "../query/energies.ts";
import { isEverywhere, pointInScope, type Scope } from "../scope.ts";
import { instant, type Sql, sql, trusted } from "../sql.ts";

/** What a rule watches: one point, a group, or each point that has an approved power. */
export type Watched =
  | { readonly kind: "point"; readonly pointId: number }
  | { readonly kind: "group"; readonly groupId: number; readonly side: Side }
  | { readonly kind: "approved" };

/** Above what demand is a peak: a power, or a part of the approved power, or of the greatest demand of the days before. */
export type PeakThreshold =
  | { readonly basis: "power"; readonly powerKw: string }
  | { readonly basis: "approved"; readonly percent: string }
  | { readonly basis: "former"; readonly percent: string; readonly formerDays: number };

/** Workdays are Monday to Friday without public holidays; rest days all others. */
export const peakDayKinds = ["all", "workdays", "restdays"] as const;
export type PeakDayKind = (typeof peakDayKinds)[number];

/** Minutes of the local clock, [from, to), over midnight where the end comes first. */
export interface PeakHours {
  readonly fromMinute: number;
  readonly toMinute: number;
}

/** What a rule says. Powers and parts are exact decimals. */
export interface PeakCondition {
  readonly watched: Watched;
  readonly energy: Energy;
  readonly threshold: PeakThreshold;
  /** So many quarter-hours on end. */
  readonly quarters: number;
  /** Are estimated values peaks, too? */
  readonly estimates: boolean;
  /** On which days it looks, and at which hours; null for all of them. What lies outside is no peak, and no former maximum. */
  readonly dayKind: PeakDayKind;
  readonly hours: PeakHours | null;
}

export interface PeakRuleGiven extends PeakCondition {
  readonly name: string;
  readonly severity: "critical" | "medium" | "low";
  readonly enabled: boolean;
}

/** A rule that stands, with who made and changed it. Instants are epoch ms. */
export interface PeakRule extends PeakRuleGiven {
  readonly ruleId: number;
  /** Name of the group; null for other subjects. */
  readonly groupName: string | null;
  /** First day that is watched. */
  readonly fromDay: string;
  readonly createdBy: string;
  readonly createdAt: number;
  readonly changedBy: string;
  readonly changedAt: number;
  /** Peaks of the last 30 days that it raised and that were not corrected away. */
  readonly raised: number;
}

interface RuleRow {
  readonly pointId: number | null;
  readonly groupId: number | null;
  readonly side: Side | null;
  readonly obis: string;
  readonly basis: PeakThreshold["basis"];
  readonly powerKw: string | null;
  readonly percent: string | null;
  readonly formerDays: number | null;
  readonly fromMinute: number | null;
  readonly toMinute: number | null;
}

type Counts = Pick<PeakCondition, "quarters" | "estimates" | "dayKind">;

const ruleColumns = trusted(`
  r.peak_rule_id as "ruleId", r.name, r.point_id as "pointId", r.group_id as "groupId", r.side, r.obis, r.basis,
  trim_scale(r.power_kw)::text as "powerKw", trim_scale(r.percent)::text as percent, r.former_days as "formerDays", r.quarters,
  r.estimates, r.day_kind as "dayKind", r.from_minute as "fromMinute", r.to_minute as "toMinute", r.severity, r.enabled, r.from_day as "fromDay", r.created_by as "createdBy", r.created_at as "createdAt",
  r.changed_by as "changedBy", r.changed_at as "changedAt", g.name as "groupName"`);

function ruleOf<Row extends RuleRow>({
  pointId,
  groupId,
  side,
  obis,
  basis,
  powerKw,
  percent,
  formerDays,
  fromMinute,
  toMinute,
  ...row
}: Row) {
  const watched: Watched =
    pointId !== null
      ? { kind: "point", pointId }
      : groupId !== null
        ? { kind: "group", groupId, side: side! }
        : { kind: "approved" };
  const threshold: PeakThreshold =
    basis === "power"
      ? { basis, powerKw: powerKw! }
      : basis === "approved"
        ? { basis, percent: percent! }
        : { basis, percent: percent!, formerDays: formerDays! };
  const hours = fromMinute === null || toMinute === null ? null : { fromMinute, toMinute };
  return { ...row, watched, threshold, hours, energy: energyOfCode(obis) };
}

/** What a rule watches is in the scope; a rule for every point is seen by all, and changed by who has the whole network. */
const ruleInScope = (scope: Scope, { every }: { readonly every: boolean }): Sql => sql`
  case when r.point_id is not null then r.point_id in (select point_id from point) and ${pointInScope(scope, "r.point_id")}
       when r.group_id is not null then g.group_id is not null and g.removed_at is null and ${groupInScope(scope)}
       else ${every || isEverywhere(scope)} end`;

const raisedDays = 30;

/** Rules that stand, by name, as far as the scope reaches; those of `ruleIds` where they are given. */
export async function listPeakRules(
  db: Queryable,
  scope: Scope,
  { nowMs, ruleIds }: { readonly nowMs: number; readonly ruleIds?: readonly number[] },
): Promise<PeakRule[]> {
  const { rows } = await db.query<Omit<PeakRule, keyof PeakCondition> & RuleRow & Counts>(sql`
    select ${ruleColumns}, (
      select count(*)::int from peak_alarm as a
      where a.peak_rule_id = r.peak_rule_id and a.ended_at is null
        and a.peak_at > ${instant(nowMs - raisedDays * 86_400_000)}::timestamptz
        and (a.point_id is null or ${pointInScope(scope, "a.point_id")})) as raised
    from peak_rule as r left join point_group as g using (group_id)
    where r.removed_at is null and ${ruleInScope(scope, { every: true })}
      and (${ruleIds === undefined}::boolean or r.peak_rule_id = any(${numbers(ruleIds ?? [])}::int[]))
    order by r.name collate "ro-x-icu", r.peak_rule_id`);
  return rows.map(ruleOf);
}

/** Rules that watch, of these. */
export async function readWatching(
  db: Queryable,
  ruleIds: readonly number[],
): Promise<Omit<PeakRule, "raised">[]> {
  const { rows } = await db.query<Omit<PeakRule, keyof PeakCondition | "raised"> & RuleRow & Counts>(sql`
    select ${ruleColumns} from peak_rule as r left join point_group as g using (group_id)
    where r.peak_rule_id = any(${numbers(ruleIds)}::int[]) and r.enabled and r.removed_at is null and g.removed_at is null`);
  return rows.map(ruleOf);
}

interface Saved {
  readonly by: string;
  /** The market day of now: a rule holds from the day on which it was last said. */
  readonly today: string;
}

interface Seen {
  /** `changedAt` of the rule as it was when somebody began to change it. */
  readonly seenMs: number;
}

const columnsOf = ({ watched, energy, threshold, hours }: PeakCondition) => ({
  fromMinute: hours?.fromMinute ?? null,
  toMinute: hours?.toMinute ?? null,
  pointId: watched.kind === "point" ? watched.pointId : null,
  groupId: watched.kind === "group" ? watched.groupId : null,
  side: watched.kind === "group" ? watched.side : null,
  obis: energies[energy],
  basis: threshold.basis,
  powerKw: threshold.basis === "power" ? threshold.powerKw : null,
  percent: threshold.basis === "power" ? null : threshold.percent,
  formerDays: threshold.basis === "former" ? threshold.formerDays : null,
});

/**
 * A new rule. One that is enabled watches from today on.
 * @throws StoreError `peak-rule.no-subject` what it shall watch is not there or not in the scope, `peak-rule.name-taken`
 */
export const addPeakRule = (db: Database, scope: Scope, rule: PeakRuleGiven & Saved): Promise<number> =>
  unlessTaken(() => db.transaction((transaction) => insertRule(transaction, scope, rule)));

async function insertRule(db: Queryable, scope: Scope, rule: PeakRuleGiven & Saved): Promise<number> {
  const c = columnsOf(rule);
  const { rows } = await db.query<{ id: number }>(sql`
      insert into peak_rule (name, point_id, group_id, side, obis, basis, power_kw, percent, former_days, quarters, estimates, day_kind, from_minute,
        to_minute, severity, enabled, from_day, created_by, changed_by)
      select r.name, r.point_id, r.group_id, ${c.side}::text, ${c.obis}, ${c.basis}, ${c.powerKw}::numeric, ${c.percent}::numeric,
        ${c.formerDays}::smallint, ${rule.quarters}::smallint, ${rule.estimates}::boolean, ${rule.dayKind}, ${c.fromMinute}::smallint,
        ${c.toMinute}::smallint, ${rule.severity}, ${rule.enabled}::boolean, ${rule.today}::date, ${rule.by}, ${rule.by}
      from (values (${rule.name}, ${c.pointId}::int, ${c.groupId}::int)) as r (name, point_id, group_id)
      left join point_group as g using (group_id)
      where ${ruleInScope(scope, { every: false })}
      returning peak_rule_id as id`);
  const id = rows[0]?.id;
  if (id === undefined) throw new StoreError("peak-rule.no-subject", "what it shall watch is not there");
  if (rule.enabled) await markToday(db, id, rule);
  return id;
}

/**
 * The rule says this from now on; it watches the days from today on. Peaks that it raised before stay as they are.
 * @throws StoreError `peak-rule.not-found`, `peak-rule.changed` by somebody since `seenMs`, `peak-rule.no-subject`, `peak-rule.name-taken`
 */
export const changePeakRule = (
  db: Database,
  scope: Scope,
  ruleId: number,
  rule: PeakRuleGiven & Saved & Seen,
): Promise<void> =>
  unlessTaken(() => db.transaction((transaction) => updateRule(transaction, scope, ruleId, rule)));

async function updateRule(
  db: Queryable,
  scope: Scope,
  ruleId: number,
  rule: PeakRuleGiven & Saved & Seen,
): Promise<void> {
  const { changedAt } = await lockRule(db, scope, ruleId);
  if (changedAt !== rule.seenMs)
    throw new StoreError("peak-rule.changed", `peak rule ${ruleId} is not what was seen`);
  const c = columnsOf(rule);
  const { rowCount } = await db.query(sql`
      update peak_rule set name = ${rule.name}, point_id = r.point_id, group_id = r.group_id, side = ${c.side}::text, obis = ${c.obis},
        basis = ${c.basis}, power_kw = ${c.powerKw}::numeric, percent = ${c.percent}::numeric, former_days = ${c.formerDays}::smallint,
        quarters = ${rule.quarters}::smallint, estimates = ${rule.estimates}::boolean, day_kind = ${rule.dayKind},
        from_minute = ${c.fromMinute}::smallint, to_minute = ${c.toMinute}::smallint, severity = ${rule.severity},
        enabled = ${rule.enabled}::boolean, from_day = ${rule.today}::date, changed_by = ${rule.by}, changed_at = now()
      from (values (${c.pointId}::int, ${c.groupId}::int)) as r (point_id, group_id) left join point_group as g using (group_id)
      where peak_rule_id = ${ruleId}::int and ${ruleInScope(scope, { every: false })}`);
  if (rowCount === 0) throw new StoreError("peak-rule.no-subject", "what it shall watch is not there");
  if (rule.enabled) await markToday(db, ruleId, rule);
}

/** Takes a rule away; what it raised stays in the history. @throws StoreError `peak-rule.not-found` */
export const removePeakRule = (
  db: Database,
  scope: Scope,
  ruleId: number,
  { by }: Pick<Saved, "by">,
): Promise<void> =>
  db.transaction(async (transaction) => {
    await lockRule(transaction, scope, ruleId);
    await transaction.query(sql`
      update peak_rule set removed_at = now(), enabled = false, changed_by = ${by}, changed_at = now()
      where peak_rule_id = ${ruleId}::int`);
  });

async function lockRule(db: Queryable, scope: Scope, ruleId: number): Promise<Pick<PeakRule, "changedAt">> {
  const { rows } = await db.query<Pick<PeakRule, "changedAt">>(sql`
    select r.changed_at as "changedAt" from peak_rule as r left join point_group as g using (group_id)
    where r.peak_rule_id = ${ruleId}::int and r.removed_at is null and ${ruleInScope(scope, { every: false })} for update of r`);
  if (!rows[0]) throw new StoreError("peak-rule.not-found", `no peak rule ${ruleId}`);
  return rows[0];
}

/** What has come of today already is looked at, too. */
const markToday = (db: Queryable, ruleId: number, { watched, today }: PeakRuleGiven & Saved) =>
  watched.kind === "approved"
    ? db.query(sql`
        insert into peak_due (peak_rule_id, point_id, day)
        select ${ruleId}::int, point_id, ${today}::date from point where approved_power_w is not null order by point_id
        on conflict do nothing`)
    : db.query(sql`
        insert into peak_due (peak_rule_id, point_id, day)
        values (${ruleId}::int, ${watched.kind === "point" ? watched.pointId : null}::int, ${today}::date)
        on conflict do nothing`);

async function unlessTaken<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (sqlState(error) !== "23505") throw error;
    throw new StoreError("peak-rule.name-taken", "another peak rule has the name", error);
  }
}
