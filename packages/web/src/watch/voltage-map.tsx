import { useRef } from "react";
import type { VoltageLimits, WatchPart } from "../api/client.ts";
import { useWidth } from "../parts/use-figure.ts";
import { useLocale } from "../text/provider.tsx";

const height = 260;
const [left, right, top, bottom] = [56, 8, 12, 26];
/** More points than this are a list and no picture. */
const pointsMax = 250;
const usual = { lowV: 207, highV: 253 };

interface Phase {
  readonly place: number;
  readonly low: number;
  readonly mean: number;
  readonly high: number;
}

/** Voltage of each point by falling mean, phases beside each other: how it goes along a feeder. */
export function VoltageMap(props: {
  readonly part: WatchPart | undefined;
  readonly limits: Pick<VoltageLimits, "lowV" | "highV"> | undefined;
}) {
  const { t, f } = useLocale();
  const box = useRef<HTMLDivElement>(null);
  const width = useWidth(box) || 320;
  const points = pointsOf(props.part);
  if (points.length === 0 || points.length > pointsMax) return null;
  const { lowV, highV } = props.limits ?? usual;
  const all = points.flatMap(({ phases }) => phases);
  const from = Math.floor((Math.min(lowV, ...all.map(({ low }) => low)) - 2) / 5) * 5;
  const to = Math.ceil((Math.max(highV, ...all.map(({ high }) => high)) + 2) / 5) * 5;
  const y = (volts: number) => top + ((to - volts) / (to - from)) * (height - top - bottom);
  const step = (width - left - right) / points.length;
  const every = Math.ceil((points.length * 90) / (width - left));
  const label = t("watch.map-label", { count: points.length, low: f.number(from), high: f.number(to) });
  return (
    <section className="e-panel" aria-labelledby="voltage-map">
      <div className="e-panel-head">
        <h2 id="voltage-map">{t("watch.map")}</h2>
        <span className="e-muted e-small">
          {["L1", "L2", "L3"].map((name, phase) => (
            <span key={name} className="e-nowrap">
              <svg width="10" height="10" aria-hidden="true">
                <circle cx="5" cy="5" r="4" fill={`var(--e-series-${phase})`} />
              </svg>{" "}
              {name}{" "}
            </span>
          ))}
        </span>
      </div>
      <div className="e-panel-body" ref={box}>
        <svg viewBox={`0 0 ${width} ${height}`} className="e-duration" role="img" aria-label={label}>
          {[from, (from + to) / 2, to].map((volts) => (
            <g key={volts}>
              <line x1={left} x2={width} y1={y(volts)} y2={y(volts)} className="e-rule" />
              <text x={left - 8} y={y(volts) + 4} textAnchor="end">
                {f.number(volts)} V
              </text>
            </g>
          ))}
          {[lowV, 230, highV].map((volts) => (
            <line
              key={volts}
              x1={left}
              x2={width}
              y1={y(volts)}
              y2={y(volts)}
              stroke="var(--e-muted)"
              strokeDasharray={volts === 230 ? "1 5" : "6 4"}
            />
          ))}
          {points.map(({ key, name, phases }, nth) => {
            const x = left + (nth + 0.5) * step;
            return (
              <g key={key}>
                <title>{name}</title>
                {phases.map(({ place, low, mean, high }) => {
                  const at = x + (place - 1) * Math.min(8, step / 4);
                  const colour = `var(--e-series-${place})`;
                  return (
                    <g key={place}>
                      <line x1={at} x2={at} y1={y(low)} y2={y(high)} stroke={colour} strokeWidth="2" />
                      <circle cx={at} cy={y(mean)} r="3.5" fill={colour} />
                    </g>
                  );
                })}
                {nth % every === 0 ? (
                  <text x={x} y={height - 6} textAnchor={nth === 0 && step < 90 ? "start" : "middle"}>
                    {name.slice(-8)}
                  </text>
                ) : null}
              </g>
            );
          })}
        </svg>
        <p className="e-muted e-small">{t("watch.map-help")}</p>
      </div>
    </section>
  );
}

function pointsOf(part: WatchPart | undefined) {
  if (!part) return [];
  const at = (key: string) => part.columns.findIndex((column) => column.key === key);
  const [name, phase, low, mean, high] = [at("point"), at("phase"), at("lowest"), at("mean"), at("highest")];
  const points = [...Map.groupBy(part.rows, ({ pointId }) => pointId)].map(([pointId, rows]) => ({
    key: pointId ?? 0,
    name: rows[0]?.cells[name] ?? "",
    phases: rows.flatMap(({ cells }): Phase[] => {
      const values = [low, mean, high].map((column) => Number(cells[column] ?? Number.NaN));
      if (values.some(Number.isNaN)) return [];
      const place = Number(cells[phase]?.slice(1)) - 1;
      return [{ place, low: values[0]!, mean: values[1]!, high: values[2]! }];
    }),
  }));
  const meanOf = ({ phases }: (typeof points)[number]) =>
    phases.reduce((sum, one) => sum + one.mean, 0) / phases.length;
  return points.filter(({ phases }) => phases.length > 0).sort((a, b) => meanOf(b) - meanOf(a));
}
