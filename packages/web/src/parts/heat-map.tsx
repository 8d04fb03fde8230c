import { type KeyboardEvent, type PointerEvent, useEffect, useId, useMemo, useRef, useState } from "react";
import { useLocale } from "../text/provider.tsx";
import { displayUnit } from "../time/quantity.ts";
import { minuteLabel } from "../time/zone.ts";
import { hatch } from "./chart-draw.ts";
import { dayIndexAt } from "./chart-view.ts";
import { type Curve, largestIn } from "./curve.ts";
import { intervalWords, valueText } from "./curve-words.ts";
import { cellAt, type HeatGrid, heatGrid, viridisAt, viridisGradient } from "./heat-geometry.ts";
import { useTokens, useWidth } from "./use-figure.ts";

const left = 48;
const bottom = 22;
const hourLabels = [0, 6, 12, 18];

/** Day × time of day: one cell per interval, its colour the value; missing is hatched, a time that never was is empty. */
export function HeatMap(props: { readonly curve: Curve; readonly series: string; readonly height?: number }) {
  const locale = useLocale();
  const { t, f } = locale;
  const { curve, height = 240 } = props;
  const colours = useTokens();
  const id = useId();
  const box = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const width = useWidth(box);
  const [cursor, setCursor] = useState<number>();
  const grid = useMemo(() => heatGrid(curve), [curve]);
  const unit = useMemo(() => displayUnit(curve.unit, largestIn(curve.values)), [curve]);
  const [low, high] = useMemo(() => rangeOf(curve), [curve]);
  const plotWidth = Math.max(0, width - left);
  const plotHeight = height - bottom;
  const at = cursor === undefined || cursor >= curve.values.length ? undefined : cursor;

  useEffect(() => {
    const pen = canvas.current?.getContext("2d");
    if (!pen || !canvas.current || width === 0) return;
    const ratio = window.devicePixelRatio || 1;
    canvas.current.width = Math.round(width * ratio);
    canvas.current.height = Math.round(height * ratio);
    pen.scale(ratio, ratio);
    paint(pen, grid, curve, {
      low,
      high,
      plotWidth,
      plotHeight,
      ground: colours.ground,
      muted: colours.border,
      line: colours.line,
    });
    pen.fillStyle = colours.muted;
    pen.font = "12px system-ui, sans-serif";
    pen.textBaseline = "middle";
    pen.textAlign = "right";
    for (const hour of hourLabels)
      pen.fillText(minuteLabel(hour * 60), left - 8, Math.max(7, (hour / 24) * plotHeight + 1));
    pen.textBaseline = "top";
    pen.textAlign = "left";
    const every = Math.max(1, Math.ceil((grid.columns * 64) / Math.max(1, plotWidth)));
    for (let column = 0; column < grid.columns; column += every) {
      const x = left + (column * plotWidth) / grid.columns;
      if (x + 44 > width) break;
      pen.fillText(f.dayShort(curve.days[column]!.day), x, plotHeight + 6);
    }
  }, [grid, curve, width, height, plotWidth, plotHeight, low, high, colours, f]);

  const cell = at === undefined ? undefined : grid.cells.find((one) => one.index === at);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const next = moveHeat(curve, at ?? 0, event.key);
    if (next === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    setCursor(next);
  };
  const onPointer = (event: PointerEvent) => {
    const place = event.currentTarget.getBoundingClientRect();
    const found = cellAt(
      grid,
      ((event.clientX - place.left - left) / plotWidth) * grid.columns,
      ((event.clientY - place.top) / plotHeight) * grid.rows,
    );
    if (found) setCursor(found.index);
  };
  const size = { width: plotWidth / Math.max(1, grid.columns), height: plotHeight / grid.rows };

  return (
    <div>
      <div className="e-chart-bar">
        <span className="e-small e-num e-chart-readout" aria-hidden="true">
          {at === undefined ? " " : intervalWords(curve, at, unit, locale)}
        </span>
        <span className="e-row e-small" aria-hidden="true">
          <span className="e-num">{valueText(low, unit, locale)}</span>
          <span className="e-legend" style={{ background: viridisGradient }} />
          <span className="e-num">{valueText(high, unit, locale)}</span>
          <span className="e-legend-missing" />
          <span>{t("heat.missing")}</span>
        </span>
      </div>
      <div
        ref={box}
        className="e-chart"
        role="slider"
        tabIndex={0}
        aria-label={t("heat.label", { series: props.series })}
        aria-describedby={`${id}-keys`}
        aria-orientation="vertical"
        aria-valuemin={0}
        aria-valuemax={Math.max(0, curve.values.length - 1)}
        aria-valuenow={at ?? 0}
        aria-valuetext={at === undefined ? t("heat.keys") : intervalWords(curve, at, unit, locale)}
        style={{ height, position: "relative" }}
        onKeyDown={onKeyDown}
        onFocus={() => at === undefined && setCursor(0)}
        onPointerMove={onPointer}
        onPointerDown={onPointer}
      >
        <canvas ref={canvas} style={{ width: "100%", height, display: "block" }} />
        {cell ? (
          <span
            className="e-heat-cursor"
            style={{
              left: left + cell.column * size.width - 2,
              top: cell.row * size.height - 2,
              width: Math.max(size.width, 3) + 4,
              height: Math.max(size.height, 3) + 4,
            }}
          />
        ) : null}
      </div>
      <span id={`${id}-keys`} className="e-hidden">
        {t("heat.keys")}
      </span>
    </div>
  );
}

