import { appendActs } from "./audit/append.ts";
import type { Database, Queryable } from "./database.ts";
import { rederivePoints, type StoreContext } from "./deliveries.ts";
import { StoreError } from "./errors.ts";
import { instant, sql } from "./sql.ts";

export interface Ratios {
  /** Exact decimals, `20` or `20.5`. */
  readonly ctRatio: string;
  readonly vtRatio: string;
  readonly primaryValues: boolean;
}

export interface RatioChange extends Ratios {
  readonly pointId: number;
  /** From this instant on; what was measured before keeps its factor. */
  readonly fromMs: number;
}

/** What the meter that stands at a point has, and since when it stands there. */
export interface StandingRatios extends Ratios {
  readonly installationId: number;
  readonly fromMs: number;
  /** The change would change nothing. */
  readonly same: boolean;
}

/**
 * The ratios that a change would replace, locked until the transaction ends.
 * @throws StoreError `installation.none`, `installation.too-early` before the meter came, `installation.same`
 */
export async function lockRatios(transaction: Queryable, change: RatioChange): Promise<StandingRatios> {
  const { rows } = await transaction.query<StandingRatios>(sql`
    select installation_id as "installationId", lower(during) as "fromMs", trim_scale(ct_ratio)::text as "ctRatio",
           trim_scale(vt_ratio)::text as "vtRatio", primary_values as "primaryValues",
           (ct_ratio, vt_ratio, primary_values) =
             (${change.ctRatio}::numeric, ${change.vtRatio}::numeric, ${change.primaryValues}::boolean) as same
    from installation where point_id = ${change.pointId} and upper_inf(during) for update`);
  const current = rows[0];
  if (!current) throw new StoreError("installation.none", "no meter stands at the point");
  if (current.same) throw new StoreError("installation.same", "these are its ratios already");
  if (change.fromMs < current.fromMs) {
    throw new StoreError("installation.too-early", `the meter stands there since ${instant(current.fromMs)}`);
  }
  return current;
}

/**
 * Gives the meter that stands at a point other transformer ratios: the installation ends at that instant and goes on with the new
 * ones, or is corrected as a whole when the instant is its beginning. The energy of the point is derived again afterwards, by
 * `rederiveFrom`.
 */
export async function writeRatios(
  transaction: Queryable,
  change: RatioChange,
  current: StandingRatios,
): Promise<void> {
  const from = instant(change.fromMs);
  if (change.fromMs === current.fromMs) {
    await transaction.query(sql`
      update installation set ct_ratio = ${change.ctRatio}, vt_ratio = ${change.vtRatio},
        primary_values = ${change.primaryValues}
      where installation_id = ${current.installationId}`);
    return;
  }
  await transaction.query(sql`
    update installation set during = tstzrange(lower(during), ${from})
    where installation_id = ${current.installationId}`);
  await transaction.query(sql`
    insert into installation (point_id, meter_id, during, ct_ratio, vt_ratio, primary_values, led_pulses_per_kwh, output_pulse_wh)
    select point_id, meter_id, tstzrange(${from}, null), ${change.ctRatio}, ${change.vtRatio}, ${change.primaryValues},
      led_pulses_per_kwh, output_pulse_wh
    from installation where installation_id = ${current.installationId}`);
  // The tables hold two rows, the log what it means: this ratio became that one.
  await appendActs(transaction, [
    {
      kind: "parametrisation",
      action: "change",
      objectType: "point",
      objectId: change.pointId,
      before: { ct_ratio: current.ctRatio, vt_ratio: current.vtRatio, primary_values: current.primaryValues },
      after: {
        ct_ratio: change.ctRatio,
        vt_ratio: change.vtRatio,
        primary_values: change.primaryValues,
        from,
      },
    },
  ]);
}

/** Derives the energy of a point again from an instant on. Returns the days that changed. */
export async function rederiveFrom(
  db: Database,
  { pointId, fromMs }: { readonly pointId: number; readonly fromMs: number },
  context: StoreContext,
): Promise<number> {
  const dayOf = (ms: number) =>
    Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(context.zone).toPlainDate();
  return rederivePoints(
    db,
    {
      pointIds: [pointId],
      fromDay: dayOf(fromMs).toString(),
      toDay: dayOf(context.nowMs).add({ days: 2 }).toString(),
    },
    context,
  );
}
