import "./texts.ts";
import type { Subscriber } from "../api/client.ts";
import { useLocale } from "../text/provider.tsx";
import { noValue } from "../time/format.ts";
import { changesOf, type DataField } from "./changes.ts";

/** Who changed which of a subscriber's data and when, the newest first. */
export function ChangeList({ subscriber }: { readonly subscriber: Subscriber }) {
  const { t, f } = useLocale();
  const changes = changesOf(subscriber);
  const shown = (field: DataField, value: string) =>
    field === "kind" ? t(`subscribers.${value as Subscriber["kind"]}`) : value || noValue;
  return (
    <section className="e-panel">
      <div className="e-panel-head">
        <h2>{t("subscribers.changes")}</h2>
      </div>
      {changes.length === 0 ? (
        <p className="e-panel-body e-muted">{t("subscribers.changes-none")}</p>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls sideways must be reached by keyboard.
        <section className="e-scroll-x" tabIndex={0} aria-label={t("subscribers.changes")}>
          <table className="e-list-table">
            <thead>
              <tr>
                <th scope="col">{t("subscribers.changed-at")}</th>
                <th scope="col">{t("subscribers.changed-by")}</th>
                <th scope="col">{t("subscribers.changed-what")}</th>
              </tr>
            </thead>
            <tbody>
              {changes.map(({ at, by, fields }) => (
                <tr key={at}>
                  <td className="e-nowrap">{f.instant(Date.parse(at))}</td>
                  <td>{by || noValue}</td>
                  <td className="e-break">
                    {fields.map(({ field, before, after }) => (
                      <div key={field}>
                        {t("subscribers.became", {
                          field: t(`subscribers.${field}`),
                          before: shown(field, before),
                          after: shown(field, after),
                        })}
                      </div>
                    ))}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
    </section>
  );
}
