import type { Database, Queryable } from "../database.ts";
import { StoreError, sqlState } from "../errors.ts";
import { recordSystemEvent } from "../links.ts";
import { monthOf, needMonths } from "../partitions.ts";
import type { Scope } from "../scope.ts";
import { instant, sql } from "../sql.ts";
import { lockLocation } from "./scope.ts";

export const fittingKinds = ["enclosure", "breaker", "fuse", "rcd", "surge", "seal"] as const;
export type FittingKind = (typeof fittingKinds)[number];
export const enclosureMaterials = [
  "steel",
  "stainless-steel",
  "aluminium",
  "plastic",
  "masonry",
  "other",
] as const;
export const fittingOutcomes = ["removed", "replaced", "broken", "missing"] as const;
export type FittingOutcome = (typeof fittingOutcomes)[number];

/** What is known of an enclosure, a protection device or a seal; what is of another kind, or not known, is null. Numbers are exact decimals. */
export interface FittingFacts {
  readonly kind: FittingKind;
  /** Which of several; of a seal, what it closes. */
  readonly label: string;
  readonly pointId: number | null;
  readonly material: (typeof enclosureMaterials)[number] | null;
  readonly wallMm: string | null;
  readonly locks: number | null;
  readonly keyMark: string | null;
  readonly ipClass: string | null;
  readonly ratedCurrentA: string | null;
  readonly poles: number | null;
  readonly residualCurrentMa: number | null;
  readonly characteristic: string | null;
  /** Number of a seal. */
  readonly number: string | null;
}

/** A fitting through its time. Instants are epoch ms. */
export interface Fitting extends FittingFacts {
  readonly fittingId: number;
  readonly from: number;
  /** Null while it is there. */
  readonly to: number | null;
  readonly putBy: string;
  readonly reason: string;
  readonly by: string;
  readonly outcome: FittingOutcome | null;
  readonly takenBy: string;
  readonly endReason: string | null;
  readonly endedBy: string | null;
  readonly withdrawnBy: string | null;
  readonly withdrawnWhy: string | null;
}

export interface NewFitting extends FittingFacts {
  readonly fromMs: number;
  readonly putBy: string;
  readonly reason: string;
  readonly by: string;
  /** What of the same kind and label stands there ends at that instant. */
  readonly replaces: boolean;
  readonly nowMs: number;
}

const fixed = {
  material: null,
  wallMm: null,
  locks: null,
  keyMark: null,
  ipClass: null,
  ratedCurrentA: null,
  poles: null,
  residualCurrentMa: null,
  characteristic: null,
  number: null,
  pointId: null,
  label: "",
} as const;
/** A fitting of which only these facts are known. */
export const fittingOf = (facts: Pick<FittingFacts, "kind"> & Partial<FittingFacts>): FittingFacts => ({
  ...fixed,
  ...facts,
});

/** All that is and was fitted at a location, the newest first; what was withdrawn is there, too. */
export async function listFittings(db: Queryable, locationId: number): Promise<Fitting[]> {
  const { rows } = await db.query<Fitting>(sql`
    select location_fitting_id as "fittingId", kind, label, point_id as "pointId", material, trim_scale(wall_mm)::text as "wallMm",
      locks, key_mark as "keyMark", ip_class as "ipClass", trim_scale(rated_current_a)::text as "ratedCurrentA", poles,
      residual_current_ma as "residualCurrentMa", characteristic, number, lower(during) as "from", upper(during) as "to",
      put_by as "putBy", reason, made_by as by, outcome, taken_by as "takenBy", end_reason as "endReason", ended_by as "endedBy",
      withdrawn_by as "withdrawnBy", withdrawn_why as "withdrawnWhy"
    from location_fitting where location_id = ${locationId}::int order by lower(during) desc, location_fitting_id desc`);
  return rows;
}

/**
 * Something is fitted at a location.
 * @throws StoreError `location.not-found` outside the scope, `fitting.taken` when one of that kind and label stands there then and it
 *   replaces none, `fitting.too-early` when the one that it replaces came later, `fitting.seal-used`, `point.not-found` at another location
 */
