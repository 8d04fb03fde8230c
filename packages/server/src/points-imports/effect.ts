import {
  addressOf,
  type Database,
  findComingConflicts,
  type InventoryPoint,
  isAllowed,
  type KeyRing,
  type KnownPoint,
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
  readonly before: KnownPoint | undefined;
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

/** Whether a point is in all of this as another description of it says. */
export const isSamePoint = (one: InventoryPoint, other: InventoryPoint): boolean =>
  (Object.keys(fields) as (keyof typeof fields)[]).every(
    (field) => fields[field](one) === fields[field](other),
  ) && one.meter.serial === other.meter.serial;

/** What of a meter that stands at the point a file cannot change: that is done there, with its last index and by two people. */
function faultOfStanding(
  { row, point, given }: CheckedRow,
  { meter, ctRatio, vtRatio }: InventoryPoint,
): RowFault | undefined {
  const told = (column: ImportColumnName, code: RowFault["code"], value: string, proposal: string) => ({
    row,
    column,
    code,
    value,
    proposal,
  });
  if (meter.serial !== point.meter.serial)
    return told("serial", "other-meter", point.meter.serial, meter.serial);
  if (meter.manufacturer !== point.meter.manufacturer)
    return told("manufacturer", "other-meter", point.meter.manufacturer, meter.manufacturer);
  for (const [column, is, wanted] of [
    ["ctRatio", ctRatio, point.ctRatio],
    ["vtRatio", vtRatio, point.vtRatio],
  ] as const) {
    if (given.has(column) && Number(wanted) !== Number(is ?? 1))
      return told(column, "other-ratio", wanted ?? "", is ?? "1");
  }
  return undefined;
}

/**
 * Reads a file by its mapping and compares it with what is there. A line whose point has another meter or other ratios than the file says
 * is a fault: that is changed at the point, not by an import. So is one whose meter stands elsewhere or may not be put up, or whose
 * device is another meter's.
 * @throws JobError `points-import.file-unreadable`, `points-import.file-empty`, `points-import.file-too-large`
 */
export async function checkImport(
  db: Database,
  keyRing: KeyRing,
  file: { readonly text: string; readonly mapping: ImportMapping; readonly fixes: Fixes },
  { zone, nowMs }: { readonly zone: string; readonly nowMs: number },
): Promise<CheckedImport> {
  const table = readTable(file.text);
  const networks = await readNetworks(db);
  const { checked, faults } = await checkRows(table.rows, file.mapping, {
    fixes: file.fixes,
    zone,
    nowMs,
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
    const conflicts = await findComingConflicts(
      db,
      part.map((line) => {
        const before = known.get(line.point.pod);
        const { meter, device, installedAt } = before ? withKnown(line, before) : line.point;
        return { pointId: before?.pointId ?? null, meter, identity: device.identity, at: installedAt };
      }),
    );
    for (const [nth, line] of part.entries()) {
      const before = known.get(line.point.pod);
      const standing = before && before.meter.serial !== "" ? faultOfStanding(line, before) : undefined;
      const conflict = conflicts[nth];
      if (standing) {
        found.push(standing);
        continue;
      }
      if (conflict) {
        const column = conflict === "other-device" ? "identity" : "serial";
        const value = column === "identity" ? line.point.device.identity : line.point.meter.serial;
        found.push({ row: line.row, column, code: conflict, value, proposal: null });
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
