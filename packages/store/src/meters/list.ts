import type { Queryable } from "../database.ts";
import type { Scope } from "../scope.ts";
import { searchText } from "../search-text.ts";
import { joined, type Sql, sql, trusted } from "../sql.ts";
import { meterInScope } from "./in-scope.ts";
import type { MeterLifeState } from "./meter.ts";

export const meterSorts = ["serial", "type", "state", "since", "dueOn"] as const;
export type MeterSort = (typeof meterSorts)[number];

export interface MeterFilter {
  /** Words that must all occur in serial number, manufacturer, type or place. */
  readonly text?: string;
  readonly state?: MeterLifeState;
  readonly meterTypeId?: number;
  /** Not scrapped, and no verification holds at this day; also those of which nothing says until when. */
  readonly dueBefore?: string;
}

/** One line of the list of meters. */
export interface MeterRow {
  readonly meterId: number;
  readonly serial: string;
  readonly manufacturer: string;
  readonly model: string;
  readonly meterTypeId: number | null;
  readonly typeName: string | null;
  readonly midYear: number | null;
  readonly state: MeterLifeState;
  /** Epoch ms; null when nothing is known of it. */
  readonly since: number | null;
  readonly place: string;
  /** The point where it stands. */
  readonly pointId: number | null;
  /** Until when its verification holds; null when nothing says so. */
  readonly dueOn: string | null;
}

// The last thing of each kind for all meters at once: asked meter by meter, a list of 100,000 would look 300,000 times.
const rows = (scope: Scope): Sql => sql`
  select m.meter_id, m.serial, m.manufacturer, m.model, m.meter_type_id, t.name as type_name, m.mid_year,
    case when standing.meter_id is not null then 'installed'
      when ended.at is not null and (entered.at is null or ended.at > entered.at) then 'removed'
      else coalesce(entered.state, 'unknown') end as state,
    coalesce(lower(standing.during), greatest(ended.at, entered.at)) as since,
    case when standing.meter_id is null and (ended.at is null or entered.at >= ended.at) then coalesce(entered.place, '') else '' end
      as place,
    standing.point_id,
    case when v.passed then v.valid_until when v.verified_on is not null then v.verified_on
      else make_date(m.mid_year + tv.verification_years, 12, 31) end as due_on
  from meter as m
  left join meter_type as t using (meter_type_id)
  left join meter_type_version as tv on tv.meter_type_id = m.meter_type_id and upper_inf(tv.during)
  left join installation as standing on standing.meter_id = m.meter_id and upper_inf(standing.during)
  left join (select meter_id, max(upper(during)) as at from installation where not upper_inf(during) group by meter_id) as ended
    on ended.meter_id = m.meter_id
  left join (select distinct on (meter_id) meter_id, at, state, place from meter_state order by meter_id, at desc) as entered
    on entered.meter_id = m.meter_id
  left join (
    select distinct on (meter_id) meter_id, passed, valid_until, verified_on from meter_verification where withdrawn_at is null
    order by meter_id, verified_on desc, meter_verification_id desc) as v on v.meter_id = m.meter_id
  where ${meterInScope(scope)}`;

function conditions(filter: MeterFilter): Sql {
  const words = searchText(filter.text ?? "")
    .split(" ")
    .filter((word) => word.length > 0)
    .slice(0, 8);
  return joined(
    [
      trusted("true"),
      ...words.map(
        (word) =>
          sql`position(${word} in lower(concat_ws(' ', serial, manufacturer, type_name, model, place))) > 0`,
      ),
      ...(filter.state === undefined ? [] : [sql`state = ${filter.state}`]),
      ...(filter.meterTypeId === undefined ? [] : [sql`meter_type_id = ${filter.meterTypeId}::int`]),
      ...(filter.dueBefore === undefined
        ? []
        : [sql`state <> 'scrapped' and (due_on is null or due_on < ${filter.dueBefore}::date)`]),
    ],
    " and ",
  );
}

const orders: Readonly<Record<MeterSort, string>> = {
  serial: "serial",
  type: "type_name",
  state: "state",
  since: "since",
  dueOn: "due_on",
};

/** A window of the meters within the scope, and how many there are in all. */
export async function listMeters(
  db: Queryable,
  scope: Scope,
  filter: MeterFilter,
  order: { readonly sort: MeterSort; readonly descending: boolean },
  { offset, limit }: { readonly offset: number; readonly limit: number },
): Promise<{ total: number; rows: MeterRow[] }> {
  const direction = trusted(order.descending ? "desc nulls last" : "asc nulls first");
  const { rows: found } = await db.query<MeterRow & { total: number }>(sql`
    select meter_id as "meterId", serial, manufacturer, model, meter_type_id as "meterTypeId", type_name as "typeName",
      mid_year as "midYear", state, since, place, point_id as "pointId", due_on::text as "dueOn", count(*) over ()::int as total
    from (${rows(scope)}) as meter where ${conditions(filter)}
    order by ${trusted(orders[order.sort])} ${direction}, manufacturer, serial
    offset ${offset}::int limit ${limit}::int`);
  if (found.length === 0 && offset > 0) {
    const { total } = await listMeters(db, scope, filter, order, { offset: 0, limit: 1 });
    return { total, rows: [] };
  }
  return { total: found[0]?.total ?? 0, rows: found.map(({ total: _, ...row }) => row) };
}

/** Meters that stand nowhere whose serial number begins with the words: what the palette finds beside the points. */
export async function findLooseMeters(
  db: Queryable,
  text: string,
  limit: number,
): Promise<{ meterId: number; serial: string; manufacturer: string; state: MeterLifeState }[]> {
  const { rows: found } = await db.query<{
    meterId: number;
    serial: string;
    manufacturer: string;
    state: MeterLifeState;
  }>(sql`
    select meter_id as "meterId", serial, manufacturer,
      coalesce(nullif(meter_state_at(meter_id, now()), ''), 'unknown') as state
    from meter
    where lower(serial) like ${`${searchText(text).replaceAll(/[\\%_]/g, "\\$&")}%`}
      and not exists (select from installation where installation.meter_id = meter.meter_id and upper_inf(during))
    order by serial limit ${limit}::int`);
  return found;
}
