import "uplot/dist/uPlot.min.css";
import { type KeyboardEvent, useEffect, useId, useMemo, useRef, useState } from "react";
import uPlot from "uplot";
import { useLocale } from "../text/provider.tsx";
import { displayUnit } from "../time/quantity.ts";
import { wallTicks } from "../time/ticks.ts";
import { afterPaint } from "./after-paint.ts";
import { type DrawFrame, drawDays, drawGround, drawSteps } from "./chart-draw.ts";
import {
  type ChartView,
  dayIndexAt,
  fitView,
  isDaily,
  moveCursor,
  panView,
  reveal,
  wholeView,
  zoomView,
} from "./chart-view.ts";
import { type Curve, dayRanges, largestIn } from "./curve.ts";
import { dayWords, intervalWords, valueText } from "./curve-words.ts";
import { useTokens, useWidth } from "./use-figure.ts";

export interface TimeChartProps {
  readonly curve: Curve;
  /** What the curve is of, for people. */
  readonly series: string;
  /** Place in the list of series colours. */
  readonly colour?: number;
  readonly height?: number;
  /** A second curve over the same intervals, to be compared with the first. */
  readonly against?: { readonly curve: Curve; readonly series: string; readonly colour: number };
  /** Without zoom and buttons: a glance, such as the last seven days. */
  readonly glance?: boolean;
  /** Opens what is known of the interval under the cursor. */
  readonly onOpen?: (index: number) => void;
}

