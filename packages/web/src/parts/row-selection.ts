/** Rows chosen in a list that may be far longer than what is loaded: by place, or all that match. */
export interface RowSelection {
  readonly all: boolean;
  readonly rows: ReadonlySet<number>;
}

export const noRows: RowSelection = { all: false, rows: new Set() };
export const allRows: RowSelection = { all: true, rows: new Set() };

export function isSelected(selection: RowSelection, row: number): boolean {
  return selection.all || selection.rows.has(row);
}

export function countOf(selection: RowSelection, total: number): number {
  return selection.all ? total : selection.rows.size;
}

/** Adds or takes one row; taking one from "all" leaves the others chosen. */
export function toggleRow(selection: RowSelection, row: number, total: number): RowSelection {
  const rows = new Set(selection.all ? Array.from({ length: total }, (_, index) => index) : selection.rows);
  if (!rows.delete(row)) rows.add(row);
  return { all: false, rows };
}

/** Adds every row between two places, as Shift with the arrows does. */
export function extendTo(selection: RowSelection, from: number, to: number): RowSelection {
  if (selection.all) return selection;
  const rows = new Set(selection.rows);
  for (let row = Math.min(from, to); row <= Math.max(from, to); row += 1) rows.add(row);
  return { all: false, rows };
}

/** Runs of chosen rows, for loading them in few pieces. */
export function rangesOf(selection: RowSelection, total: number): [from: number, to: number][] {
  if (selection.all) return total > 0 ? [[0, total]] : [];
  const ranges: [number, number][] = [];
  for (const row of [...selection.rows].sort((a, b) => a - b)) {
    const last = ranges.at(-1);
    if (last && last[1] === row) last[1] = row + 1;
    else ranges.push([row, row + 1]);
  }
  return ranges;
}
