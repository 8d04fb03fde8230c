import { type ReactNode, useId } from "react";
import { useLocale } from "../text/provider.tsx";
import type { Curve, Statistics } from "./curve.ts";
import { coverageWords } from "./curve-words.ts";

/** A chart or a map with the caption that it must never be without: series, period, zone, coverage and gaps. */
export function CurveFigure(props: {
  readonly title: string;
  readonly series: string;
  readonly period: string;
  readonly curve: Curve;
  readonly statistics: Statistics;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}) {
  const locale = useLocale();
  const { t } = locale;
  const id = useId();
  return (
    <figure className="e-panel" aria-labelledby={id}>
      <div className="e-panel-head">
        <h2>{props.title}</h2>
        {props.actions}
      </div>
      <div className="e-panel-body">
        {props.children}
        <figcaption id={id} className="e-muted e-small" style={{ marginTop: 8 }}>
          {t("chart.caption", {
            series: props.series,
            period: props.period,
            zone: props.curve.zone,
            coverage: coverageWords(props.statistics, locale),
          })}
        </figcaption>
      </div>
    </figure>
  );
}
