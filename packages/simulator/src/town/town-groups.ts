import type { Inventory } from "../inventory.ts";
import type { Customer } from "../load/curve.ts";
import type { BalancePoint } from "./balance-meters.ts";
import { billedYearWh } from "./billed-year.ts";
import type { GridTown } from "./grid-town.ts";
import type { Transformer } from "./network-tree.ts";

type Groups = NonNullable<Inventory["groups"]>;

/**
 * The town's tree as its books have it: each feeder with its balance meter, below it its transformers with theirs, and their points but
 * those that nobody entered; and what each point is by its contract.
 */
export function groupsOf(town: GridTown, balances: readonly BalancePoint[]): Groups {
  const { transformers, feeders, points, calendar } = town;
  const from = new Date(Math.floor(calendar.firstMs / 900_000) * 900_000).toISOString();
  const feederBranch = (number: number) =>
    transformers.find(({ feeder }) => feeder === number)?.branch.slice(0, 3) ?? [];
  // Transformers come first, then feeders, each in the order of their numbers.
  const balanceOf = (nth: number): string[] => {
    const pod = balances[nth]?.pod;
    return pod === undefined ? [] : [pod];
  };
  return {
    groups: [
      ...feeders.map(({ number, name }) => ({
        key: `feeder ${number}`,
        kind: "feeder" as const,
        name,
        branch: feederBranch(number),
        members: [],
        balance: balanceOf(transformers.length + number),
        from,
      })),
      ...transformers.map(({ number, name, branch, feeder, firstPoint, points: count, ...plate }) => ({
        key: `transformer ${number}`,
        kind: "transformer" as const,
        name,
        branch,
        parent: `feeder ${feeder}`,
        members: points
          .slice(firstPoint, firstPoint + count)
          .filter(({ bookError }) => bookError?.kind !== "not-in-group")
          .map(({ pod }) => pod),
        balance: balanceOf(number),
        rating: ratingOf(plate),
        from,
      })),
    ],
    classes: [
      ...points.map((point) => {
        const { pod, meter, exports } = point;
        const expectedYearWh = billedYearWh(point);
        return {
          pod,
          category: categoryOf(meter.customer),
          voltage: "low" as const,
          exportContract: exports,
          ...(expectedYearWh !== undefined && { expectedYearWh }),
        };
      }),
      ...balances.map(({ pod }, nth) => ({
        pod,
        category: "network" as const,
        voltage: nth < transformers.length ? ("low" as const) : ("medium" as const),
      })),
    ],
  };
}

/** What the books call a customer. */
export const categoryOf = ({ lampsW, profile }: Customer): "lighting" | "household" | "business" =>
  lampsW !== undefined ? "lighting" : profile === "H0" ? "household" : "business";

/** The plate of a transformer, and its lines as the books have them: to a thousandth of an ohm. */
const ratingOf = ({
  kva,
  ironW,
  copperW,
  lineOhm,
}: Pick<Transformer, "kva" | "ironW" | "copperW" | "lineOhm">) => ({
  transformer: { ratedVa: kva * 1000, noLoadLossW: ironW.toFixed(0), loadLossW: copperW.toFixed(0) },
  line: { ohm: lineOhm.toFixed(3), volts: 400 },
  cosPhi: "0.95",
});
