import type { PointClass } from "@energsys/metering";
import { numbers } from "../arrays.ts";
import type { Queryable } from "../database.ts";
import { sql } from "../sql.ts";

/** What rules need to know of a point. */
export interface CheckedPoint {
  readonly pointClass: PointClass;
  readonly approvedPowerW: number | null;
}

const byCategory: Readonly<Record<string, PointClass>> = {
  household: "household",
  business: "business",
  public: "business",
  lighting: "business",
  industry: "industry",
  producer: "producer",
  network: "balance",
};

/** Class by category and direction: who also feeds in is a prosumer, and who is not known is taken for a household. */
export function pointClassOf(category: string, direction: string): PointClass {
  const known = byCategory[category];
  if (known !== undefined && known !== "household") return known;
  if (direction === "export") return "producer";
  return direction === "both" ? "prosumer" : "household";
}

export async function readCheckedPoints(
  db: Queryable,
  pointIds: readonly number[],
): Promise<Map<number, CheckedPoint>> {
  const { rows } = await db.query<{
    point_id: number;
    category: string;
    direction: string;
    approved_power_w: number | null;
  }>(sql`
    select point_id, category, direction, approved_power_w from point
    where point_id = any(${numbers(pointIds)}::int[])`);
  return new Map(
    rows.map(({ point_id, category, direction, approved_power_w }) => [
      point_id,
      { pointClass: pointClassOf(category, direction), approvedPowerW: approved_power_w },
    ]),
  );
}
