import { Button, SegmentedControl } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { type Channel, fileAddress, type Point } from "../api/client.ts";
import { useNow } from "../live/provider.tsx";
import { type Curve, largestIn, type Statistics, scaled, statisticsOf } from "../parts/curve.ts";
import { CurveFigure } from "../parts/curve-figure.tsx";
import { valueText } from "../parts/curve-words.ts";
import { HeatMap } from "../parts/heat-map.tsx";
import { IntervalTable } from "../parts/interval-table.tsx";
import { EmptyNotice, ProblemNotice, Waiting } from "../parts/notices.tsx";
import { obisSymbol } from "../parts/obis.ts";
import { PeriodPicker } from "../parts/period-picker.tsx";
import { TimeChart } from "../parts/time-chart.tsx";
import { useLocale } from "../text/provider.tsx";
import type { Period } from "../time/period.ts";
import { displayUnit, powerUnit } from "../time/quantity.ts";
import { addDays, dayOf } from "../time/zone.ts";
import { channelName, hasOtherPeriod, usualChannel } from "./channels.ts";
import { curveQuery } from "./curve-query.ts";
import { KnownAt } from "./known-at.tsx";
import type { TabProps } from "./point-page.tsx";
import { periodOf } from "./search.ts";
import { IntervalStoryDialog } from "./value-story.tsx";

const usualDays = 7;

/** The load curve of a period: chart, heat map, statistics, table and file. */
export function CurveTab({ point, search, change }: TabProps) {
  const locale = useLocale();
  const { t, f, zone } = locale;
  const today = dayOf(useNow(60_000), zone);
  const period = periodOf(search, today, usualDays);
  const channel = usualChannel(point.channels, search.channel);
  const fixed = search.from !== undefined;

  if (!channel) return <EmptyNotice title={t("curve.none")}>{t("curve.none-do")}</EmptyNotice>;

  const asPower =
    search.show === "power" && channel.kind === "delta" && powerUnit(channel.unit) !== undefined;
  const choosePeriod = (next: Period) => {
    const { last: _last, ...rest } = search;
    change({ ...rest, ...next });
  };
  const chooseKnown = (known: string | undefined) => {
    const { known: _known, ...rest } = search;
    change(known === undefined ? rest : { ...rest, known });
  };
  return (
    <div className="e-stack">
      <div className="e-controls">
        <PeriodPicker
          period={period}
          today={today}
          last={fixed ? undefined : (search.last ?? usualDays)}
          onChange={choosePeriod}
        />
        <span className="e-row">
          <select
            className="e-cell-input e-select"
            aria-label={t("curve.channel")}
            value={channel.channelId}
            onChange={(event) => change({ ...search, channel: Number(event.currentTarget.value) })}
          >
            {point.channels.map((one) => (
              <option key={one.channelId} value={one.channelId}>
                {channelName(one, point.channels, locale)}
              </option>
            ))}
          </select>
          {channel.kind === "delta" && powerUnit(channel.unit) ? (
            <SegmentedControl
              size="xs"
              aria-label={t("curve.show")}
              value={asPower ? "power" : "energy"}
              onChange={(value) => {
                const { show: _show, ...rest } = search;
                change(value === "power" ? { ...rest, show: "power" } : rest);
              }}
              data={[
                { value: "energy", label: t("curve.energy") },
                { value: "power", label: t("curve.power") },
              ]}
            />
          ) : null}
          <Button
            component="a"
            download
            variant="default"
            size="xs"
            href={fileAddress(`/points/${point.pointId}/load-curve.csv`, {
              channel: channel.channelId,
              from: period.from,
              to: period.to,
              ...(search.known === undefined ? {} : { knownAt: search.known }),
            })}
          >
            {t("common.csv")}
          </Button>
        </span>
      </div>
      {channel.layer === "point" && hasOtherPeriod(point.channels, channel) ? (
        <p className="e-muted e-small">{t("curve.one-counts")}</p>
      ) : null}
      <KnownAt known={search.known} onChange={chooseKnown} />
      <CurveView
        point={point}
        known={search.known}
        channel={channel}
        period={period}
        asPower={asPower}
        onPeriod={choosePeriod}
        periodName={f.days(period.from, period.to)}
      />
    </div>
  );
}

