import { Link } from "@tanstack/react-router";
import type { AnalysisSearch } from "../analysis/search.ts";
import type { LossReport } from "../api/client.ts";
import { Scrolled } from "../parts/scrolled.tsx";
import { useLocale } from "../text/provider.tsx";
import { noValue } from "../time/format.ts";
import { addDays } from "../time/zone.ts";

export const mapRowsMax = 30;
/** Percent at which a cell has its full colour. */
const strongest = 25;

/** Blue below zero, orange above; the figure itself stands in the cell, so that nothing depends on the colour. */
const tint = (percent: number | null): string => {
  if (percent === null) return "transparent";
  const part = Math.round(Math.min(1, Math.abs(percent) / strongest) * 38);
  return `color-mix(in srgb, var(${percent < 0 ? "--e-series-0" : "--e-series-1"}) ${part}%, transparent)`;
};

/** Group × day: the loss of each day, %, the groups with the greatest unexplained loss first; a cell leads to that group's day and its members. */
export function PercentMap(props: { readonly report: LossReport; readonly search: AnalysisSearch }) {
  const { t, f } = useLocale();
  const { report, search } = props;
  const rows = report.rows
    .filter(({ own }) => own !== null)
    .sort((a, b) => (b.own?.unexplainedWh ?? 0) - (a.own?.unexplainedWh ?? 0))
    .slice(0, mapRowsMax);
  return (
    <section className="e-panel" aria-labelledby="loss-map">
      <div className="e-panel-head">
        <h2 id="loss-map">{t("loss.map")}</h2>
        <span className="e-muted e-small">{t("loss.map-note", { count: rows.length })}</span>
      </div>
      <div className="e-panel-body">
        <Scrolled label={t("loss.map")}>
          <table className="e-list-table">
            <thead>
              <tr>
                <th scope="col">{t("loss.group")}</th>
                {report.days.map((day) => (
                  <th key={day} scope="col" className="e-end e-nowrap">
                    {f.dayShort(day)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {rows.map((row) => (
                <tr key={row.groupId}>
                  <th scope="row" className="e-nowrap">
                    <Link to="/an/balance/$groupId" params={{ groupId: row.groupId }} search={search}>
                      {row.name}
                    </Link>
                  </th>
                  {report.days.map((day, nth) => {
                    const percent = row.percentByDay[nth] ?? null;
                    const complete = (row.completenessByDay[nth] ?? 0) >= 0.95;
                    // A little less than nothing is 0, not -0.
                    const shown =
                      percent === null
                        ? noValue
                        : `${complete ? "" : "▲ "}${f.number(Math.round(percent) || 0, 0)}`;
                    return (
                      <td key={day} className="e-num e-end" style={{ background: tint(percent) }}>
                        <Link
                          to="/an/balance/$groupId"
                          params={{ groupId: row.groupId }}
                          search={{ from: day, to: addDays(day, 1) }}
                          className="e-cell-link"
                          aria-label={t("loss.cell", { shown, name: row.name, day: f.day(day) })}
                        >
                          {shown}
                        </Link>
                      </td>
                    );
                  })}
                </tr>
              ))}
            </tbody>
          </table>
        </Scrolled>
      </div>
    </section>
  );
}
