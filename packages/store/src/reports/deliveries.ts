import type { Queryable } from "../database.ts";
import { instant, sql } from "../sql.ts";
import { openRunFile } from "./runs.ts";

/** Minutes to wait after each failed try: nine tries over two days. */
const waitMinutes = [1, 5, 15, 60, 180, 360, 720, 1_440] as const;
/** Whoever has taken a delivery and says nothing for so long has died; another tries it. */
const turnMinutes = 3;

/** A file that has to go somewhere. */
export interface TakenDelivery {
  readonly deliveryId: number;
  readonly runId: number;
  readonly scheduleId: number;
  readonly kind: "mail" | "folder";
  readonly target: string;
  readonly tries: number;
  readonly report: string;
  readonly language: "ro" | "en";
  readonly account: string;
  readonly fileName: string;
  readonly file: Buffer | null;
  readonly rows: number;
  readonly expected: number;
  readonly present: number;
  readonly estimated: number;
  readonly fromDay: string;
  readonly toDay: string;
}

/** Takes the delivery that waits longest; nobody else has it for three minutes. */
export async function takeDelivery(db: Queryable, nowMs: number): Promise<TakenDelivery | undefined> {
  const { rows } = await db.query<TakenDelivery & { sealedKey: Buffer | null }>(sql`
    with taken as (
      update report_delivery set tries = tries + 1,
        next_try_at = ${instant(nowMs)}::timestamptz + make_interval(mins => ${turnMinutes}::int)
      where report_delivery_id = (
        select report_delivery_id from report_delivery
        where state = 'waiting' and next_try_at <= ${instant(nowMs)}::timestamptz
        order by next_try_at limit 1 for update skip locked)
      returning *
    )
    select report_delivery_id as "deliveryId", taken.report_run_id as "runId", u.report_schedule_id as "scheduleId", kind, target, tries, v.name as report, language,
      account.name as account, file_name as "fileName", file, sealed_key as "sealedKey", rows, expected, present, estimated, from_day::text as "fromDay",
      to_day::text as "toDay"
    from taken join report_run as u using (report_run_id)
    join report_version as v on (v.report_id, v.version) = (u.report_id, u.version) join account using (account_id)`);
  if (!rows[0]) return undefined;
  const { sealedKey, file, ...taken } = rows[0];
  return { ...taken, file: file && (await openRunFile(db, { runId: taken.runId, file, sealedKey })) };
}

export async function endDelivery(db: Queryable, deliveryId: number, nowMs: number): Promise<void> {
  await db.query(sql`
    update report_delivery set state = 'done', done_at = ${instant(nowMs)}::timestamptz, error_code = null, error_detail = null
    where report_delivery_id = ${deliveryId}::bigint and state = 'waiting'`);
}

/** Notes why a try failed. It is tried again later, unless it was the last one or trying again cannot help. */
export async function failDelivery(
  db: Queryable,
  delivery: Pick<TakenDelivery, "deliveryId" | "tries">,
  error: { readonly code: string; readonly detail: string; readonly final: boolean },
  nowMs: number,
): Promise<void> {
  const minutes = waitMinutes[delivery.tries - 1];
  const over = error.final || minutes === undefined;
  await db.query(sql`
    update report_delivery set state = ${over ? "failed" : "waiting"}, error_code = ${error.code}, error_detail = ${error.detail.slice(0, 500)},
      next_try_at = ${instant(over ? nowMs : nowMs + minutes * 60_000)}::timestamptz
    where report_delivery_id = ${delivery.deliveryId}::bigint and state = 'waiting'`);
}

/** Tries again at once what has failed, or waits. `false` when it is done, or is not of a run of that account. */
export async function retryDelivery(
  db: Queryable,
  given: { readonly deliveryId: number; readonly accountId: number; readonly nowMs: number },
): Promise<boolean> {
  const { rowCount } = await db.query(sql`
    update report_delivery as d set state = 'waiting', tries = 0, next_try_at = ${instant(given.nowMs)}::timestamptz
    from report_run as u where u.report_run_id = d.report_run_id and report_delivery_id = ${given.deliveryId}::bigint
      and u.account_id = ${given.accountId}::int and d.state <> 'done' and u.file is not null`);
  return rowCount === 1;
}
