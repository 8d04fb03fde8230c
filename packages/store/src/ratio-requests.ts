import type { Database, Queryable } from "./database.ts";
import type { StoreContext } from "./deliveries.ts";
import { StoreError, sqlState } from "./errors.ts";
import { withPointNames } from "./personal/with-names.ts";
import { lockRatios, type RatioChange, type Ratios, rederiveFrom, writeRatios } from "./ratios.ts";
import { inScope, type Scope } from "./scope.ts";
import { instant, sql } from "./sql.ts";

/** A change of ratios is asked for by one person and approved by another within this time. */
export const ratioRequestHours = 72;

export interface RatioRequest {
  readonly requestId: number;
  readonly pointId: number;
  readonly pod: string | null;
  readonly name: string | null;
  readonly fromMs: number;
  readonly before: Ratios;
  readonly after: Ratios;
  readonly reason: string;
  readonly requestedBy: string;
  readonly requestedById: number;
  readonly requestedAtMs: number;
  readonly validUntilMs: number;
  /** `expired`: nobody decided in time. */
  readonly state: "open" | "approved" | "refused" | "withdrawn" | "overtaken" | "expired";
  readonly decidedBy: string | null;
  readonly decidedAtMs: number | null;
  readonly note: string;
  readonly days: number | null;
}

/**
 * Asks for other ratios; nothing changes until somebody else approves.
 * @throws StoreError as `lockRatios`, and `ratios.asked` while another request for the point is open
 */
export async function requestRatios(
  db: Database,
  change: RatioChange,
  asked: { readonly accountId: number; readonly reason: string; readonly nowMs: number },
): Promise<number> {
  try {
    return await db.transaction((transaction) => askRatios(transaction, change, asked));
  } catch (error) {
    if (sqlState(error) === "23505") throw ratiosAsked(error);
    throw error;
  }
}

/** Another change of the point waits already. */
export const ratiosAsked = (cause?: unknown): StoreError =>
  new StoreError("ratios.asked", "another change of this point waits for its approval", cause);

/** As `requestRatios`, within a transaction; a second open request breaks the index of one for each point. */
export async function askRatios(
  transaction: Queryable,
  change: RatioChange,
  asked: { readonly accountId: number; readonly reason: string; readonly nowMs: number },
): Promise<number> {
  const current = await lockRatios(transaction, change);
  // One that nobody decided in time makes room for the next.
  await transaction.query(sql`
    update ratio_request set state = 'expired', decided_at = valid_until
    where point_id = ${change.pointId} and state = 'open' and valid_until <= ${instant(asked.nowMs)}`);
  const { rows } = await transaction.query<{ id: number }>(sql`
    insert into ratio_request (point_id, from_at, ct_ratio, vt_ratio, primary_values, ct_before, vt_before, primary_before,
      reason, requested_by, requested_at, valid_until)
    values (${change.pointId}, ${instant(change.fromMs)}, ${change.ctRatio}, ${change.vtRatio}, ${change.primaryValues},
      ${current.ctRatio}, ${current.vtRatio}, ${current.primaryValues}, ${asked.reason}, ${asked.accountId},
      ${instant(asked.nowMs)}, ${instant(asked.nowMs + ratioRequestHours * 3_600_000)})
    returning ratio_request_id as id`);
  return rows[0]!.id;
}

interface OpenRequest extends RatioChange {
  readonly requestedBy: number;
  readonly requester: string;
  readonly before: string;
  readonly reason: string;
  readonly state: RatioRequest["state"];
  /** Who decides gave who asks a right within the last day. */
  readonly gaveRights: boolean;
}

