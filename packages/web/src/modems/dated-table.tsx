import "../parts/form-texts.ts";
import "../meters/texts.ts";
import type { ReactNode } from "react";
import { Scrolled } from "../parts/scrolled.tsx";
import { useLocale } from "../text/provider.tsx";
import { noValue } from "../time/format.ts";

/** What held for a time, one line each: since when, until when, who entered it and why. */
export function DatedTable<
  Row extends {
    readonly from: string;
    readonly to: string | null;
    readonly reason: string;
    readonly by: string;
  },
>(props: {
  readonly title: string;
  readonly head: string;
  readonly rows: readonly Row[];
  readonly what: (row: Row) => ReactNode;
  readonly action?: ReactNode;
}) {
  const { t, f } = useLocale();
  return (
    <section className="e-panel">
      <div className="e-panel-head">
        <h2>{props.title}</h2>
        {props.action}
      </div>
      {props.rows.length === 0 ? (
        <p className="e-panel-body e-muted">{t("modems.nothing")}</p>
      ) : (
        <Scrolled label={props.title}>
          <table className="e-list-table">
            <thead>
              <tr>
                <th scope="col">{props.head}</th>
                <th scope="col">{t("modems.at")}</th>
                <th scope="col">{t("modems.until")}</th>
                <th scope="col">{t("form.reason")}</th>
                <th scope="col">{t("modems.by")}</th>
              </tr>
            </thead>
            <tbody>
              {props.rows.map((row) => (
                <tr key={row.from}>
                  <td>{props.what(row)}</td>
                  <td className="e-nowrap">{f.instant(Date.parse(row.from))}</td>
                  <td className="e-nowrap">
                    {row.to === null ? t("modems.still") : f.instant(Date.parse(row.to))}
                  </td>
                  <td className="e-break">{row.reason || noValue}</td>
                  <td>{row.by}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </Scrolled>
      )}
    </section>
  );
}
