import {
  addressOf,
  type Database,
  type InventoryPoint,
  isAllowed,
  type KeyRing,
  readInventoryPoints,
  readNetworks,
} from "@energsys/store";
import type { ImportColumnName, ImportMapping } from "./columns.ts";
import { type CheckedRow, checkRows, type Fixes, type RowFault } from "./rows.ts";
import { type FileTable, readTable } from "./table-file.ts";

/** What storing a line would do. */
export interface LineEffect extends CheckedRow {
  readonly does: "new" | "change" | "same";
  /** The point as it is now; absent for a new one. */
  readonly before: InventoryPoint | undefined;
  readonly changes: readonly FieldChange[];
}

export interface FieldChange {
  readonly field: ImportColumnName;
  readonly before: string;
  readonly after: string;
}

export interface CheckedImport {
  readonly table: FileTable;
  readonly lines: readonly LineEffect[];
  readonly faults: readonly RowFault[];
}

/** Lines that are looked up together. */
const lookMax = 5_000;

type Shown = Readonly<Record<string, (point: InventoryPoint) => string | number | undefined>>;
/** What of a point an import can change, as texts to compare. A field that the file does not give stays as it is. */
const fields = {
  name: ({ name }) => name,
  address: ({ address }) => address,
  branch: ({ branch }) => branch.join(" / "),
  phases: ({ phases }) => phases,
  direction: ({ direction }) => direction ?? "import",
  approvedPower: ({ approvedPowerW }) => (approvedPowerW === undefined ? undefined : approvedPowerW / 1000),
  latitude: ({ latitude }) => latitude,
  longitude: ({ longitude }) => longitude,
  model: ({ meter }) => meter.model,
  maxCurrent: ({ meter }) => meter.maxCurrentA,
  indexDigits: ({ meter }) => meter.indexDigits,
  identity: ({ device }) => device.identity,
  url: ({ device }) => device.url,
} as const satisfies Shown;

/** What a new point has when its line says nothing, a known one keeps as it is. */
function withKnown({ point, given }: CheckedRow, before: InventoryPoint): InventoryPoint {
  const phases = given.has("phases") ? undefined : before.phases;
  const { identity } = before.device;
  return {
    ...point,
    name: given.has("name") ? point.name : before.name,
    phases: phases ?? point.phases,
    meter: phases === undefined ? point.meter : { ...point.meter, phases: before.meter.phases },
    direction: (given.has("direction") ? point.direction : before.direction) ?? "import",
    device: given.has("identity") || identity === "" ? point.device : { ...point.device, identity },
  };
}

function changesOf(before: InventoryPoint, after: InventoryPoint): FieldChange[] {
  return (Object.keys(fields) as (keyof typeof fields)[]).flatMap((field) => {
    const [old, next] = [fields[field](before), fields[field](after)];
    return next === undefined || old === next
      ? []
      : [{ field, before: old === undefined ? "" : String(old), after: String(next) }];
  });
}

/**
 * Reads a file by its mapping and compares it with what is there. A line whose point has another meter than the file says is a fault: a
 * meter is exchanged with its last index, not by an import.
 * @throws JobError `points-import.file-unreadable`, `points-import.file-empty`, `points-import.file-too-large`
 */
export async function checkImport(
  db: Database,
  keyRing: KeyRing,
  file: { readonly text: string; readonly mapping: ImportMapping; readonly fixes: Fixes },
  zone: string,
): Promise<CheckedImport> {
  const table = readTable(file.text);
  const networks = await readNetworks(db);
  const { checked, faults } = checkRows(table.rows, file.mapping, {
    fixes: file.fixes,
    zone,
    isAllowed: (host) => {
      const address = addressOf(host);
      return address === undefined || isAllowed(networks.devices, address);
    },
  });
  const lines: LineEffect[] = [];
  const found = [...faults];
  for (let start = 0; start < checked.length; start += lookMax) {
    const part = checked.slice(start, start + lookMax);
    const known = await readInventoryPoints(
      db,
      keyRing,
      part.map(({ point }) => point.pod),
    );
    for (const line of part) {
      const before = known.get(line.point.pod);
      const { serial } = line.point.meter;
      if (before && before.meter.serial !== "" && before.meter.serial !== serial) {
        found.push({
          row: line.row,
          column: "serial",
          code: "other-meter",
          value: serial,
          proposal: before.meter.serial,
        });
        continue;
      }
      const point = before ? withKnown(line, before) : line.point;
      const changes = before ? changesOf(before, point) : [];
      const does = before ? (changes.length > 0 ? "change" : "same") : "new";
      lines.push({ ...line, point, does, before, changes });
    }
  }
  return { table, lines, faults: found.sort((one, other) => one.row - other.row) };
}

/** Corrected cells as the check wants them. */
export const fixesOf = (
  fixes: readonly (readonly [line: number, cells: Readonly<Record<string, string>>])[],
): Fixes =>
  new Map(fixes as readonly (readonly [number, Readonly<Partial<Record<ImportColumnName, string>>>])[]);