/** A load curve over time: cursor by keyboard, zoom by dragging or keys, gaps left open, estimates dashed. */
export function TimeChart(props: TimeChartProps) {
  const locale = useLocale();
  const { t } = locale;
  const { curve, series, glance = false, height = 280, against } = props;
  const colours = useTokens();
  const id = useId();
  const box = useRef<HTMLDivElement>(null);
  const width = useWidth(box);
  const chart = useRef<uPlot>(undefined);
  const [view, setView] = useState<ChartView>(() => wholeView(curve));
  const [before, setBefore] = useState<readonly ChartView[]>([]);
  const [cursor, setCursor] = useState<number>();
  const [shown, setShown] = useState(curve);
  if (shown !== curve) {
    setShown(curve);
    setView(wholeView(curve));
    setBefore([]);
    if (cursor !== undefined && cursor >= curve.values.length) setCursor(undefined);
  }
  const daily = isDaily(curve, view);
  const unit = useMemo(
    () =>
      displayUnit(
        curve.unit,
        Math.max(largestIn(curve.values), against ? largestIn(against.curve.values) : 0),
      ),
    [curve, against],
  );
  const wordsOf = (of: Curve, index: number) =>
    daily ? dayWords(of, index, unit, locale) : intervalWords(of, index, unit, locale);
  const words = (index: number) =>
    against
      ? `${wordsOf(curve, index)} · ${t("chart.against", {
          series: against.series,
          value: valueText(against.curve.values[index] ?? Number.NaN, unit, locale),
        })}`
      : wordsOf(curve, index);

  const zoomTo = (next: ChartView) => {
    if (next.from === view.from && next.to === view.to) return;
    setBefore([...before.slice(-19), view]);
    setView(next);
  };
  const zoomBack = () => {
    const last = before.at(-1);
    if (!last) return;
    setBefore(before.slice(0, -1));
    setView(last);
  };
  const middle = () => cursor ?? Math.round((view.from + view.to) / 2);

  const ranges = useMemo(() => (daily ? dayRanges(curve) : []), [curve, daily]);
  const againstRanges = useMemo(() => (daily && against ? dayRanges(against.curve) : []), [against, daily]);
  // The chart object outlives renders: it reads what is current through this.
  const now = useRef({ curve, against, view, ranges, againstRanges, daily, zoomTo, setCursor, locale, unit });
  now.current = { curve, against, view, ranges, againstRanges, daily, zoomTo, setCursor, locale, unit };

  useEffect(() => {
    if (!box.current || width === 0) return;
    const made = makeChart(box.current, width, height, { colours, colour: props.colour ?? 0, glance, now });
    chart.current = made;
    // For the bench of the screens.
    const forget = afterPaint(() => performance.mark("chart-painted"));
    return () => {
      forget();
      made.destroy();
      chart.current = undefined;
    };
  }, [width, height, colours, props.colour, glance]);
  useEffect(() => {
    if (!chart.current) return;
    setScales(chart.current, against ? [curve, against.curve] : [curve], view);
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: where the cursor stands changes with the view and the width.
  useEffect(() => {
    const plot = chart.current;
    if (!plot || cursor === undefined) return;
    const at = daily ? curve.days[dayIndexAt(curve, cursor)]!.firstIndex : cursor;
    const half = daily ? curve.days[dayIndexAt(curve, cursor)]!.slots / 2 : 0.5;
    plot.setCursor({ left: plot.valToPos(curve.startMs + (at + half) * curve.stepMs, "x"), top: 0 }, false);
  }, [cursor, curve, daily, view, width]);

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const act = (run: () => void) => {
      event.preventDefault();
      event.stopPropagation();
      run();
    };
    if (!glance) {
      if (event.key === "+" || event.key === "=")
        return act(() => zoomTo(zoomView(curve, view, 0.5, middle())));
      if (event.key === "-") return act(() => zoomTo(zoomView(curve, view, 2, middle())));
      if (event.key === "Backspace") return act(zoomBack);
      if (event.key === "Enter" && props.onOpen && cursor !== undefined && !daily)
        return act(() => props.onOpen?.(cursor));
      if (event.shiftKey && event.key === "ArrowRight") return act(() => setView(panView(curve, view, 0.25)));
      if (event.shiftKey && event.key === "ArrowLeft") return act(() => setView(panView(curve, view, -0.25)));
    }
    const start = cursor ?? (event.key === "ArrowLeft" ? view.to : view.from - 1);
    const next = moveCursor(curve, start, event.key, daily);
    if (next === undefined) return;
    act(() => {
      setCursor(next);
      setView(reveal(curve, view, next));
    });
  };

  return (
    <div>
      {glance ? null : (
        <div className="e-chart-bar e-no-print">
          <span className="e-small e-num e-chart-readout" aria-hidden="true">
            {cursor === undefined ? (daily ? t("chart.daily") : " ") : words(cursor)}
          </span>
          <span className="e-row">
            {props.onOpen ? (
              <button
                type="button"
                className="e-quiet-button"
                disabled={cursor === undefined || daily}
                onClick={() => cursor !== undefined && props.onOpen?.(cursor)}
              >
                {t("chart.explain")}
              </button>
            ) : null}
            <button
              type="button"
              className="e-quiet-button"
              aria-label={t("chart.zoom-in")}
              onClick={() => zoomTo(zoomView(curve, view, 0.5, middle()))}
            >
              +
            </button>
            <button
              type="button"
              className="e-quiet-button"
              aria-label={t("chart.zoom-out")}
              onClick={() => zoomTo(zoomView(curve, view, 2, middle()))}
            >
              −
            </button>
            <button
              type="button"
              className="e-quiet-button"
              disabled={before.length === 0}
              onClick={zoomBack}
            >
              ⟲ {t("chart.zoom-back")}
            </button>
          </span>
        </div>
      )}
      <div
        ref={box}
        className="e-chart"
        role="slider"
        tabIndex={0}
        aria-label={t("chart.position", { series })}
        aria-describedby={`${id}-keys`}
        aria-orientation="horizontal"
        aria-valuemin={0}
        aria-valuemax={Math.max(0, curve.values.length - 1)}
        aria-valuenow={cursor ?? 0}
        aria-valuetext={cursor === undefined ? t("chart.keys") : words(cursor)}
        style={{ height }}
        onKeyDown={onKeyDown}
        onFocus={() => {
          if (cursor === undefined) setCursor(view.from);
        }}
      />
      <span id={`${id}-keys`} className="e-hidden">
        {t("chart.keys")}
      </span>
    </div>
  );
}

type Now = React.RefObject<{
  curve: Curve;
  against: TimeChartProps["against"];
  view: ChartView;
  ranges: ReturnType<typeof dayRanges>;
  againstRanges: ReturnType<typeof dayRanges>;
  daily: boolean;
  zoomTo: (view: ChartView) => void;
  setCursor: (index: number) => void;
  locale: ReturnType<typeof useLocale>;
  unit: ReturnType<typeof displayUnit>;
}>;

function setScales(plot: uPlot, curves: readonly Curve[], view: ChartView): void {
  const curve = curves[0]!;
  plot.batch(() => {
    plot.setScale("x", {
      min: curve.startMs + view.from * curve.stepMs,
      max: curve.startMs + view.to * curve.stepMs,
    });
    let low = 0;
    let high = 0;
    for (const { values } of curves) {
      for (let index = view.from; index < view.to; index += 1) {
        const value = values[index]!;
        if (value < low) low = value;
        if (value > high) high = value;
      }
    }
    const room = (high - low || 1) * 0.06;
    plot.setScale("y", { min: low < 0 ? low - room : 0, max: high + room });
  });
}

/** The library lays out axes, grid, cursor and selection; values, gaps and times are drawn and told by us. */
function makeChart(
  target: HTMLElement,
  width: number,
  height: number,
  look: { colours: ReturnType<typeof useTokens>; colour: number; glance: boolean; now: Now },
): uPlot {
  const { colours, now, glance } = look;
  const font = "12px system-ui, sans-serif";
  const frameOf = (u: uPlot): DrawFrame => ({
    ctx: u.ctx,
    left: u.bbox.left,
    top: u.bbox.top,
    width: u.bbox.width,
    height: u.bbox.height,
    ratio: uPlot.pxRatio,
    x: (ms) => u.valToPos(ms, "x", true),
    y: (value) => u.valToPos(value, "y", true),
    line: colours.series[look.colour % colours.series.length]!,
    muted: colours.border,
    warning: colours.warning,
  });
  const indexUnder = (u: uPlot, left: number) => {
    const { curve } = now.current;
    return Math.max(
      0,
      Math.min(curve.values.length - 1, Math.floor((u.posToVal(left, "x") - curve.startMs) / curve.stepMs)),
    );
  };
  const { curve } = now.current;
  const endMs = curve.startMs + curve.values.length * curve.stepMs;
  const options: uPlot.Options = {
    width,
    height,
    legend: { show: false },
    padding: [8, 26, 0, 0],
    // Plain numbers: every tick and label comes from our own wall clock.
    scales: { x: { time: false }, y: { auto: false } },
    axes: [
      {
        font,
        stroke: colours.muted,
        size: 30,
        grid: { stroke: colours.line, width: 1 },
        ticks: { stroke: colours.border, width: 1, size: 4 },
        splits: (u, _axis, min, max) => [
          ...wallTicks(
            min,
            max,
            now.current.curve.zone,
            Math.max(2, Math.floor(u.bbox.width / uPlot.pxRatio / 52)),
          ).atMs,
        ],
        values: (u, splits) => {
          const { curve, locale } = now.current;
          const ticks = wallTicks(
            u.scales.x!.min!,
            u.scales.x!.max!,
            curve.zone,
            Math.max(2, Math.floor(u.bbox.width / uPlot.pxRatio / 52)),
          );
          return splits.map((ms) => locale.f.tick(ms, ticks.step));
        },
      },
      {
        font,
        stroke: colours.muted,
        size: 64,
        space: 36,
        grid: { stroke: colours.line, width: 1 },
        ticks: { show: false },
        values: (_u, splits) => {
          const { locale, unit } = now.current;
          const shown = splits.map((value) => value * unit.factor);
          const step = Math.abs((shown[1] ?? 1) - (shown[0] ?? 0));
          const digits = step >= 1 || step === 0 ? 0 : Math.min(3, Math.ceil(-Math.log10(step) - 1e-9));
          return shown.map((value, index) =>
            index === shown.length - 1
              ? `${locale.f.number(value, digits)} ${unit.label}`
              : locale.f.number(value, digits),
          );
        },
      },
    ],
    series: [{}, { paths: () => null, points: { show: false } }],
    cursor: {
      y: false,
      points: { show: false },
      drag: { x: !glance, y: false, setScale: false },
      bind: {
        // The library would zoom out of its own data range.
        dblclick: () => () => {
          now.current.zoomTo(wholeView(now.current.curve));
          return null;
        },
      },
    },
    hooks: {
      drawClear: [(u) => drawGround(frameOf(u), now.current.curve, now.current.view, now.current.daily)],
      draw: [
        (u) => {
          const { curve, against, view, daily, ranges, againstRanges } = now.current;
          if (daily) drawDays(frameOf(u), curve, ranges);
          else drawSteps(frameOf(u), curve, view);
          if (!against) return;
          const frame = { ...frameOf(u), line: colours.series[against.colour % colours.series.length]! };
          if (daily) drawDays(frame, against.curve, againstRanges);
          else drawSteps(frame, against.curve, view);
        },
      ],
      setSelect: [
        (u) => {
          const { left, width } = u.select;
          if (width < 4) return;
          const { curve, zoomTo } = now.current;
          zoomTo(fitView(curve, indexUnder(u, left), indexUnder(u, left + width) + 1));
          u.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
        },
      ],
    },
  };
  const plot = new uPlot(
    options,
    [
      [curve.startMs, endMs],
      [0, 0],
    ],
    target,
  );
  plot.over.addEventListener("mousemove", (event) => now.current.setCursor(indexUnder(plot, event.offsetX)));
  return plot;
}
