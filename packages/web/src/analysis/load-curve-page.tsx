import { Button, SegmentedControl } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useMemo } from "react";
import { type EnergySeries, fileAddress } from "../api/client.ts";
import { useNow } from "../live/provider.tsx";
import { type Curve, largestIn, scaled, statisticsOf } from "../parts/curve.ts";
import { CurveFigure } from "../parts/curve-figure.tsx";
import { valueText } from "../parts/curve-words.ts";
import { HeatMap } from "../parts/heat-map.tsx";
import { IntervalTable } from "../parts/interval-table.tsx";
import { EmptyNotice, ProblemNotice, Waiting } from "../parts/notices.tsx";
import { Scrolled } from "../parts/scrolled.tsx";
import { type OtherCurve, TimeChart } from "../parts/time-chart.tsx";
import { useLocale } from "../text/provider.tsx";
import type { Period } from "../time/period.ts";
import { displayUnit, powerUnit } from "../time/quantity.ts";
import { dayOf } from "../time/zone.ts";
import { CoverageCell, CoverageLine } from "./coverage-line.tsx";
import { atResolution, curveOfSeries, durationOf, laidOver } from "./curves.ts";
import { DurationCurve } from "./duration-curve.tsx";
import { AnalysisFrame, Choice } from "./frame.tsx";
import { seriesQuery } from "./queries.ts";
import {
  type AnalysisSearch,
  energies,
  formerPeriod,
  type Resolution,
  resolutions,
  shownPeriod,
  subjectsOf,
} from "./search.ts";
import { type Named, useSubjectNames } from "./subject-picker.tsx";

const usualDays = 7;

/** Curves of points, groups, branches or the whole system over each other, with what they come to. */
export function LoadCurvePage() {
  const { t, zone } = useLocale();
  const search = useSearch({ from: "/inside/an/load-curve" });
  const navigate = useNavigate();
  const change = (next: AnalysisSearch) =>
    void navigate({ to: "/an/load-curve", search: next, replace: true });
  const today = dayOf(useNow(60_000), zone);
  const period = shownPeriod(search, today, usualDays);
  const subjects = subjectsOf(search);
  const energy = search.energy ?? "A+";
  const power = search.show !== "energy";
  const right = useMemo(() => new Set(search.right?.split(".")), [search.right]);
  const query = useQuery(seriesQuery(subjects, energy, period));
  const former = search.compare ? formerPeriod(period, search.compare) : undefined;
  const formerQuery = useQuery({
    ...seriesQuery(subjects.slice(0, 1), energy, former ?? period),
    enabled: former !== undefined,
  });
  const names = useSubjectNames(subjects);
  const toggleRight = (of: string) => {
    const next = subjects.filter((one) => (one === of ? !right.has(one) : right.has(one)));
    const { right: _right, ...rest } = search;
    change(next.length > 0 ? { ...rest, right: next.join(".") } : rest);
  };
  return (
    <AnalysisFrame
      title="nav.load-curve"
      help="an.help.load-curve"
      search={search}
      change={change}
      period={period}
      today={today}
      usualDays={usualDays}
      several
      energies={energies}
      comparing
      file={(format) =>
        fileAddress(`/analysis/series.${format}`, { of: subjects.join("."), energy, ...period })
      }
      afterSubject={(of, nth) =>
        nth === 0 ? null : (
          <button
            type="button"
            className="e-quiet-button"
            aria-pressed={right.has(of)}
            aria-label={t("an.right-axis", { name: names[nth]?.name ?? of })}
            onClick={() => toggleRight(of)}
          >
            {t("an.right")}
          </button>
        )
      }
      controls={
        <>
          <Choice
            label={t("an.resolution")}
            value={search.resolution ?? ""}
            options={[
              ["", t("an.resolution.auto")],
              ...resolutions.map((value): [Resolution, string] => [value, t(`an.resolution.${value}`)]),
            ]}
            onChange={(value) => {
              const resolution = resolutions.find((one) => one === value);
              const { resolution: _resolution, ...rest } = search;
              change(resolution ? { ...rest, resolution } : rest);
            }}
          />
          <SegmentedControl
            size="xs"
            aria-label={t("curve.show")}
            value={power ? "power" : "energy"}
            onChange={(value) => {
              const { show: _show, ...rest } = search;
              change(value === "energy" ? { ...rest, show: "energy" } : rest);
            }}
            data={[
              { value: "energy", label: t("curve.energy") },
              { value: "power", label: t("curve.power") },
            ]}
          />
        </>
      }
    >
      {query.isPending ? (
        <Waiting />
      ) : query.isError ? (
        <ProblemNotice error={query.error} onRetry={() => void query.refetch()} />
      ) : query.data.series.every(({ coverage }) => coverage.present === 0) ? (
        <EmptyNotice title={t("an.empty")}>{t("an.empty-do")}</EmptyNotice>
      ) : (
        <div className="e-stack" aria-busy={query.isPlaceholderData}>
          {formerQuery.isError ? <ProblemNotice error={formerQuery.error} /> : null}
          <Curves
            series={query.data.series}
            names={names}
            right={right}
            former={
              former && formerQuery.data ? { period: former, series: formerQuery.data.series[0]! } : undefined
            }
            search={search}
            change={change}
            period={period}
            power={power}
          />
        </div>
      )}
    </AnalysisFrame>
  );
}

