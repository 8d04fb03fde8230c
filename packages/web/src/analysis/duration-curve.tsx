import { useRef } from "react";
import { valueText } from "../parts/curve-words.ts";
import { useWidth } from "../parts/use-figure.ts";
import { valueAxis } from "../parts/value-axis.ts";
import { useLocale } from "../text/provider.tsx";
import type { DisplayUnit } from "../time/quantity.ts";

const height = 200;
const left = 70;
const bottom = 24;
const places = 320;

/** Value that is reached in this share of the time, of values with the greatest first. */
export const reachedIn = (values: Float64Array, share: number): number =>
  values[Math.min(values.length - 1, Math.floor(share * values.length))] ?? Number.NaN;

/** For which share of the time the load was at least so great; each series in the colour of its curve. */
export function DurationCurve(props: {
  readonly series: readonly {
    readonly name: string;
    readonly colour: number;
    readonly values: Float64Array;
  }[];
  readonly unit: DisplayUnit;
}) {
  const locale = useLocale();
  const { t, f } = locale;
  const { series, unit } = props;
  const box = useRef<HTMLDivElement>(null);
  const width = useWidth(box) || 320;
  const ends = series.flatMap(({ values }) => [values[0] ?? Number.NaN, values.at(-1) ?? Number.NaN]);
  const axis = valueAxis(ends, unit.factor, f);
  const x = (share: number) => left + share * (width - left - 8);
  const y = (value: number) => 8 + (1 - (value - axis.low) / (axis.high - axis.low)) * (height - bottom - 8);
  const paths = series.map(({ values }) => {
    let path = "";
    for (let place = 0; place <= places; place += 1) {
      const value = reachedIn(values, place / places);
      if (!Number.isNaN(value)) path += `${path ? "L" : "M"}${x(place / places)} ${y(value)}`;
    }
    return path;
  });
  const [first] = series;
  if (ends.every(Number.isNaN)) return <p className="e-muted">{t("an.empty")}</p>;
  return (
    <div ref={box}>
      <svg viewBox={`0 0 ${width} ${height}`} className="e-duration" role="img" aria-label={t("an.duration")}>
        {axis.marks.map((value) => (
          <g key={value}>
            <line x1={left} x2={width - 8} y1={y(value)} y2={y(value)} className="e-rule" />
            <text x={left - 8} y={y(value) + 4} textAnchor="end">
              {`${axis.text(value)}${value === axis.high ? ` ${unit.label}` : ""}`}
            </text>
          </g>
        ))}
        {[0, 25, 50, 100].map((percent) => (
          <text
            key={percent}
            x={x(percent / 100)}
            y={height - 6}
            textAnchor={percent === 100 ? "end" : percent === 0 ? "start" : "middle"}
          >
            {percent === 100 ? `100 ${t("an.of-time")}` : percent}
          </text>
        ))}
        {paths.map((path, nth) => (
          <path
            key={series[nth]!.name}
            d={path}
            fill="none"
            strokeWidth={2}
            stroke={`var(--e-series-${series[nth]!.colour})`}
            strokeDasharray={nth === 0 ? undefined : `${4 + nth * 3} 3`}
          />
        ))}
      </svg>
      {first && first.values.length > 0 ? (
        <p className="e-muted e-small">
          {t("an.duration-text", {
            half: valueText(reachedIn(first.values, 0.5), unit, locale),
            tenth: valueText(reachedIn(first.values, 0.1), unit, locale),
          })}
        </p>
      ) : null}
    </div>
  );
}
