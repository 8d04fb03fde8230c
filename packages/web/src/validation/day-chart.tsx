import { type PointerEvent, useRef } from "react";
import type { Finding } from "../api/client.ts";
import { useWidth } from "../parts/use-figure.ts";
import { useLocale } from "../text/provider.tsx";
import { exactUnit, shown } from "./exact.ts";

const height = 230;
const left = 58;
const right = 12;
const top = 10;
const bottom = 24;
type Values = readonly (number | null)[];

/** Outline of values as steps, broken where there is none. */
function stepsOf(values: Values, x: (slot: number) => number, y: (value: number) => number): string {
  let path = "";
  let before: number | null = null;
  values.forEach((value, slot) => {
    if (value !== null) {
      path += before === null ? `M${x(slot)} ${y(value)}` : `L${x(slot)} ${y(value)}`;
      path += `L${x(slot + 1)} ${y(value)}`;
    }
    before = value;
  });
  return path;
}

/**
 * The day of a finding: what was measured as a line, what is estimated dashed, what is rejected as crosses, what would count in another
 * colour, like days behind. With `onDrag` a value can be drawn up and down.
 */
export function DayChart(props: {
  readonly detail: Finding;
  /** What would count, by slot. */
  readonly preview: Values;
  readonly original: boolean;
  readonly onDrag?: (slot: number, value: number) => void;
}) {
  const { t, f, zone } = useLocale();
  const { detail, preview, original, onDrag } = props;
  const box = useRef<HTMLDivElement>(null);
  const width = useWidth(box);
  const dragged = useRef<number>(undefined);
  const { counted, measured, methods, refused, similar, slots } = detail;
  const unit = exactUnit(detail.finding.unit, detail.finding.scale);
  const count = measured.length;
  const present = [...counted, ...measured, ...preview, ...(similar?.values ?? [])].flatMap((v) => v ?? []);
  const most = Math.max(1, ...present) * 1.06;
  const least = Math.min(0, ...present);
  const inner = Math.max(40, width - left - right);
  const x = (slot: number) => left + (inner * slot) / count;
  const y = (value: number) => top + (height - top - bottom) * (1 - (value - least) / (most - least));
  const good = counted.map((value, slot) => (methods[slot] === null ? value : null));
  const made = counted.map((value, slot) => (methods[slot] === null ? null : value));
  const startMs = Date.parse(detail.dayStart);
  const hours = width > 560 ? 3 : 6;
  const ticks = Array.from({ length: count }, (_, slot) => slot).filter((slot) => {
    const at = Temporal.Instant.fromEpochMilliseconds(startMs + slot * detail.periodSeconds * 1000);
    const { hour, minute } = at.toZonedDateTimeISO(zone);
    return minute === 0 && hour % hours === 0;
  });
  const levels = [least, (most + least) / 2, most / 1.06];
  const band = slots.length > 0 ? ([slots[0]!, slots.at(-1)! + 1] as const) : undefined;
  const at = (event: PointerEvent<SVGSVGElement>) => {
    const frame = event.currentTarget.getBoundingClientRect();
    const slot = Math.floor(((event.clientX - frame.left - left) / inner) * count);
    const share = 1 - (event.clientY - frame.top - top) / (height - top - bottom);
    return { slot, value: Math.max(0, Math.round(least + share * (most - least))) };
  };
  const drag = (event: PointerEvent<SVGSVGElement>) => {
    if (dragged.current === undefined) return;
    onDrag?.(dragged.current, at(event).value);
  };
  return (
    <div ref={box} className="e-day-chart">
      <svg
        width="100%"
        height={height}
        role="img"
        data-editing={onDrag ? true : undefined}
        aria-label={t("vee.chart", {
          day: f.day(detail.finding.day),
          measured: good.filter((value) => value !== null).length,
          estimated: made.filter((value) => value !== null).length,
          refused: refused.length,
        })}
        onPointerDown={(event) => {
          if (!onDrag) return;
          const { slot, value } = at(event);
          if (slot < 0 || slot >= count) return;
          event.currentTarget.setPointerCapture(event.pointerId);
          dragged.current = slot;
          onDrag(slot, value);
        }}
        onPointerMove={drag}
        onPointerUp={() => {
          dragged.current = undefined;
        }}
      >
        {band ? (
          <rect
            className="e-day-band"
            x={x(band[0])}
            width={Math.max(2, x(band[1]) - x(band[0]))}
            y={top}
            height={height - top - bottom}
          />
        ) : null}
        {levels.map((level) => (
          <g key={level} className="e-day-axis">
            <line x1={left} x2={left + inner} y1={y(level)} y2={y(level)} />
            <text x={left - 6} y={y(level) + 4} textAnchor="end">
              {shown(Math.round(level), unit, f)}
            </text>
          </g>
        ))}
        {ticks.map((slot) => (
          <g key={slot} className="e-day-axis">
            <line x1={x(slot)} x2={x(slot)} y1={height - bottom} y2={height - bottom + 4} />
            <text x={x(slot)} y={height - 6} textAnchor={slot === 0 ? "start" : "middle"}>
              {f.clock(startMs + slot * detail.periodSeconds * 1000)}
            </text>
          </g>
        ))}
        {similar ? (
          <path
            className="e-day-similar"
            d={`${stepsOf(similar.values, x, y)}L${x(count)} ${y(least)}L${x(0)} ${y(least)}Z`}
          />
        ) : null}
        {original ? <path className="e-day-original" d={stepsOf(measured, x, y)} /> : null}
        <path className="e-day-measured" d={stepsOf(good, x, y)} />
        <path className="e-day-estimated" d={stepsOf(made, x, y)} />
        <path className="e-day-preview" d={stepsOf(preview, x, y)} />
        {refused.map((slot) => (
          <path
            key={slot}
            className="e-day-rejected"
            d={`M${x(slot + 0.5) - 4} ${y(measured[slot]!) - 4}l8 8m0 -8l-8 8`}
          />
        ))}
      </svg>
      <div className="e-row e-small e-day-keys">
        <span>
          <i className="e-day-key" data-of="measured" aria-hidden="true" />
          {t("vee.key.measured")}
        </span>
        <span>
          <i className="e-day-key" data-of="estimated" aria-hidden="true" />
          {t("vee.key.estimated")}
        </span>
        {preview.some((value) => value !== null) ? (
          <span>
            <i className="e-day-key" data-of="preview" aria-hidden="true" />
            {t("vee.key.preview")}
          </span>
        ) : null}
        {refused.length > 0 ? (
          <span>
            <b className="e-tone-bad" aria-hidden="true">
              ×
            </b>{" "}
            {t("vee.key.rejected")}
          </span>
        ) : null}
        {similar ? (
          <span>
            <i className="e-day-key" data-of="similar" aria-hidden="true" />
            {t("vee.key.similar", { count: similar.days.length })}
          </span>
        ) : null}
        {original ? (
          <span>
            <i className="e-day-key" data-of="original" aria-hidden="true" />
            {t("vee.key.original")}
          </span>
        ) : null}
        <span className="e-muted">{unit.label}</span>
      </div>
    </div>
  );
}
