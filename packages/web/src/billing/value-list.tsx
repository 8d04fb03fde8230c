import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { api } from "../api/client.ts";
import { Mark } from "../parts/marks.tsx";
import { ProblemNotice, Waiting } from "../parts/notices.tsx";
import { obisSymbol, shownRegister } from "../parts/obis.ts";
import { Scrolled } from "../parts/scrolled.tsx";
import { catalogue, type MessageKey } from "../text/catalogue.ts";
import { useLocale } from "../text/provider.tsx";

const shownMax = 200;

/** What a closing froze, the first 200 rows; the file has all. */
export function ValueList(props: { readonly closeId: number; readonly monthName: string }) {
  const { t, f } = useLocale();
  const query = useQuery({
    queryKey: ["billing", "values", props.closeId],
    queryFn: ({ signal }) => api.billedValues(props.closeId, { limit: shownMax }, signal),
  });
  const energy = (value: string | null, unit: string) => {
    if (value === null) return "–";
    const shown = shownRegister(value, unit);
    return `${f.decimal(shown.value)} ${shown.unit}`;
  };
  return (
    <section className="e-panel" aria-labelledby="values">
      <div className="e-panel-head">
        <h2 id="values">{t("billing.values-of", { month: props.monthName })}</h2>
      </div>
      {query.isPending ? <Waiting /> : null}
      {query.isError ? <ProblemNotice error={query.error} onRetry={() => void query.refetch()} /> : null}
      {query.data ? (
        <Scrolled label={t("billing.values")}>
          <table className="e-list-table e-block-table">
            <thead>
              <tr>
                <th scope="col">{t("billing.point")}</th>
                <th scope="col" className="e-num">
                  {t("billing.energy")}
                </th>
                <th scope="col">{t("billing.basis")}</th>
                <th scope="col" className="e-num">
                  {t("billing.coverage")}
                </th>
              </tr>
            </thead>
            <tbody>
              {query.data.rows.map((row) => (
                <tr key={`${row.pointId} ${row.obis}`}>
                  <th scope="row">
                    <Link to="/points/$pointId" params={{ pointId: row.pointId }} search={{ tab: "curve" }}>
                      {row.pod ?? `#${row.pointId}`}
                    </Link>{" "}
                    <span className="e-muted">{obisSymbol(row.obis)}</span>
                    <div className="e-small e-muted">{row.name}</div>
                  </th>
                  <td className="e-num" data-label={t("billing.energy")}>
                    <strong>{energy(row.energy, row.unit)}</strong>
                    {row.registerFrom !== null && row.registerTo !== null ? (
                      <div className="e-small e-muted">
                        {f.decimal(row.registerFrom)} → {f.decimal(row.registerTo)}
                      </div>
                    ) : null}
                  </td>
                  <td data-label={t("billing.basis")}>
                    {t(`billing.basis-${row.basis}`)}
                    {row.reason === null ? null : (
                      <div className="e-small">
                        {`billing.why-${row.reason}` in catalogue
                          ? t(`billing.why-${row.reason}` as MessageKey)
                          : row.reason}
                      </div>
                    )}
                    {row.billable ? null : (
                      <Mark shape="▲" tone="warning">
                        {t("billing.not-billable")}
                      </Mark>
                    )}
                  </td>
                  <td className="e-num" data-label={t("billing.coverage")}>
                    {t("billing.coverage-of", {
                      present: f.number(row.present),
                      expected: f.number(row.expected),
                      estimated: f.number(row.estimated),
                    })}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </Scrolled>
      ) : null}
      {query.data?.rows.length === shownMax ? (
        <p className="e-panel-body e-small e-muted">{t("billing.first", { count: shownMax })}</p>
      ) : null}
    </section>
  );
}