/** Grey: what was is behind what is. */
const formerColour = 4;

const nameOf = (names: readonly Named[], series: readonly EnergySeries[], nth: number): string =>
  names[nth]?.name ?? series[nth]!.of;

const othersOf = (
  shown: readonly Curve[],
  series: readonly EnergySeries[],
  names: readonly Named[],
  right: ReadonlySet<string>,
): OtherCurve[] =>
  shown.slice(1).map((curve, nth) => ({
    curve,
    series: nameOf(names, series, nth + 1),
    colour: nth + 1,
    right: right.has(series[nth + 1]!.of),
  }));

/** Energy of an interval as the mean power in it. */
const asPower = (curve: Curve): Curve =>
  scaled(curve, 3_600_000 / curve.stepMs, powerUnit(curve.unit) ?? curve.unit);

function Curves(props: {
  readonly series: readonly EnergySeries[];
  readonly names: readonly Named[];
  readonly right: ReadonlySet<string>;
  readonly former: { readonly period: Period; readonly series: EnergySeries } | undefined;
  readonly search: AnalysisSearch;
  readonly change: (next: AnalysisSearch) => void;
  readonly period: Period;
  readonly power: boolean;
}) {
  const { t, f, zone } = useLocale();
  const { series, former, search, power, right } = props;
  const { resolution } = search;
  const raw = useMemo(() => {
    const whole = series.map((one) => curveOfSeries(one, zone));
    return power ? whole.map(asPower) : whole;
  }, [series, zone, power]);
  const shown = useMemo(
    () => raw.map((curve) => atResolution(curve, resolution, power)),
    [raw, resolution, power],
  );
  const before = useMemo(() => {
    if (!former || !raw[0]) return undefined;
    const whole = curveOfSeries(former.series, zone);
    return atResolution(laidOver(raw[0], power ? asPower(whole) : whole), resolution, power);
  }, [former, raw, zone, power, resolution]);
  const { names } = props;
  const [first] = shown;
  const others = useMemo(() => othersOf(shown, series, names, right), [shown, series, names, right]);
  const all = useMemo((): readonly OtherCurve[] => {
    if (!before || !former) return others;
    const then = f.days(former.period.from, former.period.to);
    return [...others, { curve: before, series: then, colour: formerColour }];
  }, [others, before, former, f]);
  if (!first) return null;
  const figure = {
    series: nameOf(names, series, 0),
    period: f.days(props.period.from, props.period.to),
    curve: first,
    statistics: statisticsOf(raw[0]!),
  };
  const asTable = search.table === true;
  const counts = sumOf(series.map(({ coverage }) => coverage));
  return (
    <>
      <CurveFigure
        {...figure}
        title={t("nav.load-curve")}
        actions={
          <Button
            variant="subtle"
            size="xs"
            aria-pressed={asTable}
            onClick={() => {
              const { table: _table, ...other } = search;
              props.change(asTable ? other : { ...other, table: true });
            }}
          >
            {asTable ? t("chart.chart") : t("chart.table")}
          </Button>
        }
      >
        {asTable ? (
          <IntervalTable curve={raw[0]!} />
        ) : (
          <TimeChart curve={first} series={nameOf(names, series, 0)} others={all} height={320} />
        )}
        {all.length > 0 ? (
          <p className="e-row e-small">
            <Key colour={0} name={nameOf(names, series, 0)} />
            {all.map((one) => (
              <Key
                key={one.series}
                colour={one.colour}
                name={one.right ? `${one.series} (${t("an.right")})` : one.series}
              />
            ))}
          </p>
        ) : null}
        <CoverageLine counts={counts} zone={zone} />
      </CurveFigure>
      <Comes series={series} curves={raw} names={props.names} />
      <div className="e-columns">
        <CurveFigure {...figure} curve={raw[0]!} title={t("heat.title")}>
          <HeatMap curve={raw[0]!} series={nameOf(names, series, 0)} />
        </CurveFigure>
        <section className="e-panel" aria-labelledby="duration">
          <div className="e-panel-head">
            <h2 id="duration">{t("an.duration")}</h2>
          </div>
          <div className="e-panel-body">
            <Duration curves={raw} names={props.names} />
          </div>
        </section>
      </div>
    </>
  );
}

