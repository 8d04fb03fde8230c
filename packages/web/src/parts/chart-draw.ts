import { isRepeated } from "../time/zone.ts";
import type { ChartView } from "./chart-view.ts";
import { type Curve, type DayRange, gapsIn, partly, qualityOf } from "./curve.ts";

/** What drawing needs of a chart: pixels for values, and the theme's colours. */
export interface DrawFrame {
  readonly ctx: CanvasRenderingContext2D;
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  /** Device pixels per CSS pixel. */
  readonly ratio: number;
  x(ms: number): number;
  y(value: number): number;
  readonly line: string;
  readonly muted: string;
  readonly warning: string;
}

const instantAt = (curve: Curve, index: number) => curve.startMs + index * curve.stepMs;

/** Behind the curve: hatched where intervals are missing, shaded where the clocks tell an hour twice. */
export function drawGround(frame: DrawFrame, curve: Curve, view: ChartView, daily: boolean): void {
  const { ctx } = frame;
  ctx.save();
  ctx.beginPath();
  ctx.rect(frame.left, frame.top, frame.width, frame.height);
  ctx.clip();
  const gaps = gapsIn(curve, view.from, view.to);
  ctx.fillStyle = hatch(ctx, frame.muted, frame.ratio);
  for (const { from, to } of gaps) {
    const left = frame.x(instantAt(curve, from));
    const width = Math.max(frame.x(instantAt(curve, to)) - left, frame.ratio);
    // In a long view a gap of minutes would vanish: a mark at the foot keeps it seen.
    if (daily) ctx.fillRect(left, frame.top + frame.height - 6 * frame.ratio, width, 6 * frame.ratio);
    else ctx.fillRect(left, frame.top, width, frame.height);
  }
  if (!daily) {
    ctx.fillStyle = frame.muted;
    ctx.globalAlpha = 0.14;
    for (let index = view.from; index < view.to; index += 1) {
      if (!isRepeated(instantAt(curve, index), curve.zone)) continue;
      const left = frame.x(instantAt(curve, index));
      ctx.fillRect(left, frame.top, frame.x(instantAt(curve, index + 1)) - left, frame.height);
    }
  }
  ctx.restore();
}

/** Each interval as a step from its start to its end; never a line across a gap; what is estimated, or a part of a sum, is dashed. */
export function drawSteps(frame: DrawFrame, curve: Curve, view: ChartView): void {
  const { ctx, ratio } = frame;
  const solid = new Path2D();
  const dashed = new Path2D();
  const suspects: [x: number, y: number][] = [];
  let lastY = Number.NaN;
  for (
    let index = Math.max(0, view.from - 1);
    index < Math.min(view.to + 1, curve.values.length);
    index += 1
  ) {
    const value = curve.values[index]!;
    if (Number.isNaN(value)) {
      lastY = Number.NaN;
      continue;
    }
    const left = frame.x(instantAt(curve, index));
    const right = frame.x(instantAt(curve, index + 1));
    const y = frame.y(value);
    const quality = qualityOf(curve.flags[index]!);
    const isPart = (curve.flags[index]! & partly) !== 0;
    const path = isPart || quality === "estimated" || quality === "edited" ? dashed : solid;
    if (Number.isNaN(lastY)) path.moveTo(left, y);
    else {
      path.moveTo(left, lastY);
      path.lineTo(left, y);
    }
    path.lineTo(right, y);
    if (quality === "suspect") suspects.push([(left + right) / 2, y]);
    lastY = y;
  }
  ctx.save();
  clip(frame);
  ctx.strokeStyle = frame.line;
  ctx.lineWidth = 1.75 * ratio;
  ctx.lineJoin = "round";
  ctx.stroke(solid);
  ctx.setLineDash([4 * ratio, 3 * ratio]);
  ctx.stroke(dashed);
  ctx.setLineDash([]);
  ctx.fillStyle = frame.warning;
  for (const [x, y] of suspects) triangle(ctx, x, y - 7 * ratio, 4 * ratio);
  ctx.restore();
}

/** Each day as a bar from its least to its largest value, with its mean across; of a curve that lies over another, the mean alone. */
export function drawDays(
  frame: DrawFrame,
  curve: Curve,
  ranges: readonly DayRange[],
  { band = true }: { readonly band?: boolean } = {},
): void {
  const { ctx, ratio } = frame;
  ctx.save();
  clip(frame);
  ctx.fillStyle = frame.line;
  ctx.strokeStyle = frame.line;
  ctx.lineWidth = 2 * ratio;
  const means = new Path2D();
  for (const [day, range] of ranges.entries()) {
    if (range.present === 0) continue;
    const { firstIndex, slots } = curve.days[day]!;
    const left = frame.x(instantAt(curve, firstIndex));
    const right = frame.x(instantAt(curve, firstIndex + slots));
    const gap = right - left > 6 * ratio ? ratio : 0;
    const top = frame.y(range.max);
    if (band) {
      ctx.globalAlpha = 0.32;
      ctx.fillRect(
        left + gap / 2,
        top,
        Math.max(right - left - gap, 0.5),
        Math.max(frame.y(range.min) - top, ratio),
      );
    }
    const y = frame.y(range.mean);
    means.moveTo(left + gap / 2, y);
    means.lineTo(right - gap / 2, y);
  }
  ctx.globalAlpha = 1;
  ctx.stroke(means);
  ctx.restore();
}

function clip(frame: DrawFrame): void {
  frame.ctx.beginPath();
  frame.ctx.rect(frame.left, frame.top, frame.width, frame.height);
  frame.ctx.clip();
}

function triangle(ctx: CanvasRenderingContext2D, x: number, y: number, size: number): void {
  ctx.beginPath();
  ctx.moveTo(x, y - size);
  ctx.lineTo(x + size, y + size);
  ctx.lineTo(x - size, y + size);
  ctx.closePath();
  ctx.fill();
}

/** Grey hatching: "nothing is here", in every chart and map. */
export function hatch(ctx: CanvasRenderingContext2D, colour: string, ratio: number): CanvasPattern | string {
  const size = Math.round(6 * ratio);
  const tile = new OffscreenCanvas(size, size);
  const pen = tile.getContext("2d");
  if (!pen) return colour;
  pen.globalAlpha = 0.3;
  pen.fillStyle = colour;
  pen.fillRect(0, 0, size, size);
  pen.globalAlpha = 0.6;
  pen.strokeStyle = colour;
  pen.lineWidth = ratio;
  pen.beginPath();
  for (const shift of [-size, 0, size]) {
    pen.moveTo(shift, size);
    pen.lineTo(shift + size, 0);
  }
  pen.stroke();
  return ctx.createPattern(tile, "repeat") ?? colour;
}
