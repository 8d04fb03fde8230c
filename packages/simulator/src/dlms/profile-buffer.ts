import { slotMs } from "../calendar.ts";
import { type ProfileRows, type Registers, rowMark, type VirtualMeter } from "../meter/virtual-meter.ts";
import { ByteSink } from "./byte-sink.ts";
import { dateTimeBytes } from "./date-time.ts";

/** A capture object: what one column of a profile holds, and how it is taken from the rows. */
export interface ProfileColumn {
  readonly classId: number;
  readonly obis: string;
  readonly attribute: number;
  readonly kind: "clock" | "status" | "value";
  /** Value in the n-th row, for kind "value". */
  readonly of?: (rows: ProfileRows, n: number) => number;
}

const clock: ProfileColumn = { classId: 8, obis: "0-0:1.0.0*255", attribute: 2, kind: "clock" };
const status: ProfileColumn = { classId: 1, obis: "0-0:96.10.1*255", attribute: 2, kind: "status" };

const register = (name: keyof Registers) => (rows: ProfileRows, n: number) =>
  (rows.registers[n] as Registers)[name];

const index = (obis: string, name: keyof Registers): ProfileColumn => ({
  classId: 3,
  obis,
  attribute: 2,
  kind: "value",
  of: register(name),
});

const delta = (obis: string, of: (rows: ProfileRows, n: number) => number): ProfileColumn => ({
  classId: 3,
  obis,
  attribute: 2,
  kind: "value",
  of,
});

/** Columns of the load profile: registers at the end of each interval, or the energies in it. */
export function loadProfileColumns(hold: "index" | "delta"): readonly ProfileColumn[] {
  if (hold === "index") {
    return [
      clock,
      status,
      index("1-0:1.8.0*255", "importWh"),
      index("1-0:2.8.0*255", "exportWh"),
      index("1-0:3.8.0*255", "importVarh"),
      index("1-0:4.8.0*255", "exportVarh"),
    ];
  }
  return [
    clock,
    status,
    delta("1-0:1.29.0*255", (rows, n) => rows.importWh[n] as number),
    delta("1-0:2.29.0*255", (rows, n) => rows.exportWh[n] as number),
  ];
}

/** The status byte of an interval as IDIS meters send it. */
export const statusByte = (mark: number): number =>
  (mark & rowMark.powerDown ? 0x80 : 0) |
  (mark & rowMark.clockSet ? 0x20 : 0) |
  (mark & rowMark.summerTime ? 0x08 : 0);

/**
 * Rows as an array of structures, or as a compact array. A meter with `nullData` leaves out what the reader can tell from the row above: the
 * next stamp, an unchanged status, an unchanged value; never in the first row.
 */
export function encodeRows(
  meter: VirtualMeter,
  columns: readonly ProfileColumn[],
  rows: ProfileRows,
): Uint8Array {
  const count = rows.endsMs.length;
  if (meter.description.profile.compact) return encodeCompactRows(meter, columns, rows);
  const sink = new ByteSink(16 + count * columns.length * 8);
  const mayOmit = meter.description.profile.nullData;
  sink.uint8(0x01);
  sink.count(count);
  for (let n = 0; n < count; n++) {
    sink.uint8(0x02);
    sink.count(columns.length);
    for (const column of columns) encodeCell(sink, meter, column, rows, n, mayOmit && n > 0);
  }
  return sink.bytes();
}

const columnTags = { clock: 0x09, status: 0x11, value: 0x06 } as const;

/** Rows as a compact array of structures; strings keep their length. */
function encodeCompactRows(
  meter: VirtualMeter,
  columns: readonly ProfileColumn[],
  rows: ProfileRows,
): Uint8Array {
  const content = new ByteSink(16 + rows.endsMs.length * columns.length * 6);
  for (let n = 0; n < rows.endsMs.length; n++) {
    for (const column of columns) {
      if (column.kind === "clock") {
        content.uint8(0x0c);
        content.put(dateTimeBytes(meter.local(rows.endsMs[n] as number)));
      } else if (column.kind === "status") {
        content.uint8(statusByte(rows.marks[n] as number));
      } else {
        content.uint32(meter.shown(column.of?.(rows, n) ?? 0));
      }
    }
  }
  const sink = new ByteSink(content.length + 32);
  sink.uint16(0x1302);
  sink.count(columns.length);
  for (const { kind } of columns) sink.uint8(columnTags[kind]);
  sink.count(content.length);
  sink.put(content.bytes());
  return sink.bytes();
}

function encodeCell(
  sink: ByteSink,
  meter: VirtualMeter,
  column: ProfileColumn,
  rows: ProfileRows,
  n: number,
  mayOmit: boolean,
): void {
  if (column.kind === "clock") {
    const endMs = rows.endsMs[n] as number;
    if (mayOmit && endMs - (rows.endsMs[n - 1] as number) === slotMs) {
      sink.uint8(0x00);
    } else {
      sink.uint16(0x090c);
      sink.put(dateTimeBytes(meter.local(endMs)));
    }
    return;
  }
  const at = (row: number) =>
    column.kind === "status"
      ? statusByte(rows.marks[row] as number)
      : meter.shown(column.of?.(rows, row) ?? 0);
  const value = at(n);
  if (mayOmit && value === at(n - 1)) {
    sink.uint8(0x00);
  } else if (column.kind === "status") {
    sink.uint16(0x1100 | value);
  } else {
    sink.uint8(0x06);
    sink.uint32(value);
  }
}