const Key = ({ colour, name }: { readonly colour: number; readonly name: string }) => (
  <span className="e-row">
    <span className="e-key" data-series={colour} aria-hidden="true" />
    {name}
  </span>
);

function Duration({
  curves,
  names,
}: {
  readonly curves: readonly Curve[];
  readonly names: readonly Named[];
}) {
  const series = useMemo(
    () =>
      curves.map((curve, nth) => ({
        name: names[nth]?.of ?? String(nth),
        colour: nth,
        values: durationOf(curve),
      })),
    [curves, names],
  );
  const largest = Math.max(...curves.map(({ values }) => largestIn(values)));
  return <DurationCurve series={series} unit={displayUnit(curves[0]!.unit, largest)} />;
}

const sumOf = (all: readonly EnergySeries["coverage"][]): EnergySeries["coverage"] =>
  all.reduce((sum, one) => ({
    expected: sum.expected + one.expected,
    present: sum.present + one.present,
    good: sum.good + one.good,
    estimated: sum.estimated + one.estimated,
  }));

/** Total, greatest and when, least, mean, load factor and coverage of each curve. */
function Comes(props: {
  readonly series: readonly EnergySeries[];
  readonly curves: readonly Curve[];
  readonly names: readonly Named[];
}) {
  const locale = useLocale();
  const { t, f } = locale;
  const rows = useMemo(
    () =>
      props.series.map((series, nth) => {
        const energy = curveOfSeries(series, locale.zone);
        return { series, curve: props.curves[nth]!, total: statisticsOf(energy).total, unit: energy.unit };
      }),
    [props.series, props.curves, locale.zone],
  );
  return (
    <section className="e-panel" aria-labelledby="comes">
      <div className="e-panel-head">
        <h2 id="comes">{t("an.statistics-under")}</h2>
      </div>
      <div className="e-panel-body">
        <Scrolled label={t("an.statistics-under")}>
          <table className="e-list-table">
            <thead>
              <tr>
                <th scope="col">{t("an.series")}</th>
                {(
                  [
                    "an.total",
                    "an.max",
                    "an.max-when",
                    "an.min",
                    "an.mean",
                    "an.load-factor",
                    "an.coverage",
                  ] as const
                ).map((key) => (
                  <th key={key} scope="col" className={key === "an.max-when" ? "" : "e-end"}>
                    {t(key)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {rows.map(({ series, curve, total, unit }, nth) => {
                const of = wholeStatistics(curve);
                const shown = displayUnit(curve.unit, largestIn(curve.values));
                const told = (value: number) => valueText(value, shown, locale);
                return (
                  <tr key={series.of}>
                    <th scope="row">
                      <Key colour={nth} name={props.names[nth]?.name ?? series.of} />
                    </th>
                    <td className="e-num e-end">
                      {series.coverage.present === 0
                        ? "–"
                        : valueText(total, displayUnit(unit, Math.abs(total)), locale)}
                    </td>
                    <td className="e-num e-end">{told(of.max)}</td>
                    <td className="e-nowrap">
                      {of.maxAt < 0
                        ? "–"
                        : f.interval(curve.startMs + of.maxAt * curve.stepMs, curve.stepMs / 1000)}
                    </td>
                    <td className="e-num e-end">{told(of.min)}</td>
                    <td className="e-num e-end">{told(of.mean)}</td>
                    <td className="e-num e-end">{of.max > 0 ? f.number(of.mean / of.max, 2) : "–"}</td>
                    <CoverageCell counts={series.coverage} />
                  </tr>
                );
              })}
            </tbody>
          </table>
        </Scrolled>
      </div>
    </section>
  );
}

/** The greatest and least of intervals that are whole and good; the mean of all that are there. */
function wholeStatistics(curve: Curve) {
  const doubtful = 0x8000 | 0x0100 | 0x0001 | 0x0002 | 0x0004 | 0x0200 | 0x2000;
  const whole = {
    ...curve,
    values: curve.values.map((value, index) => (curve.flags[index]! & doubtful ? Number.NaN : value)),
  };
  return { ...statisticsOf(whole), mean: statisticsOf(curve).mean };
}
