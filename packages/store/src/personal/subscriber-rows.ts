import type { KeyRing } from "../secrets/key-ring.ts";
import { hashRows, openRows, sealRows } from "./sealed-rows.ts";

/** What names a subscriber and leads to them. */
export interface SubscriberData {
  /** The operator's own number of the customer, unique. */
  readonly number: string;
  readonly name: string;
  readonly phone: string;
  readonly email: string;
  /** Where letters go, which need not be where the energy is used. */
  readonly address: string;
}

const nobody: SubscriberData = { number: "", name: "", phone: "", email: "", address: "" };

// One order of fields, so that equal data has equal text.
const textOf = ({ number, name, phone, email, address }: SubscriberData): string =>
  JSON.stringify({ number, name, phone, email, address });

type Row = SubscriberData & { readonly subscriberId: number };
const rowsOf = (rows: readonly Row[]) => rows.map((each) => ({ row: each.subscriberId, text: textOf(each) }));

export const sealSubscribers = (ring: KeyRing, rows: readonly Row[]) =>
  sealRows(ring, "subscriber", rowsOf(rows));

/** Hashes that rows with these contents have, under the index key that is in use. */
export const subscriberHashes = (ring: KeyRing, rows: readonly Row[]) =>
  hashRows(ring, "subscriber", rowsOf(rows));

/** Subscribers, in order. @throws StoreError `secret.unreadable` */
export const openSubscribers = (
  ring: KeyRing,
  rows: readonly { readonly subscriberId: number; readonly sealed: Uint8Array | null }[],
): Promise<SubscriberData[]> =>
  openRows(
    ring,
    "subscriber",
    rows.map(({ subscriberId, sealed }) => ({ row: subscriberId, sealed })),
    nobody,
  );

type ContractRow = { readonly contractId: number; readonly number: string };
const contractRows = (rows: readonly ContractRow[]) =>
  rows.map(({ contractId, number }) => ({ row: contractId, text: JSON.stringify({ number }) }));

export const sealContracts = (ring: KeyRing, rows: readonly ContractRow[]) =>
  sealRows(ring, "contract", contractRows(rows));

/** Hashes that contracts with these numbers have, under the index key that is in use. */
export const contractHashes = (ring: KeyRing, rows: readonly ContractRow[]) =>
  hashRows(ring, "contract", contractRows(rows));

/** Numbers of contracts, in order. @throws StoreError `secret.unreadable` */
export const openContracts = async (
  ring: KeyRing,
  rows: readonly { readonly contractId: number; readonly sealed: Uint8Array | null }[],
): Promise<string[]> =>
  (
    await openRows(
      ring,
      "contract",
      rows.map(({ contractId, sealed }) => ({ row: contractId, sealed })),
      { number: "" },
    )
  ).map(({ number }) => number);

/** The hashes under which a subscriber's number may be found: of the key in use, then of those that are being replaced. */
export const subscriberNumberHashes = (ring: KeyRing, numbers: readonly string[]): Promise<Buffer[]> =>
  ring.indexHashesOfAll("personal:subscriber-number", numbers);
/** The same of contracts' numbers. */
export const contractNumberHashes = (ring: KeyRing, numbers: readonly string[]): Promise<Buffer[]> =>
  ring.indexHashesOfAll("personal:contract-number", numbers);
