import type { KeyRing } from "../secrets/key-ring.ts";

/** Tables whose rows hold what names a person, as sealed JSON. */
export type PersonalTable = "point" | "location" | "subscriber" | "contract" | "sim" | "field_task_entry";

/** A value as it lies in its row: sealed, and the hash by which a change shows. */
export interface SealedRow {
  readonly sealed: Buffer;
  readonly personalHash: Buffer;
}

/** The text of a row, by the number that identifies it. */
export interface RowText {
  readonly row: number;
  readonly text: string;
}

const kind = "personal";

/** Seals the texts of rows, in order. */
export async function sealRows(
  ring: KeyRing,
  table: PersonalTable,
  rows: readonly RowText[],
): Promise<SealedRow[]> {
  const [sealed, hashes] = await Promise.all([
    ring.sealFields(rows.map(({ row, text }) => ({ place: { table, row, kind }, secret: text }))),
    hashRows(ring, table, rows),
  ]);
  return sealed.map((each, nth) => ({ sealed: each, personalHash: hashes[nth] as Buffer }));
}

/**
 * As `sealRows`, but only the rows that are not those of `present`, the hashes that the rows have now: `sealed` is `null` for a row that
 * has this text already.
 */
export async function sealChangedRows(
  ring: KeyRing,
  table: PersonalTable,
  rows: readonly RowText[],
  present: readonly (Buffer | null | undefined)[],
): Promise<{ readonly sealed: Buffer | null; readonly personalHash: Buffer }[]> {
  const hashes = await hashRows(ring, table, rows);
  const isChanged = hashes.map((hash, nth) => !present[nth]?.equals(hash));
  const sealed = await ring.sealFields(
    rows
      .filter((_, nth) => isChanged[nth])
      .map(({ row, text }) => ({ place: { table, row, kind }, secret: text })),
  );
  let next = 0;
  return hashes.map((personalHash, nth) => ({
    sealed: isChanged[nth] ? (sealed[next++] as Buffer) : null,
    personalHash,
  }));
}

/**
 * Hashes that rows with these contents have, under the index key that is in use: one that differs has to be written. The row's
 * number is hashed with its text: two flats of one address must not be seen to be of one house.
 */
export const hashRows = (ring: KeyRing, table: PersonalTable, rows: readonly RowText[]): Promise<Buffer[]> =>
  ring.indexHashes(
    `personal:${table}`,
    rows.map(({ row, text }) => `${row}\0${text}`),
  );

/** Opens rows, in order; `empty` where nothing is sealed. @throws StoreError `secret.unreadable` */
export async function openRows<Value>(
  ring: KeyRing,
  table: PersonalTable,
  rows: readonly { readonly row: number; readonly sealed: Uint8Array | null }[],
  empty: Value,
): Promise<Value[]> {
  const present = rows.flatMap(({ row, sealed }) =>
    sealed === null ? [] : [{ place: { table, row, kind } as const, sealed }],
  );
  const texts = await ring.openTexts(present);
  let next = 0;
  return rows.map(({ sealed }) => (sealed === null ? empty : (JSON.parse(texts[next++] as string) as Value)));
}
