import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { accountQuery, comparisonQuery } from "../analysis/queries.ts";
import { ProblemNotice, Waiting } from "../parts/notices.tsx";
import { Scrolled } from "../parts/scrolled.tsx";
import { problemWords } from "../text/problem-words.ts";
import { useLocale } from "../text/provider.tsx";
import { noValue } from "../time/format.ts";
import type { Period } from "../time/period.ts";
import { AccountLines } from "./account-lines.tsx";

/** What a point would pay, line by line, and with which tariff it would be how much. */
export function AccountPanel(props: {
  readonly of: string;
  readonly period: Period;
  readonly tariff: number | undefined;
  readonly onChoose: (tariff: number) => void;
}) {
  const { t } = useLocale();
  const { of, period, tariff } = props;
  const query = useQuery(accountQuery({ of, ...period, ...(tariff === undefined ? {} : { tariff }) }));
  return (
    <>
      <section className="e-panel" aria-labelledby="account">
        <div className="e-panel-head">
          <h2 id="account">{t("mr.account")}</h2>
        </div>
        <div className="e-panel-body e-stack">
          {query.isPending ? <Waiting /> : null}
          {query.isError ? <ProblemNotice error={query.error} onRetry={() => void query.refetch()} /> : null}
          {query.data ? <AccountLines account={query.data.account} /> : null}
        </div>
      </section>
      <Comparison of={of} period={period} onChoose={props.onChoose} />
    </>
  );
}

function Comparison(props: {
  readonly of: string;
  readonly period: Period;
  readonly onChoose: (tariff: number) => void;
}) {
  const { t, f } = useLocale();
  const query = useQuery(comparisonQuery(props.of, props.period));
  const rows = query.data?.rows;
  return (
    <section className="e-panel" aria-labelledby="comparison">
      <div className="e-panel-head">
        <h2 id="comparison">{t("mr.compare")}</h2>
      </div>
      {query.isPending ? <Waiting /> : null}
      {query.isError ? <ProblemNotice error={query.error} onRetry={() => void query.refetch()} /> : null}
      {rows ? (
        <Scrolled label={t("mr.compare")}>
          <table className="e-list-table">
            <thead>
              <tr>
                <th scope="col">{t("mr.tariff")}</th>
                <th scope="col" className="e-end">
                  {t("an.total")}
                </th>
                <th scope="col" className="e-end">
                  {t("mr.difference")}
                </th>
              </tr>
            </thead>
            <tbody>
              {rows.map((row) => (
                <tr key={row.tariffId}>
                  <td>
                    <Button variant="subtle" size="compact-sm" onClick={() => props.onChoose(row.tariffId)}>
                      {row.code}
                    </Button>{" "}
                    {row.name} {row.own ? `(${t("mr.is-own")})` : ""}
                    {row.unpricedDays > 0 ? (
                      <span className="e-muted e-small">
                        {" "}
                        ▲ {t("mr.unrated-note", { count: row.unpricedDays })}
                      </span>
                    ) : null}
                    {row.refused === null ? null : (
                      <span className="e-muted e-small"> ▲ {t(problemWords(row.refused).what)}</span>
                    )}
                  </td>
                  <td className="e-num e-end e-nowrap">
                    {row.total === null ? noValue : `${f.decimal(row.total)} ${row.currency}`}
                  </td>
                  <td className="e-num e-end e-nowrap">
                    {row.difference === null
                      ? t("mr.not-compared")
                      : `${f.decimal(row.difference)} (${row.mille === null ? noValue : `${f.signed(row.mille / 10, 1)} %`})`}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </Scrolled>
      ) : null}
    </section>
  );
}
