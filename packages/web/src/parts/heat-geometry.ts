import { dayOf, startOfDay, wallOf } from "../time/zone.ts";
import type { Curve } from "./curve.ts";

/** One interval's place on the map: column of its day, row of its wall-clock time, and which half when told twice. */
export interface HeatCell {
  readonly index: number;
  readonly column: number;
  readonly row: number;
  /** "whole", or the first or second pass of an hour that a clock change repeats. */
  readonly part: "whole" | "first" | "second";
}

export interface HeatGrid {
  readonly columns: number;
  readonly rows: number;
  readonly cells: readonly HeatCell[];
  /** Places where the clocks jump over: no such time exists. */
  readonly skipped: readonly { readonly column: number; readonly row: number }[];
}

/**
 * Places every interval by its wall-clock time, so that noon is one straight line also across a clock change. The hour
 * that comes twice shares its rows, half a column each; the hour that is jumped over stays empty.
 */
export function heatGrid(curve: Curve): HeatGrid {
  const stepMinutes = curve.stepMs / 60_000;
  const rows = Math.round(1440 / stepMinutes);
  const cells: HeatCell[] = [];
  const skipped: { column: number; row: number }[] = [];
  for (const [column, { firstIndex, slots }] of curve.days.entries()) {
    if (slots === rows) {
      for (let slot = 0; slot < slots; slot += 1)
        cells.push({ index: firstIndex + slot, column, row: slot, part: "whole" });
      continue;
    }
    const seen = new Map<number, number>();
    const own: HeatCell[] = [];
    for (let slot = 0; slot < slots; slot += 1) {
      const index = firstIndex + slot;
      const wall = wallOf(curve.startMs + index * curve.stepMs, curve.zone);
      const row = Math.floor(wall.minuteOfDay / stepMinutes);
      const before = seen.get(row);
      if (before !== undefined) own[before] = { ...own[before]!, part: "first" };
      seen.set(row, own.length);
      own.push({ index, column, row, part: before === undefined ? "whole" : "second" });
    }
    cells.push(...own);
    for (let row = 0; row < rows; row += 1) if (!seen.has(row)) skipped.push({ column, row });
  }
  return { columns: curve.days.length, rows, cells, skipped };
}

/** The cell under a place of the map, in columns and rows with fractions. */
export function cellAt(grid: HeatGrid, column: number, row: number): HeatCell | undefined {
  const wholeColumn = Math.floor(column);
  const wholeRow = Math.floor(row);
  const late = column - wholeColumn >= 0.5;
  return grid.cells.find(
    (cell) =>
      cell.column === wholeColumn &&
      cell.row === wholeRow &&
      (cell.part === "whole" || (cell.part === "second") === late),
  );
}

const viridis = [
  [68, 1, 84],
  [72, 40, 120],
  [62, 74, 137],
  [49, 104, 142],
  [38, 130, 142],
  [31, 158, 137],
  [53, 183, 121],
  [110, 206, 88],
  [181, 222, 43],
  [253, 231, 37],
] as const;

/** Viridis at 0 (dark) to 1 (bright), as `rgb(…)`. */
export function viridisAt(share: number): string {
  const place = Math.max(0, Math.min(1, Number.isNaN(share) ? 0 : share)) * (viridis.length - 1);
  const low = Math.min(viridis.length - 2, Math.floor(place));
  const part = place - low;
  const mixed = viridis[low]!.map((value, channel) =>
    Math.round(value + (viridis[low + 1]![channel]! - value) * part),
  );
  return `rgb(${mixed.join(" ")})`;
}

/** Colour stops of the legend. */
export const viridisGradient = `linear-gradient(90deg, ${viridis.map((colour) => `rgb(${colour.join(" ")})`).join(", ")})`;

/** Days of a curve that an answer without day rows would have; used by the wrappers' test page. */
export function daysOf(startMs: number, count: number, stepMs: number, zone: string) {
  const days = [];
  for (let index = 0; index < count; ) {
    const day = dayOf(startMs + index * stepMs, zone);
    const next = startOfDay(Temporal.PlainDate.from(day).add({ days: 1 }).toString(), zone);
    const slots = Math.round((next - (startMs + index * stepMs)) / stepMs);
    days.push({ day, firstIndex: index, slots: Math.min(slots, count - index) });
    index += slots;
  }
  return days;
}