function CurveView(props: {
  readonly point: Point;
  readonly channel: Channel;
  readonly period: Period;
  readonly periodName: string;
  readonly asPower: boolean;
  readonly known: string | undefined;
  readonly onPeriod: (period: Period) => void;
}) {
  const { t, f } = useLocale();
  const { point, channel, period } = props;
  const [asTable, setAsTable] = useState(false);
  const [told, setTold] = useState<string>();
  const query = useQuery(curveQuery(point.pointId, channel.channelId, period, props.known));
  const energy = query.data;
  const curve = useMemo(() => {
    if (!energy || !props.asPower) return energy;
    return scaled(energy, 3_600_000 / energy.stepMs, powerUnit(energy.unit) ?? energy.unit);
  }, [energy, props.asPower]);
  const statistics = useMemo(() => (curve ? statisticsOf(curve) : undefined), [curve]);
  const energyTotal = useMemo(() => (energy ? statisticsOf(energy).total : 0), [energy]);

  if (query.isError && !curve)
    return <ProblemNotice error={query.error} onRetry={() => void query.refetch()} />;
  if (!curve || !energy || !statistics) return <Waiting />;
  const series = t("curve.series", { symbol: obisSymbol(channel.obis), pod: point.pod });
  const tell = (index: number) => setTold(new Date(curve.startMs + index * curve.stepMs).toISOString());
  const figure = { series, period: props.periodName, curve, statistics };

  if (statistics.present === 0)
    return (
      <EmptyNotice
        title={t("curve.none-in-period")}
        action={
          channel.lastDay ? (
            <Button
              variant="default"
              onClick={() =>
                props.onPeriod({ from: addDays(channel.lastDay!, -6), to: addDays(channel.lastDay!, 1) })
              }
            >
              {t("curve.go-there")}
            </Button>
          ) : null
        }
      >
        {channel.firstDay && channel.lastDay
          ? t("curve.stored-range", { days: f.days(channel.firstDay, addDays(channel.lastDay, 1)) })
          : t("curve.none-do")}
      </EmptyNotice>
    );
  return (
    <div className="e-stack" aria-busy={query.isPlaceholderData}>
      {query.isError ? <ProblemNotice error={query.error} onRetry={() => void query.refetch()} /> : null}
      <CurveFigure
        {...figure}
        title={t("curve.title")}
        actions={
          <Button variant="subtle" size="xs" onClick={() => setAsTable(!asTable)} aria-pressed={asTable}>
            {asTable ? t("chart.chart") : t("chart.table")}
          </Button>
        }
      >
        {asTable ? (
          <IntervalTable curve={curve} onOpen={tell} />
        ) : (
          <TimeChart curve={curve} series={series} onOpen={tell} />
        )}
      </CurveFigure>
      <StatisticsList
        curve={curve}
        statistics={statistics}
        total={channel.kind === "delta" ? { value: energyTotal, unit: energy.unit } : undefined}
      />
      <CurveFigure {...figure} title={t("heat.title")}>
        <HeatMap curve={curve} series={series} />
      </CurveFigure>
      <IntervalStoryDialog
        pointId={point.pointId}
        channelId={channel.channelId}
        at={told}
        onClose={() => setTold(undefined)}
      />
    </div>
  );
}

function StatisticsList(props: {
  readonly curve: Curve;
  readonly statistics: Statistics;
  readonly total: { readonly value: number; readonly unit: string } | undefined;
}) {
  const locale = useLocale();
  const { t, f } = locale;
  const { curve, statistics } = props;
  const unit = displayUnit(curve.unit, largestIn(curve.values));
  const at = (index: number) =>
    index < 0 ? "" : f.interval(curve.startMs + index * curve.stepMs, curve.stepMs / 1000);
  const share = (part: number) =>
    statistics.due === 0
      ? "–"
      : f.percent(Math.floor((1000 * Math.min(part, statistics.due)) / statistics.due) / 10);
  const rows: readonly (readonly [label: string, value: string, detail: string])[] = [
    ...(props.total
      ? [
          [
            t("curve.total"),
            valueText(props.total.value, displayUnit(props.total.unit, Math.abs(props.total.value)), locale),
            "",
          ] as const,
        ]
      : []),
    [t("curve.max"), valueText(statistics.max, unit, locale), at(statistics.maxAt)],
    [t("curve.min"), valueText(statistics.min, unit, locale), at(statistics.minAt)],
    [t("curve.mean"), valueText(statistics.mean, unit, locale), ""],
    [
      t("curve.coverage"),
      share(statistics.present),
      t("curve.of", {
        present: f.number(Math.min(statistics.present, statistics.due)),
        due: f.number(statistics.due),
      }),
    ],
    [t("curve.estimated"), share(statistics.estimated), ""],
  ];
  return (
    <dl className="e-statistics" aria-label={t("curve.statistics")}>
      {rows.map(([label, value, detail]) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd className="e-num">
            <strong>{value}</strong>
            <span className="e-muted e-small">{detail}</span>
          </dd>
        </div>
      ))}
    </dl>
  );
}
