import type { Queryable } from "../database.ts";
import { StoreError } from "../errors.ts";
import { eraseNotes } from "../field-tasks/notes.ts";
import { openLocations, openPoints, sealLocations, sealPoints } from "../personal/place-of-point.ts";
import { openSubscribers } from "../personal/subscriber-rows.ts";
import { searchText } from "../search-text.ts";
import type { KeyRing } from "../secrets/key-ring.ts";
import { instant, sql } from "../sql.ts";
import { listVersions } from "./versions.ts";

/** No contract runs or begins later: who is supplied cannot be nobody. @throws StoreError `subscriber.contract-runs` */
export async function refuseRunning(
  transaction: Queryable,
  subscriberId: number,
  nowMs: number,
): Promise<void> {
  const { rows } = await transaction.query(sql`
    select from contract where subscriber_id = ${subscriberId}::int
      and (upper_inf(during) or upper(during) > ${instant(nowMs)}::timestamptz) limit 1`);
  if (rows.length > 0)
    throw new StoreError("subscriber.contract-runs", "a contract of this subscriber has not ended");
}

/**
 * Takes away what names a subscriber: their data, present and former, the numbers of their contracts, and the names of points and notes of locations and of field
 * tasks that hold theirs, the present one or a former. Contracts keep their points and times. Returns how many points lost their name.
 * @throws StoreError `subscriber.not-found`, `subscriber.erased`, `subscriber.contract-runs`
 */
export async function eraseSubscriber(
  transaction: Queryable,
  ring: KeyRing,
  subscriberId: number,
  nowMs: number,
): Promise<number> {
  // Contracts first, as whoever takes one back does.
  await transaction.query(sql`
    select from contract where subscriber_id = ${subscriberId}::int order by contract_id for update`);
  const { rows } = await transaction.query<{ subscriberId: number; sealed: Buffer | null }>(sql`
    select subscriber_id as "subscriberId", sealed from subscriber where subscriber_id = ${subscriberId}::int for update`);
  if (!rows[0]) throw new StoreError("subscriber.not-found", "there is no such subscriber");
  if (rows[0].sealed === null) throw new StoreError("subscriber.erased", "their data are erased");
  await refuseRunning(transaction, subscriberId, nowMs);
  const [person] = await openSubscribers(ring, rows);
  const before = await listVersions(transaction, ring, subscriberId);
  const names = naming([person!, ...before].map(({ name }) => name));
  const points = await emptyPointNames(transaction, ring, subscriberId, names);
  await emptyNotes(transaction, ring, subscriberId, names);
  await eraseNotes(transaction, ring, subscriberId, names);
  await transaction.query(sql`
    update subscriber set sealed = null, number_hash = null, personal_hash = null, erased_at = ${instant(nowMs)}
    where subscriber_id = ${subscriberId}::int`);
  await transaction.query(sql`delete from subscriber_version where subscriber_id = ${subscriberId}::int`);
  await transaction.query(sql`
    update contract set sealed = null, number_hash = null, personal_hash = null where subscriber_id = ${subscriberId}::int`);
  return points;
}

/** Whether a text holds all words of one of these names. */
function naming(names: readonly string[]): (text: string) => boolean {
  const each = names.map(wordsOf).filter((words) => words.length > 0);
  return (text) => {
    const held = new Set(wordsOf(text));
    return each.some((words) => words.every((word) => held.has(word)));
  };
}

/** Points are often called by who lives there: where a name holds this one, it goes. */
async function emptyPointNames(
  transaction: Queryable,
  ring: KeyRing,
  subscriberId: number,
  names: (text: string) => boolean,
): Promise<number> {
  const { rows } = await transaction.query<{ pointId: number; sealed: Buffer | null }>(sql`
    select point_id as "pointId", sealed from point
    where point_id in (select point_id from contract where subscriber_id = ${subscriberId}::int)
    order by point_id for no key update`);
  const named = (await openPoints(ring, rows)).flatMap(({ pod, name }, nth) =>
    names(name) ? [{ pointId: rows[nth]!.pointId, pod, name: "" }] : [],
  );
  if (named.length === 0) return 0;
  await forgetFiles(
    transaction,
    named.map(({ pointId }) => `p${pointId}`),
  );
  const fresh = await sealPoints(ring, named);
  await transaction.query(sql`
    update point set sealed = fresh.sealed, personal_hash = fresh.personal_hash
    from unnest(${named.map(({ pointId }) => pointId)}::int[], ${fresh.map(({ sealed }) => sealed)}::bytea[],
      ${fresh.map(({ personalHash }) => personalHash)}::bytea[]) as fresh (point_id, sealed, personal_hash)
    where point.point_id = fresh.point_id`);
  return named.length;
}

