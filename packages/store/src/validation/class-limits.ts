import type { MarketDay } from "@energsys/metering";
import { numbers } from "../arrays.ts";
import type { Queryable } from "../database.ts";
import type { accuracyClasses } from "../meters/types.ts";
import { instant, sql } from "../sql.ts";

type AccuracyClass = (typeof accuracyClasses)[number];

/** What a meter of a class may be off by at most, in its usual range (IEC 62053-21, -22; EN 50470-3). */
const classPermille: Readonly<Record<AccuracyClass, number>> = {
  A: 20,
  "2": 20,
  B: 10,
  "1": 10,
  C: 5,
  "0.5": 5,
  "0.5S": 5,
  "0.2": 2,
  "0.2S": 2,
};
/** Of a meter whose type nobody entered: what stands at most points. */
const unknownPermille = classPermille["1"];
/** Of the transformers in front of a meter, whose class the catalogue does not have: the usual 0.5. */
const transformersPermille = 5;

/** What the meter of a point may be off by, for a time. */
export interface ClassLimit {
  readonly permille: number;
  readonly fromMs: number;
  readonly toMs: number;
}

/** By point: the classes of its meters as the catalogue had them then. */
export type ClassLimits = ReadonlyMap<number, readonly ClassLimit[]>;

export async function readClassLimits(
  db: Queryable,
  pointIds: readonly number[],
  fromMs: number,
  toMs: number,
): Promise<ClassLimits> {
  if (pointIds.length === 0) return new Map();
  const { rows } = await db.query<{
    pointId: number;
    accuracyClass: AccuracyClass;
    connection: string;
    fromMs: number | null;
    toMs: number | null;
  }>(sql`
    select i.point_id as "pointId", v.accuracy_class as "accuracyClass", v.connection,
      lower(i.during * v.during) as "fromMs", upper(i.during * v.during) as "toMs"
    from installation as i join meter using (meter_id)
    join meter_type_version as v on v.meter_type_id = meter.meter_type_id and v.during && i.during
    where i.point_id = any(${numbers(pointIds)}::int[])
      and i.during * v.during && tstzrange(${instant(fromMs)}::timestamptz, ${instant(toMs)}::timestamptz)`);
  return new Map(
    [...Map.groupBy(rows, ({ pointId }) => pointId)].map(([pointId, held]) => [
      pointId,
      held.map((row) => ({
        permille: classPermille[row.accuracyClass] + (row.connection === "direct" ? 0 : transformersPermille),
        fromMs: row.fromMs ?? Number.NEGATIVE_INFINITY,
        toMs: row.toMs ?? Number.POSITIVE_INFINITY,
      })),
    ]),
  );
}

/** The class of a point's meter on a day; the worst where there were several. */
export function classPermilleOf(limits: ClassLimits, pointId: number, { startMs, endMs }: MarketDay): number {
  const held = (limits.get(pointId) ?? []).filter(({ fromMs, toMs }) => fromMs < endMs && toMs > startMs);
  return held.length === 0 ? unknownPermille : Math.max(...held.map(({ permille }) => permille));
}
