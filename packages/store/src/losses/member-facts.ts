import type { Evidence, LossMember, MemberBooks } from "@energsys/metering";
import { findMeterModel, noticedBy, tamperCodes } from "@energsys/metering/models";
import { numbers } from "../arrays.ts";
import { readAttributes } from "../attributes/attributes.ts";
import type { Queryable } from "../database.ts";
import { instant, sql } from "../sql.ts";

/** What is known of a member beside its energies. */
export type MemberFacts = Pick<LossMember<number>, "factor" | "indirect" | "phases" | "books" | "evidence">;

export interface FactsSpan {
  readonly fromMs: number;
  readonly toMs: number;
}

/** A bridge is set once: so long before the window its traces are looked for. */
const historyMs = 182 * 86_400_000;
/** A meter that may not carry more than this cannot stand in a supply by itself: it is connected through transformers. */
const throughTransformersA = 10;

interface MeterRow {
  readonly pointId: number;
  readonly meterPhases: 1 | 3 | null;
  readonly factor: number | null;
  readonly connection: string | null;
  readonly maxCurrentA: number | null;
  /** Of its device: the model it is read by, since when it is known, and whether pulses of a module are all that comes from it. */
  readonly model: string | null;
  readonly knownFromMs: number | null;
  readonly pulses: boolean;
}

/**
 * What the books say of each point and of the meter that is entered there, at the end of the time, and what somebody at the meter left in
 * its log, or in that of the module above it, from half a year before.
 */
export async function readMemberFacts(
  db: Queryable,
  pointIds: readonly number[],
  { fromMs, toMs }: FactsSpan,
): Promise<Map<number, MemberFacts>> {
  const meters = await readMeters(db, pointIds, toMs);
  const attributes = await readAttributes(db, pointIds);
  const told = await readTampering(db, pointIds, fromMs - historyMs, toMs);
  return new Map(
    meters.map((meter) => {
      const { pointId, factor, connection, maxCurrentA, meterPhases } = meter;
      const point = attributes.at(pointId, toMs - 1)!;
      const evidence = evidenceOf(meter, told.get(pointId), fromMs - historyMs);
      return [
        pointId,
        {
          factor: factor ?? 1,
          indirect:
            connection === null
              ? (factor ?? 1) !== 1 || (maxCurrentA ?? Number.POSITIVE_INFINITY) <= throughTransformersA
              : connection !== "direct",
          phases: meterPhases ?? point.phases,
          books: booksOf(point),
          ...(evidence && { evidence }),
        },
      ];
    }),
  );
}

const booksOf = ({
  phases,
  category,
  direction,
  exportContract,
  expectedYearWh,
}: NonNullable<ReturnType<Awaited<ReturnType<typeof readAttributes>>["at"]>>): MemberBooks => ({
  phases,
  ...(category !== "unknown" && { household: category === "household" }),
  // Where nobody said whether there is a contract, the point is entered as what it is.
  mayExport: exportContract ?? direction !== "import",
  ...(expectedYearWh !== null && { expectedYearWh }),
});

/** The meter that is entered at each point at the end of the time, with its type as the catalogue had it then. */
async function readMeters(db: Queryable, pointIds: readonly number[], toMs: number): Promise<MeterRow[]> {
  const { rows } = await db.query<MeterRow>(sql`
    select p.point_id as "pointId", coalesce(v.phases, m.phases) as "meterPhases", i.factor::float8 as factor, v.connection,
      coalesce(v.max_current_a, m.max_current_a)::float8 as "maxCurrentA", d.model,
      greatest(d.created_at, lower(i.during)) as "knownFromMs", coalesce(g.pulses, false) as pulses
    from point as p
    left join lateral (
      select * from installation where point_id = p.point_id and lower(during) < ${instant(toMs)}::timestamptz
      order by during desc limit 1) as i on true
    left join meter as m using (meter_id)
    left join meter_type_version as v on v.meter_type_id = m.meter_type_id
      and v.during @> ${instant(toMs)}::timestamptz - interval '1 millisecond'
    left join lateral (select * from device where meter_id = i.meter_id order by device_id desc limit 1) as d on true
    left join lateral (select bool_or(input is not null) as pulses from gateway_meter where device_id = d.device_id) as g on true
    where p.point_id = any(${numbers(pointIds)}::int[])`);
  return rows;
}

type Told = NonNullable<Evidence["events"]>;

/**
 * What a meter says of itself, and what its log could say at all. One that gives pulses has none; whether the tamper contact of its module is
 * wired nobody entered, so that only what it says counts, not its silence.
 */
function evidenceOf(
  { model, pulses, knownFromMs }: MeterRow,
  events: Told | undefined,
  sinceMs: number,
): Evidence | undefined {
  const logs = pulses ? undefined : findMeterModel(model ?? "");
  const notices = logs ? noticedBy(logs) : [];
  if (notices.length === 0)
    return events && { events, notices: [...new Set(events.map(({ kind }) => kind))] };
  // A log goes back beyond the day on which it was first read, but nobody knows how far.
  const toldMs = Math.min(
    knownFromMs ?? Number.POSITIVE_INFINITY,
    events?.[0]?.atMs ?? Number.POSITIVE_INFINITY,
  );
  return { events: events ?? [], notices, watchedFromMs: Math.max(sinceMs, toldMs) };
}

/** So many events of one point are told at most: the last ones. */
const eventsMax = 20;

async function readTampering(
  db: Queryable,
  pointIds: readonly number[],
  fromMs: number,
  toMs: number,
): Promise<Map<number, Told>> {
  const { rows } = await db.query<{ pointId: number; code: string; atMs: number }>(sql`
    select i.point_id as "pointId", e.code, e.at as "atMs"
    from installation as i join device as d on d.meter_id = i.meter_id join event as e using (device_id)
    where i.point_id = any(${numbers(pointIds)}::int[]) and i.during @> e.at and e.code = any(${[...tamperCodes.keys()]}::text[])
      and e.at >= ${instant(fromMs)}::timestamptz and e.at < ${instant(toMs)}::timestamptz
    order by e.at, e.code`);
  return new Map(
    [...Map.groupBy(rows, ({ pointId }) => pointId)].map(([pointId, list]) => [
      pointId,
      list.slice(-eventsMax).map(({ code, atMs }) => ({ kind: tamperCodes.get(code)!, atMs })),
    ]),
  );
}
