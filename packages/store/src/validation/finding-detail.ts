import {
  emptyOverlay,
  hasSlot,
  type MarketDay,
  type MethodCode,
  methodCodes,
  methodMark,
  methodOf,
  overlaid,
  type PointClass,
  quality,
  type RuleCode,
  type Severity,
  type SlotSet,
  unpackDay,
} from "@energsys/metering";
import { words } from "../arrays.ts";
import type { Database, Queryable } from "../database.ts";
import { lockStatement, repeatOnConflict } from "../deliveries.ts";
import { StoreError } from "../errors.ts";
import type { Channel, Network } from "../network.ts";
import type { Scope } from "../scope.ts";
import { sql } from "../sql.ts";
import type { DueDay } from "./change-list.ts";
import { type FindingDecision, listFindingDecisions } from "./decisions.ts";
import { listEdits, type ValueEdit } from "./edits.ts";
import { type EstimatedOverlay, estimatesByMethod } from "./estimate-days.ts";
import { type FindingRowOfList, findingInScope, listFindings } from "./list-findings.ts";
import { keyOf, type MeasuredDay, measuredDays, standingAt } from "./measured-days.ts";
import { readOverlays } from "./overlays.ts";
import { checkedPoint } from "./point-classes.ts";
import { pointRegister } from "./register-steps.ts";
import { listRuleSettings, RulePlans } from "./rule-settings.ts";
import { readSurroundings, type Surroundings } from "./surroundings.ts";
import { loadPoints, type ValidationContext } from "./validate-changed.ts";

/** What a method would give for the intervals of a finding. */
export interface MethodEstimate {
  /** `E4`, `E4+S` */
  readonly method: string;
  /** By slot of the day, in the channel's integers; null where nothing is to be estimated. */
  readonly values: readonly (number | null)[];
  readonly total: number;
  /** Dates of the days that it was made from. */
  readonly sources: readonly string[];
}

/** What the register says about a stretch of time with the finding in it. */
export interface RegisterDifference {
  readonly fromMs: number;
  readonly toMs: number;
  /** Step of the register, in the channel's integers. */
  readonly step: number;
  /** What was measured and stands, of the other intervals in that time; null where the stretch leaves the day. */
  readonly measured: number | null;
}

export interface FindingDetail {
  readonly finding: FindingRowOfList;
  readonly day: MarketDay;
  readonly periodSeconds: number;
  /** By slot, in the channel's integers. */
  readonly measured: readonly (number | null)[];
  readonly counted: readonly (number | null)[];
  /** How what counts came about: `E4+S`, `edited`, `verified`; null: measured. */
  readonly methods: readonly (string | null)[];
  /** Bits of quality of what counts. */
  readonly flags: readonly number[];
  /** Slots of the finding, and all whose measured value is refused. */
  readonly slots: readonly number[];
  readonly refused: readonly number[];
  readonly estimates: readonly MethodEstimate[];
  /** Mean of the days that E4 (else E5) would take, by slot; null where there are none. */
  readonly similar: { readonly days: readonly string[]; readonly values: readonly (number | null)[] } | null;
  readonly register: RegisterDifference | null;
  readonly rule: {
    readonly code: RuleCode | string;
    readonly about: string;
    readonly severity: Severity;
    readonly pointClass: PointClass;
    readonly thresholds: Readonly<Record<string, number>>;
  };
  /** The month of the day is closed for the point: what is changed is listed as a correction. */
  readonly closed: boolean;
  readonly edits: readonly ValueEdit[];
  readonly decisions: readonly FindingDecision[];
}

/**
 * Everything that somebody who decides about a finding looks at. Nothing is written.
 * @throws StoreError `finding.not-found`
 */
export async function readFindingDetail(
  db: Database,
  scope: Scope,
  findingId: number,
  context: ValidationContext,
): Promise<FindingDetail> {
  const known = await findingInScope(db, scope, findingId);
  const [finding] = (
    await listFindings(db, scope, {
      states: ["open", "accepted", "estimated", "edited", "cleared"],
      findingIds: [findingId],
      fromDay: known.day,
      toDay: Temporal.PlainDate.from(known.day).add({ days: 1 }).toString(),
      limit: 1,
    })
  ).rows;
  if (!finding) throw new StoreError("finding.not-found", `there is no finding ${findingId}`);
  const due: DueDay = { channelId: finding.channelId, pointId: finding.pointId, date: finding.day };
  const seen = await lookAtDay(db, due, finding.slots, context);
  const plans = new RulePlans(await listRuleSettings(db));
  const planned = plans.of(seen.pointClass, finding.day).find(({ rule }) => rule.code === finding.rule);
  return {
    finding,
    ...seen.shown,
    rule: {
      code: finding.rule,
      about: planned?.rule.about ?? "",
      severity: finding.severity,
      pointClass: seen.pointClass,
      thresholds: planned?.at ?? {},
    },
    closed: await isClosed(db, finding.pointId, finding.day),
    edits: await listEdits(db, scope, { channelId: finding.channelId, day: finding.day, limit: 20 }),
    decisions: await listFindingDecisions(db, findingId),
  };
}

