import { searchText } from "../search-text.ts";
import type { KeyRing } from "./key-ring.ts";

/** A personal value as it is stored: sealed, and the hash that it is found by. */
export interface SealedPersonal {
  readonly sealed: Buffer;
  readonly hash: Buffer;
}

/** Seals a field of personal data for its row (`name`, `phone` …), with the hash for its index. */
export async function sealPersonal(
  ring: KeyRing,
  place: { readonly table: string; readonly row: number | string; readonly field: string },
  value: string,
): Promise<SealedPersonal> {
  const { table, row, field } = place;
  return {
    sealed: await ring.sealField({ table: `${table}.${field}`, row, kind: "personal" }, value),
    hash: await personalHash(ring, field, value),
  };
}

export async function openPersonal(
  ring: KeyRing,
  { table, row, field }: { readonly table: string; readonly row: number | string; readonly field: string },
  sealed: Uint8Array,
): Promise<string> {
  return (await ring.openField({ table: `${table}.${field}`, row, kind: "personal" }, sealed)).reveal();
}

/** What to look for in the index: the same for one value however it is written, in capitals or without diacritics. */
export const personalHash = (ring: KeyRing, field: string, value: string): Promise<Buffer> =>
  ring.lookupHash(`personal:${field}`, searchText(value));