/** The request, locked, when it lies within the scope. @throws StoreError `ratios.request-unknown`, `ratios.decided` */
async function lockRequest(
  transaction: Queryable,
  scope: Scope,
  requestId: number,
  by: { readonly accountId: number; readonly nowMs: number },
): Promise<OpenRequest> {
  const { rows } = await transaction.query<OpenRequest>(sql`
    select r.point_id as "pointId", r.from_at as "fromMs", trim_scale(r.ct_ratio)::text as "ctRatio",
      trim_scale(r.vt_ratio)::text as "vtRatio", r.primary_values as "primaryValues", r.requested_by as "requestedBy",
      account.name as requester, r.reason, ${beforeOf} as before,
      case when r.state = 'open' and r.valid_until <= ${instant(by.nowMs)} then 'expired' else r.state end as state,
      exists (select from role_grant where account_id = r.requested_by and granted_by = ${by.accountId}
        and granted_at > ${instant(by.nowMs - 86_400_000)}) as "gaveRights"
    from ratio_request as r join account on account_id = r.requested_by
    join point as p using (point_id) join location as l using (location_id)
    where r.ratio_request_id = ${requestId} and ${inScope(scope)} for update of r`);
  const request = rows[0];
  if (!request) throw new StoreError("ratios.request-unknown", "there is no such request");
  if (request.state !== "open") throw new StoreError("ratios.decided", `it is ${request.state}`);
  return request;
}

const beforeOf = sql`trim_scale(r.ct_before)::text || ' ' || trim_scale(r.vt_before)::text || ' ' || r.primary_before::text`;
const textOf = ({ ctRatio, vtRatio, primaryValues }: Ratios) => `${ctRatio} ${vtRatio} ${primaryValues}`;

export interface Decision {
  readonly accountId: number;
  readonly approve: boolean;
  readonly note: string;
}

/**
 * Approves a change, which is then made, or refuses it. Whoever asked cannot approve, nor whoever gave them a right within the last
 * day. What the meter has meanwhile otherwise than it was shown is not changed: the request is `overtaken`, and no error.
 * @throws StoreError `ratios.request-unknown`, `ratios.decided`, `ratios.own-request`, and as `lockRatios`
 */
export async function decideRatios(
  db: Database,
  scope: Scope,
  requestId: number,
  { accountId, approve, note }: Decision,
  options: StoreContext & {
    /** The database whose writes say why, given what was asked for. */
    readonly because: (reason: string) => Database;
  },
): Promise<{ readonly state: RatioRequest["state"]; readonly days: number }> {
  const by = { accountId, nowMs: options.nowMs };
  // Read once without a lock for the reason, which must be known before the transaction that writes begins.
  const first = await db.transaction((transaction) => lockRequest(transaction, scope, requestId, by));
  const acting = options.because(
    `${first.reason} (asked for by ${first.requester}${note ? `; ${note}` : ""})`,
  );
  const settle = (transaction: Queryable, state: RatioRequest["state"]) =>
    transaction.query(sql`
      update ratio_request set state = ${state}, decided_by = ${accountId}, decided_at = ${instant(options.nowMs)},
        note = ${note} where ratio_request_id = ${requestId}`);
  const outcome = await acting.transaction(async (transaction) => {
    const request = await lockRequest(transaction, scope, requestId, by);
    if (approve && (request.requestedBy === accountId || request.gaveRights)) {
      throw new StoreError("ratios.own-request", "somebody else has to approve");
    }
    if (!approve) {
      await settle(transaction, "refused");
      return { state: "refused" as const, request };
    }
    const current = await lockRatios(transaction, request).catch((error: unknown) => {
      if (error instanceof StoreError && error.code.startsWith("installation.")) return undefined;
      throw error;
    });
    if (!current || textOf(current) !== request.before) {
      await settle(transaction, "overtaken");
      return { state: "overtaken" as const, request };
    }
    await writeRatios(transaction, request, current);
    await settle(transaction, "approved");
    return { state: "approved" as const, request };
  });
  if (outcome.state !== "approved") return { state: outcome.state, days: 0 };
  return { state: "approved", days: await deriveApproved(acting, requestId, outcome.request, options) };
}

async function deriveApproved(
  db: Database,
  requestId: number,
  change: Pick<RatioChange, "pointId" | "fromMs">,
  context: StoreContext,
): Promise<number> {
  const days = await rederiveFrom(db, change, context);
  await db.query(sql`update ratio_request set days = ${days} where ratio_request_id = ${requestId}`);
  return days;
}

