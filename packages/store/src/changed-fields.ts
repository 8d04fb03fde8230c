/** Of an entry of a history: each field that was changed, from what to what. */
export type ChangedFields = Readonly<Record<string, readonly [before: unknown, after: unknown]>>;

/** What differs, or null where nothing does. */
export function changedFields<Fields extends Readonly<Record<string, unknown>>>(
  before: Fields,
  after: Fields,
): ChangedFields | null {
  const changed = Object.keys(before).filter((field) => before[field] !== after[field]);
  return changed.length === 0
    ? null
    : Object.fromEntries(changed.map((field) => [field, [before[field], after[field]]]));
}
