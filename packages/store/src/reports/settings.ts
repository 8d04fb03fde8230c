import type { Queryable } from "../database.ts";
import { StoreError } from "../errors.ts";
import type { SecretPlace } from "../secrets/places.ts";
import { instant, sql } from "../sql.ts";

/** One server that sends mail, one folder, and for how many days the files of runs are kept. */
export interface DeliverySettings {
  /** Empty: no mail is sent. */
  readonly host: string;
  readonly port: number;
  /** From the first byte, or before anything is said; `none` is for a relay on this machine. */
  readonly security: "tls" | "starttls" | "none";
  /** Empty: it asks for no name. */
  readonly userName: string;
  readonly sender: string;
  /** Below the folder that the process is configured with; empty: that itself. */
  readonly folder: string;
  readonly fileDays: number;
}

export const mailPasswordPlace: SecretPlace = {
  table: "delivery_setting",
  row: 1,
  kind: "integration-password",
};

export async function readDeliverySettings(
  db: Queryable,
): Promise<DeliverySettings & { readonly sealedPassword: Buffer | null; readonly changedAt: number | null }> {
  const { rows } = await db.query<
    DeliverySettings & { sealedPassword: Buffer | null; changedAt: number | null }
  >(sql`
    select host, port, security, user_name as "userName", sender, folder, file_days as "fileDays", sealed_password as "sealedPassword",
      changed_at as "changedAt"
    from delivery_setting`);
  return rows[0]!;
}

/**
 * Sets everything; the password stays when none is given, and goes with `null`. `changedAt` is the state that it was made on.
 * @throws StoreError `delivery.changed` when somebody was faster
 */
export async function writeDeliverySettings(
  db: Queryable,
  settings: DeliverySettings & {
    readonly sealedPassword?: Uint8Array | null;
    readonly changedAt?: number | null;
    readonly nowMs: number;
  },
): Promise<void> {
  const { sealedPassword, changedAt } = settings;
  const { rowCount } = await db.query(sql`
    update delivery_setting set host = ${settings.host}, port = ${settings.port}::int, security = ${settings.security},
      user_name = ${settings.userName}, sender = ${settings.sender}, folder = ${settings.folder}, file_days = ${settings.fileDays}::int,
      sealed_password = case when ${sealedPassword === undefined} then sealed_password else ${sealedPassword ?? null}::bytea end,
      changed_at = ${instant(settings.nowMs)}::timestamptz
    where ${changedAt === undefined}
      or changed_at is not distinct from ${changedAt === undefined || changedAt === null ? null : instant(changedAt)}::timestamptz`);
  if (rowCount === 0) throw new StoreError("delivery.changed", "somebody has changed them meanwhile");
}

/** Deliveries that wait, and those that were given up within 30 days. */
export async function readDeliveryState(
  db: Queryable,
  nowMs: number,
): Promise<{ readonly waiting: number; readonly failed: number }> {
  const { rows } = await db.query<{ waiting: number; failed: number }>(sql`
    select count(*) filter (where state = 'waiting')::int as waiting, count(*) filter (where state = 'failed')::int as failed
    from report_delivery where next_try_at > ${instant(nowMs)}::timestamptz - interval '30 days'`);
  return rows[0]!;
}

/** Files of runs that are older than they are kept; the runs stay in the history. What still has to be delivered stays too. */
export async function forgetRunFiles(db: Queryable, nowMs: number): Promise<number> {
  const { rowCount } = await db.query(sql`
    update report_run set file = null, sealed_key = null
    where file is not null
      and ended_at < ${instant(nowMs)}::timestamptz - make_interval(days => (select file_days from delivery_setting))
      and not exists (select from report_delivery as d where d.report_run_id = report_run.report_run_id and d.state = 'waiting')`);
  return rowCount ?? 0;
}
