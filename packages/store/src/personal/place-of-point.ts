import type { KeyRing } from "../secrets/key-ring.ts";
import { hashRows, openRows, sealChangedRows } from "./sealed-rows.ts";

/** What is personal about a point: it leads to a household. */
export interface PointNames {
  readonly pod: string;
  readonly name: string;
}

/** What is personal about a location. */
export interface LocationPlace {
  readonly address: string;
  /** Degrees, six digits behind the point: a decimetre. */
  readonly latitude: number | null;
  readonly longitude: number | null;
  /** What else is to be known by whoever goes there: where the key is, a dog. */
  readonly note: string;
}
/** A place as it is written: no note is an empty one. */
export type GivenPlace = Omit<LocationPlace, "note"> & { readonly note?: string };

const nameless: PointNames = { pod: "", name: "" };
const nowhere: LocationPlace = { address: "", latitude: null, longitude: null, note: "" };
const degrees = (value: number | null): number | null =>
  value === null ? null : Math.round(value * 1e6) / 1e6;

const pointText = ({ pod, name }: PointNames): string => JSON.stringify({ pod, name });
const locationText = ({ address, latitude, longitude, note }: GivenPlace): string =>
  JSON.stringify({
    address,
    latitude: degrees(latitude),
    longitude: degrees(longitude),
    ...(note ? { note } : {}),
  });

/** Seals the rows whose contents are not those that `present` is the hash of. */
export const sealPoints = (
  ring: KeyRing,
  rows: readonly (PointNames & { readonly pointId: number })[],
  present: readonly (Buffer | null | undefined)[] = [],
) =>
  sealChangedRows(
    ring,
    "point",
    rows.map((each) => ({ row: each.pointId, text: pointText(each) })),
    present,
  );

/** As `sealPoints`. */
export const sealLocations = (
  ring: KeyRing,
  rows: readonly (GivenPlace & { readonly locationId: number })[],
  present: readonly (Buffer | null | undefined)[] = [],
) =>
  sealChangedRows(
    ring,
    "location",
    rows.map((each) => ({ row: each.locationId, text: locationText(each) })),
    present,
  );

/** Hashes that rows with these contents have, under the index key that is in use: one that differs has to be written. */
export const pointHashes = (ring: KeyRing, rows: readonly (PointNames & { readonly pointId: number })[]) =>
  hashRows(
    ring,
    "point",
    rows.map((each) => ({ row: each.pointId, text: pointText(each) })),
  );
export const locationHashes = (
  ring: KeyRing,
  rows: readonly (GivenPlace & { readonly locationId: number })[],
) =>
  hashRows(
    ring,
    "location",
    rows.map((each) => ({ row: each.locationId, text: locationText(each) })),
  );

/** Codes and names of points, in order. @throws StoreError `secret.unreadable` */
export const openPoints = (
  ring: KeyRing,
  rows: readonly { readonly pointId: number; readonly sealed: Uint8Array | null }[],
): Promise<PointNames[]> =>
  openRows(
    ring,
    "point",
    rows.map(({ pointId, sealed }) => ({ row: pointId, sealed })),
    nameless,
  );

/** Addresses and places, in order. @throws StoreError `secret.unreadable` */
export const openLocations = async (
  ring: KeyRing,
  rows: readonly { readonly locationId: number; readonly sealed: Uint8Array | null }[],
): Promise<LocationPlace[]> =>
  (
    await openRows<GivenPlace>(
      ring,
      "location",
      rows.map(({ locationId, sealed }) => ({ row: locationId, sealed })),
      nowhere,
    )
  ).map((place) => ({ ...nowhere, ...place }));

/** The hashes under which each of these codes may be found: of the key in use and of those that are being replaced. */
export const podHashes = (ring: KeyRing, pods: readonly string[]): Promise<Buffer[]> =>
  ring.indexHashesOfAll("personal:pod", pods);
