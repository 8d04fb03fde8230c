import { useRef } from "react";
import { useWidth } from "../parts/use-figure.ts";
import { valueAxis } from "../parts/value-axis.ts";
import { useLocale } from "../text/provider.tsx";
import type { DisplayUnit } from "../time/quantity.ts";

export interface Stack {
  readonly key: string;
  readonly label: string;
  /** By rate, in the base unit; what is negative or missing has no bar. */
  readonly values: readonly number[];
}

const height = 220;
const left = 64;
const bottom = 24;

/** A bar per part of the period, one colour per rate, as in the table above it. */
export function Stacks({ stacks, unit }: { readonly stacks: readonly Stack[]; readonly unit: DisplayUnit }) {
  const { t, f } = useLocale();
  const box = useRef<HTMLDivElement>(null);
  const width = useWidth(box) || 320;
  const drawn = stacks.map(({ values }) => values.map((value) => (value > 0 ? value : 0)));
  const axis = valueAxis(
    drawn.map((values) => values.reduce((sum, value) => sum + value, 0)),
    unit.factor,
    f,
  );
  const y = (value: number) => 8 + (1 - value / axis.high) * (height - bottom - 8);
  const step = (width - left) / Math.max(1, stacks.length);
  const every = Math.ceil((stacks.length * 52) / (width - left));
  return (
    <div ref={box}>
      <svg viewBox={`0 0 ${width} ${height}`} className="e-duration" role="img" aria-label={t("mr.bars")}>
        {axis.marks.map((value) => (
          <g key={value}>
            <line x1={left} x2={width} y1={y(value)} y2={y(value)} className="e-rule" />
            <text x={left - 8} y={y(value) + 4} textAnchor="end">
              {axis.text(value)}
            </text>
          </g>
        ))}
        {stacks.map(({ key, label }, nth) => {
          let below = 0;
          return (
            <g key={key}>
              {drawn[nth]!.map((value, rate) => {
                const from = below;
                below += value;
                return (
                  <rect
                    // biome-ignore lint/suspicious/noArrayIndexKey: a rate has its place.
                    key={rate}
                    x={left + nth * step + step * 0.14}
                    width={step * 0.72}
                    y={y(below)}
                    height={y(from) - y(below)}
                    fill={`var(--e-series-${rate % 6})`}
                  />
                );
              })}
              {nth % every === 0 ? (
                <text x={left + (nth + 0.5) * step} y={height - 6} textAnchor="middle">
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
