/** What thresholds depend on: who is behind the point. `balance` is a meter that a group is compared with. */
export const pointClasses = [
  "household",
  "business",
  "industry",
  "prosumer",
  "producer",
  "balance",
  "lighting",
] as const;
export type PointClass = (typeof pointClasses)[number];
