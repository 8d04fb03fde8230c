import type { LocationRow } from "../api/client.ts";

export interface PlotSize {
  readonly width: number;
  readonly height: number;
  readonly edge: number;
}

const metresOfDegree = 111_320;

/**
 * Places rows that have a position on a plane, north up, with one scale for both directions (a degree of longitude is as much
 * shorter as the middle latitude says), and a round length in metres to measure by.
 */
export function plotOf(rows: readonly LocationRow[], { width, height, edge }: PlotSize) {
  const placed = rows.flatMap((row) =>
    row.latitude === null || row.longitude === null ? [] : [{ row, lat: row.latitude, lon: row.longitude }],
  );
  if (placed.length === 0) return { marks: [], scaleM: 0, scaleWidth: 0 };
  const span = (values: readonly number[]) => [Math.min(...values), Math.max(...values)] as const;
  const [south, north] = span(placed.map(({ lat }) => lat));
  const [west, east] = span(placed.map(({ lon }) => lon));
  const shrink = Math.cos((((south + north) / 2) * Math.PI) / 180);
  const metres = { x: (east - west) * metresOfDegree * shrink, y: (north - south) * metresOfDegree };
  const perMetre = Math.min(
    (width - 2 * edge) / Math.max(metres.x, 20),
    (height - 3 * edge) / Math.max(metres.y, 20),
  );
  const left = (width - metres.x * perMetre) / 2;
  const top = (height - edge - metres.y * perMetre) / 2;
  const marks = placed.map(({ row, lat, lon }) => ({
    row,
    x: left + (lon - west) * metresOfDegree * shrink * perMetre,
    y: top + (north - lat) * metresOfDegree * perMetre,
  }));
  const wanted = width / 6 / perMetre;
  const power = 10 ** Math.floor(Math.log10(wanted));
  const scaleM = ([5, 2, 1].find((step) => step * power <= wanted) ?? 1) * power;
  return { marks, scaleM, scaleWidth: scaleM * perMetre };
}