export async function addFitting(
  db: Database,
  scope: Scope,
  locationId: number,
  given: NewFitting,
): Promise<number> {
  if (given.kind === "seal") await needMonths(db, "event", [monthOf(instant(given.fromMs))], given.nowMs);
  try {
    return await db.transaction(async (transaction) => {
      await lockLocation(transaction, scope, locationId);
      if (given.pointId !== null) {
        const { rows } = await transaction.query(sql`
          select from point where point_id = ${given.pointId}::int and location_id = ${locationId}::int`);
        if (rows.length === 0) throw new StoreError("point.not-found", "no such point at this location");
      }
      if (given.replaces) await replaceStanding(transaction, locationId, given);
      const fittingId = await insertFitting(transaction, locationId, given);
      if (given.kind === "seal") await tellSealed(transaction, locationId, given);
      return fittingId;
    });
  } catch (error) {
    if (sqlState(error) === "23P01")
      throw new StoreError("fitting.taken", "one of that kind stands there then", error);
    if (sqlState(error) === "23505")
      throw new StoreError("fitting.seal-used", "a seal of that number is, or was, somewhere", error);
    throw error;
  }
}

/** Something that was fitted at the location of a point before anybody wrote it down here. */
export type FirstFitting = Omit<NewFitting, "replaces" | "nowMs"> & { readonly pointId: number };

/**
 * Writes down what stands at the locations of points, each thing as its point's: how many. Locations where something is or was fitted
 * already are left as they are; of one location with several points, each kind and label comes once.
 */
export async function storeFirstFittings(db: Queryable, fittings: readonly FirstFitting[]): Promise<number> {
  const rows = fittings.map(({ fromMs, ...facts }) => ({ ...facts, from: instant(fromMs) }));
  const { rowCount } = await db.query(sql`
    insert into location_fitting (location_id, kind, label, point_id, during, material, wall_mm, locks, key_mark, ip_class,
      rated_current_a, poles, residual_current_ma, characteristic, number, put_by, reason, made_by)
    select distinct on (p.location_id, g.kind, g.label) p.location_id, g.kind, g.label, p.point_id, tstzrange(g.from, null), g.material,
      g."wallMm", g.locks, g."keyMark", g."ipClass", g."ratedCurrentA", g.poles, g."residualCurrentMa", g.characteristic, g.number,
      g."putBy", g.reason, g.by
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as g (
      "pointId" int, kind text, label text, "from" timestamptz, material text, "wallMm" numeric, locks smallint, "keyMark" text,
      "ipClass" text, "ratedCurrentA" numeric, poles smallint, "residualCurrentMa" int, characteristic text, number text,
      "putBy" text, reason text, by text)
    join point as p on p.point_id = g."pointId"
    where not exists (select from location_fitting as known where known.location_id = p.location_id)
    order by p.location_id, g.kind, g.label, p.point_id`);
  return rowCount ?? 0;
}

export async function insertFitting(
  transaction: Queryable,
  locationId: number,
  given: Omit<NewFitting, "replaces" | "nowMs">,
): Promise<number> {
  const { rows } = await transaction.query<{ id: number }>(sql`
    insert into location_fitting (location_id, kind, label, point_id, during, material, wall_mm, locks, key_mark, ip_class,
      rated_current_a, poles, residual_current_ma, characteristic, number, put_by, reason, made_by)
    values (${locationId}::int, ${given.kind}, ${given.label}, ${given.pointId}::int, tstzrange(${instant(given.fromMs)}::timestamptz, null),
      ${given.material}, ${given.wallMm}::numeric, ${given.locks}::smallint, ${given.keyMark}, ${given.ipClass},
      ${given.ratedCurrentA}::numeric, ${given.poles}::smallint, ${given.residualCurrentMa}::int, ${given.characteristic},
      ${given.number}, ${given.putBy}, ${given.reason}, ${given.by})
    returning location_fitting_id as id`);
  return rows[0]!.id;
}

async function replaceStanding(
  transaction: Queryable,
  locationId: number,
  { kind, label, fromMs, putBy, reason, by }: NewFitting,
): Promise<void> {
  const { rows } = await transaction.query<{ id: number; from: number }>(sql`
    select location_fitting_id as id, lower(during) as "from" from location_fitting
    where location_id = ${locationId}::int and kind = ${kind} and label = ${label} and withdrawn_at is null and upper_inf(during)
    for update`);
  if (!rows[0]) return;
  if (rows[0].from >= fromMs)
    throw new StoreError("fitting.too-early", "what it replaces came at that instant or later");
  await endStanding(transaction, rows[0].id, {
    atMs: fromMs,
    outcome: "replaced",
    takenBy: putBy,
    reason,
    by,
  });
}

export interface FittingEnd {
  readonly atMs: number;
  readonly outcome: FittingOutcome;
  /** Who took it down, or found it so. */
  readonly takenBy: string;
  readonly reason: string;
  readonly by: string;
}

