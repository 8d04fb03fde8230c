import { slotMs } from "../calendar.ts";
import type { HappeningKind } from "../load/happenings.ts";
import { type ProfileRows, type Registers, rowMark, type VirtualMeter } from "../meter/virtual-meter.ts";
import type { IecDialect, IecProfileColumn } from "./dialects.ts";
import { stampText } from "./times.ts";

/** Status bits of VDEW meters; the third byte holds bits of our own for the covers. */
const eventStatus: Readonly<Partial<Record<HappeningKind, number>>> = {
  "power-down": 0x80,
  "power-up": 0x40,
  "clock-old": 0x20,
  "clock-new": 0x20,
  "summer-time-change": 0x08,
  "terminal-cover-removed": 0x010000,
  "terminal-cover-closed": 0x020000,
  "meter-cover-removed": 0x040000,
  "meter-cover-closed": 0x080000,
  "magnet-on": 0x100000,
  "magnet-off": 0x200000,
  "neutral-lost": 0x400000,
  "current-reversed": 0x800000,
  "parameter-changed": 0x0100,
};

const rowStatus = (mark: number): number =>
  (mark & rowMark.powerDown ? 0x80 : 0) |
  (mark & rowMark.powerUp ? 0x40 : 0) |
  (mark & rowMark.clockSet ? 0x20 : 0);

const hex = (value: number, digits: number) => value.toString(16).toUpperCase().padStart(digits, "0");

/**
 * Rows of P.01 that end in [fromMs, toMs] (VDEW practice): a header with the end of the first period that follows, then one line for
 * each period. A new header after a gap, at a changed status, at midnight and when summer time begins or ends.
 * `undefined` when there is no row.
 */
export function profileText(
  meter: VirtualMeter,
  dialect: IecDialect,
  fromMs: number,
  toMs: number,
): string | undefined {
  const columns = dialect.profile ?? [];
  const rows = meter.profileRows(fromMs, toMs);
  if (rows.endsMs.length === 0) return undefined;
  const structure = columns.map(({ address, unit }) => `(${address})(${unit})`).join("");
  const lines: string[] = [];
  let expected = 0;
  let status = -1;
  let zone = 0;
  rows.endsMs.forEach((endMs, n) => {
    const time = meter.local(endMs);
    const found = rowStatus(rows.marks[n] as number);
    const midnight = time.hour === 0 && time.minute === 0;
    if (endMs !== expected || found !== status || midnight || time.aheadMinutes !== zone) {
      const text = `P.01(${stampText(time)})(${hex(found, dialect.statusDigits)})(15)(${columns.length})`;
      lines.push(text + structure);
    }
    expected = endMs + slotMs;
    status = found;
    zone = time.aheadMinutes;
    lines.push(columns.map((column) => `(${column.text(energyOf(meter, column, rows, n))})`).join(""));
  });
  return `${lines.join("\r\n")}\r\n`;
}

function energyOf(meter: VirtualMeter, column: IecProfileColumn, rows: ProfileRows, n: number): number {
  const importWh = rows.importWh[n] as number;
  const exportWh = rows.exportWh[n] as number;
  if (column.of === "import") return importWh;
  if (column.of === "export") return exportWh;
  return meter.reactiveOf(rows.registers[n] as Registers, importWh, exportWh)[column.of];
}

/** Entries of the operating log P.98 in [fromMs, toMs], one line each. `undefined` when there is none. */
export function logText(
  meter: VirtualMeter,
  dialect: IecDialect,
  fromMs: number,
  toMs: number,
): string | undefined {
  const lines = meter.events(fromMs, toMs).flatMap(({ atMs, kind }) => {
    const status = eventStatus[kind];
    if (status === undefined) return [];
    const digits = status > 0xff ? 8 : dialect.statusDigits;
    return [`P.98(${stampText(meter.local(atMs))})(${hex(status, digits)})()(0)`];
  });
  return lines.length === 0 ? undefined : `${lines.join("\r\n")}\r\n`;
}
