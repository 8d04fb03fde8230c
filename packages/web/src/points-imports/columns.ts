import type { ImportColumn } from "../api/client.ts";

/** Columns in the order in which pages show them; the type checker keeps the list whole. */
const columns = {
  pod: true,
  address: true,
  branch: true,
  serial: true,
  manufacturer: true,
  model: true,
  installedAt: true,
  url: true,
  name: false,
  phases: false,
  direction: false,
  approvedPower: false,
  latitude: false,
  longitude: false,
  maxCurrent: false,
  indexDigits: false,
  ctRatio: false,
  vtRatio: false,
  identity: false,
} as const satisfies Record<ImportColumn, boolean>;

export const columnNames = Object.keys(columns) as ImportColumn[];
export const neededColumns: ReadonlySet<ImportColumn> = new Set(columnNames.filter((name) => columns[name]));