const endStanding = (transaction: Queryable, id: number, given: FittingEnd) =>
  transaction.query(sql`
    update location_fitting set during = tstzrange(lower(during), ${instant(given.atMs)}::timestamptz), outcome = ${given.outcome},
      taken_by = ${given.takenBy}, end_reason = ${given.reason}, ended_by = ${given.by}, ended_at = now()
    where location_fitting_id = ${id}::int`);

/**
 * A fitting is taken down, or found broken or missing. A seal that is found so is an event of the meter that stands there, and an alarm
 * until there is another in its place.
 * @throws StoreError `location.not-found`, `fitting.not-found`, `fitting.ended`, `fitting.too-early`
 */
export async function endFitting(
  db: Database,
  scope: Scope,
  { locationId, fittingId }: { readonly locationId: number; readonly fittingId: number },
  given: FittingEnd & { readonly nowMs: number },
): Promise<void> {
  await needMonths(db, "event", [monthOf(instant(given.atMs))], given.nowMs);
  await db.transaction(async (transaction) => {
    const fitting = await lockFitting(transaction, scope, locationId, fittingId);
    if (fitting.to !== null) throw new StoreError("fitting.ended", "it was taken down already");
    if (given.atMs <= fitting.from) throw new StoreError("fitting.too-early", "it was fitted later");
    await endStanding(transaction, fittingId, given);
    if (fitting.kind === "seal" && (given.outcome === "broken" || given.outcome === "missing"))
      await tellSeal(transaction, locationId, fitting, {
        code: given.outcome === "broken" ? "location:1" : "location:2",
        atMs: given.atMs,
      });
  });
}

/**
 * A fitting, or its end, was entered by mistake: it counts no more, and stays to be seen.
 * @throws StoreError `location.not-found`, `fitting.not-found`
 */
export async function withdrawFitting(
  db: Database,
  scope: Scope,
  { locationId, fittingId }: { readonly locationId: number; readonly fittingId: number },
  given: { readonly why: string; readonly by: string },
): Promise<void> {
  await db.transaction(async (transaction) => {
    await lockFitting(transaction, scope, locationId, fittingId);
    await transaction.query(sql`
      update location_fitting set withdrawn_by = ${given.by}, withdrawn_at = now(), withdrawn_why = ${given.why}
      where location_fitting_id = ${fittingId}::int`);
  });
}

interface Standing {
  readonly kind: FittingKind;
  readonly label: string;
  readonly number: string | null;
  readonly pointId: number | null;
  readonly from: number;
  readonly to: number | null;
}

async function lockFitting(
  transaction: Queryable,
  scope: Scope,
  locationId: number,
  fittingId: number,
): Promise<Standing> {
  await lockLocation(transaction, scope, locationId);
  const { rows } = await transaction.query<Standing>(sql`
    select kind, label, number, point_id as "pointId", lower(during) as "from", upper(during) as "to" from location_fitting
    where location_fitting_id = ${fittingId}::int and location_id = ${locationId}::int and withdrawn_at is null for update`);
  if (!rows[0]) throw new StoreError("fitting.not-found", "nothing of the kind is fitted there");
  return rows[0];
}

/** What happened to a seal, told as an event of the device that stood at its point, or first at the location, at that instant. */
async function tellSeal(
  transaction: Queryable,
  locationId: number,
  seal: Pick<Standing, "label" | "number" | "pointId">,
  event: { readonly code: `location:${number}`; readonly atMs: number },
): Promise<void> {
  const { rows } = await transaction.query<{ deviceId: number }>(sql`
    select device_id as "deviceId"
    from point join installation using (point_id) join device using (meter_id)
    where location_id = ${locationId}::int and (${seal.pointId}::int is null or point_id = ${seal.pointId}::int)
      and during @> ${instant(event.atMs)}::timestamptz
    order by point_id, device_id desc limit 1`);
  if (!rows[0]) return;
  const detail = { seal: seal.number ?? "", on: seal.label };
  await recordSystemEvent(transaction, { ...event, ...rows[0], detail });
}

/** A new seal ends the alarm of one that was found broken or missing in its place. */
async function tellSealed(
  transaction: Queryable,
  locationId: number,
  given: Pick<NewFitting, "label" | "number" | "pointId" | "fromMs">,
): Promise<void> {
  const { rows } = await transaction.query(sql`
    select from location_fitting
    where location_id = ${locationId}::int and kind = 'seal' and label = ${given.label} and withdrawn_at is null
      and outcome in ('broken', 'missing') limit 1`);
  if (rows.length === 0) return;
  await tellSeal(transaction, locationId, given, { code: "location:3", atMs: given.fromMs });
}
