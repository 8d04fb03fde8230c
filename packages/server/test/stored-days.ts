import { type ChannelKind, digestOf, marketDay, packDay, slotsOf } from "@energsys/metering";
import { type Database, makePartitions, sql } from "@energsys/store";

/** Makes a channel of a meter or of a point and gives its id. */
export async function addChannel(
  db: Database,
  channel: { meterId?: number; pointId?: number; obis?: string; kind?: ChannelKind; periodSeconds?: number },
): Promise<number> {
  const { rows } = await db.query<{ id: number }>(sql`
    insert into channel (meter_id, point_id, obis, kind, unit, scale, period_s)
    values (${channel.meterId ?? null}, ${channel.pointId ?? null}, ${channel.obis ?? "1-0:1.29.0*255"},
            ${channel.kind ?? "delta"}, 'Wh', 0, ${channel.periodSeconds ?? 900})
    returning channel_id as id`);
  return rows[0]!.id;
}

/** Writes one day; `valueAt` gives a slot's value (null: missing) and quality. */
export async function writeDay(
  db: Database,
  given: {
    channelId: number;
    day: string;
    zone?: string;
    periodSeconds?: number;
    valueAt: (slot: number) => { value: number | null; flags?: number };
  },
): Promise<void> {
  const zone = given.zone ?? "Europe/Bucharest";
  const slots = slotsOf(marketDay(given.day, zone), given.periodSeconds ?? 900);
  const values = Float64Array.from({ length: slots }, (_, slot) => given.valueAt(slot).value ?? Number.NaN);
  const flags = Uint16Array.from({ length: slots }, (_, slot) => given.valueAt(slot).flags ?? 0);
  const { v, q } = packDay(values, flags);
  const digest = digestOf(values, flags, "delta");
  await makePartitions(db, { from: given.day, to: given.day });
  // The column is a signed 16-bit number: bit 15 is its sign.
  const seen = digest.flags > 0x7fff ? digest.flags - 0x10000 : digest.flags;
  await db.query(sql`
    insert into load_day (channel_id, day, sum, max, max_at, ver, slots, ok, flags, v, q)
    values (${given.channelId}, ${given.day}::date, ${digest.sum}, ${digest.max}, ${digest.maxAt}, 1, ${slots}, ${digest.ok},
            ${seen}, ${v}, ${q})`);
}

/** The meter that stands at a point now. */
export async function meterAt(db: Database, pointId: number): Promise<number> {
  const { rows } = await db.query<{ id: number }>(
    sql`select meter_id as id from installation where point_id = ${pointId} and upper_inf(during)`,
  );
  return rows[0]!.id;
}