async function isClosed(db: Queryable, pointId: number, day: string): Promise<boolean> {
  const { rows } = await db.query(sql`
    select from billing_value
    where point_id = ${pointId} and month = date_trunc('month', ${day}::date)::date limit 1`);
  return rows.length > 0;
}

/** Values of a method for a finding's intervals, for who chooses it. @throws StoreError `finding.method-not-applicable` */
export function chosenEstimate(
  { estimates }: Pick<FindingDetail, "estimates">,
  code: MethodCode,
): { readonly method: string; readonly values: { slot: number; value: number }[] } {
  const chosen = estimates.find(({ method }) => method.split("+")[0] === code);
  if (!chosen) throw new StoreError("finding.method-not-applicable", `${code} does not apply here`);
  const values = chosen.values.flatMap((value, slot) => (value === null ? [] : [{ slot, value }]));
  return { method: chosen.method, values };
}

async function lookAtDay(db: Database, due: DueDay, slots: SlotSet | null, context: ValidationContext) {
  return repeatOnConflict(db, async (network: Network) => {
    await loadPoints(db, network, [due]);
    const { version } = network;
    return db.transaction(
      async (transaction, first) => {
        if (first[0]?.version !== version) throw new StoreError("network.changed");
        const measured = (await measuredDays(transaction, network, [due], context)).get(
          keyOf(due.channelId, due.date),
        );
        if (!measured) throw new StoreError("finding.not-found", "its channel is no point's any more");
        const surroundings = await readSurroundings(transaction, network, [measured], context);
        const [stored] = await readOverlays(transaction, [due]);
        const length = measured.slots.values.length;
        const overlay = stored ?? emptyOverlay(length);
        const counted = overlaid(measured.slots, overlay);
        // As if its intervals were refused: what would count then is what there is to choose from.
        const marks = overlay.marks.map((mark, slot) =>
          slots && hasSlot(slots, slot) && !Number.isNaN(measured.slots.values[slot])
            ? mark | quality.suspect
            : mark,
        );
        const asIf = stored && { ...stored, ...withoutChoice(stored, slots) };
        const made = await estimatesByMethod(
          transaction,
          network,
          { ...measured, stored: asIf, marks: Uint16Array.from(marks) },
          surroundings,
          { estimateAfterMs: 0, ...context },
        );
        return {
          pointClass:
            checkedPoint(surroundings.points, due.pointId, measured.day.startMs)?.pointClass ??
            ("household" as const),
          shown: {
            day: measured.day,
            periodSeconds: measured.channel.periodSeconds,
            measured: plain(measured.slots.values),
            counted: plain(counted.values),
            methods: Array.from(overlay.methods, (method, slot) =>
              Number.isNaN(counted.values[slot]) ||
              (counted.flags[slot]! & (quality.estimated | quality.edited | quality.powerDown)) === 0
                ? (method & methodMark.verified) !== 0
                  ? "verified"
                  : null
                : (methodOf(method) ?? null),
            ),
            flags: [...counted.flags],
            slots: slotsOf(slots, length),
            refused: refusedOf(measured, overlay),
            estimates: estimatesOf(made, slots),
            similar: await similarDays(transaction, measured, made),
            register: registerAround(measured, network, surroundings, slots, counted),
          },
        };
      },
      { first: lockStatement({ days: [] }) },
    );
  });
}

/** What a person has chosen for these intervals before does not stand in the way of choosing anew. */
function withoutChoice(
  { values, methods }: { readonly values: Float64Array; readonly methods: Uint8Array },
  slots: SlotSet | null,
) {
  const chosen = (slot: number) => slots !== null && hasSlot(slots, slot);
  return {
    values: values.map((value, slot) => (chosen(slot) ? Number.NaN : value)),
    methods: methods.map((method, slot) => (chosen(slot) ? methodMark.none : method)),
  };
}

const plain = (values: Float64Array): (number | null)[] =>
  Array.from(values, (value) => (Number.isNaN(value) ? null : value));

const slotsOf = (slots: SlotSet | null, length: number): number[] =>
  slots ? Array.from({ length }, (_, slot) => slot).filter((slot) => hasSlot(slots, slot)) : [];

