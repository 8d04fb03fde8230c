import { appendActs } from "./audit/append.ts";
import type { Database } from "./database.ts";
import { rederivePoints, type StoreContext } from "./deliveries.ts";
import { StoreError } from "./errors.ts";
import { instant, sql } from "./sql.ts";

export interface RatioChange {
  readonly pointId: number;
  /** From this instant on; what was measured before keeps its factor. */
  readonly fromMs: number;
  /** Exact decimals, `20` or `20.5`. */
  readonly ctRatio: string;
  readonly vtRatio: string;
  readonly primaryValues: boolean;
}

interface Ratios {
  readonly ct_ratio: string;
  readonly vt_ratio: string;
  readonly primary_values: boolean;
}

/**
 * Gives the meter that stands at a point other transformer ratios: the installation ends at that instant and goes on with the new
 * ones, or is corrected as a whole when the instant is its beginning. The energy of the point is derived again from there. Returns
 * the days that changed.
 * @throws StoreError `installation.none`, `installation.too-early` before the meter came, `installation.same`
 */
export async function changeRatios(
  db: Database,
  change: RatioChange,
  context: StoreContext,
): Promise<{ readonly days: number }> {
  const from = instant(change.fromMs);
  await db.transaction(async (transaction) => {
    const { rows } = await transaction.query<
      { installationId: number; fromMs: number; same: boolean } & Ratios
    >(sql`
      select installation_id as "installationId", lower(during) as "fromMs", trim_scale(ct_ratio)::text as ct_ratio,
             trim_scale(vt_ratio)::text as vt_ratio, primary_values,
             (ct_ratio, vt_ratio, primary_values) =
               (${change.ctRatio}::numeric, ${change.vtRatio}::numeric, ${change.primaryValues}::boolean) as same
      from installation where point_id = ${change.pointId} and upper_inf(during) for update`);
    const current = rows[0];
    if (!current) throw new StoreError("installation.none", "no meter stands at the point");
    if (current.same) throw new StoreError("installation.same", "these are its ratios already");
    if (change.fromMs < current.fromMs) {
      throw new StoreError(
        "installation.too-early",
        `the meter stands there since ${instant(current.fromMs)}`,
      );
    }
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
      insert into installation (point_id, meter_id, during, ct_ratio, vt_ratio, primary_values)
      select point_id, meter_id, tstzrange(${from}, null), ${change.ctRatio}, ${change.vtRatio}, ${change.primaryValues}
      from installation where installation_id = ${current.installationId}`);
    // The tables hold two rows, the log what it means: this ratio became that one.
    const { ct_ratio, vt_ratio, primary_values } = current;
    await appendActs(transaction, [
      {
        kind: "parametrisation",
        action: "change",
        objectType: "point",
        objectId: change.pointId,
        before: { ct_ratio, vt_ratio, primary_values },
        after: {
          ct_ratio: change.ctRatio,
          vt_ratio: change.vtRatio,
          primary_values: change.primaryValues,
          from,
        },
      },
    ]);
  });
  const dayOf = (ms: number) =>
    Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(context.zone).toPlainDate();
  const days = await rederivePoints(
    db,
    {
      pointIds: [change.pointId],
      fromDay: dayOf(change.fromMs).toString(),
      toDay: dayOf(context.nowMs).add({ days: 2 }).toString(),
    },
    context,
  );
  return { days };
}
