import type { Subscriber } from "../api/client.ts";

export const dataFields = ["name", "number", "kind", "phone", "email", "address"] as const;
export type DataField = (typeof dataFields)[number];
type Data = Pick<Subscriber, DataField>;

/** One change of a subscriber's data: instants as in the API. */
export interface DataChange {
  readonly at: string;
  readonly by: string;
  readonly fields: readonly { readonly field: DataField; readonly before: string; readonly after: string }[];
}

/** What was changed until the instant that is looked at, the newest first: each version beside what came after it. */
export function changesOf(subscriber: Data & Pick<Subscriber, "on" | "versions">): DataChange[] {
  const until = subscriber.on === null ? Number.POSITIVE_INFINITY : Date.parse(subscriber.on);
  const earlier = subscriber.versions.filter(({ to }) => Date.parse(to) <= until);
  return earlier.map((before, nth) => {
    const after: Data = earlier[nth - 1] ?? subscriber;
    // Every subscriber has a number: where it is empty, the name alone was kept.
    const known = before.number === "" ? (["name"] as const) : dataFields;
    return {
      at: before.to,
      by: before.endedBy,
      fields: known.flatMap((field) =>
        before[field] === after[field] ? [] : [{ field, before: before[field], after: after[field] }],
      ),
    };
  });
}
