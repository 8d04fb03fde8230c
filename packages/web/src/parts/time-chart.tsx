import "uplot/dist/uPlot.min.css";
import { type KeyboardEvent, useEffect, useId, useMemo, useRef, useState } from "react";
import uPlot from "uplot";
import { useLocale } from "../text/provider.tsx";
import { type DisplayUnit, displayUnit } from "../time/quantity.ts";
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
  /** More curves over the same time, to be compared with the first; those of the right axis have a scale of their own. */
  readonly others?: readonly OtherCurve[];
  /** Without zoom and buttons: a glance, such as the last seven days. */
  readonly glance?: boolean;
  /** Opens what is known of the interval under the cursor. */
  readonly onOpen?: (index: number) => void;
}

export interface OtherCurve {
  readonly curve: Curve;
  readonly series: string;
  readonly colour: number;
  readonly right?: boolean;
}

const none: readonly OtherCurve[] = [];

/** A load curve over time: cursor by keyboard, zoom by dragging or keys, gaps left open, estimates dashed. */
export function TimeChart(props: TimeChartProps) {
  const locale = useLocale();
  const { t } = locale;
  const { curve, series, glance = false, height = 280, others = none } = props;
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
  const [unit, rightUnit] = useMemo(() => {
    const largest = (right: boolean) =>
      Math.max(
        right ? 0 : largestIn(curve.values),
        ...others.filter((one) => (one.right ?? false) === right).map((one) => largestIn(one.curve.values)),
      );
    return [displayUnit(curve.unit, largest(false)), displayUnit(curve.unit, largest(true))];
  }, [curve, others]);
  const wordsOf = (of: Curve, index: number) =>
    daily ? dayWords(of, index, unit, locale) : intervalWords(of, index, unit, locale);
  const ranges = useMemo(() => (daily ? dayRanges(curve) : []), [curve, daily]);
  const otherRanges = useMemo(
    () => (daily ? others.map((one) => dayRanges(one.curve)) : []),
    [others, daily],
  );
  /** What another curve has where the cursor is: its interval, or the mean of its day. */
  const otherAt = (nth: number, index: number): number => {
    const { curve: other } = others[nth]!;
    const place = placeIn(curve, other, index);
    if (!daily) return other.values[place] ?? Number.NaN;
    return otherRanges[nth]?.[dayIndexAt(other, place)]?.mean ?? Number.NaN;
  };
  const words = (index: number) =>
    [
      wordsOf(curve, index),
      ...others.map((one, nth) =>
        t("chart.against", {
          series: one.series,
          value: valueText(otherAt(nth, index), one.right ? rightUnit : unit, locale),
        }),
      ),
    ].join(" · ");

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

  const hasRight = others.some(({ right }) => right);
  // The chart object outlives renders: it reads what is current through this.
  const current = {
    ...{ curve, others, view, ranges, otherRanges, daily, zoomTo, setCursor, locale, unit, rightUnit },
  };
  const now = useRef(current);
  now.current = current;

  useEffect(() => {
    if (!box.current || width === 0) return;
    const made = makeChart(box.current, width, height, {
      ...{ colours, colour: props.colour ?? 0, glance, hasRight, now },
    });
    chart.current = made;
    // For the bench of the screens.
    const forget = afterPaint(() => performance.mark("chart-painted"));
    return () => {
      forget();
      made.destroy();
      chart.current = undefined;
    };
  }, [width, height, colours, props.colour, glance, hasRight]);
  useEffect(() => {
    if (!chart.current) return;
    setScales(chart.current, curve, others, view, [unit, rightUnit]);
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
  others: readonly OtherCurve[];
  view: ChartView;
  ranges: ReturnType<typeof dayRanges>;
  otherRanges: readonly ReturnType<typeof dayRanges>[];
  daily: boolean;
  zoomTo: (view: ChartView) => void;
  setCursor: (index: number) => void;
  locale: ReturnType<typeof useLocale>;
  unit: ReturnType<typeof displayUnit>;
  rightUnit: ReturnType<typeof displayUnit>;
}>;

/** The interval of another curve in which this one's begins; its own may be longer. */
const placeIn = (curve: Curve, other: Curve, index: number): number =>
  Math.floor((curve.startMs + index * curve.stepMs - other.startMs) / other.stepMs);

/** Intervals of another curve that a view of the first one shows. */
function viewOf(curve: Curve, other: Curve, view: ChartView): ChartView {
  const place = (index: number) => (curve.startMs + index * curve.stepMs - other.startMs) / other.stepMs;
  return {
    from: Math.max(0, Math.floor(place(view.from))),
    to: Math.min(other.values.length, Math.ceil(place(view.to))),
  };
}

function setScales(
  plot: uPlot,
  curve: Curve,
  others: readonly OtherCurve[],
  view: ChartView,
  [unit, rightUnit]: readonly [DisplayUnit, DisplayUnit],
): void {
  const bounds = (curves: readonly Curve[], { factor }: DisplayUnit) => {
    let low = 0;
    let high = 0;
    for (const one of curves) {
      const { from, to } = viewOf(curve, one, view);
      for (let index = from; index < to; index += 1) {
        const value = one.values[index]!;
        if (value < low) low = value;
        if (value > high) high = value;
      }
    }
    // Of zeros alone, or of nothing, the axis goes up to one of the unit.
    if (low === high) return { min: 0, max: 1 / factor };
    const room = (high - low) * 0.06;
    return { min: low < 0 ? low - room : 0, max: high + room };
  };
  const side = (right: boolean) =>
    others.filter((one) => (one.right ?? false) === right).map((one) => one.curve);
  plot.batch(() => {
    plot.setScale("x", {
      min: curve.startMs + view.from * curve.stepMs,
      max: curve.startMs + view.to * curve.stepMs,
    });
    plot.setScale("y", bounds([curve, ...side(false)], unit));
    if (side(true).length > 0) plot.setScale("right", bounds(side(true), rightUnit));
  });
}

/** The library lays out axes, grid, cursor and selection; values, gaps and times are drawn and told by us. */
function makeChart(
  target: HTMLElement,
  width: number,
  height: number,
  look: {
    colours: ReturnType<typeof useTokens>;
    colour: number;
    glance: boolean;
    hasRight: boolean;
    now: Now;
  },
): uPlot {
  const { colours, now, glance, hasRight } = look;
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
  const valueAxis = (right: boolean): uPlot.Axis => ({
    ...(right ? { scale: "right", side: 1 } : {}),
    font,
    stroke: colours.muted,
    size: 64,
    space: 36,
    grid: right ? { show: false } : { stroke: colours.line, width: 1 },
    ticks: { show: false },
    values: (_u, splits) => {
      const { locale, unit, rightUnit } = now.current;
      const own = right ? rightUnit : unit;
      const shown = splits.map((value) => value * own.factor);
      const step = Math.abs((shown[1] ?? 1) - (shown[0] ?? 0));
      const digits = step >= 1 || step === 0 ? 0 : Math.ceil(-Math.log10(step) - 1e-9);
      return shown.map((value, index) =>
        index === shown.length - 1
          ? `${locale.f.number(value, digits)} ${own.label}`
          : locale.f.number(value, digits),
      );
    },
  });
  const { curve } = now.current;
  const endMs = curve.startMs + curve.values.length * curve.stepMs;
  const options: uPlot.Options = {
    width,
    height,
    legend: { show: false },
    padding: [8, 26, 0, 0],
    // Plain numbers: every tick and label comes from our own wall clock.
    scales: {
      x: { time: false },
      y: { auto: false },
      ...(hasRight ? { right: { auto: false } } : {}),
    },
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
      valueAxis(false),
      ...(hasRight ? [valueAxis(true)] : []),
    ],
    series: [
      {},
      { paths: () => null, points: { show: false } },
      ...(hasRight ? [{ scale: "right", paths: () => null, points: { show: false } }] : []),
    ],
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
          const { curve, others, view, daily, ranges, otherRanges } = now.current;
          if (daily) drawDays(frameOf(u), curve, ranges);
          else drawSteps(frameOf(u), curve, view);
          for (const [nth, { curve: other, colour, right }] of others.entries()) {
            const frame = {
              ...frameOf(u),
              line: colours.series[colour % colours.series.length]!,
              y: (value: number) => u.valToPos(value, right ? "right" : "y", true),
            };
            if (daily) drawDays(frame, other, otherRanges[nth] ?? [], { band: false });
            else drawSteps(frame, other, viewOf(curve, other, view));
          }
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
    [[curve.startMs, endMs], [0, 0], ...(hasRight ? [[0, 0]] : [])] as uPlot.AlignedData,
    target,
  );
  plot.over.addEventListener("mousemove", (event) => now.current.setCursor(indexUnder(plot, event.offsetX)));
  return plot;
}
