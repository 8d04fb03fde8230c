import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { fileAddress, type StatisticsRow } from "../api/client.ts";
import { useNow } from "../live/provider.tsx";
import { valueText } from "../parts/curve-words.ts";
import { EmptyNotice, ProblemNotice, Waiting } from "../parts/notices.tsx";
import { Scrolled } from "../parts/scrolled.tsx";
import { useLocale } from "../text/provider.tsx";
import { displayUnit, powerUnit } from "../time/quantity.ts";
import { dayOf } from "../time/zone.ts";
import { CoverageCell, CoverageLine } from "./coverage-line.tsx";
import { AnalysisFrame } from "./frame.tsx";
import { statisticsQuery } from "./queries.ts";
import { type AnalysisSearch, shownPeriod, subjectsOf } from "./search.ts";

const usualDays = 30;

/** Total, greatest, least and mean of every energy of a group, a branch or the system, and how much its points coincide. */
export function StatisticsPage() {
  const { t, zone } = useLocale();
  const search = useSearch({ from: "/inside/an/statistics" });
  const navigate = useNavigate();
  const change = (next: AnalysisSearch) =>
    void navigate({ to: "/an/statistics", search: next, replace: true });
  const today = dayOf(useNow(60_000), zone);
  const period = shownPeriod(search, today, usualDays);
  const [of] = subjectsOf(search);
  const query = useQuery(statisticsQuery(of!, period));
  return (
    <AnalysisFrame
      title="nav.statistics"
      help="an.help.statistics"
      search={search}
      change={change}
      period={period}
      today={today}
      usualDays={usualDays}
      file={(format) => fileAddress(`/analysis/statistics.${format}`, { of, ...period })}
    >
      {query.isPending ? (
        <Waiting />
      ) : query.isError ? (
        <ProblemNotice error={query.error} onRetry={() => void query.refetch()} />
      ) : query.data.rows.every(({ coverage }) => coverage.present === 0) ? (
        <EmptyNotice title={t("an.empty")}>{t("an.empty-do")}</EmptyNotice>
      ) : (
        <section className="e-panel" aria-labelledby="energies" aria-busy={query.isPlaceholderData}>
          <div className="e-panel-head">
            <h2 id="energies">{t("an.energies")}</h2>
            <span className="e-muted e-small">{t("an.points", { count: query.data.points })}</span>
          </div>
          <div className="e-panel-body">
            <Energies rows={query.data.rows} />
            <CoverageLine counts={sumOf(query.data.rows)} zone={zone} />
          </div>
        </section>
      )}
    </AnalysisFrame>
  );
}

const sumOf = (rows: readonly StatisticsRow[]) =>
  rows.reduce(
    (sum, { coverage }) => ({
      expected: sum.expected + coverage.expected,
      present: sum.present + coverage.present,
      good: sum.good + coverage.good,
      estimated: sum.estimated + coverage.estimated,
    }),
    { expected: 0, present: 0, good: 0, estimated: 0 },
  );

function Energies({ rows }: { readonly rows: readonly StatisticsRow[] }) {
  const locale = useLocale();
  const { t, f } = locale;
  return (
    <Scrolled label={t("an.energies")}>
      <table className="e-list-table">
        <thead>
          <tr>
            <th scope="col">{t("an.energy")}</th>
            {(
              [
                "an.total",
                "an.max",
                "an.max-when",
                "an.min",
                "an.mean",
                "an.load-factor",
                "an.sum-of-maxima",
                "an.simultaneity",
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
          {rows.map((row) => {
            const scale = 10 ** row.scale;
            const perHour = (scale * 3600) / row.stepSeconds;
            const total = row.total === null ? Number.NaN : Number(row.total) * scale;
            const mean =
              row.intervals === 0 ? Number.NaN : (total / row.intervals) * (3600 / row.stepSeconds);
            const max = row.max ? row.max.value * perHour : Number.NaN;
            const maxima = row.sumOfMaxima === null ? Number.NaN : Number(row.sumOfMaxima) * perHour;
            const unit = displayUnit(
              powerUnit(row.unit) ?? row.unit,
              Math.max(Math.abs(max) || 0, maxima || 0),
            );
            const told = (value: number) => valueText(value, unit, locale);
            return (
              <tr key={row.energy}>
                <th scope="row" className="e-nowrap">
                  {t(`an.energy.${row.energy}`)}
                </th>
                <td className="e-num e-end">
                  {valueText(total, displayUnit(row.unit, Math.abs(total) || 0), locale)}
                </td>
                <td className="e-num e-end">{told(max)}</td>
                <td className="e-nowrap">
                  {row.max ? f.interval(Date.parse(row.max.start), row.stepSeconds) : "–"}
                </td>
                <td className="e-num e-end">{told(row.min ? row.min.value * perHour : Number.NaN)}</td>
                <td className="e-num e-end">{told(mean)}</td>
                <td className="e-num e-end">{max > 0 ? f.number(mean / max, 2) : "–"}</td>
                <td className="e-num e-end">{told(maxima)}</td>
                <td className="e-num e-end">
                  {maxima > 0 && !Number.isNaN(max) ? f.number(max / maxima, 2) : "–"}
                </td>
                <CoverageCell counts={row.coverage} />
              </tr>
            );
          })}
        </tbody>
      </table>
    </Scrolled>
  );
}