/** Up and down by interval, left and right by day at the same time, Home and End within the day. */
export function moveHeat(curve: Curve, index: number, key: string): number | undefined {
  const day = dayIndexAt(curve, index);
  const { firstIndex, slots } = curve.days[day]!;
  const last = curve.values.length - 1;
  const toDay = (days: number) => {
    const target = curve.days[Math.max(0, Math.min(curve.days.length - 1, day + days))]!;
    return target.firstIndex + Math.min(index - firstIndex, target.slots - 1);
  };
  switch (key) {
    case "ArrowDown":
      return Math.min(last, index + 1);
    case "ArrowUp":
      return Math.max(0, index - 1);
    case "ArrowRight":
      return toDay(1);
    case "ArrowLeft":
      return toDay(-1);
    case "PageDown":
      return toDay(7);
    case "PageUp":
      return toDay(-7);
    case "Home":
      return firstIndex;
    case "End":
      return firstIndex + slots - 1;
    default:
      return undefined;
  }
}

function rangeOf(curve: Curve): [low: number, high: number] {
  let low = Number.NaN;
  let high = Number.NaN;
  for (const value of curve.values) {
    if (Number.isNaN(value)) continue;
    if (!(low <= value)) low = value;
    if (!(high >= value)) high = value;
  }
  return [low, high];
}

interface Paint {
  readonly low: number;
  readonly high: number;
  readonly plotWidth: number;
  readonly plotHeight: number;
  readonly ground: string;
  readonly muted: string;
  readonly line: string;
}

function paint(pen: CanvasRenderingContext2D, grid: HeatGrid, curve: Curve, look: Paint): void {
  const width = look.plotWidth / Math.max(1, grid.columns);
  const height = look.plotHeight / grid.rows;
  const missing = hatch(pen, look.muted, 1);
  const span = look.high - look.low || 1;
  pen.fillStyle = look.ground;
  pen.fillRect(left, 0, look.plotWidth, look.plotHeight);
  for (const cell of grid.cells) {
    const value = curve.values[cell.index]!;
    const absent = Number.isNaN(value);
    if (absent && cell.index >= curve.due) continue;
    const half = cell.part === "whole" ? 1 : 0.5;
    const x = left + (cell.column + (cell.part === "second" ? 0.5 : 0)) * width;
    pen.fillStyle = absent ? missing : viridisAt((value - look.low) / span);
    // Cells overlap by a fraction of a pixel, or the ground would shine through as a grid.
    pen.fillRect(x, cell.row * height, width * half + 0.4, height + 0.4);
  }
  pen.fillStyle = look.line;
  for (const place of grid.skipped)
    pen.fillRect(left + place.column * width, (place.row + 0.5) * height - 0.5, width, 1);
}
