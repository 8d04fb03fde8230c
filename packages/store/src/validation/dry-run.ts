import type { RuleSetting, Severity } from "@energsys/metering";
import { faultsOf } from "@energsys/metering";
import { numbers } from "../arrays.ts";
import type { Database } from "../database.ts";
import { lockStatement, repeatOnConflict } from "../deliveries.ts";
import { StoreError } from "../errors.ts";
import { inScope, type Scope } from "../scope.ts";
import { sql } from "../sql.ts";
import type { DueDay } from "./change-list.ts";
import { measuredDays } from "./measured-days.ts";
import { readReactive } from "./reactive-days.ts";
import { listRuleSettings, RulePlans } from "./rule-settings.ts";
import { findingsOf, readSurroundings } from "./surroundings.ts";
import { loadPoints } from "./validate-changed.ts";

export interface DryRunRequest {
  /** What is tried instead of what is set; the other rules stay as they are. */
  readonly settings: readonly RuleSetting[];
  /** `fromDay` (included) to `toDay` (not included). */
  readonly fromDay: string;
  readonly toDay: string;
  /** Points at most, the lowest numbers first. */
  readonly pointsMax: number;
}

/** How far a trial is, for who waits; an aborted one says what it has seen by then. */
export interface DryRunWatch {
  readonly tell?: (progress: { readonly total: number; readonly done: number }) => void;
  readonly signal?: AbortSignal;
}

/** How often a rule speaks: as it is set, and as it would be. */
export interface DryRunCount {
  readonly rule: string;
  readonly severity: Severity;
  readonly asSet: number;
  readonly asTried: number;
}

export interface DryRunOutcome {
  readonly points: number;
  /** Days of channels that were looked at. */
  readonly days: number;
  /** Time that the rules themselves took, as they are set and as they would be; without reading. */
  readonly rulesMs: { readonly asSet: number; readonly asTried: number };
  readonly counts: readonly DryRunCount[];
}

/** Days of channels at a time. */
const atOnce = 2000;

/**
 * Runs rules over what is stored without keeping anything: how many findings the settings would have raised.
 * @throws StoreError `validation.threshold`
 */
export async function dryRunValidation(
  db: Database,
  scope: Scope,
  request: DryRunRequest,
  context: { readonly nowMs: number; readonly zone: string },
  { tell, signal }: DryRunWatch = {},
): Promise<DryRunOutcome> {
  const faults = request.settings.flatMap(faultsOf);
  if (faults.length > 0) throw new StoreError("validation.threshold", faults.join("; "));
  const stored = await listRuleSettings(db);
  const plans = [new RulePlans(stored), new RulePlans(stored, request.settings)] as const;
  const due = await storedDays(db, scope, request);
  const counts = new Map<string, { asSet: number; asTried: number }>();
  const rulesMs = [0, 0];
  let looked = 0;
  for (let start = 0; start < due.length && signal?.aborted !== true; start += atOnce) {
    const days = await repeatOnConflict(db, async (network) => {
      const part = due.slice(start, start + atOnce);
      await loadPoints(db, network, part);
      const { version } = network;
      return db.transaction(
        async (transaction, first) => {
          if (first[0]?.version !== version) throw new StoreError("network.changed");
          const byKey = await measuredDays(transaction, network, part, context);
          if (byKey.size === 0) return [];
          const measured = [...byKey.values()];
          const surroundings = await readSurroundings(transaction, network, measured, context);
          const reactive = await readReactive(transaction, network, byKey, context);
          return plans.map((plan, way) => {
            const began = performance.now();
            const found = measured.flatMap((day) =>
              findingsOf(day, network, surroundings, plan, context.nowMs, reactive(day)),
            );
            rulesMs[way]! += performance.now() - began;
            return found;
          });
        },
        { first: lockStatement({ days: [] }) },
      );
    });
    days.forEach((findings, way) => {
      for (const { rule, severity } of findings) {
        const count = counts.get(`${rule} ${severity}`) ?? { asSet: 0, asTried: 0 };
        count[way === 0 ? "asSet" : "asTried"]++;
        counts.set(`${rule} ${severity}`, count);
      }
    });
    looked = Math.min(due.length, start + atOnce);
    tell?.({ total: due.length, done: looked });
  }
  return {
    points: new Set(due.map(({ pointId }) => pointId)).size,
    days: looked,
    rulesMs: { asSet: Math.round(rulesMs[0]!), asTried: Math.round(rulesMs[1]!) },
    counts: [...counts]
      .map(([key, count]) => {
        const [rule = "", severity = "I"] = key.split(" ");
        return { rule, severity: severity as Severity, ...count };
      })
      .sort((a, b) => (a.rule + a.severity < b.rule + b.severity ? -1 : 1)),
  };
}

/** Stored days of the points of a scope, those of one point together: its channels are compared with each other. */
async function storedDays(
  db: Database,
  scope: Scope,
  { fromDay, toDay, pointsMax }: DryRunRequest,
): Promise<DueDay[]> {
  const { rows: points } = await db.query<{ point_id: number }>(sql`
    select p.point_id from point as p join location as l using (location_id)
    where ${inScope(scope)} and exists (select from channel where channel.point_id = p.point_id)
    order by p.point_id limit ${pointsMax}`);
  const { rows } = await db.query<DueDay>(sql`
    select channel_id as "channelId", point_id as "pointId", day as date
    from channel join load_day using (channel_id)
    where point_id = any(${numbers(points.map(({ point_id }) => point_id))}::int[])
      and day >= ${fromDay}::date and day < ${toDay}::date
    order by point_id, day, channel_id`);
  return rows;
}
