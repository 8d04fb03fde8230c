import { useRef } from "react";
import type { ReportResult } from "../api/client.ts";
import { useWidth } from "../parts/use-figure.ts";
import { valueAxis } from "../parts/value-axis.ts";
import { useLocale } from "../text/provider.tsx";

const height = 240;
const left = 72;
const bottom = 26;
/** As many as there are colours. */
const seriesMax = 6;
const dashes = ["", "6 3", "2 3", "8 3 2 3", "1 3", "12 4"];

/** Columns of one unit over the rows: lines that break where nothing is there, or bars beside each other. */
export function ResultChart(props: {
  readonly label: string;
  readonly kind: "line" | "bar";
  readonly columns: ReportResult["columns"];
  readonly rows: readonly { readonly label: string; readonly cells: readonly (string | null)[] }[];
}) {
  const { f } = useLocale();
  const { columns, rows } = props;
  const box = useRef<HTMLDivElement>(null);
  const width = useWidth(box) || 320;
  const numbers = columns.flatMap(({ of }, nth) =>
    of === "number" && rows.some(({ cells }) => cells[nth] != null) ? [nth] : [],
  );
  const unit = columns[numbers[0] ?? 0]?.unit;
  const drawn = numbers.filter((nth) => columns[nth]!.unit === unit).slice(0, seriesMax);
  if (drawn.length === 0) return null;
  const value = (row: number, nth: number): number => {
    const cell = rows[row]!.cells[nth];
    return cell == null ? Number.NaN : Number(cell);
  };
  const axis = valueAxis(
    rows.flatMap((_, row) => drawn.map((nth) => value(row, nth))),
    1,
    f,
  );
  const y = (each: number) => 10 + (1 - (each - axis.low) / (axis.high - axis.low)) * (height - bottom - 10);
  const step = (width - left) / rows.length;
  const every = Math.max(1, Math.ceil((rows.length * 110) / (width - left)));
  return (
    <figure className="e-report-chart">
      <div ref={box}>
        <svg viewBox={`0 0 ${width} ${height}`} className="e-duration" role="img" aria-label={props.label}>
          {axis.marks.map((each) => (
            <g key={each}>
              <line x1={left} x2={width} y1={y(each)} y2={y(each)} className="e-rule" />
              <text x={left - 8} y={y(each) + 4} textAnchor="end">
                {axis.text(each)}
              </text>
            </g>
          ))}
          {rows.map((row, nth) =>
            nth % every === 0 ? (
              // biome-ignore lint/suspicious/noArrayIndexKey: rows are known by their place.
              <text key={nth} x={left + nth * step} y={height - 6}>
                {row.label}
              </text>
            ) : null,
          )}
          {drawn.map((column, series) =>
            props.kind === "line" ? (
              <path
                key={column}
                d={lineOf(
                  rows.length,
                  (row) => value(row, column),
                  (row) => left + (row + 0.5) * step,
                  y,
                )}
                fill="none"
                stroke={`var(--e-series-${series})`}
                strokeWidth={1.5}
                strokeDasharray={dashes[series]}
              />
            ) : (
              rows.map((_, row) => {
                const each = value(row, column);
                const bar = (step * 0.8) / drawn.length;
                return Number.isNaN(each) ? null : (
                  <rect
                    // biome-ignore lint/suspicious/noArrayIndexKey: rows are known by their place.
                    key={`${column}-${row}`}
                    x={left + row * step + step * 0.1 + bar * series}
                    width={Math.max(0.5, bar * 0.9)}
                    y={Math.min(y(each), y(0))}
                    height={Math.abs(y(each) - y(0))}
                    fill={`var(--e-series-${series})`}
                  />
                );
              })
            ),
          )}
        </svg>
      </div>
      <figcaption className="e-row e-small">
        {drawn.map((nth, series) => (
          <span key={nth} className="e-row">
            <span className="e-key" data-series={series} aria-hidden="true" />
            {columns[nth]!.title}
            {unit ? ` [${unit}]` : ""}
          </span>
        ))}
      </figcaption>
    </figure>
  );
}

/** A path with a break wherever nothing is there. */
function lineOf(
  length: number,
  value: (row: number) => number,
  x: (row: number) => number,
  y: (value: number) => number,
): string {
  let path = "";
  let open = false;
  for (let row = 0; row < length; row++) {
    const each = value(row);
    if (Number.isNaN(each)) {
      open = false;
      continue;
    }
    path += `${open ? "L" : "M"}${x(row).toFixed(1)} ${y(each).toFixed(1)}`;
    open = true;
  }
  return path;
}
