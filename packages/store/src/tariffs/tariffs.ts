import { type TariffTerms, tariffFaults } from "@energsys/metering";
import { numbers } from "../arrays.ts";
import type { Database, Queryable } from "../database.ts";
import { StoreError } from "../errors.ts";
import { sql } from "../sql.ts";
import { lockTariffs, openTariffChange, refuseBilled, type TariffAuthor } from "./change.ts";

/** What a tariff says from one day to another; open without `validTo`. */
export interface TariffVersion {
  readonly versionId: number;
  readonly validFrom: string;
  readonly validTo?: string | undefined;
  readonly terms: TariffTerms;
  readonly reason: string;
  readonly by: string;
  readonly at: number;
}

/** A tariff with the versions that hold, in the order of their days. */
export interface Tariff {
  readonly tariffId: number;
  readonly code: string;
  readonly name: string;
  readonly versions: readonly TariffVersion[];
}

export interface TariffRow {
  readonly tariffId: number;
  readonly code: string;
  readonly name: string;
  readonly versions: number;
  /** Of the version of this day; null without one. */
  readonly validFrom: string | null;
  readonly validTo: string | null;
  readonly rates: readonly string[];
  /** Points that have it on this day. */
  readonly points: number;
}

/** Days that a version is for; `toDay` is not included, null: for good. */
export interface TariffDays {
  readonly fromDay: string;
  readonly toDay: string | null;
}

/** All tariffs by code, as they are on a day. */
export async function listTariffs(db: Queryable, day: string): Promise<TariffRow[]> {
  const { rows } = await db.query<Omit<TariffRow, "rates"> & { rates: string[] | null }>(sql`
    select t.tariff_id as "tariffId", t.code, t.name, lower(v.valid) as "validFrom", upper(v.valid) as "validTo",
      v.terms -> 'calendar' -> 'rates' as rates,
      (select count(*)::int from tariff_version as all_of where all_of.tariff_id = t.tariff_id and all_of.ended_by is null) as versions,
      (select count(*)::int from tariff_assignment as a
       where a.tariff_id = t.tariff_id and a.ended_by is null and a.valid @> ${day}::date) as points
    from tariff as t left join tariff_version as v on v.tariff_id = t.tariff_id and v.ended_by is null and v.valid @> ${day}::date
    order by t.code`);
  return rows.map(({ rates, ...row }) => ({ ...row, rates: rates ?? [] }));
}

/** These tariffs, or all, with their versions. */
export async function readTariffs(
  db: Queryable,
  tariffIds?: readonly number[],
): Promise<Map<number, Tariff>> {
  const { rows } = await db.query<
    Omit<Tariff, "versions"> & {
      versionId: number | null;
      validFrom: string;
      validTo: string | null;
      terms: TariffTerms;
      reason: string;
      by: string;
      at: number;
    }
  >(sql`
    select t.tariff_id as "tariffId", t.code, t.name, v.tariff_version_id as "versionId", lower(v.valid) as "validFrom",
      upper(v.valid) as "validTo", v.terms, c.reason, c.changed_by as by, c.at
    from tariff as t left join tariff_version as v on v.tariff_id = t.tariff_id and v.ended_by is null
    left join tariff_change as c on c.tariff_change_id = v.added_by
    where ${tariffIds === undefined ? null : numbers(tariffIds)}::int[] is null
      or t.tariff_id = any(${tariffIds === undefined ? null : numbers(tariffIds)}::int[])
    order by t.code, v.valid`);
  const tariffs = new Map<number, Tariff & { versions: TariffVersion[] }>();
  for (const { tariffId, code, name, versionId, validTo, ...version } of rows) {
    const tariff = tariffs.get(tariffId) ?? { tariffId, code, name, versions: [] };
    tariffs.set(tariffId, tariff);
    if (versionId !== null)
      tariff.versions.push({ versionId, ...version, ...(validTo === null ? {} : { validTo }) });
  }
  return tariffs;
}

/** @throws StoreError `tariff.not-found` */
export async function needTariff(db: Queryable, tariffId: number): Promise<Tariff> {
  const tariff = (await readTariffs(db, [tariffId])).get(tariffId);
  if (!tariff) throw new StoreError("tariff.not-found", "there is no such tariff");
  return tariff;
}