function refusedOf(
  { slots }: MeasuredDay,
  { methods, marks }: { readonly methods: Uint8Array; readonly marks: Uint16Array },
): number[] {
  return Array.from(slots.values, (_, slot) => slot).filter(
    (slot) =>
      !Number.isNaN(slots.values[slot]) &&
      (methods[slot]! & (methodMark.verified | methodMark.edited)) === 0 &&
      ((marks[slot]! | slots.flags[slot]!) & quality.suspect || methods[slot]! & methodMark.refused),
  );
}

/** Of each method that applies to every interval of the finding, what it gives. */
function estimatesOf(
  made: ReadonlyMap<MethodCode, EstimatedOverlay>,
  slots: SlotSet | null,
): MethodEstimate[] {
  if (!slots) return [];
  return [...made].flatMap(([code, { overlay, sources }]) => {
    const values: (number | null)[] = new Array(overlay.values.length).fill(null);
    const named = new Set<string | undefined>();
    let total = 0;
    for (const slot of slotsOf(slots, values.length)) {
      const method = overlay.methods[slot]!;
      if (methodCodes[(method & methodMark.number) - 1] !== code) return [];
      named.add(methodOf(method));
      values[slot] = overlay.values[slot]!;
      total += overlay.values[slot]!;
    }
    // In part scaled to the register counts as scaled.
    const method = named.has(`${code}+S`) ? `${code}+S` : code;
    return [{ method, values, total, sources: [...sources].sort() }];
  });
}

/** Mean of the like days by slot: what such a day looks like. */
async function similarDays(
  db: Queryable,
  { channel, day, slots }: MeasuredDay,
  made: ReadonlyMap<MethodCode, EstimatedOverlay>,
): Promise<FindingDetail["similar"]> {
  const dates = [
    ...(["E4", "E5"] as const).flatMap((code) => {
      const sources = made.get(code)?.sources ?? new Set<string>();
      return sources.size > 0 ? [sources] : [];
    }),
  ][0];
  if (!dates) return null;
  const { rows } = await db.query<{ day: string; slots: number; v: Buffer; q: Buffer | null }>(sql`
    select day, slots, v, q from load_day
    where channel_id = ${channel.channelId} and day = any(${words([...dates])}::date[]) and slots = ${slots.values.length}
      and day <> ${day.date}::date order by day`);
  if (rows.length === 0) return null;
  const days = rows.map(({ v, q, slots: length }) => unpackDay(v, q, length).values);
  const values = Array.from(slots.values, (_, slot) => {
    const present = days.map((of) => of[slot]!).filter((value) => !Number.isNaN(value));
    return present.length === 0
      ? null
      : Math.round(present.reduce((sum, value) => sum + value, 0) / present.length);
  });
  return { days: rows.map((row) => row.day), values };
}

/** The step of the register between the readings next to the finding's intervals, and what else was measured in that time. */
function registerAround(
  measured: MeasuredDay,
  network: Network,
  { registers }: Surroundings,
  slots: SlotSet | null,
  counted: { readonly values: Float64Array },
): RegisterDifference | null {
  const { channel, day, pointId } = measured;
  const ours = slotsOf(slots, measured.slots.values.length);
  const periodMs = channel.periodSeconds * 1000;
  const firstMs = day.startMs + (ours[0] ?? 0) * periodMs;
  const lastMs = ours.length === 0 ? day.endMs : day.startMs + (ours.at(-1)! + 1) * periodMs;
  for (const { installation, meter } of standingAt(network, pointId, day)) {
    for (const { readings } of pointRegister(registers, channel, installation, meter)?.runs ?? []) {
      const before = readings.findLast(({ atMs }) => atMs <= firstMs);
      const after = readings.find(({ atMs }) => atMs >= lastMs);
      if (!before || !after || before === after) continue;
      return {
        fromMs: before.atMs,
        toMs: after.atMs,
        step: after.value - before.value,
        measured: measuredWithin(channel, day, counted.values, new Set(ours), before.atMs, after.atMs),
      };
    }
  }
  return null;
}

function measuredWithin(
  { periodSeconds }: Channel,
  { startMs, endMs }: MarketDay,
  values: Float64Array,
  ours: ReadonlySet<number>,
  fromMs: number,
  toMs: number,
): number | null {
  const from = (fromMs - startMs) / (periodSeconds * 1000);
  const to = (toMs - startMs) / (periodSeconds * 1000);
  if (fromMs < startMs || toMs > endMs || !Number.isInteger(from) || !Number.isInteger(to)) return null;
  let sum = 0;
  for (let slot = from; slot < to; slot++) {
    if (ours.has(slot)) continue;
    if (Number.isNaN(values[slot])) return null;
    sum += values[slot]!;
  }
  return sum;
}
