import type { Database, Queryable } from "../database.ts";
import { StoreError } from "../errors.ts";
import { notify } from "../live.ts";
import { sql } from "../sql.ts";
import { isTransferred, type RollKind } from "./meter-keys.ts";

/** A change of keys of several devices, as pages show it. */
export interface KeyWork {
  readonly keyWorkId: number;
  readonly subject: string;
  readonly requestedBy: string | null;
  readonly startedAtMs: number;
  readonly total: number;
  readonly done: number;
  readonly failed: number;
  readonly cancelled: number;
  /** Waiting or under way. */
  readonly open: number;
}

/**
 * Queues a change of keys for each of the devices that has the keys for it; the head-end does them one by one, after everything that
 * somebody waits for. A device whose change waits already is left out.
 * @throws StoreError `key.none-active` when none of them has a master key and keys to change
 */
export async function queueKeyRolls(
  db: Database,
  work: {
    readonly deviceIds: readonly number[];
    readonly kinds: readonly RollKind[];
    readonly subject: string;
    readonly by: string;
  },
): Promise<{ keyWorkId: number; total: number }> {
  const needed = [...new Set([...work.kinds, ...(work.kinds.some(isTransferred) ? ["master"] : [])])];
  return db.transaction(async (transaction) => {
    const { rows } = await transaction.query<{ id: number }>(sql`
      insert into key_work (kind, subject, requested_by) values ('roll-group', ${work.subject}, ${work.by})
      returning key_work_id as id`);
    const keyWorkId = rows[0]!.id;
    const { rowCount: total } = await transaction.query(sql`
      insert into attempt (device_id, cause, request, requested_by, stages, key_work_id)
      select device_id, 'key-change', ${JSON.stringify({ keys: work.kinds })}::jsonb, ${work.by},
        jsonb_build_array(jsonb_build_object('stage', 'queued', 'at',
          to_char(now() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))), ${keyWorkId}::bigint
      from device
      where device_id = any(${work.deviceIds}::int[])
        and ${needed.length}::int = (select count(*) from meter_key
          where meter_key.device_id = device.device_id and state = 'ACTIVE'
            and kind = any(${needed}::text[]))
        and not exists (select from attempt as waiting where waiting.device_id = device.device_id
          and waiting.cause = 'key-change' and waiting.state in ('queued', 'connecting', 'reading', 'storing'))`);
    if (total === 0)
      throw new StoreError(
        "key.none-active",
        "none of these devices has its master key and the keys to change, or their change waits already",
      );
    await transaction.query(
      sql`update key_work set total = ${total}::int where key_work_id = ${keyWorkId}::bigint`,
    );
    await notify(transaction, "energsys_work", { type: "devices-changed" });
    return { keyWorkId, total };
  });
}

/** Takes back what has not begun; a change under way ends by itself. Gives the number taken back. */
export async function cancelKeyWork(db: Queryable, keyWorkId: number): Promise<number> {
  await db.query(sql`
    update key_work set cancel_requested = true, state = 'cancelled', ended_at = now()
    where key_work_id = ${keyWorkId}::bigint and state = 'running'`);
  const { rowCount } = await db.query(sql`
    update attempt set state = 'cancelled', cancel_requested = true, ended_at = now(), error_code = 'attempt.cancelled'
    where key_work_id = ${keyWorkId}::bigint and state = 'queued'`);
  return rowCount;
}

/** The newest changes of groups, with what has become of their devices. */
export async function listKeyWork(db: Queryable, keyWorkId: number | null = null): Promise<KeyWork[]> {
  const { rows } = await db.query<KeyWork>(sql`
    select key_work_id as "keyWorkId", subject, key_work.requested_by as "requestedBy",
      key_work.started_at as "startedAtMs", total,
      (count(*) filter (where attempt.state = 'done'))::int as done,
      (count(*) filter (where attempt.state = 'failed'))::int as failed,
      (count(*) filter (where attempt.state = 'cancelled'))::int as cancelled,
      (count(*) filter (where attempt.state in ('queued', 'connecting', 'reading', 'storing')))::int as "open"
    from key_work left join attempt using (key_work_id)
    where ${keyWorkId}::bigint is null or key_work_id = ${keyWorkId}::bigint
    group by key_work_id order by key_work_id desc limit 20`);
  return rows;
}
