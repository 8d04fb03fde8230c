import { useRef } from "react";
import { useWidth } from "../parts/use-figure.ts";
import { valueAxis } from "../parts/value-axis.ts";
import { useLocale } from "../text/provider.tsx";

export interface Bar {
  readonly key: string;
  readonly label: string;
  /** In the base unit; NaN where nothing is there. */
  readonly value: number;
  readonly before: number | undefined;
}

const height = 220;
const left = 64;
const bottom = 24;

/** A bar per row, the former time as a thin line beside it. What is missing has no bar: a zero has one of no height. */
export function Bars(props: {
  readonly bars: readonly Bar[];
  readonly unit: { readonly factor: number; readonly label: string; readonly digits: number };
  /** What is shown, where it is not consumption. */
  readonly label?: string;
}) {
  const { t, f } = useLocale();
  const { bars, unit } = props;
  const box = useRef<HTMLDivElement>(null);
  const width = useWidth(box) || 320;
  const all = bars.flatMap(({ value, before }) => [value, before ?? Number.NaN]);
  const axis = valueAxis(all, unit.factor, f);
  const y = (value: number) => 8 + (1 - (value - axis.low) / (axis.high - axis.low)) * (height - bottom - 8);
  const step = (width - left) / Math.max(1, bars.length);
  const every = Math.ceil((bars.length * 52) / (width - left));
  if (all.every(Number.isNaN)) return <p className="e-muted">{t("an.empty")}</p>;
  return (
    <div ref={box}>
      <svg
        viewBox={`0 0 ${width} ${height}`}
        className="e-duration"
        role="img"
        aria-label={props.label ?? t("an.bars")}
      >
        {axis.marks.map((value) => (
          <g key={value}>
            <line x1={left} x2={width} y1={y(value)} y2={y(value)} className="e-rule" />
            <text x={left - 8} y={y(value) + 4} textAnchor="end">
              {axis.text(value)}
            </text>
          </g>
        ))}
        {bars.map(({ key, label, value, before }, nth) => {
          const x = left + nth * step;
          return (
            <g key={key}>
              {Number.isNaN(value) ? null : (
                <rect
                  x={x + step * 0.12}
                  width={step * 0.56}
                  y={Math.min(y(value), y(0))}
                  height={Math.abs(y(value) - y(0))}
                  fill="var(--e-series-0)"
                />
              )}
              {before === undefined || Number.isNaN(before) ? null : (
                <rect
                  x={x + step * 0.7}
                  width={step * 0.2}
                  y={Math.min(y(before), y(0))}
                  height={Math.abs(y(before) - y(0))}
                  fill="var(--e-series-1)"
                />
              )}
              {nth % every === 0 ? (
                <text x={x + step * 0.4} y={height - 6} textAnchor="middle">
                  {label}
                </text>
              ) : null}
            </g>
          );
        })}
      </svg>
    </div>
  );
}
