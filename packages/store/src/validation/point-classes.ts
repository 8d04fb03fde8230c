import type { PointClass } from "@energsys/metering";
import type { AttributeHistory } from "../attributes/attributes.ts";

/** What rules need to know of a point, on a day. */
export interface CheckedPoint {
  readonly pointClass: PointClass;
  readonly approvedPowerW: number | null;
  readonly exportContract: boolean | null;
  readonly expectedYearWh: number | null;
  readonly checkPointId: number | null;
}

const byCategory: Readonly<Record<string, PointClass>> = {
  household: "household",
  business: "business",
  public: "business",
  lighting: "lighting",
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

/** A point as it was at an instant. */
export function checkedPoint(
  points: AttributeHistory,
  pointId: number,
  atMs: number,
): CheckedPoint | undefined {
  const then = points.at(pointId, atMs);
  return (
    then && {
      pointClass: pointClassOf(then.category, then.direction),
      approvedPowerW: then.approvedPowerW,
      exportContract: then.exportContract,
      expectedYearWh: then.expectedYearWh,
      checkPointId: then.checkPointId,
    }
  );
}