/** Derives the energy of approved changes whose server ended before it had. Returns how many there were. */
export async function finishApprovedRatios(db: Database, context: StoreContext): Promise<number> {
  const { rows } = await db.query<{ requestId: number; pointId: number; fromMs: number }>(sql`
    select ratio_request_id as "requestId", point_id as "pointId", from_at as "fromMs" from ratio_request
    where state = 'approved' and days is null and decided_at < ${instant(context.nowMs - 300_000)}`);
  for (const { requestId, ...change } of rows) await deriveApproved(db, requestId, change, context);
  return rows.length;
}

/** Takes one's own request back. @throws StoreError `ratios.request-unknown`, `ratios.decided`, `ratios.not-yours` */
export async function withdrawRatios(
  db: Database,
  scope: Scope,
  requestId: number,
  by: { readonly accountId: number; readonly nowMs: number },
): Promise<void> {
  await db.transaction(async (transaction) => {
    const { requestedBy } = await lockRequest(transaction, scope, requestId, by);
    if (requestedBy !== by.accountId) throw new StoreError("ratios.not-yours", "somebody else asked for it");
    await transaction.query(sql`
      update ratio_request set state = 'withdrawn', decided_by = ${by.accountId}, decided_at = ${instant(by.nowMs)}
      where ratio_request_id = ${requestId}`);
  });
}

interface FlatRequest
  extends Omit<RatioRequest, "before" | "after" | "pod" | "name">,
    Pick<Ratios, "ctRatio" | "vtRatio" | "primaryValues"> {
  readonly ctBefore: string;
  readonly vtBefore: string;
  readonly primaryBefore: boolean;
  readonly sealed: Buffer | null;
}

/** Requests within the scope, the newest first: those that wait for somebody, or all of one point or of the last year. */
export async function listRatioRequests(
  db: Queryable,
  scope: Scope,
  filter: {
    readonly pointId?: number;
    readonly openOnly: boolean;
    readonly nowMs: number;
    readonly limit: number;
  },
): Promise<RatioRequest[]> {
  const { rows } = await db.query<FlatRequest>(sql`
    select r.ratio_request_id as "requestId", r.point_id as "pointId", p.sealed, r.from_at as "fromMs",
      trim_scale(r.ct_ratio)::text as "ctRatio", trim_scale(r.vt_ratio)::text as "vtRatio", r.primary_values as "primaryValues",
      trim_scale(r.ct_before)::text as "ctBefore", trim_scale(r.vt_before)::text as "vtBefore",
      r.primary_before as "primaryBefore", r.reason, asked.name as "requestedBy", r.requested_by as "requestedById",
      r.requested_at as "requestedAtMs", r.valid_until as "validUntilMs",
      case when r.state = 'open' and r.valid_until <= ${instant(filter.nowMs)} then 'expired' else r.state end as state,
      decided.name as "decidedBy", r.decided_at as "decidedAtMs", r.note, r.days
    from ratio_request as r join point as p using (point_id) join location as l using (location_id)
    join account as asked on asked.account_id = r.requested_by left join account as decided on decided.account_id = r.decided_by
    where ${inScope(scope)} and (${filter.pointId ?? null}::int is null or r.point_id = ${filter.pointId ?? null}::int)
      and (not ${filter.openOnly}::boolean or (r.state = 'open' and r.valid_until > ${instant(filter.nowMs)}))
    order by r.ratio_request_id desc limit ${filter.limit}`);
  return (await withPointNames(db, rows)).map(
    ({ ctRatio, vtRatio, primaryValues, ctBefore, vtBefore, primaryBefore, ...row }) => ({
      ...row,
      before: { ctRatio: ctBefore, vtRatio: vtBefore, primaryValues: primaryBefore },
      after: { ctRatio, vtRatio, primaryValues },
    }),
  );
}
