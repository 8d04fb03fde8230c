import type { Database, Queryable } from "../database.ts";
import { StoreError } from "../errors.ts";
import type { Scope } from "../scope.ts";
import { instant, sql } from "../sql.ts";
import { queueBalanceDays } from "../validation/queue.ts";
import { findGroup, groupInScope } from "./registry.ts";
import { openChange } from "./rows.ts";

/** A transformer and the lines below it (or a line alone), as plate and books say: what must be lost is reckoned from it. */
export interface Rating {
  readonly transformer: {
    readonly ratedVa: number;
    /** Exact decimals. */
    readonly noLoadLossW: string;
    readonly loadLossW: string;
  } | null;
  readonly line: {
    /** Of one conductor of three that carries all of the load, exact decimal. */
    readonly ohm: string;
    /** Between two conductors. */
    readonly volts: number;
  } | null;
  /** Exact decimal, above 0 and at most 1. */
  readonly cosPhi: string;
}

export interface DatedRating extends Rating {
  readonly groupId: number;
  readonly fromMs: number;
  /** Infinity while nobody has said when it ends. */
  readonly toMs: number;
}

interface FlatRating {
  readonly groupId: number;
  readonly ratedVa: number | null;
  readonly noLoadLossW: string;
  readonly loadLossW: string;
  readonly ohm: string | null;
  readonly volts: number;
  readonly cosPhi: string;
  readonly fromMs: number;
  readonly toMs: number | null;
}

/** Ratings of these groups, of the scope, that hold at any time of [fromMs, toMs); by group and time. */
export async function readRatings(
  db: Queryable,
  scope: Scope,
  groupIds: readonly number[],
  span: { readonly fromMs?: number; readonly toMs?: number } = {},
): Promise<DatedRating[]> {
  const bound = (ms: number | undefined) => (ms === undefined ? null : instant(ms));
  const { rows } = await db.query<FlatRating>(sql`
    select r.group_id as "groupId", rated_va as "ratedVa", trim_scale(no_load_loss_w)::text as "noLoadLossW",
      trim_scale(load_loss_w)::text as "loadLossW", trim_scale(line_ohm)::text as ohm, line_volts as volts,
      trim_scale(cos_phi)::text as "cosPhi", lower(during) as "fromMs", upper(during) as "toMs"
    from group_rating as r join point_group as g using (group_id)
    where r.group_id = any(${groupIds}::int[]) and ended_by is null
      and during && tstzrange(${bound(span.fromMs)}::timestamptz, ${bound(span.toMs)}::timestamptz) and ${groupInScope(scope)}
    order by r.group_id, lower(during)`);
  return rows.map(({ groupId, ratedVa, noLoadLossW, loadLossW, ohm, volts, cosPhi, fromMs, toMs }) => ({
    groupId,
    transformer: ratedVa === null ? null : { ratedVa, noLoadLossW, loadLossW },
    line: ohm === null ? null : { ohm, volts },
    cosPhi,
    fromMs,
    toMs: toMs ?? Number.POSITIVE_INFINITY,
  }));
}

const quarterMs = 900_000;

/**
 * Says what a group's transformer and lines are from an instant on, or that nothing is known of them (null); what somebody entered for later
 * stays. It is a change of the group, which can be taken back. @returns its number, null when it was so already
 * @throws StoreError `group.not-found`, `group.off-quarter`
 */
export async function setRating(
  db: Database,
  scope: Scope,
  { groupId, fromMs, rating }: { groupId: number; fromMs: number; rating: Rating | null },
  given: { readonly by: string; readonly reason: string },
): Promise<number | null> {
  if (fromMs % quarterMs !== 0) throw new StoreError("group.off-quarter", "it holds from a quarter-hour on");
  return db.transaction(async (transaction) => {
    await transaction.query(sql`select from point_group where group_id = ${groupId}::int for no key update`);
    if (!(await findGroup(transaction, scope, groupId, fromMs)))
      throw new StoreError("group.not-found", `no group ${groupId}`);
    const known = await readRatings(transaction, scope, [groupId], { fromMs });
    const held = known.find((row) => row.fromMs <= fromMs);
    if (isSame(held ?? null, rating)) return null;
    const next = known.find((row) => row.fromMs > fromMs);
    const toMs = held?.toMs ?? next?.fromMs ?? Number.POSITIVE_INFINITY;
    const changeId = await openChange(transaction, {
      groupId,
      kind: "rating",
      by: given.by,
      reason: given.reason,
      plan: { added: { length: rating ? 1 : 0 }, ended: { length: held ? 1 : 0 } },
      effectiveFromMs: fromMs,
    });
    if (held) {
      await transaction.query(sql`
        update group_rating set ended_by = ${changeId}::bigint
        where group_id = ${groupId}::int and ended_by is null and during @> ${instant(fromMs)}::timestamptz`);
      if (held.fromMs < fromMs) await insertRating(transaction, changeId, { ...held, toMs: fromMs });
    }
    if (rating) await insertRating(transaction, changeId, { ...rating, groupId, fromMs, toMs });
    await queueBalanceDays(transaction, groupId, fromMs, toMs);
    return changeId;
  });
}

async function insertRating(
  db: Queryable,
  changeId: number,
  { groupId, transformer, line, cosPhi, fromMs, toMs }: DatedRating,
): Promise<void> {
  await db.query(sql`
    insert into group_rating (added_by, group_id, rated_va, no_load_loss_w, load_loss_w, line_ohm, line_volts, cos_phi, during)
    values (${changeId}::bigint, ${groupId}::int, ${transformer?.ratedVa ?? null}::bigint,
      ${transformer?.noLoadLossW ?? null}::numeric, ${transformer?.loadLossW ?? null}::numeric, ${line?.ohm ?? null}::numeric,
      ${line?.volts ?? null}::int, ${cosPhi}::numeric, tstzrange(${instant(fromMs)}::timestamptz,
        ${toMs === Number.POSITIVE_INFINITY ? null : instant(toMs)}::timestamptz))`);
}

/** Decimals are compared by their value: `1.50` is `1.5`. */
function isSame(a: Rating | null, b: Rating | null): boolean {
  const told = (rating: Rating | null) =>
    rating === null
      ? ""
      : [
          rating.transformer?.ratedVa,
          rating.transformer?.noLoadLossW,
          rating.transformer?.loadLossW,
          rating.line?.ohm,
          rating.line?.volts,
          rating.cosPhi,
        ]
          .map((value) => (value === undefined ? "" : Number(value)))
          .join(" ");
  return told(a) === told(b);
}