/** @throws StoreError `tariff.known` when another has this code, `tariff.faulty` naming what is wrong, `tariff.no-days` */
export async function addTariff(
  db: Database,
  given: { readonly code: string; readonly name: string; readonly terms: TariffTerms } & TariffDays,
  author: TariffAuthor,
): Promise<number> {
  return db.transaction(async (transaction) => {
    await lockTariffs(transaction);
    const { rows } = await transaction.query<{ id: number }>(sql`
      insert into tariff (code, name) values (${given.code}, ${given.name}) on conflict do nothing returning tariff_id as id`);
    if (!rows[0]) throw new StoreError("tariff.known", `${given.code} is there already`);
    await writeVersion(transaction, rows[0].id, given, author);
    return rows[0].id;
  });
}

/** @throws StoreError `tariff.not-found` */
export async function renameTariff(db: Database, tariffId: number, name: string): Promise<void> {
  const { rowCount } = await db.query(
    sql`update tariff set name = ${name} where tariff_id = ${tariffId}::int`,
  );
  if (rowCount === 0) throw new StoreError("tariff.not-found", "there is no such tariff");
}

/**
 * What a tariff says on these days; versions before and behind stay, as far as they are not covered.
 * @returns the number of the change, by which it is taken back
 * @throws StoreError `tariff.not-found`, `tariff.faulty`, `tariff.no-days`, `tariff.currency`, `tariff.billed`
 */
export async function setTariffVersion(
  db: Database,
  tariffId: number,
  given: TariffDays & { readonly terms: TariffTerms },
  author: TariffAuthor,
): Promise<number> {
  return db.transaction(async (transaction) => {
    await lockTariffs(transaction);
    const { versions } = await needTariff(transaction, tariffId);
    const other = versions.find(({ terms }) => terms.currency !== given.terms.currency);
    if (other) throw new StoreError("tariff.currency", `its prices are in ${other.terms.currency}`);
    return writeVersion(transaction, tariffId, given, author);
  });
}

/**
 * On these days the tariff says nothing any more.
 * @throws StoreError `tariff.not-found`, `tariff.no-days`, `tariff.billed`
 */
export async function endTariffVersions(
  db: Database,
  tariffId: number,
  days: TariffDays,
  author: TariffAuthor,
): Promise<number> {
  return db.transaction(async (transaction) => {
    await lockTariffs(transaction);
    await needTariff(transaction, tariffId);
    return cutVersions(transaction, tariffId, "end", days, author);
  });
}

async function writeVersion(
  transaction: Queryable,
  tariffId: number,
  { terms, ...days }: TariffDays & { readonly terms: TariffTerms },
  author: TariffAuthor,
): Promise<number> {
  const faults = tariffFaults(terms);
  if (faults.length > 0)
    throw new StoreError(
      "tariff.faulty",
      faults.map(({ code, at }) => (at === "" ? code : `${code}: ${at}`)).join("; "),
    );
  const changeId = await cutVersions(transaction, tariffId, "version", days, author);
  await transaction.query(sql`
    insert into tariff_version (tariff_id, valid, terms, added_by)
    values (${tariffId}::int, daterange(${days.fromDay}::date, ${days.toDay}::date), ${JSON.stringify(terms)}::jsonb,
      ${changeId}::bigint)`);
  return changeId;
}

/** Ends what holds on these days; what lies before and behind is written anew. */
async function cutVersions(
  transaction: Queryable,
  tariffId: number,
  kind: "version" | "end",
  { fromDay, toDay }: TariffDays,
  author: TariffAuthor,
): Promise<number> {
  needDays({ fromDay, toDay });
  const changeId = await openTariffChange(transaction, { kind, tariffId, fromDay, toDay }, author);
  await transaction.query(sql`
    update tariff_version set ended_by = ${changeId}::bigint
    where tariff_id = ${tariffId}::int and ended_by is null and valid && daterange(${fromDay}::date, ${toDay}::date)`);
  await refuseBilled(transaction, changeId);
  await transaction.query(sql`
    insert into tariff_version (tariff_id, valid, terms, added_by)
    select tariff_id, part, terms, ${changeId}::bigint from tariff_version,
      unnest(array[valid * daterange(null, ${fromDay}::date),
        case when ${toDay}::date is null then 'empty'::daterange else valid * daterange(${toDay}::date, null) end]) as part
    where ended_by = ${changeId}::bigint and not isempty(part)`);
  return changeId;
}

/** @throws StoreError `tariff.no-days` */
export function needDays({ fromDay, toDay }: TariffDays): void {
  if (toDay !== null && toDay <= fromDay) throw new StoreError("tariff.no-days", "it ends before it begins");
}
