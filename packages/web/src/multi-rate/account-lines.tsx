import type { TariffAccount } from "../api/client.ts";
import { Scrolled } from "../parts/scrolled.tsx";
import { useLocale } from "../text/provider.tsx";
import { addDays } from "../time/zone.ts";

/** An indicative account, part by part and line by line, with what it lacks. */
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
                {t("mr.price")}, {currency}
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
                  <td className="e-num e-end">
                    {line.unit === "money" ? `${f.decimal(line.price)} %` : f.decimal(line.price)}
                  </td>
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
