/**
 * What secrets are of. Each kind and year has a data key of its own, so that one that got out opens one kind of one year;
 * `switching` is wrapped by the dispatcher's own master key, `lookup` makes the hashes that sealed keys
 * are compared by, `personal-index` those that personal data is found by.
 */
export const dataKeyKinds = [
  "meter-key",
  "device-password",
  "integration-password",
  "second-factor",
  "personal",
  "trial",
  "lookup",
  "switching",
  "personal-index",
] as const;
export type DataKeyKind = (typeof dataKeyKinds)[number];

/** Where a sealed value lies; it opens nowhere else. */
export interface SecretPlace {
  readonly table: string;
  /** What identifies the row for as long as it lives. */
  readonly row: number | string;
  readonly kind: DataKeyKind;
}

/** A column of sealed values, so that a rotation finds them all. */
export interface SealedColumn {
  readonly table: string;
  /** The column that `SecretPlace.row` is taken from. */
  readonly row: string;
  readonly rowType: "int" | "bigint" | "text";
  readonly column: string;
  readonly kind: DataKeyKind;
  /** The table that values are bound to, where it is another's: what was there before, as it was sealed. */
  readonly boundTo?: string;
}
