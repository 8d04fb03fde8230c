import type { Queryable } from "../database.ts";
import { sql } from "../sql.ts";

/** A schedule whose file somebody waits for in vain. */
export interface Undelivered {
  readonly scheduleId: number;
  readonly reportId: number;
  readonly report: string;
  readonly ownerId: number;
  readonly owner: string;
  /** Epoch ms. */
  readonly since: number;
  readonly code: string;
  /** What fills the sentence of the code. */
  readonly params: Readonly<Record<string, string | number>>;
  /** Addresses, and the folder, that did not get it; 0 where no file was made. */
  readonly targets: number;
}

/**
 * Schedules whose last run failed, or of which a target has got nothing since its delivery was given up: over when a later one works, when the
 * target is taken out, or the schedule is removed or stopped.
 */
export async function listUndelivered(
  db: Queryable,
  of: { readonly accountId?: number | undefined; readonly scheduleId?: number | undefined } = {},
): Promise<Undelivered[]> {
  const { rows } = await db.query<Undelivered>(sql`
    select s.report_schedule_id as "scheduleId", s.report_id as "reportId", r.name as report, s.owner_id as "ownerId",
           a.name as owner, failed.since, failed.code, failed.params, failed.targets
    from report_schedule as s join report as r using (report_id) join account as a on a.account_id = s.owner_id
    cross join lateral (
      select last.ended_at as since, last.error->>'code' as code,
             coalesce(last.error->'params', '{}') as params, 0 as targets
      from (
        select u.state, u.ended_at, u.error from report_run as u
        where u.report_schedule_id = s.report_schedule_id and u.state in ('done', 'failed') order by u.due_at desc limit 1
      ) as last where last.state = 'failed'
      union all
      select min(d.next_try_at), (array_agg(d.error_code order by d.next_try_at))[1], '{}',
             count(distinct case d.kind when 'mail' then d.target else '' end)::int
      from report_run as u join report_delivery as d using (report_run_id)
      where u.report_schedule_id = s.report_schedule_id and d.state = 'failed'
        and case d.kind when 'mail' then d.target = any(s.recipients) else s.folder end
        and not exists (
          select from report_run as v join report_delivery as later using (report_run_id)
          where v.report_schedule_id = s.report_schedule_id and v.due_at > u.due_at and later.state = 'done'
            and later.kind = d.kind and (d.kind = 'folder' or later.target = d.target))
      having count(*) > 0
      limit 1
    ) as failed
    where s.removed_at is null and s.enabled and r.removed_at is null
      and (${of.accountId ?? null}::int is null or s.owner_id = ${of.accountId ?? null}::int)
      and (${of.scheduleId ?? null}::int is null or s.report_schedule_id = ${of.scheduleId ?? null}::int)
    order by failed.since desc, s.report_schedule_id`);
  return rows;
}
