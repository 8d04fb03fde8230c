import { type Database, readGroupDays, sql } from "@energsys/store";

/** A slot of a group's quantity, told in the same words by the sums and by plain SQL over the points' intervals. */
export type Slot = string;

/**
 * What the sums should be, by a statement that unpacks every interval of every point and looks at which group it counts in at its start.
 * Nothing of the way that sums are made is in it.
 */
export async function slotsByIntervals(db: Database): Promise<Slot[]> {
  const { rows } = await db.query<{ slot: string }>(sql`
    with source as (
      select group_id, 'members' as side, point_id, sign, during from group_member where ended_by is null
      union all
      select group_id, 'balance', point_id, sign, during from group_balance where ended_by is null
      union all
      select parent_id, 'members', point_id, sign, r.during * b.during
      from group_parent as r join group_balance as b using (group_id)
      where r.ended_by is null and b.ended_by is null and r.during && b.during
    ), counted as (
      select group_id, side, source.point_id, obis, i.day, i.slot, i.starts_at, sign * i.value_in_unit as value, quality
      from source join channel on channel.point_id = source.point_id and obis ~ '^1-[0-9]+:[0-9]+[.]29[.]0[*]255$' and period_s = 900
      join load_interval as i using (channel_id) where source.during @> i.starts_at and i.value is not null
    ), wanted as (
      select group_id, side, s.point_id, obis, day, slot
      from source as s join point using (point_id)
      join (values ('1-0:1.29.0*255', 'export'), ('1-0:2.29.0*255', 'import')) as q (obis, other) on direction <> other
      join (select distinct group_id, day from counted) as known using (group_id)
      cross join lateral (
        select n - 1 as slot, (day::timestamp at time zone market_zone()) + (n - 1) * interval '15 minutes' as starts_at
        from generate_series(1, 100) as n) as slots
      where s.during @> starts_at and starts_at < ((day + 1)::timestamp at time zone market_zone())
    ), present as (
      select group_id, side, obis, day, slot, sum(value) as value, count(*) as present,
        count(*) filter (where quality & ${0x0001 | 0x0002 | 0x0004 | 0x0100 | 0x0200 | 0x2000}::int = 0) as good,
        count(*) filter (where quality & ${0x0800}::int <> 0) as estimated, bit_or(quality) as quality
      from counted group by 1, 2, 3, 4, 5
    ), expected as (
      select group_id, side, obis, day, slot, count(*) as expected
      from (select group_id, side, point_id, obis, day, slot from wanted
        union all
        select group_id, side, point_id, obis, day, slot from counted join point using (point_id)
        where not case obis when '1-0:1.29.0*255' then direction <> 'export' when '1-0:2.29.0*255' then direction <> 'import'
          else false end) as either
      group by 1, 2, 3, 4, 5
    )
    select concat_ws(' ', group_id, side, obis, day, slot, 'value', coalesce(trim_scale(value)::text, '-'), 'of', expected,
      coalesce(present, 0), coalesce(good, 0), coalesce(estimated, 0), coalesce(quality, 0)) as slot
    from expected left join present using (group_id, side, obis, day, slot) order by 1`);
  return rows.map(({ slot }) => slot).sort();
}

/** The stored sums in the same words; slots in which nobody is expected and nothing is are left out. */
export async function slotsBySums(db: Database): Promise<Slot[]> {
  const { rows } = await db.query<{ groupId: number }>(
    sql`select distinct group_id as "groupId" from group_day`,
  );
  const slots: Slot[] = [];
  for (const { groupId } of rows) {
    for (const day of await readGroupDays(db, [groupId], "2000-01-01", "2100-01-01")) {
      for (let slot = 0; slot < day.values.length; slot++) {
        if (day.expected[slot] === 0 && day.present[slot] === 0) continue;
        const value = day.values[slot]!;
        const told = Number.isNaN(value) ? "-" : decimal(value, day.scale);
        const counts = [day.expected, day.present, day.good, day.estimated].map((list) => list[slot]);
        slots.push(
          [groupId, day.side, day.obis, day.day, slot, "value", told, "of", ...counts, day.flags[slot]].join(
            " ",
          ),
        );
      }
    }
  }
  return slots.sort();
}

/** An integer times a power of ten, as SQL prints it. */
function decimal(value: number, scale: number): string {
  if (scale >= 0) return String(BigInt(value) * 10n ** BigInt(scale));
  const text = String(Math.abs(value)).padStart(1 - scale, "0");
  const fraction = text.slice(scale).replace(/0+$/, "");
  return `${value < 0 ? "-" : ""}${text.slice(0, scale)}${fraction === "" ? "" : `.${fraction}`}`;
}
