export interface CellPlace {
  readonly row: number;
  readonly column: number;
}

export interface GridSize {
  readonly rows: number;
  readonly columns: number;
  /** Rows that are seen at once. */
  readonly page: number;
}

/** Where a key takes the cursor of a grid (WAI-ARIA grid pattern); `undefined` for keys that do not move it. */
export function moveCell(from: CellPlace, key: string, ctrl: boolean, size: GridSize): CellPlace | undefined {
  const place = (row: number, column: number): CellPlace => ({
    row: Math.max(0, Math.min(size.rows - 1, row)),
    column: Math.max(0, Math.min(size.columns - 1, column)),
  });
  switch (key) {
    case "ArrowDown":
    case "j":
      return place(from.row + 1, from.column);
    case "ArrowUp":
    case "k":
      return place(from.row - 1, from.column);
    case "ArrowRight":
      return place(from.row, from.column + 1);
    case "ArrowLeft":
      return place(from.row, from.column - 1);
    case "PageDown":
      return place(from.row + size.page, from.column);
    case "PageUp":
      return place(from.row - size.page, from.column);
    case "Home":
      return ctrl ? place(0, 0) : place(from.row, 0);
    case "End":
      return ctrl ? place(size.rows - 1, size.columns - 1) : place(from.row, size.columns - 1);
    default:
      return undefined;
  }
}
