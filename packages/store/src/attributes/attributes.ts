import type { Queryable } from "../database.ts";
import type { PointCategory, VoltageLevel } from "../groups/rule.ts";
import { sql } from "../sql.ts";

export const pointDirections = ["import", "export", "both"] as const;

/** What a point is at an instant. */
export interface PointAttributes {
  readonly phases: 1 | 3;
  readonly voltage: VoltageLevel;
  readonly direction: (typeof pointDirections)[number];
  readonly category: PointCategory;
  readonly approvedPowerW: number | null;
  readonly isProtected: boolean;
  /** Whether there is a contract for what is fed in; null: nobody said. */
  readonly exportContract: boolean | null;
  /** Energy that a year is expected to need. */
  readonly expectedYearWh: number | null;
  /** Point whose meter measures the same line. */
  readonly checkPointId: number | null;
  /** Where it stands. */
  readonly locationId: number;
}

/** Columns of `point` by the name of the attribute. */
export const attributeColumns = {
  phases: "phases",
  voltage: "voltage",
  direction: "direction",
  category: "category",
  approvedPowerW: "approved_power_w",
  isProtected: "is_protected",
  exportContract: "export_contract",
  expectedYearWh: "expected_year_wh",
  checkPointId: "check_point_id",
  locationId: "location_id",
} as const satisfies Record<keyof PointAttributes, string>;
export const attributeNames = Object.keys(attributeColumns) as (keyof PointAttributes)[];

const numbersOf: ReadonlySet<string> = new Set([
  "phases",
  "approvedPowerW",
  "expectedYearWh",
  "checkPointId",
  "locationId",
]);
const booleansOf: ReadonlySet<string> = new Set(["isProtected", "exportContract"]);

/** The value of an attribute, of the text that is stored. */
export function attributeValue(
  name: keyof PointAttributes,
  text: string | null,
): string | number | boolean | null {
  if (text === null) return null;
  if (numbersOf.has(name)) return Number(text);
  return booleansOf.has(name) ? text === "true" || text === "t" : text;
}

/** A value that held for a time. */
export interface DatedValue {
  readonly fromMs: number;
  readonly toMs: number;
  readonly value: string | number | boolean | null;
}

/** Attributes of points through time. */
export class AttributeHistory {
  readonly #now: ReadonlyMap<number, PointAttributes>;
  readonly #dated: ReadonlyMap<string, readonly DatedValue[]>;
  /** Points of which anything is dated. */
  readonly #changing: ReadonlySet<number>;

  constructor(now: ReadonlyMap<number, PointAttributes>, dated: ReadonlyMap<string, readonly DatedValue[]>) {
    this.#now = now;
    this.#dated = dated;
    this.#changing = new Set([...dated.keys()].map((key) => Number.parseInt(key, 10)));
  }

  /** What a point was at an instant; `undefined` for a point that is not there. */
  at(pointId: number, atMs: number): PointAttributes | undefined {
    const now = this.#now.get(pointId);
    if (!now || !this.#changing.has(pointId)) return now;
    const then: Record<string, unknown> = { ...now };
    for (const name of attributeNames) {
      const held = this.#dated.get(`${pointId} ${name}`);
      const value = held?.find(({ fromMs, toMs }) => fromMs <= atMs && atMs < toMs);
      if (value) then[name] = value.value;
    }
    return then as unknown as PointAttributes;
  }

  /** Whether an attribute has another value than this one at some instant of [fromMs, toMs). */
  differs(
    pointId: number,
    name: keyof PointAttributes,
    value: DatedValue["value"],
    fromMs: number,
    toMs: number,
  ): boolean {
    const held = this.#dated.get(`${pointId} ${name}`);
    if (!held) return this.#now.get(pointId)?.[name] !== value;
    return held.some((row) => row.fromMs < toMs && row.toMs > fromMs && row.value !== value);
  }
}

/** Attributes of these points through time, as they are known now. */
export async function readAttributes(db: Queryable, pointIds: readonly number[]): Promise<AttributeHistory> {
  const { rows } = await db.query<PointAttributes & { pointId: number }>(sql`
    select point_id as "pointId", phases, voltage, direction, category, approved_power_w as "approvedPowerW",
      is_protected as "isProtected", export_contract as "exportContract", expected_year_wh as "expectedYearWh",
      check_point_id as "checkPointId", location_id as "locationId"
    from point where point_id = any(${pointIds}::int[])`);
  const { rows: dated } = await db.query<{
    pointId: number;
    attribute: string;
    value: string | null;
    fromMs: number | null;
    toMs: number | null;
  }>(sql`
    select point_id as "pointId", attribute, value, lower(during) as "fromMs", upper(during) as "toMs" from point_attribute
    where point_id = any(${pointIds}::int[]) and ended_by is null`);
  const nameOf = new Map(attributeNames.map((name) => [attributeColumns[name] as string, name]));
  const byAttribute = new Map<string, DatedValue[]>();
  for (const { pointId, attribute, value, fromMs, toMs } of dated) {
    const name = nameOf.get(attribute)!;
    const key = `${pointId} ${name}`;
    const held = {
      fromMs: fromMs ?? Number.NEGATIVE_INFINITY,
      toMs: toMs ?? Number.POSITIVE_INFINITY,
      value: attributeValue(name, value),
    };
    byAttribute.set(key, [...(byAttribute.get(key) ?? []), held]);
  }
  return new AttributeHistory(
    new Map(
      rows.map(({ pointId, expectedYearWh, ...row }) => [
        pointId,
        { ...row, expectedYearWh: expectedYearWh === null ? null : Number(expectedYearWh) },
      ]),
    ),
    byAttribute,
  );
}