/**
 * Files that are kept for who asked for them name points beside their codes: of values of one of these points, and of reports with a row for
 * it, or for each point of something. They can be made again. What still has to be delivered stays.
 */
async function forgetFiles(transaction: Queryable, subjects: readonly string[]): Promise<void> {
  await transaction.query(sql`delete from data_export where subject = any(${subjects}::text[])`);
  await transaction.query(sql`
    update report_run as run set file = null, sealed_key = null from report_version as v
    where run.file is not null and (v.report_id, v.version) = (run.report_id, run.version) and v.definition ->> 'rows' = 'subject'
      and (v.definition ->> 'each' = 'point' or v.definition -> 'subjects' ?| ${subjects}::text[])
      and not exists (select from report_delivery as d where d.report_run_id = run.report_run_id and d.state = 'waiting')`);
}

/** Notes for who goes to their points, and those of before, which stay to be seen: where one holds the name, it goes. */
async function emptyNotes(
  transaction: Queryable,
  ring: KeyRing,
  subscriberId: number,
  names: (text: string) => boolean,
): Promise<void> {
  // A point may have stood elsewhere while the contract ran.
  const { rows } = await transaction.query<{
    locationId: number;
    versionId: number | null;
    sealed: Buffer | null;
  }>(sql`
    with theirs as materialized (
      select location_id from contract join point using (point_id) where subscriber_id = ${subscriberId}::int
      union select value::int from contract join point_attribute using (point_id)
      where subscriber_id = ${subscriberId}::int and attribute = 'location_id' and value is not null
    ), held as (
      select location_id, sealed from location where location_id in (select location_id from theirs)
      order by location_id for no key update)
    select location_id as "locationId", null::bigint as "versionId", sealed from held
    union all
    select location_id, location_version_id, sealed from location_version
    where location_id in (select location_id from theirs)`);
  const named = (await openLocations(ring, rows)).flatMap((place, nth) =>
    names(place.note) ? [{ ...place, note: "", ...rows[nth]! }] : [],
  );
  if (named.length === 0) return;
  const fresh = await sealLocations(ring, named);
  for (const [nth, { sealed, personalHash }] of fresh.entries()) {
    const { locationId, versionId } = named[nth]!;
    if (versionId !== null)
      await transaction.query(
        sql`update location_version set sealed = ${sealed} where location_version_id = ${versionId}::bigint`,
      );
    else {
      // One after the other, as another key would: together they would be a change of the place, which keeps what was before.
      await transaction.query(
        sql`update location set sealed = ${sealed} where location_id = ${locationId}::int`,
      );
      await transaction.query(
        sql`update location set personal_hash = ${personalHash} where location_id = ${locationId}::int`,
      );
    }
  }
}

/** Words and numbers of a text, folded. */
const wordsOf = (text: string): string[] => searchText(text).match(/[\p{L}\p{N}]+/gu) ?? [];

/**
 * A reason stands in the activity log, out of which nothing can be taken: it must not hold what is to be erased.
 * @throws StoreError `erasure.names-person`
 */
export async function refuseNaming(
  transaction: Queryable,
  ring: KeyRing,
  subscriberId: number,
  text: string,
): Promise<void> {
  const { rows } = await transaction.query<{ subscriberId: number; kind: string; sealed: Buffer | null }>(
    sql`select subscriber_id as "subscriberId", kind, sealed from subscriber where subscriber_id = ${subscriberId}::int`,
  );
  const [person] = await openSubscribers(ring, rows);
  if (!person) return;
  const said = new Set(wordsOf(text));
  const each = [{ ...person, kind: rows[0]!.kind }, ...(await listVersions(transaction, ring, subscriberId))];
  // An organisation's name is made of common words.
  const named = each.some(({ name, kind }) => {
    const words = wordsOf(name).filter((word) => word.length >= 3);
    return kind === "household"
      ? words.some((word) => said.has(word))
      : words.length > 0 && words.every((word) => said.has(word));
  });
  const whole = searchText(text);
  const told = each
    .flatMap(({ number, phone, email, address }) => [number, phone, email, address])
    .map((one) => searchText(one))
    .some((one) => one.length >= 3 && whole.includes(one));
  if (named || told) throw new StoreError("erasure.names-person", "the text names the subscriber");
}
