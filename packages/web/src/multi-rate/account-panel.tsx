import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { accountQuery, comparisonQuery } from "../analysis/queries.ts";
import type { TariffAccount } from "../api/client.ts";
import { ProblemNotice, Waiting } from "../parts/notices.tsx";
import { Scrolled } from "../parts/scrolled.tsx";
import { useLocale } from "../text/provider.tsx";
import { noValue } from "../time/format.ts";
import type { Period } from "../time/period.ts";
import { addDays } from "../time/zone.ts";

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

export function AccountLines({ account }: { readonly account: TariffAccount }) {
  const { t, f } = useLocale();
  const { currency, parts, unpriced } = account;
  const kwh = (wh: string) => f.number(Number(wh) / 1000, 3);
  const notes = (
    <>
      {unpriced.map(({ fromDay, toDay, energyWh }) => (
        <p key={fromDay} className="e-notice" data-tone="warning">
          ▲ {t("mr.unpriced", { from: f.day(fromDay), to: f.day(addDays(toDay, -1)), energy: kwh(energyWh) })}
        </p>
      ))}
      {parts.map(({ fromDay, reactiveMissing }) =>
        reactiveMissing > 0 ? (
          <p key={fromDay} className="e-muted e-small">
            {t("mr.reactive-missing", { count: reactiveMissing })}
          </p>
        ) : null,
      )}
    </>
  );
  if (currency === null)
    return (
      <>
        <p>{t("mr.no-account")}</p>
        {notes}
      </>
    );
  const unitOf = (unit: TariffAccount["parts"][number]["lines"][number]["unit"]) =>
    unit === "day" || unit === "month" || unit === "once"
      ? t(`mr.unit.${unit}`)
      : unit === "money"
        ? `% · ${currency}`
        : unit;
  const sum = (label: string, value: string) => (
    <tr>
      <th scope="row" colSpan={3}>
        {label}
      </th>
      <td className="e-num e-end">{f.decimal(value)}</td>
    </tr>
  );
  return (
    <>
      <p className="e-muted e-small">{t("mr.not-invoice")}</p>
      {notes}
      <Scrolled label={t("mr.account")}>
        <table className="e-list-table">
          <thead>
            <tr>
              <th scope="col">{t("mr.line")}</th>
              <th scope="col" className="e-end">
                {t("mr.quantity")}
              </th>
              <th scope="col" className="e-end">
                {t("mr.price")}
              </th>
              <th scope="col" className="e-end">
                {t("mr.amount")}, {currency}
              </th>
            </tr>
          </thead>
          {parts.map(({ fromDay, toDay, code, lines }) => (
            <tbody key={fromDay}>
              <tr>
                <th scope="rowgroup" colSpan={4}>
                  {code} · {f.days(fromDay, toDay)}
                </th>
              </tr>
              {lines.map((line, nth) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: blocks of one line have its code.
                <tr key={nth}>
                  <td>{line.name}</td>
                  <td className="e-num e-end e-nowrap">
                    {f.decimal(line.quantity)} {unitOf(line.unit)}
                  </td>
                  <td className="e-num e-end">{f.decimal(line.price)}</td>
                  <td className="e-num e-end">{f.decimal(line.amount)}</td>
                </tr>
              ))}
            </tbody>
          ))}
          <tfoot>
            {sum(t("mr.net"), account.net)}
            {sum(t("mr.vat"), account.vat)}
            {sum(t("an.total"), account.total)}
          </tfoot>
        </table>
      </Scrolled>
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
                  </td>
                  <td className="e-num e-end e-nowrap">
                    {f.decimal(row.total)} {row.currency}
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
