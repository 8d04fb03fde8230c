/** A sorted copy; equal rows keep their order. Texts with digits sort by number: T2 before T10. */
export function sortRows<Row>(rows: readonly Row[], key: keyof Row, descending: boolean): readonly Row[] {
  const direction = descending ? -1 : 1;
  return rows.toSorted((a, b) => direction * compare(a[key], b[key]));
}

const collator = new Intl.Collator(undefined, { numeric: true });

function compare(a: unknown, b: unknown): number {
  if (typeof a === "number" && typeof b === "number") return a - b;
  if (a === null || a === undefined) return b === null || b === undefined ? 0 : -1;
  if (b === null || b === undefined) return 1;
  return collator.compare(String(a), String(b));
}
